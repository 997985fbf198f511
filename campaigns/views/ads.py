"""The list of ads, an ad's page, switching it, and the panel on a post's page."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaigns.actions.permission import renewal_path
from campaigns.actions.switch import ask_to_enable, ask_to_pause
from campaigns.forms import AdFilters
from campaigns.forms.guards import NoFilters
from campaigns.models import Ad, Launch
from campaigns.queries import (
    add_standings,
    ads_by_state,
    ads_of_post,
    ads_with_numbers,
    days_of_ad,
    find_ads,
    hand_changes,
    is_switching,
    ledger_of,
    totals_of,
)
from campaigns.rules.statuses import read_status
from campaigns.tables import ads_table, changes_table, tone_of_ad, tone_of_launch
from campaigns.views.frame import (
    IDENTITIES,
    SWITCHED,
    asked_span,
    budget_in_words,
    chart_of_ad,
    empty_list,
    figures_of,
    figures_of_ad,
    length_of,
    list_actions,
    spark_figures,
    states_of,
    switch_of,
    tabs_of_ads,
)
from campaigns.views.hours import hours_shown
from sparkops import clock
from sparkops.clock import shop_day
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar

STREAMS = ("ads", "ad_days", "ad_hours")
DAYS = 30


@client_view(Permission.VIEW)
def ads(request: HttpRequest) -> HttpResponse:
    """Every ad with its numbers of the chosen days."""
    now = clock.now()
    client, member = request.client, request.member  # type: ignore[attr-defined]
    bar, tab = FilterBar(AdFilters, request.GET), request.GET.get("tab", "")
    today = shop_day(now, client.timezone)
    first = today - timedelta(days=length_of(bar.values) - 1)
    rows = find_ads(ads_with_numbers(first, today), {**bar.values, "states": states_of(tab)})
    page = listing.ListPage(
        heading="Campaigns",
        lede="What runs in paid, in the currency and the days of each ad account.",
        noun="ads",
        table=ads_table(client.slug),
        rows=rows,
        bar=bar,
        empty=empty_list(client.slug),
        tabs=tabs_of_ads(client.slug, request.GET, tab, ads_by_state()),
        actions=list_actions(client.slug, may_launch=member.may(Permission.CAMPAIGN_LAUNCH)),
        stale=stale_sentences(STREAMS),
        figures=figures_of(totals_of(rows, first, today)),
        prepare=lambda shown: add_standings(shown, now),
    )
    return listing.show(request, page, may=may_of(request), now=now)


@client_view(Permission.VIEW)
def changes(request: HttpRequest) -> HttpResponse:
    """What people changed in Ads Manager, newest first (TA8)."""
    slug = request.client.slug  # type: ignore[attr-defined]
    ads_url = reverse("campaigns:list", kwargs={"client": slug})
    page = listing.ListPage(
        heading="Changes in Ads Manager",
        lede="Noticed at the next sync. Nothing of it is overwritten.",
        crumbs=listing.crumbs(
            ("Campaigns", reverse("campaigns:list", kwargs={"client": slug})), "Changes"
        ),
        noun="changes",
        table=changes_table(slug),
        rows=hand_changes(),
        bar=FilterBar(NoFilters, request.GET),
        empty=listing.Empty(
            "Nobody changed anything there",
            "Names, switches, budgets, bids and dates are compared at every sync.",
            ads_url,
            "See the ads",
            "mega",
        ),
    )
    return listing.show(request, page, may=may_of(request), now=clock.now())


@client_view(Permission.VIEW)
def ad(request: HttpRequest, pk: int) -> HttpResponse:
    """One ad: TikTok's words, what covers it, numbers by day, incidents."""
    now = clock.now()
    client, member = request.client, request.member  # type: ignore[attr-defined]
    span = asked_span(request.GET, client.timezone, now)
    row = get_object_or_404(ads_with_numbers(span.first, span.last), pk=pk)
    add_standings([row], now)
    days, ledger = days_of_ad(row, span.first), ledger_of([row.post_id], span.first, span.last)
    context = {
        "now": now,
        "row": row,
        "form": span.form,
        "length": span.length,
        "status": read_status(row.secondary_status, operation=row.operation_status),
        "tone": tone_of_ad(row),
        "switched": SWITCHED.get(row.operation_status, row.operation_status or "Not known"),
        "identity": IDENTITIES.get(row.identity_type, row.identity_type or "None"),
        "figures": figures_of_ad(row, ledger.get(row.post_id, {})),
        "days": days,
        "spark": spark_figures(days),
        "chart": chart_of_ad(days, span.first, span.last) if days else None,
        "currency": row.ad_account.currency,
        "budget": budget_in_words(row.ad_group, row.ad_account.currency),
        "hours": hours_shown(Ad.objects.filter(pk=row.pk), row.ad_account, now),
        "incidents": list(row.incidents.order_by("-opened_at")),
        "by_hand": list(hand_changes(row).order_by("-seen_at", "-pk")[:10]),
        "launches": list(row.launches.order_by("-created_at")),
        "renewal_path": renewal_path(row, client) if row.post_id else "",
        "may_switch": member.may(Permission.CAMPAIGN_LAUNCH),
        "switch": switch_of(row),
        "switching": is_switching(row),
        "stale": stale_sentences(STREAMS),
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
    rows = ads_of_post(pk, today - timedelta(days=DAYS - 1), today)
    launches = Launch.objects.filter(post_id=pk).order_by("-created_at")[:5]
    context = {
        "now": now,
        "post_id": pk,
        "may_export": request.member.may(Permission.EXPORT),  # type: ignore[attr-defined]
        "rows": [(one, tone_of_ad(one)) for one in rows],
        "launches": [(one, tone_of_launch(one)) for one in launches],
    }
    return pages.render(request, "campaigns/post_ads.html", context)
