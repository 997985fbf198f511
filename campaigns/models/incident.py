"""Spend or delivery that went wrong."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from campaigns.models.ads import Ad
from sparkops.isolation.models import ClientOwned


class Incident(ClientOwned):
    """An ad that lost its permission or spent outside it; open until a sync ends it.

    `amount` is what a day of the ad is worth when its permission is lost, and what was spent in all
    when it ran outside it (P28); in `currency`, the ad account's.
    """

    class Kind(models.TextChoices):
        LOST = "ad.lost_permission", "Lost permission"
        OUTSIDE_AUTHORIZATION = "ad.spent_outside_authorization", "Spend outside the authorization"
        OUTSIDE_RIGHTS = "ad.spent_outside_rights", "Spend outside the usage rights"

    ad = models.ForeignKey(Ad, on_delete=models.CASCADE, related_name="incidents")
    kind = models.CharField(max_length=40, choices=Kind.choices)
    sentence = models.TextField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "ad", "kind"],
                condition=Q(closed_at=None),
                name="incident_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def amount_means(self) -> str:
        """What stands behind the amount on pages."""
        return "a day at stake" if self.kind == self.Kind.LOST else "spent"
