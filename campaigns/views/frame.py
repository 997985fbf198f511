"""What the list of ads and the page of GMV Max share: tabs, range, totals."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from campaigns.forms import DEFAULT_DAYS, DayRange
from campaigns.models import Ad, AdDay
from campaigns.queries import PostLedger, Totals
from campaigns.rules.budgets import own_budget, span_of
from campaigns.tables import click_rate, cost_per_conversion, needed_roas, return_on_spend
from sparkops.clock import days_of, shop_day
from sparkops.web import charts, formats, listing
from sparkops.web.tables import with_query

GMV_MAX = "gmv-max"
GUARDS = "guards"
GROUPS = "groups"
CAMPAIGNS = "campaigns"
CLAIM = "as TikTok counts it, never added to sales"
TABS: Mapping[str, tuple[str, frozenset[str]]] = {
    "": ("All", frozenset()),
    "live": ("Live", frozenset({Ad.State.LIVE.value})),
    "lost": ("Lost permission", frozenset({Ad.State.LOST_PERMISSION.value})),
    "paused": ("Paused", frozenset({Ad.State.PAUSED.value})),
    "review": ("In review", frozenset({Ad.State.IN_REVIEW.value, Ad.State.REJECTED.value})),
}
SPARK: Mapping[str, str] = {
    "likes": "Likes",
    "comments": "Comments",
    "shares": "Shares",
    "follows": "Follows",
    "profile_visits": "Profile visits",
    "completed_views": "Watched to the end",
}
SWITCHED: Mapping[str, str] = {"ENABLE": "On", "DISABLE": "Off", "DELETE": "Deleted"}
IDENTITIES: Mapping[str, str] = {
    "AUTH_CODE": "A creator's code",
    "TT_USER": "A linked TikTok account",
    "BC_AUTH_TT": "An account of the Business Center",
    "CUSTOMIZED_USER": "A name without a TikTok account",
}
OVER = (Ad.State.ENDED, Ad.State.DELETED)


def states_of(tab: str) -> frozenset[str]:
    """The states a tab of the list shows, empty for all; an unknown tab shows all."""
    return TABS.get(tab, TABS[""])[1]


@dataclass(frozen=True)
class Span:
    """The days that a page shows, both ends included, with the form that asks for others."""

    form: DayRange
    length: int
    first: date
    last: date


def asked_span(query: QueryDict, zone: str, now: datetime) -> Span:
    """The range of a page; the last day is today in `zone`, the client's."""
    form, last = DayRange(query), shop_day(now, zone)
    length = length_of(form.cleaned_data if form.is_valid() else {})
    return Span(form, length, last - timedelta(days=length - 1), last)


def budget_in_words(row: Any, currency: str) -> str:
    """The budget of an ad group or campaign, "" when it has none of its own."""
    amount = own_budget(row.budget)
    return f"{formats.money(amount, currency)} {span_of(row.budget_mode)}" if amount else ""


def length_of(values: Mapping[str, Any]) -> int:
    """The range that a filter bar asks for, in days."""
    return int(values.get("days") or DEFAULT_DAYS)


def tabs_of_states(
    here: str, query: QueryDict, current: str, counts: Mapping[str, int]
) -> list[listing.Tab]:
    """The states of the list at `here` with how many ads each holds; other filters stay."""
    return [
        listing.Tab(
            label,
            here + with_query(query, tab=key, cursor=None),
            current=key == current,
            count=sum(counts.get(state, 0) for state in states or counts),
        )
        for key, (label, states) in TABS.items()
    ]


def tabs_of_ads(
    slug: str, query: QueryDict, current: str, counts: Mapping[str, int]
) -> list[listing.Tab]:
    """The views of the list with how many ads each holds; other filters stay."""
    here = reverse("campaigns:list", kwargs={"client": slug})
    more = (
        (GROUPS, "Ad groups"),
        (CAMPAIGNS, "Campaigns"),
        (GMV_MAX, "GMV Max"),
        (GUARDS, "Guards"),
    )
    return tabs_of_states(here, query, current, counts) + [
        listing.Tab(
            label,
            reverse(f"campaigns:{name}", kwargs={"client": slug}),
            current=current == name,
        )
        for name, label in more
    ]


def list_actions(slug: str, *, may_launch: bool) -> list[listing.Action]:
    """Comments, what people changed at TikTok, and a launch, which starts from a post."""
    url = reverse("creators:posts", kwargs={"client": slug})
    changes = reverse("campaigns:changes", kwargs={"client": slug})
    comments = reverse("campaigns:comments", kwargs={"client": slug})
    shown = [
        listing.Action("Comments", comments, "comment"),
        listing.Action("Changes", changes, "eye"),
    ]
    launch = [listing.Action("New launch", url, "plus", primary=True)]
    return shown + (launch if may_launch else [])


