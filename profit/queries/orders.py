"""Orders with what they made, and everything one order is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, OuterRef, QuerySet, Subquery, Sum

from profit.models import (
    AffiliateOrder,
    Entry,
    Order,
    OrderLine,
    Refund,
    StatementLine,
    UnsettledLine,
)
from profit.queries.pnl import signed
from profit.rules.entries import Account
from profit.rules.facts import Period
from profit.rules.pnl import Pnl
from sparkops.catalog.models import Shop
from sparkops.money import ZERO

MONEY: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=18, decimal_places=4)


def orders_with_results(shop: Shop, period: Period) -> QuerySet[Order]:
    """Orders of a period by order date with `gmv` and `cm3` from the ledger.

    The sums are worked out for the rows of a page only, by the ledger's index on orders.
    """
    own = Entry.objects.filter(order_id=OuterRef("order_id"), shop=shop).order_by()
    return Order.objects.filter(shop=shop, order_day__range=(period.first, period.last)).annotate(
        gmv=Subquery(own.values("order_id").annotate(t=signed("gmv")).values("t"), MONEY),
        cm3=Subquery(own.values("order_id").annotate(t=signed("cm3")).values("t"), MONEY),
        uncosted=Subquery(
            own.filter(account=Account.GMV_WITHOUT_UNIT_COST.value)
            .values("order_id")
            .annotate(t=Sum("amount"))
            .values("t"),
            MONEY,
        ),
    )


def find_orders(rows: QuerySet[Any], values: Mapping[str, Any]) -> QuerySet[Any]:
    """Apply the list's filters: how an id begins, and the kind of order."""
    if values.get("order"):
        rows = rows.filter(order_id__startswith=values["order"])
    kind = values.get("kind")
    if kind == "refunded":
        return rows.filter(refunds__isnull=False).distinct()
    if kind == "sample":
        return rows.filter(is_sample=True)
    return rows.filter(uncosted__gt=0) if kind == "uncosted" else rows


@dataclass(frozen=True)
class OrderStory:
    """The source rows of an order and what was booked on it (PD1, PD5)."""

    order: Order
    lines: list[OrderLine]
    refunds: list[Refund]
    claims: list[AffiliateOrder]
    settled: list[StatementLine]
    expected: list[UnsettledLine]
    entries: list[Entry]
    pnl: Pnl


def order_story(order: Order) -> OrderStory:
    """Everything about one order. Seven queries."""
    entries = list(
        Entry.objects.filter(order_id=order.order_id, shop=order.shop)
        .select_related("product", "creator", "post")
        .order_by("account", "event_day", "pk")
    )
    totals: dict[Account, Decimal] = {}
    for entry in entries:
        account = Account(entry.account)
        totals[account] = totals.get(account, ZERO) + entry.amount
    return OrderStory(
        order=order,
        lines=list(order.lines.select_related("product", "sku").order_by("pk")),
        refunds=list(order.refunds.order_by("at", "pk")),
        claims=list(
            AffiliateOrder.objects.filter(order_id=order.order_id).select_related("creator", "post")
        ),
        settled=list(
            StatementLine.objects.filter(order_id=order.order_id)
            .select_related("statement")
            .order_by("statement__statement_time", "sku_id", "pk")
        ),
        expected=list(UnsettledLine.objects.filter(order_id=order.order_id)),
        entries=entries,
        pnl=Pnl.of(totals, order.shop.currency),
    )
