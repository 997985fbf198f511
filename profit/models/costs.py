"""Fees and payments that TikTok's order data does not carry."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from creators.models import Creator, Post
from profit.models.orders import MONEY
from sparkops.catalog.models import Product, Shop
from sparkops.isolation.models import ClientOwned


class FeeRule(ClientOwned):
    """A platform rate by market and date (domain 6.2). Data, never code; `rate` is a fraction.

    `base` names what the rate is a share of, in a word of the kind's own rule (P10 to P13). A
    rule with a `product` holds for that product instead of the market's.
    """

    class Kind(models.TextChoices):
        REFERRAL = "referral", "Referral fee"
        REFUND_ADMIN = "refund_admin", "Refund administration fee"
        OUTPUT_VAT = "output_vat", "VAT inside prices"
        COMMISSION = "commission", "Base of affiliate commission"

    market = models.CharField(max_length=8)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    rate = models.DecimalField(max_digits=9, decimal_places=6)
    cap = models.DecimalField(**MONEY, null=True)
    base = models.CharField(max_length=40)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "market", "kind", "product", "effective_from"],
                name="fee_rule_once",
                nulls_distinct=False,
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


class CustomCost(ClientOwned):
    """A cost that a person named, over the days it is for (PD1).

    Without a product and a creator it is the shop's.
    """

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="+")
    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    amount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    starts_on = models.DateField()
    ends_on = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="custom_cost_window"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-starts_on", "-id"], name="custom_cost_newest"),
        ]

    def __str__(self) -> str:
        return self.name


class AgencyFee(ClientOwned):
    """What the agency charges a shop per calendar month (P26); after cm3, shop level only."""

    class Kind(models.TextChoices):
        FIXED = "fixed", "Fixed"
        PERCENT_OF_GMV = "percent_of_gmv", "Share of GMV"
        PERCENT_OF_NET_REVENUE = "percent_of_net_revenue", "Share of net revenue"
        PERCENT_OF_AD_SPEND = "percent_of_ad_spend", "Share of ad spend"

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    rate = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    amount = models.DecimalField(**MONEY, null=True)
    minimum = models.DecimalField(**MONEY, null=True)
    currency = models.CharField(max_length=3)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)

    def __str__(self) -> str:
        return f"Agency {self.kind} from {self.effective_from}"
