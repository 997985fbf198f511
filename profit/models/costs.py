"""Fees and payments that TikTok's order data does not carry."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from creators.models import Creator, Post
from profit.models.orders import MONEY
from sparkops.catalog.models import Product, Shop
from sparkops.isolation.models import ClientOwned


class FeeRule(ClientOwned):
    """A platform fee by market and date (domain 6.2). Data, never code; `rate` is a fraction."""

    market = models.CharField(max_length=8)
    kind = models.CharField(max_length=20)
    rate = models.DecimalField(max_digits=9, decimal_places=6)
    fixed = models.DecimalField(**MONEY, default=0)
    cap = models.DecimalField(**MONEY, null=True)
    base = models.CharField(max_length=40)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "market", "kind", "effective_from"], name="fee_rule_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.market} {self.kind} from {self.effective_from}"


class CreatorFee(ClientOwned):
    """A payment to a creator outside TikTok (domain 4), recognised per P22."""

    class Kind(models.TextChoices):
        FLAT_FEE = "flat_fee", "Flat fee"
        USAGE_FEE = "usage_fee", "Usage fee"
        RENEWAL_FEE = "renewal_fee", "Renewal fee"
        RETAINER = "retainer", "Retainer"
        BONUS = "bonus", "Bonus"

    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="fees")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="fees")
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, related_name="+")
    shop = models.ForeignKey(Shop, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    starts_on = models.DateField()
    ends_on = models.DateField()
    paid_on = models.DateField(null=True)
    reference = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="creator_fee_window"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} for {self.creator}"


class AgencyFee(ClientOwned):
    """What the agency charges a shop (P26); after cm3, shop level only."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24)
    rate = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    amount = models.DecimalField(**MONEY, null=True)
    minimum = models.DecimalField(**MONEY, null=True)
    currency = models.CharField(max_length=3)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)

    def __str__(self) -> str:
        return f"Agency {self.kind} from {self.effective_from}"
