"""What stops when a permission ends; rebuilt at will."""

from typing import ClassVar

from django.db import models
from django.db.models import F

from authorizations.models import Authorization
from creators.models import Post
from sparkops.isolation.models import ClientOwned


class Stake(ClientOwned):
    """One post with a usable permission: when its right to spend ends, and what a day is worth.

    `ends_at` is the end of the effective window, limited by `clock` (its name), null when no clock
    has an end. Amounts are per day over the last seven full days: `spend` of ads in
    `spend_currency`, `profit` (cm3) in `profit_currency`, null where a unit cost is missing or
    nothing is booked. `rank` orders rows of all currencies (`rules.stakes.rank`).
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    authorization = models.ForeignKey(Authorization, on_delete=models.CASCADE, related_name="+")
    ends_at = models.DateTimeField(null=True)
    clock = models.CharField(max_length=60, blank=True)
    spend = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    spend_currency = models.CharField(max_length=3, blank=True)
    profit = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    profit_currency = models.CharField(max_length=3, blank=True)
    rank = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    counted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "post"], name="stake_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "ends_at", "id"], name="stake_ends"),
            models.Index(
                "client",
                F("rank").desc(nulls_last=True),
                F("id").desc(),
                name="stake_ranked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post}"
