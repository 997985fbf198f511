"""Who claims an order: GMV Max, an affiliate, both or neither; the ledger counts it once (PD6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum

from campaigns.models import GmvMaxDay
from profit.models import AffiliateOrder, Order, OrderLine
from profit.queries.orders import orders_with_results
from profit.queries.pnl import sums
from profit.rules.entries import Account
from profit.rules.facts import Basis, Period
from sparkops.catalog.models import Shop
from sparkops.money import ZERO

BOTH, ADS, AFFILIATE, NEITHER = "both", "ads", "affiliate", "neither"
# claim: (by an affiliate, by GMV Max)
CLAIMS = {BOTH: (True, True), ADS: (False, True), AFFILIATE: (True, False), NEITHER: (False, False)}


@dataclass(frozen=True)
class Claimed:
    """Orders of one kind of claim and their gmv from the ledger."""

    orders: int
    gmv: Decimal


@dataclass(frozen=True)
class Overlap:
    """The claims of a period by order date. The four parts are disjoint and sum to `gmv`.

    `platform_claimed` is what ad reports call their revenue: evidence, never added.
    """

    parts: dict[str, Claimed]
    platform_claimed: Decimal

    @property
    def gmv(self) -> Decimal:
        return sum((part.gmv for part in self.parts.values()), ZERO)


def claimed_orders(shop: Shop, period: Period) -> QuerySet[Order]:
    """Sold orders of a period with `gmv`, `cm3`, `by_affiliate` and `by_ads`.

    GMV Max claims every order of a product that it promoted on that day (domain 6.6); a campaign
    that names no product claims none here, because nothing says which.
    """
    promoted = GmvMaxDay.objects.filter(
        campaign__ad_account__shop=shop,
        product=OuterRef("product"),
        day=OuterRef("order__order_day"),
    )
    in_ads = OrderLine.objects.filter(Exists(promoted), order=OuterRef("pk"))
    claimed = AffiliateOrder.objects.filter(order_id=OuterRef("order_id"))
    return (
        orders_with_results(shop, period)
        .filter(paid_at__isnull=False, is_sample=False, is_replacement=False)
        .annotate(by_affiliate=Exists(claimed), by_ads=Exists(in_ads))
    )


def find_claimed(rows: QuerySet[Any], claim: str, order_id: str) -> QuerySet[Any]:
    """Orders of one kind of claim (all for an empty one) whose id begins so."""
    if claim in CLAIMS:
        by_affiliate, by_ads = CLAIMS[claim]
        rows = rows.filter(by_affiliate=by_affiliate, by_ads=by_ads)
    return rows.filter(order_id__startswith=order_id) if order_id else rows


def overlap(shop: Shop, period: Period) -> Overlap:
    """The parts of a period. Two queries."""
    orders: QuerySet[Any] = claimed_orders(shop, period).order_by()
    rows = orders.values("by_affiliate", "by_ads")
    found = {
        (row["by_affiliate"], row["by_ads"]): Claimed(row["orders"], row["total"] or ZERO)
        for row in rows.annotate(orders=Count("pk"), total=Sum(F("gmv")))
    }
    claimed = sums(shop, Basis.ORDER, period).get(Account.PLATFORM_CLAIMED_REVENUE, ZERO)
    parts = {claim: found.get(key, Claimed(0, ZERO)) for claim, key in CLAIMS.items()}
    return Overlap(parts, claimed)


def add_creators(rows: Sequence[Any]) -> None:
    """Set on each order `creators`, the handles of who claims it. One query."""
    claims = AffiliateOrder.objects.filter(order_id__in=[row.order_id for row in rows])
    found: dict[str, list[str]] = {}
    named = claims.order_by("creator__handle", "creator_handle")
    for order_id, known, handle in named.values_list(
        "order_id", "creator__handle", "creator_handle"
    ):
        found.setdefault(order_id, []).append(known or handle)
    for row in rows:
        row.creators = tuple(dict.fromkeys(found.get(row.order_id, ())))
