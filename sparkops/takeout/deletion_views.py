"""Deleting a client: asking, undoing, seeing it go, and the receipt."""

import json

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.audit.record import record_for_organization
from sparkops.errors import Refusal
from sparkops.isolation.scope import portfolio_scope
from sparkops.takeout import deletion as actions
from sparkops.takeout.forms import DeletionForm
from sparkops.takeout.models import Deletion
from sparkops.takeout.reading import Progress, archive, progress_of
from sparkops.takeout.tasks import write_shares
from sparkops.tenants.gate import PortfolioRequest, organization_view
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

SHOWN = 100


@organization_view(Permission.TEAM)
def deletions(request: PortfolioRequest) -> HttpResponse:
    """Deletions of this organization with their receipts, and the clients that could be deleted."""
    rows = Deletion.objects.filter(organization=request.organization).order_by("-pk")[:SHOWN]
    context = {"rows": rows, "clients": request.portfolio, "now": clock.now()}
    return pages.render(request, "takeout/deletions.html", context)


@organization_view(Permission.TEAM)
def delete(request: PortfolioRequest, slug: str) -> HttpResponse:
    """What is lost, and a form that wants the name typed out."""
    client = next((one for one in request.portfolio if one.slug == slug), None)
    if client is None:
        raise Http404("There is no such client here.")
    form = DeletionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask(client, **form.cleaned_data, by=request.actor, now=clock.now())
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            write_shares.delay_on_commit(client_id=client.pk)
            return _to(request, made)
    context = {
        "form": form,
        "subject": client,
        "days": settings.CLIENT_DELETION_DAYS,
        "crumbs": [*_crumbs(request), {"label": client.name}],
    }
    status = 422 if form.errors else 200
    return pages.render(request, "takeout/delete.html", context, status=status)


@organization_view(Permission.TEAM)
def deletion(request: PortfolioRequest, deletion: int) -> HttpResponse:
    """How far one is; polled while the export is written or rows are deleted."""
    found = _deletion(request, deletion)
    context = {
        "deletion": found,
        "progress": _progress(found),
        "tables": len(actions.delete_order()),
        "receipt": json.loads(found.receipt) if found.receipt else None,
        "crumbs": [*_crumbs(request), {"label": found.name}],
    }
    return pages.render(request, "takeout/deletion.html", context, pieces={"state": "state"})


@organization_view(Permission.TEAM)
@require_POST
def undo(request: PortfolioRequest, deletion: int) -> HttpResponse:
    """Bring the client back."""
    found = _deletion(request, deletion)
    actions.undo(found, by=request.actor, now=clock.now())
    messages.success(request, f"{found.name} is back as it was.")
    return _to(request, found)


@organization_view(Permission.TEAM)
def export(request: PortfolioRequest, deletion: int) -> HttpResponseBase:
    """The whole client as a ZIP file, until its rows are deleted."""
    found = _deletion(request, deletion)
    progress = _progress(found)
    if progress is None or found.started_at is not None:
        raise Http404("There is no export any more.")
    if not progress.is_ready:
        raise Refusal("not_ready", "The export is still being written.")
    with portfolio_scope([found.client_id]):
        file = archive(progress.takeout, [Client.objects.get(pk=found.client_id)])
    record_for_organization(
        "takeout.taken", found.organization_id, found.name, by=request.actor, now=clock.now()
    )
    name = f"{found.slug}-{found.asked_at:%Y-%m-%d}.zip"
    response = FileResponse(file, as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


@organization_view(Permission.TEAM)
def receipt(request: PortfolioRequest, deletion: int) -> HttpResponse:
    """The signed receipt as a file."""
    found = _deletion(request, deletion)
    if not found.receipt:
        raise Http404("There is no receipt yet.")
    content = json.dumps(actions.receipt_of(found), indent=2)
    response = HttpResponse(content, content_type="application/json")
    name = f"deletion-of-{found.slug}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _deletion(request: PortfolioRequest, pk: int) -> Deletion:
    rows = Deletion.objects.select_related("takeout__organization", "organization")
    return get_object_or_404(rows, pk=pk, organization=request.organization)


def _progress(deletion: Deletion) -> Progress | None:
    if deletion.takeout is None or deletion.undone_at is not None:
        return None
    with portfolio_scope([deletion.client_id]):
        return progress_of(deletion.takeout)


def _crumbs(request: PortfolioRequest) -> list[dict[str, str]]:
    url = reverse("deletions", kwargs={"organization": request.organization.slug})
    return [{"label": "Deleted clients", "url": url}]


def _to(request: PortfolioRequest, deletion: Deletion) -> HttpResponse:
    slug = request.organization.slug
    return pages.redirect(request, "deletion", organization=slug, deletion=deletion.pk)
