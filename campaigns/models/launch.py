"""Launches: a plan, the gate's verdict, and how far the creation got."""

from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from authorizations.models import Authorization
from campaigns.models.ads import Ad
from campaigns.models.templates import LaunchTemplate
from campaigns.rules.delivery import Delivery, usual
from creators.models import Post
from sparkops.catalog.models import AdAccount
from sparkops.isolation.models import ClientOwned

OFF = "DISABLE"


class Stages:
    """What a launch that is created in steps tells of itself."""

    state: str
    done: dict[str, Any]
    differences: list[dict[str, Any]]

    @property
    def found_on(self) -> str:
        """Which parts TikTok read back as switched on, "" for none: they were created off."""
        return ", ".join(one["field"] for one in self.differences if one["planned"] == OFF)

    @property
    def may_be_on(self) -> bool:
        """Whether it stopped after it was being switched on and TikTok never confirmed that it is
        off again."""
        return self.state == "failed" and bool(self.done.get("switching"))


class Launch(Stages, ClientOwned):
    """One post into one ad account: created switched off, read back, compared, then enabled.

    `overridden` names the checks it was launched against, for `override_reason` (TA10).
    `done` maps each finished step to TikTok's id, so that a killed worker resumes after it;
    `switching` says that parts may be on, `undoing` why they are to be switched off again.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        REFUSED = "refused", "Refused by the gate"
        CREATING = "creating", "Being created, switched off"
        DIFFERS = "differs", "Read back with differences"
        LIVE = "live", "Enabled"
        FAILED = "failed", "Stopped half-way, nothing enabled"
        CANCELED = "canceled", "Given up, nothing enabled"

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="launches")
    ad_account = models.ForeignKey(AdAccount, on_delete=models.PROTECT, related_name="+")
    authorization = models.ForeignKey(
        Authorization, on_delete=models.PROTECT, null=True, related_name="launches"
    )
    ad = models.ForeignKey(Ad, on_delete=models.SET_NULL, null=True, related_name="launches")
    name = models.CharField(max_length=512)
    objective = models.CharField(max_length=60)
    daily_budget = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    landing_url = models.CharField(max_length=500, blank=True)
    template = models.ForeignKey(
        LaunchTemplate, on_delete=models.PROTECT, null=True, related_name="launches"
    )
    state = models.CharField(max_length=8, choices=State.choices)
    checks = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    done = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    differences = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    overridden = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    override_reason = models.TextField(blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    enabled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "-created_at", "-id"], name="launch_newest"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def delivery(self) -> Delivery:
        """How its ad group is run: as the template says, else as is usual for the objective."""
        return self.template.delivery if self.template else usual(self.objective)
