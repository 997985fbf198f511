"""What was booked, read, and changed since; and who has seen it."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from profit.models.orders import MONEY
from profit.rules.restatements import Reason
from sparkops.catalog.models import Shop
from sparkops.isolation.models import ClientOwned


class Restatement(ClientOwned):
    """An account of one subject in one month (its first day, by order date) before and after.

    Written with the entries that made it, and like them never changed. Amounts are in the shop's
    currency as the account prints them; `effect` is what the change did to cm3.
    """

    class Kind(models.TextChoices):
        SETTLED = Reason.SETTLED.value, "Settled"
        REFUND = Reason.REFUND.value, "Refund"
        FEE_RULE = Reason.FEE_RULE.value, "Fee rule"
        UNIT_COST = Reason.UNIT_COST.value, "Unit cost"
        FX_RATE = Reason.FX_RATE.value, "Exchange rate"
        ADS = Reason.ADS.value, "Ad numbers"
        PAYMENT = Reason.PAYMENT.value, "Payment to a creator"
        CUSTOM_COST = Reason.CUSTOM_COST.value, "Custom cost"
        OTHER = Reason.OTHER.value, "Other"

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=80)
    order_id = models.CharField(max_length=32, blank=True)
    account = models.CharField(max_length=40)
    month = models.DateField()
    before = models.DecimalField(**MONEY)
    after = models.DecimalField(**MONEY)
    effect = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    stage_before = models.CharField(max_length=10, blank=True)
    stage_after = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    rule = models.CharField(max_length=24, blank=True)
    cause = models.CharField(max_length=200)
    booked_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "-booked_at", "-id"], name="restatement_newest"),
            models.Index(
                fields=["client", "shop", "booked_at"],
                include=["month", "kind", "effect", "subject"],
                name="restatement_moved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} of {self.subject}: {self.before} to {self.after} {self.currency}"


class Look(ClientOwned):
    """Until when a person has seen what was restated."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "user"], name="look_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} until {self.seen_until:%Y-%m-%d %H:%M}"
