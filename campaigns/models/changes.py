"""What people changed in Ads Manager (TA8)."""

from typing import ClassVar

from django.db import models

from campaigns.models.ads import Ad, AdGroup, Campaign
from campaigns.models.guards import Level
from sparkops.isolation.models import ClientOwned


class HandChange(ClientOwned):
    """One field that TikTok shows differently than before, though we did not change it.

    `before` and `after` are plain text: TikTok's words, money in the ad account's currency,
    moments in UTC. `seen_at` is when a sync noticed it.
    """

    level = models.CharField(max_length=8, choices=Level.choices)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, null=True, related_name="hand_changes"
    )
    ad_group = models.ForeignKey(
        AdGroup, on_delete=models.CASCADE, null=True, related_name="hand_changes"
    )
    ad = models.ForeignKey(Ad, on_delete=models.CASCADE, null=True, related_name="hand_changes")
    field = models.CharField(max_length=24)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    models.Q(level="ad", ad__isnull=False)
                    | models.Q(level="ad_group", ad_group__isnull=False)
                    | models.Q(level="campaign", campaign__isnull=False)
                ),
                name="hand_change_has_target",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-seen_at", "-id"], name="hand_change_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.target}: {self.before} to {self.after}"

    @property
    def on(self) -> str:
        """Its level in words."""
        return self.level.replace("_", " ")

    @property
    def target(self) -> Ad | AdGroup | Campaign:
        """What was changed."""
        found = {"ad": self.ad, "ad_group": self.ad_group, "campaign": self.campaign}[self.level]
        assert found is not None
        return found
