"""The list of ads, an ad's page, switching it, and the panel on a post's page."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from authorizations.queries import limits_of
from campaigns.actions.permission import renewal_path
from campaigns.actions.switch import ask_to_enable, ask_to_pause
from campaigns.forms import AdFilters
from campaigns.models import Ad, Launch
from campaigns.queries import (
    ads_by_state,
    ads_of_post,
    ads_with_numbers,
    days_of_ad,
    find_ads,
    gmv_max_campaigns,
    is_switching,
)
from campaigns.rules.statuses import read_status
from campaigns.tables import ads_table, tone_of
from sparkops import clock
from sparkops.clock import shop_day
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar
from sparkops.web.tables import with_query

STREAMS = ("ads", "ad_days")
DAYS = 30
State = Ad.State
TABS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("", "All", ()),
    ("live", "Live", (State.LIVE,)),
    ("lost", "Lost permission", (State.LOST_PERMISSION,)),
    ("paused", "Paused", (State.PAUSED,)),
    ("review", "In review", (State.IN_REVIEW, State.REJECTED)),
)


@client_view(Permission.VIEW)
def ads(request: HttpRequest) -> HttpResponse:
    """Every ad with its numbers of a range of days."""
    now = clock.now()
    client = request.client  # type: ignore[attr-defined]
    bar = FilterBar(AdFilters, request.GET)
    days, today = int(bar.values.get("days", DAYS)), shop_day(now, client.timezone)
    page = listing.ListPage(
        heading="Campaigns",
        lede=f"Ads and their last {days} days, in each ad account's currency.",
        noun="ads",
        table=ads_table(client.slug),
        rows=find_ads(
            ads_with_numbers(today - timedelta(days=days - 1), today),
            {**bar.values, "states": _states(request.GET.get("tab", ""))},
        ),
        bar=bar,
        empty=listing.Empty(
            "No ads here",
            "Ads arrive with the connected ad account; a launch starts from a post.",
            reverse("creators:posts", kwargs={"client": client.slug}),
            "Choose a post",
            "mega",
        ),
        tabs=_tabs(request),
        actions=[
            listing.Action(
                "GMV Max", reverse("campaigns:gmv-max", kwargs={"client": client.slug}), "chart"
            )
        ],
        stale=stale_sentences(STREAMS),
    )
    return listing.show(request, page, may=may_of(request), now=now)


def _states(tab: str) -> tuple[str, ...]:
    return next((states for key, _, states in TABS if key == tab), ())


def _tabs(request: HttpRequest) -> list[listing.Tab]:
    """Tabs that keep the filters; each with the count of the whole client."""
    counts = ads_by_state()
    chosen = request.GET.get("tab", "")
    return [
        listing.Tab(
            label,
            with_query(request.GET, tab=key, cursor=None),
            current=key == chosen,
            count=sum(counts.get(state, 0) for state in states or counts),
        )
        for key, label, states in TABS
    ]


@client_view(Permission.VIEW)
def ad(request: HttpRequest, pk: int) -> HttpResponse:
    """One ad: TikTok's words, cover, numbers by day, incidents."""
    now = clock.now()
    client, member = request.client, request.member  # type: ignore[attr-defined]
    today = shop_day(now, client.timezone)
    first = today - timedelta(days=DAYS - 1)
    row = get_object_or_404(ads_with_numbers(first, today), pk=pk)
    days = days_of_ad(row, first)
    context = {
        "now": now,
        "row": row,
        "days": days,
        "spend": [day.spend for day in days],
        "status": read_status(row.secondary_status, operation=row.operation_status),
        "tone": tone_of(row),
        "switching": is_switching(row),
        "limit": limits_of([row.post_id], now).get(row.post_id) if row.post_id else None,
        "incidents": list(row.incidents.order_by("-opened_at")),
        "renewal_path": renewal_path(row, client) if row.post_id else "",
        "may_switch": member.may(Permission.CAMPAIGN_LAUNCH),
    }
    return pages.render(request, "campaigns/ad.html", context)


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def switch(request: HttpRequest, pk: int, word: str) -> HttpResponse:
    """Pause or enable an ad."""
    now = clock.now()
    row = get_object_or_404(Ad.objects.select_related("ad_account"), pk=pk)
    by = request.actor  # type: ignore[attr-defined]
    if word == "pause":
        ask_to_pause(row, key=now.isoformat(), reason="Paused by hand.", by=by, now=now)
        messages.success(request, "The ad is being paused.")
    else:
        ask_to_enable(row, by=by, now=now)
        messages.success(request, "The ad is being switched on.")
    return pages.redirect(
        request,
        "campaigns:ad",
        client=request.client.slug,  # type: ignore[attr-defined]
        pk=pk,
    )


@client_view(Permission.VIEW)
def post_ads(request: HttpRequest, pk: int) -> HttpResponse:
    """The ads on one post, for pages of other apps."""
    now = clock.now()
    today = shop_day(now, request.client.timezone)  # type: ignore[attr-defined]
    context = {
        "rows": [
            (one, tone_of(one)) for one in ads_of_post(pk, today - timedelta(days=DAYS - 1), today)
        ],
        "launches": list(Launch.objects.filter(post_id=pk).order_by("-created_at")[:5]),
    }
    return pages.render(request, "campaigns/post_ads.html", context)


@client_view(Permission.VIEW)
def gmv_max(request: HttpRequest) -> HttpResponse:
    """GMV Max campaigns, with the words that keep their claims apart from sales."""
    now = clock.now()
    rows = gmv_max_campaigns((now - timedelta(days=DAYS)).date())
    context = {"rows": rows, "stale": stale_sentences(("gmv_max_days",)), "days": DAYS}
    return pages.render(request, "campaigns/gmv_max.html", context)
