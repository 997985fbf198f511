"""Watching an import, its result, undo."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.intake.actions.running import retry_refused
from sparkops.intake.actions.undoing import start_undo
from sparkops.intake.models import Import
from sparkops.intake.queries import refused_rows, shown_row
from sparkops.intake.views.bringing import batch_of, go_on, hand_over
from sparkops.intake.views.rows import progress_context, rows_context
from sparkops.sheets.write import csv_bytes
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages


@client_view(Permission.IMPORT)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the workers are; polled until they are done."""
    batch = batch_of(pk)
    if not batch.is_working:
        return go_on(request, batch)
    context = progress_context(request, batch, now=clock.now())
    return pages.render(request, "intake/progress.html", context, pieces={"work": "work"})


@client_view(Permission.IMPORT)
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of every row."""
    batch = batch_of(pk)
    if batch.state not in (Import.State.DONE, Import.State.UNDONE, Import.State.FAILED):
        return go_on(request, batch)
    context = rows_context(request, batch, now=clock.now())
    return pages.render(request, "intake/result.html", context, pieces={"rows-list": "rows"})


@client_view(Permission.IMPORT)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """The question before an undo, and the undo."""
    batch = batch_of(pk)
    if request.method != "POST":
        return pages.render(
            request, "intake/undo.html", {"batch": batch}, pieces={"dialog-body": "question"}
        )
    member = request.member  # type: ignore[attr-defined]
    start_undo(batch, may=member.may, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    return hand_over(request, batch)


@client_view(Permission.IMPORT)
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try the refused rows once more."""
    batch = batch_of(pk)
    member = request.member  # type: ignore[attr-defined]
    retry_refused(batch, may=member.may, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    messages.success(request, "The refused rows are tried once more.")
    return hand_over(request, batch)


@client_view(Permission.IMPORT)
def refused_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows to mend, as they came, with the reasons; codes masked, formulas neutralised."""
    batch = batch_of(pk)
    contacts = request.member.may(Permission.CONTACT_VIEW)  # type: ignore[attr-defined]
    rows = [shown_row(row, contacts=contacts) for row in refused_rows(batch)]
    response = HttpResponse(
        csv_bytes(["Row", "Result", "What to do", *batch.headers], rows),
        content_type="text/csv; charset=utf-8",
    )
    response.headers["Content-Disposition"] = f'attachment; filename="import-{batch.pk}-rows.csv"'
    return response
