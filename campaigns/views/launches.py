"""Launching a post as an ad."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from campaigns.actions.launch import LaunchPlan, plan_launch, preview, resume_launch
from campaigns.forms import LaunchForm
from campaigns.models import Launch
from creators.models import Post
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

LONGEST_FACT = 12


@client_view(Permission.CAMPAIGN_LAUNCH)
def launch(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a launch; the gate answers with every condition."""
    post = get_object_or_404(Post.objects.select_related("creator"), pk=pk)
    client = request.client  # type: ignore[attr-defined]
    now = clock.now()
    form = _bound(request.POST or None, post, client.timezone, now)
    if request.method == "POST" and form.is_valid():
        plan = LaunchPlan(post=post, **form.cleaned_data)
        try:
            planned = plan_launch(plan, by=request.actor, now=now)  # type: ignore[attr-defined]
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            return pages.redirect(
                request, "campaigns:launch-result", client=client.slug, pk=planned.pk
            )
    context = {"form": form, "post": post, "zone": client.timezone}
    status = 422 if request.method == "POST" else 200
    return pages.render(request, "campaigns/launch.html", context, status=status)


@client_view(Permission.CAMPAIGN_LAUNCH)
def checks(request: HttpRequest, pk: int) -> HttpResponse:
    """The gate's answer for what is filled in so far; nothing is written."""
    post = get_object_or_404(Post.objects.select_related("creator"), pk=pk)
    client = request.client  # type: ignore[attr-defined]
    now = clock.now()
    form = _bound(request.GET, post, client.timezone, now)
    told = preview(LaunchPlan(post=post, **form.cleaned_data), now=now) if form.is_valid() else []
    context = {"checks": _drawn(told), "blocking": sum(map(_blocks, told)), "form": form}
    return pages.render(request, "campaigns/launch_checks.html", context)


def _bound(data: QueryDict | None, post: Post, zone: str, now: datetime) -> LaunchForm:
    """The form, read in the client's zone; it begins with a week from the next full hour."""
    with timezone.override(ZoneInfo(zone)):
        start = timezone.localtime(now + timedelta(hours=1)).replace(minute=0, second=0)
        initial = {
            "starts_at": start.strftime("%Y-%m-%dT%H:%M"),
            "ends_at": (start + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M"),
            "daily_budget": 50,
        }
        form = LaunchForm(data, initial=initial, post_id=post.pk)
        form.is_valid()
        return form


@client_view(Permission.VIEW)
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a launch got; polled while it is being created."""
    row = get_object_or_404(Launch.objects.select_related("post", "ad_account", "ad"), pk=pk)
    context = {
        "row": row,
        "working": row.state == Launch.State.CREATING,
        "steps": [
            (label, key in row.done)
            for label, key in (
                ("Campaign", "campaign_id"),
                ("Ad group", "adgroup_id"),
                ("Ad", "ad_id"),
            )
        ],
        "checks": _drawn(row.checks),
        "may_resume": request.member.may(Permission.CAMPAIGN_LAUNCH),  # type: ignore[attr-defined]
    }
    return pages.render(
        request, "campaigns/launch_result.html", context, pieces={"launch": "launch"}
    )


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a launch that stopped."""
    row = get_object_or_404(Launch, pk=pk)
    resume_launch(row, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    return pages.redirect(
        request,
        "campaigns:launch-result",
        client=request.client.slug,  # type: ignore[attr-defined]
        pk=pk,
    )


def _drawn(told: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """Checks as the page draws them, what blocks first."""
    order = ("bad", "warn", "idle", "ok")
    drawn = [
        {"state": _state_of(check), "label": check["sentence"], "fact": _short(check["value"])}
        for check in told
    ]
    return sorted(drawn, key=lambda one: order.index(one["state"]))


def _short(value: str) -> str:
    """A value that fits beside its sentence; longer ones are said by the sentence itself."""
    return value if len(value) <= LONGEST_FACT else ""


def _blocks(check: dict[str, Any]) -> bool:
    return _state_of(check) == "bad"


def _state_of(check: dict[str, Any]) -> str:
    if check.get("waits"):
        return "idle"
    return "ok" if check["passed"] else "bad" if check["blocking"] else "warn"
