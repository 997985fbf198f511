"""Check columns, then preview, then run."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.errors import Refusal
from sparkops.intake.actions.checking import choose_mapping, preview
from sparkops.intake.actions.running import start_run
from sparkops.intake.actions.start import OPEN_STATES
from sparkops.intake.forms import MappingForm, entered, proposed_choices
from sparkops.intake.models import Import
from sparkops.intake.queries import order_sentences, samples_of
from sparkops.intake.rules.layout import from_json
from sparkops.intake.views.bringing import batch_of, go_on, hand_over
from sparkops.intake.views.rows import rows_context
from sparkops.sheets.headers import Field
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages
from sparkops.web.forms import present


@client_view(Permission.IMPORT)
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """What each column is, and why we think so."""
    batch = batch_of(pk)
    if batch.state not in OPEN_STATES:
        return go_on(request, batch)
    form = MappingForm(batch, request.POST or None, initial=entered(batch, clock.now()))
    if request.method == "POST" and form.is_valid():
        actor, member = request.actor, request.member  # type: ignore[attr-defined]
        try:
            choose_mapping(
                batch,
                form.chosen_fields(),
                form.choices(),
                may=member.may,
                by=actor,
                now=clock.now(),
            )
            preview(batch)
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            batch.refresh_from_db(fields=["state"])
            return go_on(request, batch)
    status = 422 if form.errors else 200
    context = _mapping_context(request, batch, form)
    return pages.render(request, "intake/map.html", context, status=status)


@client_view(Permission.IMPORT)
def preview_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """What every row would do. Nothing is imported yet."""
    batch = batch_of(pk)
    if batch.state != Import.State.PREVIEWED:
        return go_on(request, batch)
    context = rows_context(request, batch, now=clock.now())
    return pages.render(request, "intake/preview.html", context, pieces={"rows-list": "rows"})


@client_view(Permission.IMPORT)
@require_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the import; the workers go on without the page."""
    batch = batch_of(pk)
    member = request.member  # type: ignore[attr-defined]
    start_run(batch, may=member.may, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    return hand_over(request, batch)


def _mapping_context(request: HttpRequest, batch: Import, form: MappingForm) -> dict[str, Any]:
    values = (form.initial[f"column_{at}"] for at in range(form.width))
    fields = [Field(value) if value else None for value in values]
    proposed = proposed_choices(batch, clock.now())
    choices = from_json(batch.layout).choices if batch.layout else proposed
    orders = order_sentences(batch, fields, choices)
    contacts = request.member.may(Permission.CONTACT_VIEW)  # type: ignore[attr-defined]
    columns = [
        {
            "bound": bound,
            "control": present(bound).control,
            "samples": samples,
            "reason": proposal["reason"],
            "order": orders.get(at, ""),
        }
        for at, (bound, samples, proposal) in enumerate(
            zip(form.columns(), samples_of(batch, contacts=contacts), batch.proposal, strict=True)
        )
    ]
    return {"batch": batch, "form": form, "columns": columns}
