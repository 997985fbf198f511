"""Writing an outreach: the editor, the preview on real creators, the start."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.errors import Refusal
from sparkops.outreach.actions import outreaches as actions
from sparkops.outreach.forms import OutreachForm, initial_of
from sparkops.outreach.models import Outreach, Segment
from sparkops.outreach.queries.outreaches import previews, titles_of, why_text_not_ready
from sparkops.outreach.queries.segments import members
from sparkops.outreach.rules.texts import VARIABLES
from sparkops.outreach.tasks import send
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages
from sparkops.web.keyset import capped_count


@client_view(Permission.CREATOR_EDIT)
def new(request: ClientRequest) -> HttpResponse:
    """A new outreach."""
    form = OutreachForm(request.POST or None, initial={"segment": request.GET.get("segment")})
    if found := _saved(request, form, None):
        return pages.redirect(request, "outreach:edit", client=request.client.slug, pk=found.pk)
    context = {"form": form, "variables": VARIABLES.items(), "no_segment": not _has_segments()}
    status = 422 if form.errors else 200
    return pages.render(request, "outreach/new.html", context, status=status)


@client_view(Permission.CREATOR_EDIT)
def edit(request: ClientRequest, pk: int) -> HttpResponse:
    """A draft, with how three creators would read it and what is still missing."""
    found = get_object_or_404(Outreach.objects.select_related("segment"), pk=pk)
    if not found.is_draft:
        return pages.redirect(request, "outreach:outreach", client=request.client.slug, pk=pk)
    form = OutreachForm(request.POST or None, initial=initial_of(found))
    if _saved(request, form, found):
        return pages.redirect(request, "outreach:edit", client=request.client.slug, pk=pk)
    context = {"row": found, "form": form, "variables": VARIABLES.items()}
    context |= _preview(request, found)
    status = 422 if form.errors else 200
    return pages.render(request, "outreach/edit.html", context, status=status)


@client_view(Permission.CREATOR_EDIT)
@require_POST
def start(request: ClientRequest, pk: int) -> HttpResponse:
    """Let it go out."""
    found = get_object_or_404(Outreach, pk=pk)
    zone = request.client.timezone
    started = actions.start(found, zone=zone, by=request.actor, now=clock.now())
    notes.success(request, f"“{started}” is on its way to {started.total:,} creators.")
    send.delay_on_commit(client_id=request.client.pk)
    return pages.redirect(request, "outreach:outreach", client=request.client.slug, pk=pk)


@client_view(Permission.CREATOR_EDIT)
@require_POST
def delete(request: ClientRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    found = get_object_or_404(Outreach, pk=pk)
    actions.delete_draft(found, by=request.actor, now=clock.now())
    notes.success(request, f"The draft “{found}” is deleted.")
    return pages.redirect(request, "outreach:list", client=request.client.slug)


def _has_segments() -> bool:
    return Segment.objects.exists()


def _saved(request: ClientRequest, form: OutreachForm, row: Outreach | None) -> Outreach | None:
    if request.method != "POST" or not form.is_valid():
        return None
    products = form.cleaned_data["products"]
    try:
        found = actions.save_outreach(
            row, form.draft, products, form.follow_ups, by=request.actor, now=clock.now()
        )
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return None
    notes.success(request, "The draft is saved. Nothing was sent.")
    return found


def _preview(request: ClientRequest, found: Outreach) -> dict[str, Any]:
    zone, now, titles = request.client.timezone, clock.now(), titles_of(found)
    return {
        "missing": why_text_not_ready(found, titles),
        "previews": previews(found, titles, zone=zone, now=now),
        "size": capped_count(members(found.segment, zone=zone, now=now)),
    }
