"""Dated unit costs and exchange rates."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from sparkops.catalog.models.products import Sku
from sparkops.isolation.models import ClientOwned


class UnitCost(ClientOwned):
    """Cost of goods of one unit from `effective_from` on (inclusive), in its own currency (P19)."""

    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="unit_costs")
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    effective_from = models.DateField()
    source = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "sku", "effective_from"], name="unit_cost_once"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="unit_cost_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.sku}: {self.amount} {self.currency} from {self.effective_from}"


class FxRate(ClientOwned):
    """Units of `quote` per one unit of `base` on `day` (P27)."""

    day = models.DateField()
    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    source = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "base", "quote", "day"], name="fx_once"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="fx_positive"),
        ]

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate} {self.quote} on {self.day}"
