"""The list of ads, an ad's page, switching it, and the panel on a post's page."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from authorizations.queries import limits_of
from campaigns.actions.permission import renewal_path
from campaigns.actions.switch import ask_to_enable, ask_to_pause
from campaigns.forms import AdFilters
from campaigns.models import Ad, Launch
from campaigns.queries import ads_of_post, ads_with_numbers, days_of_ad, gmv_max_campaigns
from campaigns.tables import ads_table
from sparkops import clock
from sparkops.clock import shop_day
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar

STREAMS = ("ads", "ad_days")
DAYS = 30
TABS = (
    ("", "All", Q()),
    ("live", "Live", Q(state=Ad.State.LIVE)),
    ("lost", "Lost permission", Q(state=Ad.State.LOST_PERMISSION)),
    ("paused", "Paused", Q(state=Ad.State.PAUSED)),
    ("review", "In review", Q(state__in=[Ad.State.IN_REVIEW, Ad.State.REJECTED])),
)


@client_view(Permission.VIEW)
def ads(request: HttpRequest) -> HttpResponse:
    """Every ad with its last 30 days."""
    now = clock.now()
    client = request.client  # type: ignore[attr-defined]
    today = shop_day(now, client.timezone)
    tab = request.GET.get("tab", "")
    wanted = next((query for key, _, query in TABS if key == tab), Q())
    bar = FilterBar(AdFilters, request.GET)
    rows = ads_with_numbers(today - timedelta(days=DAYS - 1), today).filter(wanted)
    if word := bar.values.get("q"):
        rows = rows.filter(name__gte=word, name__lt=word + "\uffff")
    if account := bar.values.get("account"):
        rows = rows.filter(ad_account=account)
    here = reverse("campaigns:list", kwargs={"client": client.slug})
    page = listing.ListPage(
        heading="Campaigns",
        lede=f"Ads and their last {DAYS} days, in each ad account's currency.",
        noun="ads",
        table=ads_table(client.slug),
        rows=rows,
        bar=bar,
        empty=listing.Empty(
            "No ads here",
            "Ads arrive with the connected ad account; a launch starts from a post.",
            reverse("creators:posts", kwargs={"client": client.slug}),
            "Choose a post",
            "mega",
        ),
        tabs=[
            listing.Tab(label, f"{here}?tab={key}" if key else here, current=key == tab)
            for key, label, _ in TABS
        ],
        actions=[
            listing.Action(
                "GMV Max", reverse("campaigns:gmv-max", kwargs={"client": client.slug}), "chart"
            )
        ],
        stale=stale_sentences(STREAMS),
    )
    return listing.show(request, page, may=may_of(request), now=now)


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
        "limit": limits_of([row.post_id], now).get(row.post_id) if row.post_id else None,
        "incidents": list(row.incidents.order_by("-opened_at")),  # type: ignore[attr-defined]
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
        "rows": ads_of_post(pk, today - timedelta(days=DAYS - 1), today),
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
