"""The P&L of shops, products, creators and posts from day totals and entries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from profit.models import DayTotal, Entry
from profit.queries.context import posts_of
from profit.rules.attribution import SHARED_ACCOUNTS, GmvWeights, Links, product_shares
from profit.rules.entries import Account
from profit.rules.facts import Basis, Period
from profit.rules.pnl import UNATTRIBUTED, Dimension, Pnl
from sparkops.catalog.models import Shop
from sparkops.money import ZERO, ratio

Sums = dict[Account, Decimal]
FIELD = {
    Dimension.PRODUCT: "product__product_id",
    Dimension.CREATOR: "creator__handle",
    Dimension.POST: "post__item_id",
}


@dataclass(frozen=True)
class Stages:
    """Shares of gmv by the stage of its figures; None without gmv."""

    estimated: Decimal | None
    processing: Decimal | None
    settled: Decimal | None


def totals(shop: Shop, basis: Basis, period: Period) -> QuerySet[DayTotal]:
    """Day totals of a shop in a period on a basis (P6)."""
    return DayTotal.objects.filter(
        shop=shop, basis=basis.value, day__gte=period.first, day__lte=period.last
    )


def shop_pnl(shop: Shop, basis: Basis, period: Period) -> Pnl:
    """The P&L of a shop."""
    rows = totals(shop, basis, period).values_list("account").annotate(total=Sum("amount"))
    return Pnl.of({Account(account): total for account, total in rows}, shop.currency)


def stages(shop: Shop, basis: Basis, period: Period) -> Stages:
    """How much of gmv is estimated, processing and settled (PD2)."""
    rows = dict(
        totals(shop, basis, period)
        .filter(account=Account.GMV.value)
        .values_list("stage")
        .annotate(total=Sum("amount"))
    )
    whole = sum(rows.values(), ZERO)
    return Stages(*(ratio(rows.get(word, ZERO), whole) for word in Stages.__annotations__))


def daily(shop: Shop, basis: Basis, period: Period) -> list[tuple[date, Pnl]]:
    """A P&L per day of the period that has entries, oldest first."""
    sums: dict[date, Sums] = defaultdict(dict)
    rows = totals(shop, basis, period).values_list("day", "account").annotate(total=Sum("amount"))
    for day, account, total in rows:
        sums[day][Account(account)] = total
    return [(day, Pnl.of(sums[day], shop.currency)) for day in sorted(sums)]


def grouped(shop: Shop, basis: Basis, period: Period, dimension: Dimension) -> dict[str, Pnl]:
    """A P&L per product, creator or post, with `unattributed`; they sum to the shop's cm3 (PD3)."""
    if dimension is Dimension.PRODUCT:
        return _by_product(shop, basis, period)
    sums = _sums(
        totals(shop, basis, period).exclude(account=Account.AGENCY_FEES.value), FIELD[dimension]
    )
    return {key: Pnl.of(found, shop.currency) for key, found in sums.items()}


def _sums(rows: QuerySet[DayTotal], field: str) -> dict[str, Sums]:
    sums: dict[str, Sums] = defaultdict(dict)
    for key, account, total in rows.values_list(field, "account").annotate(total=Sum("amount")):
        sums[key or UNATTRIBUTED][Account(account)] = total
    return sums


def _by_product(shop: Shop, basis: Basis, period: Period) -> dict[str, Pnl]:
    """Shared rows (ad cost, creator fees without a product) are split per row as P24 says."""
    shared = Q(account__in=[account.value for account in SHARED_ACCOUNTS], product=None)
    rows = totals(shop, basis, period).exclude(account=Account.AGENCY_FEES.value).exclude(shared)
    sums = _sums(rows, FIELD[Dimension.PRODUCT])
    weights = _weights(shop, basis, period)
    links = Links(by_post={post.post_id: post.product_ids for post in posts_of().values()})
    for (row, account, post_id), amount in _shared_rows(shop, basis, period, shared).items():
        shares = product_shares(
            amount,
            post_id=post_id,
            row=row,
            links=links,
            weights=weights,
            currency=shop.currency,
        )
        for product, share in shares.items():
            found = sums.setdefault(product or UNATTRIBUTED, {})
            found[account] = found.get(account, ZERO) + share
    return {key: Pnl.of(found, shop.currency) for key, found in sums.items()}


def _weights(shop: Shop, basis: Basis, period: Period) -> GmvWeights:
    by_product: dict[str, Decimal] = defaultdict(lambda: ZERO)
    by_post: dict[tuple[str, str], Decimal] = {}
    rows = (
        totals(shop, basis, period)
        .filter(account=Account.GMV.value)
        .exclude(product=None)
        .values_list("product__product_id", "post__item_id")
        .annotate(total=Sum("amount"))
    )
    for product, post, total in rows:
        by_product[product] += total
        if post:
            by_post[(post, product)] = total
    return GmvWeights(dict(by_product), by_post)


def _shared_rows(
    shop: Shop, basis: Basis, period: Period, shared: Q
) -> dict[tuple[str, Account, str | None], Decimal]:
    """Amounts per source row and account, so that each row is split and rounded once (P3)."""
    column = {"order": "order_day", "event": "event_day", "settlement": "settlement_day"}
    day = column[basis.value]
    rows = Entry.objects.filter(
        shared, shop=shop, **{f"{day}__gte": period.first, f"{day}__lte": period.last}
    ).values_list("key", "account", "post__item_id", "amount")
    found: dict[tuple[str, Account, str | None], Decimal] = defaultdict(lambda: ZERO)
    for key, account, post, amount in rows:
        found[(key.rpartition("/")[0], Account(account), post)] += amount
    return found


def entries_of(
    shop: Shop, basis: Basis, period: Period, filters: Mapping[str, str]
) -> QuerySet[Entry]:
    """The entries under a figure, newest first: what a click on it opens (PD1)."""
    column = {"order": "order_day", "event": "event_day", "settlement": "settlement_day"}
    day = column[basis.value]
    rows = Entry.objects.filter(
        shop=shop, **{f"{day}__gte": period.first, f"{day}__lte": period.last}
    ).select_related("product", "creator", "post")
    for name, field in (
        ("account", "account"),
        ("product", "product__product_id"),
        ("creator", "creator__handle"),
        ("post", "post__item_id"),
        ("order", "order_id"),
    ):
        if filters.get(name):
            rows = rows.filter(**{field: filters[name]})
    return rows


def gmv_without_cost(shop: Shop, basis: Basis, period: Period) -> dict[str, Decimal]:
    """Products sold without a known unit cost, with the gmv concerned (PD7)."""
    rows = (
        totals(shop, basis, period)
        .filter(account=Account.GMV_WITHOUT_UNIT_COST.value)
        .values_list("product__title")
        .annotate(total=Sum("amount"))
    )
    return {title or UNATTRIBUTED: total for title, total in rows if total}
