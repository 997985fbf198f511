"""The P&L by campaign and by source of orders; with the unattributed rest they sum to the shop.

Ad cost belongs to the campaign that reported it. An order belongs to one only where TikTok says
that ads brought it (it pays the ads commission) and one campaign alone spent on its post that day;
what ad reports claim is evidence and attributes nothing (domain 6.6).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import CharField, F, Func, Max, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from campaigns.models import AdDay, Campaign, GmvMaxDay
from profit.models import AffiliateOrder, Entry
from profit.queries.groups import (
    DAY_FIELD,
    GmvCourse,
    GroupPage,
    Groups,
    add_amount,
    courses_of,
    cut_page,
    entries_in,
)
from profit.queries.pnl import sums
from profit.rules.entries import Account
from profit.rules.facts import Basis, Period
from profit.rules.origins import NOT_OF_ORDERS, OF_ADS, SOURCE_NAMES, Origin, Source
from profit.rules.pnl import UNATTRIBUTED, Pnl
from sparkops.catalog.models import Shop
from sparkops.money import ZERO

_OF_ADS = Q(account__in=sorted(OF_ADS))
_SOLD_BY_CREATORS = ~Q(account__in=sorted(NOT_OF_ORDERS)) & (
    Q(creator__isnull=False) | Q(post__isnull=False)
)


@dataclass(frozen=True)
class OriginTable:
    """A P&L to cm3 per campaign id or source, the rest under `unattributed`, and the course of the
    gmv of those that have any."""

    groups: dict[str, Pnl]
    courses: dict[str, GmvCourse]

    def page(self, currency: str, cursor: str) -> GroupPage:
        """A page of the groups, highest cm3 first."""
        return cut_page(self.groups, currency, cursor)


def origin_table(shop: Shop, basis: Basis, period: Period, origin: Origin) -> OriginTable:
    """The table by campaign (five queries) or by source (five)."""
    by_campaign = origin is Origin.CAMPAIGN
    rows = list((_campaign_rows if by_campaign else _source_rows)(shop, basis, period))
    groups: Groups = {}
    for key, account, _, _, amount in rows:
        add_amount(groups, key, Account(account), amount)
    rest = sums(shop, basis, period)
    rest.pop(Account.AGENCY_FEES, None)
    for found in groups.values():
        for account, amount in found.items():
            rest[account] = rest.get(account, ZERO) - amount
    groups[UNATTRIBUTED] = rest
    gmv = [(key, day, stage, n) for key, name, day, stage, n in rows if name == Account.GMV]
    return OriginTable(
        {key: Pnl.of(found, shop.currency) for key, found in groups.items()},
        courses_of(gmv, period),
    )


def origin_names(origin: Origin, keys: Iterable[str]) -> dict[str, str]:
    """A reader's name for each key of the table; campaigns of one name have their id beside it."""
    names = {UNATTRIBUTED: "Unallocated"}
    if origin is Origin.SOURCE:
        return names | {source.value: name for source, name in SOURCE_NAMES.items()}
    found = dict(
        Campaign.objects.filter(campaign_id__in=list(keys)).values_list("campaign_id", "name")
    )
    shared = Counter(found.values())
    return names | {
        key: f"{name} ({key})" if shared[name] > 1 else name for key, name in found.items()
    }


def entries_of_origin(
    rows: QuerySet[Entry], shop: Shop, origin: Origin, key: str
) -> QuerySet[Entry]:
    """Those of `rows` that a line of the table is the sum of; none for a key that is none."""
    if origin is Origin.SOURCE:
        return rows.filter(_of_source(Source(key))) if key in set(Source) else rows.none()
    sold = rows.filter(_sold_by(Source.AFFILIATE_ADS))
    span = sold.aggregate(first=Min("order_day"), last=Max("order_day"))
    days: dict[int, list[date]] = {}
    if span["first"] is not None:
        for (post, day), campaign in _campaigns_of_posts(shop, span["first"], span["last"]).items():
            if campaign == key:
                days.setdefault(post, []).append(day)
    mine = Q(campaign_key=key) & _OF_ADS
    for post, on in days.items():
        mine |= _sold_by(Source.AFFILIATE_ADS) & Q(post=post, order_day__in=on)
    return rows.alias(campaign_key=_campaign_key()).filter(mine)


