"""Launching a post as an ad: the plan with its checks, and how far the launch got."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from authorizations.models import Authorization
from authorizations.queries import accounts_with
from campaigns.actions.launch import (
    STOPPED,
    LaunchPlan,
    cancel_launch,
    check_plan,
    plan_launch,
    refusals_of,
    resume_launch,
    told_checks,
)
from campaigns.actions.override import Override
from campaigns.forms import OBJECTIVES, LaunchForm, as_input, draft_of
from campaigns.models import Launch
from campaigns.queries.plans import UNDER_WAY
from campaigns.queries.templates import current_templates
from campaigns.rules.launch import OVERRIDABLE, Gate
from campaigns.tables import tone_of_launch
from campaigns.views.checks import told
from creators.models import Post
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

AGAIN = (Launch.State.REFUSED, Launch.State.CANCELED)
OFF = (*STOPPED, Launch.State.CANCELED)
STEPS = (("campaign_id", "Campaign"), ("adgroup_id", "Ad group"), ("ad_id", "Ad"))


@client_view(Permission.CAMPAIGN_LAUNCH)
def launch(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a launch; the checks answer while it is being made (TA4)."""
    post = get_object_or_404(Post.objects.select_related("creator"), pk=pk)
    now = clock.now()
    with timezone.override(ZoneInfo(request.client.timezone)):  # type: ignore[attr-defined]
        is_sent = request.method == "POST"
        draft = draft_of(request.GET, accounts_with(post.pk), now)
        form = LaunchForm(request.POST if is_sent else draft, post_id=post.pk)
        planned = _plan(request, post, form, now) if is_sent else None
        if planned is not None:
            return _to_result(request, planned)
        return pages.render(
            request,
            "campaigns/launch.html",
            _context(request, post, form, now),
            pieces={"checks": "checks"},
            status=422 if is_sent else 200,
        )


@client_view(Permission.VIEW)
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a launch got; polled while it is being created."""
    rows = Launch.objects.select_related("post__creator", "ad_account", "ad", "template")
    row = get_object_or_404(rows, pk=pk)
    may = request.member.may(Permission.CAMPAIGN_LAUNCH)  # type: ignore[attr-defined]
    context = {
        "row": row,
        "tone": tone_of_launch(row),
        "working": row.state in UNDER_WAY,
        "steps": [(label, row.done.get(key, "")) for key, label in STEPS],
        "objective": dict(OBJECTIVES).get(row.objective, row.objective),
        "told": told(row.checks),
        "may_resume": may and row.state in STOPPED,
        "is_off": row.state in OFF and not row.found_on and not row.may_be_on,
        "again_url": _again_url(request, row) if may and row.state in AGAIN else "",
    }
    return pages.render(
        request, "campaigns/launch_result.html", context, pieces={"launch": "launch"}
    )


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a launch that stopped."""
    row = get_object_or_404(Launch.objects.select_for_update(), pk=pk)
    resume_launch(row, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    return _to_result(request, row)


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up a launch that stopped."""
    row = get_object_or_404(Launch.objects.select_for_update(), pk=pk)
    cancel_launch(row, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    return _to_result(request, row)


def _to_result(request: HttpRequest, row: Launch) -> HttpResponse:
    slug = request.client.slug  # type: ignore[attr-defined]
    return pages.redirect(request, "campaigns:launch-result", client=slug, pk=row.pk)


def _plan(request: HttpRequest, post: Post, form: LaunchForm, now: datetime) -> Launch | None:
    """The written launch, or None with what is wrong in the form."""
    if not form.is_valid():
        return None
    plan = LaunchPlan(post=post, **form.cleaned_data)
    reason = request.POST.get("override_reason", "").strip()
    override = Override(reason, request.member.role) if reason else None  # type: ignore[attr-defined]
    try:
        return plan_launch(plan, by=request.actor, now=now, override=override)  # type: ignore[attr-defined]
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return None


def _context(request: HttpRequest, post: Post, form: LaunchForm, now: datetime) -> dict[str, Any]:
    client = request.client  # type: ignore[attr-defined]
    plan = LaunchPlan(post=post, **form.cleaned_data) if form.is_valid() else None
    gate = check_plan(plan, now=now) if plan else None
    return {
        "now": now,
        "post": post,
        "form": form,
        "plan": plan,
        "zone": client.timezone,
        "told": told(told_checks(gate, plan.music)) if plan and gate else None,
        "offers": _offers(request, post, form, gate) if gate else [],
        "total": _total(plan) if plan else None,
        "right": _newest_right(post),
        "templates": list(current_templates()),
        "may_override": bool(
            gate
            and (refused := refusals_of(gate))
            and all(one.name in OVERRIDABLE for one in refused)
            and request.member.may(Permission.CAMPAIGN_OVERRIDE)  # type: ignore[attr-defined]
        ),
    }


def _offers(
    request: HttpRequest, post: Post, form: LaunchForm, gate: Gate
) -> list[tuple[str, str]]:
    """The ways out when cover is too short: (what it does, where it leads)."""
    offers = []
    if gate.shorten_to is not None:
        values = {one.name: one.value() or "" for one in form}
        query = urlencode({**values, "ends_at": as_input(gate.shorten_to)})
        end = timezone.localtime(gate.shorten_to)
        hour = f"{end:%I:%M %p}".removeprefix("0")
        offers.append((f"End it on {end:%b} {end.day}, {hour}", f"{request.path}?{query}"))
    right = _newest_right(post)
    if gate.request_days is not None and right is not None:
        slug = request.client.slug  # type: ignore[attr-defined]
        url = reverse("authorizations:detail", kwargs={"client": slug, "pk": right.pk})
        offers.append((f"Ask the creator for {gate.request_days} more days", url))
    return offers


def _newest_right(post: Post) -> Authorization | None:
    return Authorization.objects.filter(post=post).order_by("-generation", "-pk").first()


def _total(plan: LaunchPlan) -> dict[str, Any]:
    """The most the flight can spend: the daily budget on every day it touches."""
    days = -(-(plan.ends_at - plan.starts_at) // timedelta(days=1))
    return {
        "days": days,
        "amount": plan.daily_budget * days,
        "currency": plan.ad_account.currency,
        "daily": plan.daily_budget,
    }


def _again_url(request: HttpRequest, row: Launch) -> str:
    """The form with the values of a launch, to change them and try again."""
    client = request.client  # type: ignore[attr-defined]
    with timezone.override(ZoneInfo(client.timezone)):
        query = urlencode(
            {
                "ad_account": row.ad_account_id,
                "objective": row.objective,
                "daily_budget": f"{row.daily_budget:.2f}",
                "starts_at": as_input(row.starts_at),
                "ends_at": as_input(row.ends_at),
                "landing_url": row.landing_url,
                "template": row.template_id or "",
            }
        )
    here = reverse("campaigns:launch", kwargs={"client": client.slug, "pk": row.post_id})
    return f"{here}?{query}"
