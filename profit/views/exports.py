"""Bringing exports of Seller Center and Ads Manager in place of an API (N20)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from profit.actions.uploads import choose_columns
from profit.forms import ColumnsForm, ExportForm
from profit.inbound.files import save_export
from profit.models import Upload
from profit.queries.uploads import EXPORTS, WANTED, columns_of, taken, target_of, uploads
from profit.rules.uploads.exports import Taken
from profit.views.uploads import taken_in
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.keyset import Order, paginate

SHOWN = 300


@client_view(Permission.COST_EDIT)
def export_files(request: HttpRequest) -> HttpResponse:
    """Bring an export, and what became of those before."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ExportForm(*posted)
    if posted and form.is_valid():
        kind, target = form.cleaned_data["kind"], form.target
        upload = taken_in(request, form, kind, currency=target.currency, target=target.pk)
        if upload is not None:
            return _to(request, upload)
    rows = uploads(*EXPORTS)
    page = paginate(rows, Order("created_at", descending=True), request.GET.get("cursor"))
    status = 422 if form.errors else 200
    return pages.render(request, "profit/exports.html", {"form": form, "page": page}, status=status)


@client_view(Permission.COST_EDIT)
def export_file(request: HttpRequest, pk: int) -> HttpResponse:
    """An export: its columns, the unknown ones among them, and the rows left out."""
    upload = _upload(pk)
    posted = request.POST if request.method == "POST" else None
    form = ColumnsForm(upload, WANTED[upload.kind], posted)
    if posted is not None and form.is_valid():
        try:
            choose_columns(upload, form.columns(), form.choices())
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            return _to(request, upload)
    found = Taken([], []) if upload.saved_at else taken(upload)
    if kind := listing.asked_export(request, may_of(request)):
        lines = [[one.number, one.key, one.reason] for one in found.refused]
        return listing.as_file("rows-left-out", ["Row", "Of", "Why"], lines, kind=kind)
    context = {
        "upload": upload,
        "target": target_of(upload),
        "form": form,
        "columns": columns_of(upload),
        "records": len(found.records),
        "refused": found.refused,
        "shown": found.refused[:SHOWN],
        **listing.export_urls(request, may_of(request)),
    }
    return pages.render(request, "profit/export.html", context, status=422 if form.errors else 200)


@client_view(Permission.COST_EDIT)
@require_POST
def save_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Load what the file holds."""
    upload = _upload(pk)
    try:
        save_export(upload, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "The file is loaded. Profit is recomputed within a minute.")
    return _to(request, upload)


def _upload(pk: int) -> Upload:
    return get_object_or_404(Upload, pk=pk, kind__in=EXPORTS)


def _to(request: HttpRequest, upload: Upload) -> HttpResponse:
    slug = request.client.slug  # type: ignore[attr-defined]
    return pages.redirect(request, "profit:export", client=slug, pk=upload.pk)