Row = tuple[str, str, date, str, Decimal]


def _source_rows(shop: Shop, basis: Basis, period: Period) -> Iterable[Row]:
    """Key, account, day, stage and amount of what has a source."""
    entries, day = entries_in(shop, basis, period), DAY_FIELD[basis]
    for source in Source:
        found = entries.filter(_of_source(source)).values_list("account", day, "stage")
        for account, on, stage, amount in found.annotate(total=Sum("amount")):
            yield source.value, account, on, stage, amount


def _campaign_rows(shop: Shop, basis: Basis, period: Period) -> Iterable[Row]:
    """Key, account, day, stage and amount of what has a campaign."""
    entries, day = entries_in(shop, basis, period), DAY_FIELD[basis]
    cost = entries.filter(_OF_ADS).annotate(campaign_key=_campaign_key())
    yield from cost.values_list("campaign_key", "account", day, "stage").annotate(Sum("amount"))
    sold: list[Any] = list(
        entries.filter(_sold_by(Source.AFFILIATE_ADS), post__isnull=False)
        .values_list("post_id", "order_day", "account", day, "stage")
        .annotate(total=Sum("amount"))
    )
    if not sold:
        return
    order_days = [row[1] for row in sold]
    campaigns = _campaigns_of_posts(shop, min(order_days), max(order_days))
    for post, order_day, account, on, stage, amount in sold:
        if campaign := campaigns.get((post, order_day)):
            yield campaign, account, on, stage, amount


def _campaigns_of_posts(shop: Shop, first: date, last: date) -> dict[tuple[int, date], str]:
    """The one campaign that spent on a post on a day of its account; left out where several did.
    Two queries."""
    spark = AdDay.objects.filter(
        ad__ad_account__shop=shop, ad__post__isnull=False, day__range=(first, last), spend__gt=0
    ).values_list("ad__post_id", "day", "ad__ad_group__campaign__campaign_id")
    gmv_max = GmvMaxDay.objects.filter(
        campaign__ad_account__shop=shop,
        grain=GmvMaxDay.Grain.CREATIVE,
        post__isnull=False,
        day__range=(first, last),
        cost__gt=0,
    ).values_list("post_id", "day", "campaign__campaign_id")
    found: dict[tuple[int, date], set[str]] = {}
    for post, day, campaign in (*spark.distinct(), *gmv_max.distinct()):
        found.setdefault((post, day), set()).add(campaign)
    return {place: next(iter(ids)) for place, ids in found.items() if len(ids) == 1}


def _campaign_key() -> Coalesce:
    """The campaign of an entry of ads; one of GMV Max names it in its subject alone."""
    named: Any = F("subject")
    for mark, part in (("/", 2), (":", 1)):
        named = Func(
            named, Value(mark), Value(part), function="split_part", output_field=CharField()
        )
    return Coalesce(F("ad__ad_group__campaign__campaign_id"), named)


def _of_source(source: Source) -> Q:
    """The entries of a source; ads on a creator's post cost where their sales are."""
    if source is Source.SAMPLE:
        return Q(account=Account.SAMPLE_COST.value)
    if source is Source.AFFILIATE_ADS:
        return _sold_by(source) | (_OF_ADS & Q(creator__isnull=False))
    return _sold_by(source)


def _sold_by(source: Source) -> Q:
    """The entries of creators' orders that came this way; the ads commission goes before LIVE."""
    claims = AffiliateOrder.objects.order_by()
    paid = Q(estimated_ads_commission__gt=0) | Q(actual_ads_commission__gt=0)
    by_ads = Q(order_id__in=claims.filter(paid).values("order_id"))
    in_live = Q(order_id__in=claims.filter(content_type="LIVE").values("order_id"))
    if source is Source.AFFILIATE_ADS:
        return _SOLD_BY_CREATORS & by_ads
    if source is Source.LIVE:
        return _SOLD_BY_CREATORS & in_live & ~by_ads
    return _SOLD_BY_CREATORS & ~by_ads & ~in_live
