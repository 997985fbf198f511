"""Plans: what is to be launched together, who approved it, and the limits of a client."""

from datetime import datetime
from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from campaigns.models.launch import Launch
from campaigns.models.templates import LaunchTemplate
from creators.models import Post
from sparkops.catalog.models import AdAccount
from sparkops.isolation.models import ClientOwned


class LaunchLimit(ClientOwned):
    """The most one launch may spend, a day and in all, in accounts of one currency (TA10).

    A client with limits and none in an account's currency may not launch there.
    """

    currency = models.CharField(max_length=3)
    max_daily = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    max_total = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "currency"], name="launch_limit_once"),
        ]

    def __str__(self) -> str:
        return f"Launch limit in {self.currency}"


class Plan(ClientOwned):
    """Posts, accounts, budgets and dates that are approved and launched together.

    Once approved by the client, its launches wait in the outbox until `launches_at`; until then
    the approval can be undone.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PROPOSED = "proposed", "Waits for internal approval"
        CONFIRMED = "confirmed", "Approved inside"
        SENT = "sent", "With the client"
        APPROVED = "approved", "Approved by the client"
        DECLINED = "declined", "Declined by the client"
        UNDONE = "undone", "Approval undone"
        WITHDRAWN = "withdrawn", "Withdrawn"

    name = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    remark = models.TextField(blank=True)
    launches_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "-created_at", "-id"], name="plan_newest"),
        ]

    def __str__(self) -> str:
        return self.name

    def can_be_undone(self, now: datetime) -> bool:
        """Whether the client's approval may still be taken back: nothing has left yet."""
        waits = self.launches_at is not None and now < self.launches_at
        return self.state == self.State.APPROVED and waits


class PlanLine(ClientOwned):
    """One post in one ad account. Budget in the account's currency, times aware UTC.

    `override_reason` lets it be launched against the gates named in `overridden`.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="lines")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    ad_account = models.ForeignKey(AdAccount, on_delete=models.PROTECT, related_name="+")
    objective = models.CharField(max_length=60)
    daily_budget = models.DecimalField(max_digits=18, decimal_places=4)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    landing_url = models.CharField(max_length=500, blank=True)
    template = models.ForeignKey(
        LaunchTemplate, on_delete=models.PROTECT, null=True, related_name="+"
    )
    override_reason = models.TextField(blank=True)
    override_by = models.CharField(max_length=200, blank=True)
    override_role = models.CharField(max_length=12, blank=True)
    launch = models.ForeignKey(Launch, on_delete=models.SET_NULL, null=True, related_name="lines")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "plan", "post", "ad_account"], name="plan_line_once"
            ),
            models.CheckConstraint(
                condition=Q(override_by="") | ~Q(override_reason=""), name="override_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} in {self.ad_account}"


class ApprovalLink(ClientOwned):
    """A link that shows one plan to a person without an account. Only its secret's hash is kept.

    `snapshot` is the blast radius as that person sees it, see `queries.plans.blast_radius`.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="links")
    secret_hash = models.CharField(max_length=64)
    recipient = models.CharField(max_length=200)
    snapshot = models.JSONField(encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "secret_hash"], name="approval_link_once"),
        ]

    def __str__(self) -> str:
        return f"Link of {self.plan} for {self.recipient}"
