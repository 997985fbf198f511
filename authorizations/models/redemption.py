"""Using a permission in one ad account."""

from typing import ClassVar

from django.db import models

from authorizations.models.authorization import Authorization
from sparkops.catalog.models import AdAccount
from sparkops.isolation.models import ClientOwned


class Redemption(ClientOwned):
    """What one ad account got out of an authorization; a refusal here says nothing of the others.

    `identity_id` and `identity_type` are what an ad in this account names to use the post, and
    `identity_bc_id` the Business Center that shares the account, "" for other kinds.
    `listed_at` is when TikTok's list of authorized posts last held it.
    """

    class State(models.TextChoices):
        HELD = "held", "Held until the fee is paid"
        WAITING = "waiting", "Being redeemed"
        REDEEMED = "redeemed", "Redeemed"
        REFUSED = "refused", "Refused"
        RETRY = "retry", "TikTok fault, trying again"
        UNBOUND = "unbound", "Removed"

    authorization = models.ForeignKey(
        Authorization, on_delete=models.CASCADE, related_name="redemptions"
    )
    ad_account = models.ForeignKey(AdAccount, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    identity_id = models.CharField(max_length=64, blank=True)
    identity_type = models.CharField(max_length=20, blank=True)
    identity_bc_id = models.CharField(max_length=32, blank=True, default="", db_default="")
    status_word = models.CharField(max_length=60, blank=True)
    problem_code = models.CharField(max_length=60, blank=True)
    problem = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    requested_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(null=True)
    read_back = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "authorization", "ad_account"], name="redemption_once"
            ),
        ]
        indexes: ClassVar = [
            # Codes that wait for their fee are few, and a filter of the list.
            models.Index(
                fields=["client", "authorization"],
                condition=models.Q(state="held"),
                name="redemption_held",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authorization} in {self.ad_account}"
