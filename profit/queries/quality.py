"""What the profit page says about its own data (domain 6.10): the checks beside the P&L."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, Q, Sum

from profit.models import CreatorFee, Dirty, Statement, StatementLine
from profit.queries.context import first_rate_days
from profit.queries.pnl import totals
from profit.rules.entries import Account
from profit.rules.facts import Basis, Period
from sparkops.catalog.models import AdAccount, Shop, UnitCost
from sparkops.clock import shop_zone, zone_or_utc
from sparkops.money import ZERO


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    IDLE = "idle"


@dataclass(frozen=True)
class Check:
    """One line of the trust panel. `page` is the name of the profit page that answers it."""

    state: State
    label: str
    fact: str = ""
    text: str = ""
    page: str = ""
    action: str = ""


def checks(
    shop: Shop, basis: Basis, period: Period, *, uncosted: int, now: datetime
) -> list[Check]:
    """The checks of a period, in the order a reader asks them. At most eight queries.

    `uncosted` products were sold without a unit cost.
    """
    accounts = list(AdAccount.objects.filter(Q(shop=shop) | Q(shop=None)))
    own = [account for account in accounts if account.shop_id == shop.pk]
    rollup = _rollup(shop, basis, period)
    return [
        _statements(shop, period),
        _costs(rollup["sold"], uncosted),
        _unlisted(shop, period),
        _ads_without_post(rollup["spend"] or ZERO, rollup["loose"] or ZERO),
        *_rates(shop, own),
        *_ad_accounts(shop, own, len(accounts) - len(own), now),
        *_waiting(shop),
    ]


def _rollup(shop: Shop, basis: Basis, period: Period) -> dict[str, Any]:
    """Products sold, and ad spend with the part that names no post: one pass over the rollup."""
    is_spend = Q(account=Account.AD_SPEND.value)
    return (
        totals(shop, basis, period)
        .filter(account__in=(Account.GMV.value, Account.AD_SPEND.value))
        .aggregate(
            sold=Count("product", distinct=True, filter=Q(account=Account.GMV.value)),
            spend=Sum("amount", filter=is_spend),
            loose=Sum("amount", filter=is_spend & Q(post=None)),
        )
    )


def _statements(shop: Shop, period: Period) -> Check:
    rows = Statement.objects.filter(
        shop=shop, business_day__range=(period.first, period.last)
    ).aggregate(
        all=Count("pk"),
        tied=Count("pk", filter=Q(rows_total=F("settlement_amount"))),
        unread=Count("pk", filter=Q(rows_total=None)),
    )
    label = "TikTok Shop statements"
    if not rows["all"]:
        return Check(State.IDLE, label, "none in this period")
    fact = f"{rows['tied']} of {rows['all']} tie"
    open_ones = rows["all"] - rows["tied"] - rows["unread"]
    if open_ones:
        text = f"{open_ones} differ from the sum of their rows."
        return Check(State.WARN, label, fact, text, "profit:statements", "Compare")
    return Check(State.IDLE if rows["unread"] else State.OK, label, fact)


def _costs(sold: int, without: int) -> Check:
    label = "Unit costs for every product sold"
    if not sold:
        return Check(State.IDLE, label, "nothing sold")
    fact = f"{sold - without} of {sold}"
    if without:
        text = "Their goods are not in the profit below."
        return Check(State.WARN, label, fact, text, "profit:costs", "Enter costs")
    return Check(State.OK, label, fact)


def _unlisted(shop: Shop, period: Period) -> Check:
    rows = StatementLine.objects.filter(
        statement__shop=shop,
        statement__business_day__range=(period.first, period.last),
        sku_id="",
    ).exclude(unlisted={})
    count = rows.count()
    if count:
        text = f"{count} statement rows hold an amount no listed fee explains."
        return Check(
            State.WARN, "Fees we do not know", "", text, "profit:statements", "Look at them"
        )
    return Check(State.OK, "Every fee is a known one")


def _ads_without_post(whole: Decimal, loose: Decimal) -> Check:
    label = "Ad spend by post"
    if not whole:
        return Check(State.IDLE, label, "no spend")
    share = (loose / whole * 100).quantize(Decimal(1))
    if not share:
        return Check(State.OK, label)
    return Check(State.IDLE, label, f"{share}% without a post", "GMV Max names no post for it.")


def _rates(shop: Shop, accounts: Sequence[AdAccount]) -> list[Check]:
    foreign = {account.currency for account in accounts}
    foreign |= set(CreatorFee.objects.filter(shop=shop).values_list("currency", flat=True))
    costs = UnitCost.objects.filter(sku__product__shop=shop)
    foreign |= set(costs.values_list("currency", flat=True).distinct())
    foreign -= {shop.currency, ""}
    missing = sorted(foreign - first_rate_days(shop.currency).keys()) if foreign else []
    return [
        Check(
            State.WARN,
            f"No exchange rate from {currency}",
            text=f"Amounts in {currency} wait until a rate into {shop.currency} is entered.",
        )
        for currency in missing
    ]


def _ad_accounts(shop: Shop, own: Sequence[AdAccount], homeless: int, now: datetime) -> list[Check]:
    found = []
    local = now.astimezone(shop_zone(zone_or_utc(shop.timezone))).utcoffset()
    offsets = {account.utc_offset_minutes for account in own}
    if any(now.astimezone(_offset(one)).utcoffset() != local for one in offsets):
        found.append(
            Check(
                State.IDLE,
                "Ad days differ from shop days",
                text="Ad spend counts on the ad account's day, orders on the shop's.",
            )
        )
    if homeless:
        found.append(
            Check(State.WARN, "Ad accounts without a shop", str(homeless), "Nothing carries them.")
        )
    return found


def _offset(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))


def _waiting(shop: Shop) -> list[Check]:
    count = Dirty.objects.filter(shop=shop).count()
    if not count:
        return []
    return [Check(State.IDLE, "Still being booked", f"{count:,} items")]
