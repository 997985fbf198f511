"""Spend caps and ends of term: the list, a new one, removing one (N8)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from campaigns.actions import caps as actions
from campaigns.forms.caps import CapForm
from campaigns.models import SpendCap
from campaigns.queries.caps import caps_now
from campaigns.rules.caps import Standing
from sparkops import clock
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

WORDS = {
    Standing.FREE: ("Room left", "ok"),
    Standing.NEARLY: ("Nearly reached", "warn"),
    Standing.REACHED: ("Reached: ads are off", "bad"),
    Standing.OVER: ("Term over: ads are off", "bad"),
}


@client_view(Permission.VIEW)
def caps(request: ClientRequest) -> HttpResponse:
    """Every cap with what is spent under it, and the form for a new one."""
    now, may = clock.now(), request.member.may(Permission.PLAN_APPROVE)
    sent = request.POST if request.method == "POST" else None
    today = shop_day(now, request.client.timezone)
    form = CapForm(sent, initial={"currency": request.client.currency, "starts_on": today})
    if sent is not None and not may:
        raise Refusal("may_not", "Your role may not set caps. Ask an account manager.")
    if sent is not None and form.is_valid():
        actions.set_cap(form.draft(), by=request.actor, now=now)
        messages.success(request, "The cap is set. What it stops is paused within a minute.")
        return pages.redirect(request, "campaigns:caps", client=request.client.slug)
    rows = [(one, *WORDS[one.standing]) for one in caps_now(now)]
    context = {"now": now, "form": form, "rows": rows, "may": may}
    return pages.render(
        request, "campaigns/caps.html", context, status=422 if sent is not None else 200
    )


@client_view(Permission.PLAN_APPROVE)
@require_POST
def remove(request: ClientRequest, pk: int) -> HttpResponse:
    """It stops nothing any more."""
    row = get_object_or_404(SpendCap.objects.filter(removed_at=None), pk=pk)
    actions.remove_cap(row, by=request.actor, now=clock.now())
    messages.success(request, "The cap is removed. Paused ads stay off until you switch them on.")
    return pages.redirect(request, "campaigns:caps", client=request.client.slug)
