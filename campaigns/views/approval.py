"""The page behind an approval link: what a plan touches, yes or no, and undo."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from campaigns.actions import approval as actions
from campaigns.forms import OBJECTIVES, ApprovalForm
from campaigns.models import ApprovalLink, GmvMaxLaunch, Plan
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.tenants.actions import hashed
from sparkops.tenants.gate import public_view
from sparkops.tenants.models import Client
from sparkops.web import pages
from sparkops.web.limits import MINUTE, within
from sparkops.web.requests import address_of

CALLS_A_MINUTE = 60
WRONG_A_MINUTE = 30
TOO_OFTEN = Refusal(
    "too_often", "This was opened too often. Wait a minute, then open the link again."
)


@public_view("a signed, expiring, revocable link is the key; it shows one plan and nothing else")
def approve(request: HttpRequest, token: str) -> HttpResponse:
    """Show the plan, take the decision, or take an approval back."""
    now = clock.now()
    try:
        client_id = actions.client_of(token)
        if within(CALLS_A_MINUTE, f"approval:{hashed(token)}", MINUTE):
            with client_scope(client_id):
                response = _answer(request, token, Client.objects.get(pk=client_id), now)
        else:
            response = _too_often(request)
    except Refusal as refusal:
        # Raised through the scope: nothing of what was refused stays written.
        response = _refused(request, refusal)
    response.headers["Cache-Control"] = "no-store"
    # Never to another site. `no-referrer` would also drop the origin of the page's own form.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal, or for who tries one wrong link after the other, that it was too often."""
    if refusal.code != "no_link":
        return pages.refused(request, refusal)
    wrong = f"approval-wrong:{address_of(request)}"
    return (
        pages.refused(request, refusal)
        if within(WRONG_A_MINUTE, wrong, MINUTE)
        else _too_often(request)
    )


def _too_often(request: HttpRequest) -> HttpResponse:
    return pages.render(request, "refused.html", {"refusal": TOO_OFTEN}, status=429)


def _answer(request: HttpRequest, token: str, client: Client, now: datetime) -> HttpResponse:
    link = actions.open_link(token, now=now)
    form = ApprovalForm(request.POST if request.method == "POST" else None)
    with timezone.override(ZoneInfo(client.timezone)):
        if form.is_bound and form.is_valid():
            _decide(request, link, form.cleaned_data, now)
            return pages.redirect(request, "approve", token=token)
        return pages.render(
            request,
            "campaigns/approve.html",
            _context(link, form, client, now),
            status=422 if form.is_bound else 200,
        )


def _decide(
    request: HttpRequest, link: ApprovalLink, values: dict[str, Any], now: datetime
) -> None:
    who = actions.Visitor(values["name"], address_of(request) or "")
    if values["word"] == "approve":
        actions.approve(link, who=who, now=now)
    elif values["word"] == "decline":
        actions.decline(link, who=who, remark=values["remark"], now=now)
    else:
        actions.undo(link.plan, by=who.actor, now=now)


def _context(
    link: ApprovalLink, form: ApprovalForm, client: Client, now: datetime
) -> dict[str, Any]:
    plan = link.plan
    shown = link.snapshot
    words = dict(OBJECTIVES)
    return {
        "now": now,
        "brand": client,
        "plan": plan,
        "link": link,
        "form": form,
        "zone": client.timezone,
        "radius": shown,
        "first": datetime.fromisoformat(shown["first"]),
        "last": datetime.fromisoformat(shown["last"]),
        "posts": [
            {
                **one,
                "goal": words.get(one["objective"], one["objective"]),
                "starts": datetime.fromisoformat(one["starts_at"]),
                "ends": datetime.fromisoformat(one["ends_at"]),
            }
            for one in shown["posts"]
        ],
        "campaigns": [
            {
                **one,
                "choice": GmvMaxLaunch.Posts(one["posts"]).label,
                "starts": datetime.fromisoformat(one["starts_at"]),
                "ends": datetime.fromisoformat(one["ends_at"]),
            }
            for one in shown.get("campaigns", ())
        ],
        "waits": plan.state == Plan.State.SENT,
        "may_undo": plan.can_be_undone(now),
    }
