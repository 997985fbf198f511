"""Where clients of one agency meet, and what this client has agreed with creators (N17)."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.errors import Refusal
from sparkops.outreach.actions import collisions as actions
from sparkops.outreach.forms import ExclusivityForm, OverrideForm
from sparkops.outreach.models import Collision, Exclusivity
from sparkops.outreach.queries.collisions import collisions as all_collisions
from sparkops.outreach.queries.collisions import exclusivities
from sparkops.outreach.tables import collisions_table, why_collision
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages
from sparkops.web.keyset import capped_count, paginate
from sparkops.web.tables import with_query

TABS = (("", "Open"), ("accepted", "Accepted"))
MOST_SHOWN = 50


@client_view(Permission.CREATOR_EDIT)
def collisions(request: ClientRequest) -> HttpResponse:
    """Every collision; and the exclusivity that this client has agreed, with a new one."""
    form, now = ExclusivityForm(request.POST or None), clock.now()
    if request.method == "POST" and form.is_valid() and _kept(request, form):
        return pages.redirect(request, "outreach:collisions", client=request.client.slug)
    view = request.GET.get("view", "")
    table, rows = collisions_table(request.client.slug), all_collisions(view)
    sort = table.sort(request.GET.get("sort"))
    page = paginate(rows, sort.order, request.GET.get("cursor"))
    context: dict[str, Any] = {
        "now": now,
        "form": form,
        "held": exclusivities()[:MOST_SHOWN],
        "table": table.bind(page, query=request.GET, sort=sort, now=now),
        "count": capped_count(rows),
        "tabs": [
            {
                "label": label,
                "url": request.path + with_query(request.GET, view=key, cursor=None),
                "count": capped_count(all_collisions(key)),
                "current": key == view,
            }
            for key, label in TABS
        ],
    }
    status = 422 if form.errors else 200
    return pages.render(
        request, "outreach/collisions.html", context, pieces={"collisions": "list"}, status=status
    )


@client_view(Permission.CREATOR_EDIT)
def accept(request: ClientRequest, pk: int) -> HttpResponse:
    """Go on in spite of a collision, with a reason."""
    found = get_object_or_404(Collision.objects.select_related("creator", "post"), pk=pk)
    form = OverrideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.accept(found, reason, by=request.actor, now=clock.now())
        notes.success(request, "Accepted. The reason is in the log.")
        return pages.redirect(request, "outreach:collisions", client=request.client.slug)
    context = {"row": found, "why": why_collision(found), "form": form}
    status = 422 if form.errors else 200
    return pages.render(request, "outreach/collision.html", context, status=status)


@client_view(Permission.CREATOR_EDIT)
@require_POST
def end(request: ClientRequest, pk: int) -> HttpResponse:
    """An exclusivity of this client holds no longer."""
    found = get_object_or_404(Exclusivity.objects.select_related("creator"), pk=pk)
    actions.end_exclusivity(found, by=request.actor, now=clock.now())
    notes.success(request, f"{found.creator} is free for the agency's other clients.")
    return pages.redirect(request, "outreach:collisions", client=request.client.slug)


def _kept(request: ClientRequest, form: ExclusivityForm) -> bool:
    try:
        found = actions.keep_exclusivity(**form.cleaned_data, by=request.actor, now=clock.now())
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return False
    notes.success(request, f"{found.creator} works for this client alone in these days.")
    return True
