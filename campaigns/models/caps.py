"""Spend caps and ends of term that we enforce ourselves (N8)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from creators.models import Creator, Post
from sparkops.isolation.models import ClientOwned


class SpendCap(ClientOwned):
    """The most that ads on a post, on a creator's posts or of the whole client may spend, and the
    last day they may run, whatever TikTok's budgets say.

    `amount` counts from `starts_on` in accounts of `currency`; None caps nothing. `ends_on` is the
    last day in the client's zone; None never ends. Neither a creator nor a post: the whole client.
    A cap is never edited: a new one is set and the old one removed.
    """

    creator = models.ForeignKey(
        Creator, on_delete=models.CASCADE, null=True, related_name="spend_caps"
    )
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="spend_caps")
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=200)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount__isnull=False) | Q(ends_on__isnull=False),
                name="spend_cap_says_something",
            ),
            models.CheckConstraint(
                condition=Q(creator=None) | Q(post=None), name="spend_cap_of_one_thing"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["client", "-set_at", "-id"],
                name="spend_cap_counts",
                condition=Q(removed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.post or self.creator or "Everything")
