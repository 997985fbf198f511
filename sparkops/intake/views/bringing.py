"""The list of imports and the way into each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.errors import Refusal
from sparkops.intake.actions.start import choose_sheet, discard, start_pasted, start_upload
from sparkops.intake.forms import StartForm
from sparkops.intake.models import Import
from sparkops.intake.queries import imports as all_imports
from sparkops.intake.tables import imports_table
from sparkops.intake.tasks import run_import
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages
from sparkops.web.keyset import capped_count, paginate

PAGE_OF_STATE = {
    Import.State.DRAFT: "map",
    Import.State.PREVIEWED: "preview",
    Import.State.RUNNING: "progress",
    Import.State.UNDOING: "progress",
}
PAGE_SIZE = 20


def batch_of(pk: int) -> Import:
    """The import without the weight of its source; 404 when the client has none such."""
    return get_object_or_404(Import.objects.defer("source").select_related("client"), pk=pk)


def page_of(batch: Import) -> str:
    """The page where an import is gone on with."""
    return f"intake:{PAGE_OF_STATE.get(Import.State(batch.state), 'result')}"


def go_on(request: HttpRequest, batch: Import) -> HttpResponse:
    """Send the person to where the import stands."""
    slug = request.client.slug  # type: ignore[attr-defined]
    return pages.redirect(request, page_of(batch), client=slug, pk=batch.pk)


def hand_over(request: HttpRequest, batch: Import) -> HttpResponse:
    """Let the workers go on with the import, without the page, and send the person there."""
    client = request.client  # type: ignore[attr-defined]
    run_import.delay_on_commit(client_id=client.pk, batch_id=batch.pk)
    batch.refresh_from_db(fields=["state"])
    return go_on(request, batch)


@client_view(Permission.IMPORT)
def imports(request: HttpRequest) -> HttpResponse:
    """Bring a sheet, and what became of those before."""
    form = StartForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = StartForm(request.POST, request.FILES)
        batch = _started(request, form)
        if batch is not None:
            return go_on(request, batch)
    table = imports_table(request.client.slug)  # type: ignore[attr-defined]
    rows, sort, now = all_imports(), table.sort(request.GET.get("sort")), clock.now()
    found = paginate(rows, sort.order, request.GET.get("cursor"), PAGE_SIZE)
    context = {
        "now": now,
        "form": form,
        "table": table.bind(found, query=request.GET, sort=sort, now=now),
        "count": capped_count(rows),
    }
    status = 422 if form.errors else 200
    return pages.render(
        request, "intake/imports.html", context, pieces={"imports-list": "list"}, status=status
    )


def _started(request: HttpRequest, form: StartForm) -> Import | None:
    """The import of a valid form; None when the form, now with the reason, has to be mended."""
    if not form.is_valid():
        return None
    by, now, file = request.actor, clock.now(), form.cleaned_data["file"]  # type: ignore[attr-defined]
    try:
        if file:
            return start_upload(file.name, file.read(), by=by, now=now)
        return start_pasted(form.cleaned_data["pasted"], by=by, now=now)
    except Refusal as refusal:
        form.add_error("file" if file else "pasted", refusal.sentence)
        return None


@client_view(Permission.IMPORT)
def arrive(request: HttpRequest, pk: int) -> HttpResponse:
    """An import, wherever it stands."""
    return go_on(request, batch_of(pk))


@client_view(Permission.IMPORT)
@require_POST
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Read another sheet of the workbook."""
    batch = batch_of(pk)
    choose_sheet(batch, request.POST.get("sheet", ""), by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    batch.refresh_from_db(fields=["state"])
    return go_on(request, batch)


@client_view(Permission.IMPORT)
@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Discard an import that has not run."""
    batch = batch_of(pk)
    discard(batch, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    messages.success(request, f"“{batch.name}” is discarded. Nothing was imported.")
    return pages.redirect(request, "intake:imports", client=request.client.slug)  # type: ignore[attr-defined]
