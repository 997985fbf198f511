"""Lists and pages of ad groups and of campaigns: the levels above ads, as Ads Manager has them."""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from campaigns.forms import OBJECTIVES, LevelFilters
from campaigns.models import Ad
from campaigns.queries import Totals, ads_by_state, ads_with_numbers
from campaigns.queries.levels import campaigns_with_numbers, days_of_ads, groups_with_numbers
from campaigns.rules.statuses import read_status
from campaigns.tables import state_of_level, tone_of_ad, tone_of_level
from campaigns.tables.levels import campaigns_table, groups_table
from campaigns.views.frame import (
    CAMPAIGNS,
    GROUPS,
    SWITCHED,
    Span,
    asked_span,
    budget_in_words,
    chart_of_ad,
    empty_list,
    figures_of,
    length_of,
    tabs_of_ads,
)
from campaigns.views.hours import hours_shown
from sparkops import clock
from sparkops.catalog.models import AdAccount
from sparkops.clock import shop_day
from sparkops.isolation.plans import whole_tables
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import formats, listing, pages
from sparkops.web.filters import FilterBar

STREAMS = ("campaigns", "ad_groups", "ad_days", "ad_hours")
MOST_BELOW = 50
_OBJECTIVES = dict(OBJECTIVES)


@client_view(Permission.VIEW)
def groups(request: HttpRequest) -> HttpResponse:
    """Every ad group with the numbers of its ads."""
    first, last, bar = _asked(request)
    rows = groups_with_numbers(first, last)
    if account := bar.values.get("account"):
        rows = rows.filter(campaign__ad_account=account)
    if word := bar.values.get("q"):
        rows = rows.filter(Q(name__icontains=word) | Q(adgroup_id=word))
    slug = request.client.slug  # type: ignore[attr-defined]
    return _list(request, "Ad groups", "ad groups", GROUPS, groups_table(slug), rows, bar)


@client_view(Permission.VIEW)
def campaigns(request: HttpRequest) -> HttpResponse:
    """Every campaign but those of GMV Max, with the numbers of its ads."""
    first, last, bar = _asked(request)
    rows = campaigns_with_numbers(first, last)
    if account := bar.values.get("account"):
        rows = rows.filter(ad_account=account)
    if word := bar.values.get("q"):
        rows = rows.filter(Q(name__icontains=word) | Q(campaign_id=word))
    slug = request.client.slug  # type: ignore[attr-defined]
    return _list(request, "Campaigns", "campaigns", CAMPAIGNS, campaigns_table(slug), rows, bar)


@client_view(Permission.VIEW)
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """One ad group: numbers by day and hour, its ads."""
    slug = request.client.slug  # type: ignore[attr-defined]
    span = _span(request)
    row = get_object_or_404(groups_with_numbers(span.first, span.last), pk=pk)
    campaign = row.campaign
    found = ads_with_numbers(span.first, span.last).filter(ad_group=row).order_by("-spend", "-pk")
    below = [
        _below(one, reverse("campaigns:ad", args=[slug, one.pk]), one.get_state_display(),
               tone_of_ad(one))
        for one in found[: MOST_BELOW + 1]
    ]  # fmt: skip
    parts = {
        "lede": f"Ad group of {campaign.name}",
        "above": [
            ("Ad groups", reverse("campaigns:groups", args=[slug])),
            (campaign.name, reverse("campaigns:campaign", args=[slug, campaign.pk])),
        ],
        "id": row.adgroup_id,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "below_label": "Ads",
        "below": below[:MOST_BELOW],
        "more_below": reverse("campaigns:list", args=[slug]) if len(below) > MOST_BELOW else "",
    }
    ads = Ad.objects.filter(ad_group=row)
    return _page(request, row, campaign.ad_account, ads, span, parts)


