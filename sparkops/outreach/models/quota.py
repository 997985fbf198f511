"""The weekly quota as TikTok told it, and where we stand with a creator."""

from typing import ClassVar

from django.db import models

from creators.models import Creator
from sparkops.catalog.models import Shop
from sparkops.isolation.models import ClientOwned


class Quota(ClientOwned):
    """The newest reading of a shop's quota of new contacts (Shop contract 8.9).

    `total` and `used` are null when TikTok does not tell; `follower_cap` null is none. `levels` are
    TikTok's tiers: from which GMV of 30 days (text, in `currency`), and its cap of followers.
    `reserve` contacts are kept for people and not spent by outreach.
    """

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    total = models.PositiveIntegerField(null=True)
    used = models.PositiveIntegerField(null=True)
    unlimited = models.BooleanField(default=False)
    follower_cap = models.PositiveBigIntegerField(null=True)
    tier = models.CharField(max_length=20, blank=True)
    levels = models.JSONField(default=list)
    ends_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField()
    reserve = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "shop"], name="quota_once"),
        ]

    def __str__(self) -> str:
        return f"Quota of {self.shop}"


class Contact(ClientOwned):
    """Where we stand with a creator, in every outreach alike. A moment that is null did not come.

    Who answered, declined, opted out or is blocked gets no follow-up (AB5); who opted out or is
    blocked gets nothing at all. `noted_at` is when the last of these became known.
    """

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="+")
    noted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    opted_out_at = models.DateTimeField(null=True)
    blocked_at = models.DateTimeField(null=True)
    blocked_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "creator"], name="contact_once"),
        ]

    def __str__(self) -> str:
        return f"Contact with {self.creator}"
