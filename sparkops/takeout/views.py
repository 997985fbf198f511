"""Asking for an archive, seeing it grow, taking it."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.audit.record import record_for_organization
from sparkops.errors import Refusal
from sparkops.isolation.scope import portfolio_scope
from sparkops.takeout import writing
from sparkops.takeout.reading import Progress, archive, newest, progress_of
from sparkops.takeout.tasks import write_shares
from sparkops.tenants.gate import organization_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages


@organization_view(Permission.TEAM)
def takeout(request: HttpRequest) -> HttpResponse:
    """The newest archive; polled while it is being written."""
    context = {"progress": _progress(request), "clients": request.portfolio}  # type: ignore[attr-defined]
    return pages.render(request, "takeout/takeout.html", context, pieces={"archive": "archive"})


@organization_view(Permission.TEAM)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Begin a new archive."""
    clients = request.portfolio  # type: ignore[attr-defined]
    if not clients:
        raise Refusal("nothing", "There is no client yet, so there is nothing to take along.")
    organization, by = request.organization, request.actor  # type: ignore[attr-defined]
    writing.ask(organization, clients, by=by, now=clock.now())
    for client in clients:
        write_shares.delay_on_commit(client_id=client.pk)
    return pages.redirect(request, "takeout", organization=organization.slug)


@organization_view(Permission.TEAM)
def take(request: HttpRequest) -> HttpResponseBase:
    """The file; who took it is in the log."""
    progress = _progress(request)
    if progress is None or progress.is_gone:
        raise Http404("There is no archive.")
    if not progress.is_ready:
        raise Refusal("not_ready", "The archive is still being written.")
    organization = request.organization  # type: ignore[attr-defined]
    with portfolio_scope(one.pk for one in request.portfolio):  # type: ignore[attr-defined]
        file = archive(progress.takeout, request.portfolio)  # type: ignore[attr-defined]
    record_for_organization(
        "takeout.taken",
        organization.pk,
        organization.name,
        by=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    name = f"{organization.slug}-{progress.takeout.asked_at:%Y-%m-%d}.zip"
    response = FileResponse(file, as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _progress(request: HttpRequest) -> Progress | None:
    found = newest(request.organization)  # type: ignore[attr-defined]
    if found is None:
        return None
    with portfolio_scope(one.pk for one in request.portfolio):  # type: ignore[attr-defined]
        return progress_of(found)
