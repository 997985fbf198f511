"""What a client will have to pay, as far as the ledger and the unit costs know it (N22)."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from profit.models import DayTotal
from profit.rules.entries import Account
from profit.rules.facts import Basis, Stage
from sparkops.catalog.models import UnitCost

DAYS_BACK = 90
"""Older commission that no statement settled is a matter of reconciliation, not of waiting."""

Price = tuple[Decimal, str]
"""An amount and its currency."""


@dataclass(frozen=True)
class OpenCommission:
    """Affiliate commission of one shop's orders of one day that no statement has settled; refunds
    are taken off. In the shop's `currency`, by its day."""

    shop_id: int
    shop: str
    ordered_on: date
    amount: Decimal
    currency: str


def open_commission(today: date) -> list[OpenCommission]:
    """By shop and day of the order, of the last 90 days. One query."""
    rows = (
        DayTotal.objects.filter(
            basis=Basis.ORDER.value,
            account=Account.AFFILIATE_COMMISSION.value,
            day__gte=today - timedelta(days=DAYS_BACK),
        )
        .exclude(stage=Stage.SETTLED.value)
        .order_by("shop_id", "day", "currency")
        .values_list("shop_id", "shop__name", "day", "currency")
        .annotate(total=Sum("amount"))
    )
    return [
        OpenCommission(shop_id, name, day, total, currency)
        for shop_id, name, day, currency, total in rows
    ]


def costs_in_force(product_ids: Collection[int], day: date) -> dict[int, dict[str, Price]]:
    """The unit cost in force on a day (P19) of every variant that has one, by product and by
    TikTok's id of the variant. One query."""
    rows = (
        UnitCost.objects.filter(sku__product_id__in=product_ids, effective_from__lte=day)
        .order_by("sku", "-effective_from", "-pk")
        .distinct("sku")
        .values_list("sku__product_id", "sku__sku_id", "amount", "currency")
    )
    found: dict[int, dict[str, Price]] = defaultdict(dict)
    for product_id, sku_id, amount, currency in rows:
        found[product_id][sku_id] = (amount, currency)
    return found
