"""Affiliate plans."""

from typing import ClassVar

from django.db import models

from sparkops.catalog.models import Product, Shop
from sparkops.isolation.models import ClientOwned


class Collaboration(ClientOwned):
    """An open, target or partner plan. Rates are fractions (0.15 is 15 %)."""

    class Kind(models.TextChoices):
        OPEN = "open", "Open"
        TARGET = "target", "Target"
        PARTNER = "partner", "Partner"

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    collaboration_id = models.CharField(max_length=32)
    name = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=40)
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, related_name="+")
    standard_rate = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    shop_ads_rate = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "kind", "collaboration_id"], name="collaboration_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.collaboration_id