def empty_list(slug: str, noun: str = "ads") -> listing.Empty:
    """What stands where there are no ads, ad groups or campaigns."""
    return listing.Empty(
        f"No {noun} here",
        f"{noun.capitalize()} arrive with the connected ad account; a launch starts from a post.",
        reverse("creators:posts", kwargs={"client": slug}),
        "Choose a post",
        "mega",
    )


def figures_of(totals: Sequence[Totals]) -> list[dict[str, str]]:
    """The strip above the list; amounts of different currencies stand beside each other."""
    figures: list[dict[str, str]] = []
    for one in totals:
        suffix = f", {one.currency}" if len(totals) > 1 else ""
        figures.append(_figure(f"Spend{suffix}", formats.money(one.spend, one.currency)))
        claimed = formats.money(one.claimed_revenue, one.currency)
        figures.append(_figure(f"Platform-attributed revenue{suffix}", claimed, CLAIM))
    if len(totals) == 1:
        cost = cost_per_conversion(totals[0].spend, totals[0].conversions)
        conversions = formats.plural(totals[0].conversions, "conversion")
        money = formats.money(cost, totals[0].currency)
        figures.append(_figure("Cost per conversion", money, conversions))
    if totals:
        impressions = sum(one.impressions for one in totals)
        clicks = sum(one.clicks for one in totals)
        rate = formats.percent(click_rate(clicks, impressions))
        figures.append(_figure("Impressions", formats.integer(impressions, compact=True)))
        figures.append(_figure("CTR", rate, formats.plural(clicks, "click")))
    return figures


def figures_of_ad(row: Any, ledger: Mapping[str, PostLedger]) -> list[dict[str, str]]:
    """The strip of one ad with the numbers of its range: what TikTok claims for the ad, and apart
    from it what the `ledger` holds of its post, by currency (N12).

    `row` carries `break_even`.
    """
    currency = row.currency
    roas = return_on_spend(row.claimed_revenue, row.spend)
    cost = cost_per_conversion(row.spend, row.conversions)
    rate = click_rate(row.clicks, row.impressions)
    return [
        _figure("Spend", formats.money(row.spend, currency)),
        _figure(
            "Platform-attributed revenue",
            formats.money(row.claimed_revenue, currency),
            CLAIM,
        ),
        *(
            _figure(
                "Sales of the post",
                formats.money(one.gmv, of),
                f"in the ledger, with organic ones; CM3 {formats.money(one.cm3, of)}",
            )
            for of, one in sorted(ledger.items())
        ),
        _figure("Platform ROAS", formats.number(roas), needed_roas(row)),
        _figure("Impressions", formats.integer(row.impressions)),
        _figure("CTR", formats.percent(rate), formats.plural(row.clicks, "click")),
        _figure(
            "Cost per conversion",
            formats.money(cost, currency),
            formats.plural(row.conversions, "conversion"),
        ),
    ]


def spark_figures(days: Collection[AdDay]) -> list[dict[str, str]]:
    """What only Spark Ads have: what people did on the post because of the ad, and who watched to
    its end. Empty where TikTok gave nothing of it."""
    sums = {name: sum(getattr(one, name) for one in days) for name in SPARK}
    if not any(sums.values()):
        return []
    views = sum(one.video_views for one in days)
    ended = formats.percent(click_rate(sums["completed_views"], views))
    notes = {"completed_views": f"{ended} of the views" if views else ""}
    return [
        _figure(label, formats.integer(sums[name]), notes.get(name, ""))
        for name, label in SPARK.items()
    ]


def chart_of_ad(days: Collection[AdDay], first: date, last: date) -> charts.Chart:
    """Spend and what TikTok claims for it on every day; a day without a row had no delivery."""
    rows = {one.day: one for one in days}
    every = days_of(first, last)
    spend, claimed = (
        [getattr(rows[day], name) if day in rows else Decimal(0) for day in every]
        for name in ("spend", "claimed_revenue")
    )
    spent = len([amount for amount in spend if amount])
    return charts.daily(
        "ad-days",
        "Spend and platform-attributed revenue by day",
        f"It spent on {spent} of {formats.plural(len(every), 'day')}.",
        every,
        (
            charts.Series("spend", "Spend", spend),
            charts.Series("gmv", "Platform-attributed revenue", claimed),
        ),
        currency=next(iter(days)).currency,
    )


@dataclass(frozen=True)
class Switch:
    """What a person may do with an ad: `word` goes to the switch view, "" for nothing."""

    word: str
    label: str = ""
    why_not: str = ""


def switch_of(row: Any) -> Switch:
    """Pause what is switched on; enable what is off and covered; say why when neither goes.

    `row` carries `standing`.
    """
    if row.state in OVER:
        return Switch("", why_not="It is over. Launch the post again instead.")
    if row.operation_status != "DISABLE":
        return Switch("pause", "Pause")
    if row.standing is not None and not row.standing.covered:
        return Switch("", why_not="Nothing covers its post now. Renew the permission first.")
    return Switch("enable", "Switch on")


def _figure(label: str, value: str, note: str = "") -> dict[str, str]:
    return {"label": label, "value": value, "note": note}
