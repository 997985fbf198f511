"""Affiliate plans and changes of their rates."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from sparkops.catalog.models import Product, Shop
from sparkops.isolation.models import ClientOwned


class Collaboration(ClientOwned):
    """An open, target or partner plan. Rates are fractions (0.15 is 15 %), null where products of
    one plan differ. `product_ids` are TikTok's; `creator_count` are invited or promoting ones."""

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
    product_ids = models.JSONField(default=list)
    creator_count = models.PositiveIntegerField(null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "kind", "collaboration_id"], name="collaboration_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                "client", F("ends_at").asc(nulls_last=True), F("id").asc(), name="collaboration_end"
            ),
            models.Index(
                "client",
                F("standard_rate").desc(nulls_last=True),
                F("id").desc(),
                name="collaboration_rate",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.collaboration_id


class RatePolicy(ClientOwned):
    """From which change of a rate on a second look is needed (0.02 are two points)."""

    limit = models.DecimalField(max_digits=5, decimal_places=4, default=Decimal("0.02"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client"], name="rate_policy_once"),
        ]

    def __str__(self) -> str:
        return "Rules for rates"


class RateChange(ClientOwned):
    """A change of a plan's rates, from the proposal to TikTok. Rates are fractions; a null one is
    not changed. `effect` is what it meant for each product when it was proposed."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waits for approval"
        GOING = "going", "On its way"
        BY_HAND = "by_hand", "To do in Seller Center"
        DONE = "done", "Done"
        DECLINED = "declined", "Declined"
        REFUSED = "refused", "Refused by TikTok"

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.CASCADE, related_name="rate_changes"
    )
    state = models.CharField(max_length=8, choices=State.choices)
    standard_before = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    standard_after = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    ads_before = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    ads_after = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    effect = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=200)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    finished_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "collaboration"],
                condition=Q(state__in=["proposed", "going", "by_hand"]),
                name="one_open_rate_change",
            ),
        ]

    def __str__(self) -> str:
        return f"Rates of {self.collaboration}"
