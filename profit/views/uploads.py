"""Bringing a file of unit costs: take it in, check its columns, see every row, save, take back."""

from collections import Counter
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from profit.actions.uploads import choose_columns, save_costs, take_in, undo_costs
from profit.forms import ColumnsForm, UploadForm
from profit.models import Upload
from profit.queries.uploads import WANTED, columns_of, decided_costs, uploads
from profit.rules.uploads.unit_costs import Decided, Result
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.keyset import Order, paginate

KIND = Upload.Kind.UNIT_COSTS.value
SHOWN = 300
WORDS = {
    Result.REFUSED: "Refused",
    Result.NEW: "New",
    Result.CHANGED: "Changed",
    Result.KNOWN: "Known already",
}
_FIRST = (Result.REFUSED, Result.CHANGED, Result.NEW, Result.KNOWN)


@client_view(Permission.COST_EDIT)
def cost_files(request: HttpRequest) -> HttpResponse:
    """Bring a file of unit costs, and what became of those before."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*posted)
    if request.method == "POST" and form.is_valid():
        upload = taken_in(request, form, KIND, currency=request.client.currency)  # type: ignore[attr-defined]
        if upload is not None:
            return _to(request, upload)
    page = paginate(uploads(KIND), Order("created_at", descending=True), request.GET.get("cursor"))
    context = {"form": form, "page": page}
    return pages.render(
        request, "profit/cost_files.html", context, status=422 if form.errors else 200
    )


@client_view(Permission.COST_EDIT)
def cost_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A file: its columns, and what saving does or did with every row."""
    upload = get_object_or_404(Upload, pk=pk, kind=KIND)
    form = ColumnsForm(upload, WANTED[KIND], request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            choose_columns(upload, form.columns(), form.choices())
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            return _to(request, upload)
    rows = [] if upload.saved_at else decided_costs(upload)
    if kind := listing.asked_export(request, may_of(request)):
        headers = ["Row", "SKU", "From", "Cost", "Currency", "Before", "Result", "Why"]
        return listing.as_file("unit-costs-report", headers, map(_exported, rows), kind=kind)
    counts = Counter(one.result for one in rows)
    context = {
        "upload": upload,
        "form": form,
        "columns": columns_of(upload),
        "rows": [_shown(one) for one in sorted(rows, key=_place)[:SHOWN]],
        "left": max(len(rows) - SHOWN, 0),
        "counts": [(WORDS[one], counts[one]) for one in _FIRST if counts[one]],
        "saved_counts": [(WORDS[Result(one)], count) for one, count in upload.counts.items()],
        "to_save": counts[Result.NEW] + counts[Result.CHANGED],
        **listing.export_urls(request, may_of(request)),
    }
    return pages.render(
        request, "profit/cost_file.html", context, status=422 if form.errors else 200
    )


@client_view(Permission.COST_EDIT)
@require_POST
def save_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Save every row that is not refused, in one piece."""
    upload = get_object_or_404(Upload, pk=pk, kind=KIND)
    try:
        counts = save_costs(upload, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        done = counts[Result.NEW] + counts[Result.CHANGED]
        messages.success(request, f"{done:,} costs are saved. Profit is recomputed in a minute.")
    return _to(request, upload)


@client_view(Permission.COST_EDIT)
@require_POST
def undo_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Put back what saving changed."""
    upload = get_object_or_404(Upload, pk=pk, kind=KIND)
    try:
        put_back, kept = undo_costs(upload, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        rest = f" {kept:,} were changed since and stay." if kept else ""
        messages.success(request, f"{put_back:,} costs are as they were.{rest}")
    return _to(request, upload)


def taken_in(
    request: HttpRequest, form: forms.Form, kind: str, *, currency: str, target: int | None = None
) -> Upload | None:
    """The file or the pasted rows of a valid form; None when they are refused, which the form then
    says."""
    file = form.cleaned_data["file"]
    try:
        return take_in(
            kind,
            file.name if file else "",
            file.read() if file else form.cleaned_data["pasted"],
            currency=currency,
            target=target,
            by=request.actor,  # type: ignore[attr-defined]
            now=clock.now(),
        )
    except Refusal as refusal:
        form.add_error("file" if file else "pasted", refusal.sentence)
        return None


def _to(request: HttpRequest, upload: Upload) -> HttpResponse:
    slug = request.client.slug  # type: ignore[attr-defined]
    return pages.redirect(request, "profit:cost-file", client=slug, pk=upload.pk)


def _place(one: Decided) -> tuple[int, int]:
    return _FIRST.index(one.result), one.number


def _shown(one: Decided) -> dict[str, Any]:
    return {"row": one, "result": WORDS[one.result], "tone": _TONES[one.result]}


_TONES = {Result.REFUSED: "bad", Result.NEW: "ok", Result.CHANGED: "warn", Result.KNOWN: ""}


def _exported(one: Decided) -> list[Any]:
    cost, before = one.cost, one.before
    return [
        one.number,
        one.sku,
        one.day,
        cost.amount if cost else None,
        cost.currency if cost else "",
        f"{before.amount:f} {before.currency}" if before else "",
        WORDS[one.result],
        one.reason,
    ]
