"""Launch templates of a client, by version."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from campaigns.rules.delivery import EVERYWHERE, TIKTOK, Delivery
from sparkops.isolation.models import ClientOwned


class LaunchTemplate(ClientOwned):
    """One version of a template; the highest of a name counts, and what one says never changes.

    `naming` is a convention of `rules.naming`. Budget and bid (null for none) are in the currency
    of the ad account it is used in. A flight begins `starts_in_hours` from when it is planned and
    lasts `days`. `retired_at` on the newest version takes the template off the lists.
    """

    class Placement(models.TextChoices):
        TIKTOK = TIKTOK, "TikTok only"
        EVERYWHERE = EVERYWHERE, "Wherever TikTok places ads"

    name = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    naming = models.CharField(max_length=300)
    objective = models.CharField(max_length=60)
    goal = models.CharField(max_length=60)
    daily_budget = models.DecimalField(max_digits=18, decimal_places=4)
    bid = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    placement = models.CharField(max_length=9, choices=Placement.choices)
    starts_in_hours = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    landing_url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "name", "version"], name="launch_template_once"
            ),
            models.CheckConstraint(
                condition=Q(days__gt=0) & Q(daily_budget__gt=0), name="launch_template_runs"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"

    @property
    def delivery(self) -> Delivery:
        """How ad groups of this template are run."""
        return Delivery(self.goal, self.bid, self.placement)