@client_view(Permission.VIEW)
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign: numbers by day and hour, its ad groups."""
    slug = request.client.slug  # type: ignore[attr-defined]
    span = _span(request)
    row = get_object_or_404(campaigns_with_numbers(span.first, span.last), pk=pk)
    found = groups_with_numbers(span.first, span.last).filter(campaign=row)
    below = [
        _below(
            one,
            reverse("campaigns:group", args=[slug, one.pk]),
            state_of_level(one),
            tone_of_level(one),
        )
        for one in found.order_by("-spend", "-pk")[: MOST_BELOW + 1]
    ]
    parts = {
        "lede": f"{row.get_kind_display()} campaign in {row.ad_account}",
        "above": [("Campaigns", reverse("campaigns:campaigns", args=[slug]))],
        "id": row.campaign_id,
        "objective": row.objective,
        "below_label": "Ad groups",
        "below": below[:MOST_BELOW],
        "more_below": reverse("campaigns:groups", args=[slug]) if len(below) > MOST_BELOW else "",
        "talk_kind": "campaign",
    }
    ads = Ad.objects.filter(ad_group__campaign=row)
    return _page(request, row, row.ad_account, ads, span, parts)


def _span(request: HttpRequest) -> Span:
    return asked_span(request.GET, request.client.timezone, clock.now())  # type: ignore[attr-defined]


def _asked(request: HttpRequest) -> tuple[date, date, FilterBar]:
    bar = FilterBar(LevelFilters, request.GET)
    last = shop_day(clock.now(), request.client.timezone)  # type: ignore[attr-defined]
    return last - timedelta(days=length_of(bar.values) - 1), last, bar


def _list(
    request: HttpRequest,
    heading: str,
    noun: str,
    tab: str,
    table: Any,
    rows: QuerySet[Any],
    bar: FilterBar,
) -> HttpResponse:
    slug = request.client.slug  # type: ignore[attr-defined]
    page = listing.ListPage(
        heading=heading,
        lede="The sums of their ads, in the currency and the days of each ad account.",
        noun=noun,
        table=table,
        rows=rows,
        bar=bar,
        empty=empty_list(slug, noun),
        tabs=tabs_of_ads(slug, request.GET, tab, ads_by_state()),
        stale=stale_sentences(STREAMS),
    )
    with connection.cursor() as cursor, whole_tables(cursor):
        return listing.show(request, page, may=may_of(request), now=clock.now())


def _page(
    request: HttpRequest,
    row: Any,
    account: AdAccount,
    ads: QuerySet[Ad],
    span: Span,
    parts: dict[str, Any],
) -> HttpResponse:
    now, days = clock.now(), days_of_ads(ads, span.first)
    sums = (row.spend, row.impressions, row.clicks, row.conversions, row.claimed_revenue)
    context = {
        "now": now,
        "row": row,
        "form": span.form,
        "length": span.length,
        "currency": account.currency,
        "status": read_status(row.secondary_status, operation=row.operation_status),
        "switched": SWITCHED.get(row.operation_status, row.operation_status or "Not known"),
        "state": state_of_level(row),
        "tone": tone_of_level(row),
        "figures": figures_of([Totals(account.currency, *sums)]),
        "days": days,
        "chart": chart_of_ad(days, span.first, span.last) if days else None,
        "hours": hours_shown(ads, account, now),
        "settings": _settings(row, account, parts.pop("objective", "")),
        "stale": stale_sentences(STREAMS),
        **parts,
    }
    return pages.render(request, "campaigns/level.html", context)


def _settings(row: Any, account: AdAccount, objective: str) -> list[tuple[str, str]]:
    shown = [
        ("Ad account", str(account)),
        ("Objective", _OBJECTIVES.get(objective) or formats.said(objective)),
        ("Budget", budget_in_words(row, account.currency)),
    ]
    return [one for one in shown if one[1]]


def _below(one: Any, href: str, state: str, tone: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "href": href,
        "state": state,
        "tone": tone,
        "spend": one.spend,
        "impressions": one.impressions,
        "conversions": one.conversions,
    }
