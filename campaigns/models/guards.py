"""Guard rules, and every evaluation of them with its inputs (TA7)."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from campaigns.models.ads import Ad, AdGroup, Campaign
from sparkops.catalog.models import AdAccount
from sparkops.isolation.models import ClientOwned


class Level(models.TextChoices):
    """What a rule looks at and changes."""

    AD = "ad", "Ads"
    AD_GROUP = "ad_group", "Ad groups"
    CAMPAIGN = "campaign", "Campaigns"


class GuardRule(ClientOwned):
    """When all `conditions` hold over `window_days`, do `action`; how is said by `mode`.

    `conditions` are what `campaigns.rules.guards.Condition` keeps. `window_days` counts complete
    days of the ad account; 0 is everything so far, today included. `percent` changes a budget, bid
    or target ROAS (20 raises by a fifth), never above `most`, in the ad account's currency. After
    it acted, or a person said no, a rule leaves the same target alone for `every_hours`. `version`
    grows with every change.
    """

    class Action(models.TextChoices):
        PAUSE = "pause", "Pause"
        ENABLE = "enable", "Switch on again"
        BUDGET = "budget", "Change the budget"
        BID = "bid", "Change the bid"
        TARGET = "target", "Change the target ROAS"
        NOTIFY = "notify", "Tell people"

    class Mode(models.TextChoices):
        SUGGEST = "suggest", "Suggest, a person decides"
        ACT = "act", "Act by itself"
        OFF = "off", "Off"

    name = models.CharField(max_length=120)
    preset = models.CharField(max_length=24, blank=True)
    level = models.CharField(max_length=8, choices=Level.choices)
    ad_account = models.ForeignKey(
        AdAccount, on_delete=models.CASCADE, null=True, related_name="guard_rules"
    )
    conditions = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    window_days = models.PositiveSmallIntegerField(default=7)
    action = models.CharField(max_length=6, choices=Action.choices)
    percent = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    most = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    every_hours = models.PositiveSmallIntegerField(default=24)
    mode = models.CharField(max_length=7, choices=Mode.choices)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class GuardCheck(ClientOwned):
    """One evaluation of a rule on one target with its inputs; the same again only moves `last_at`.

    `inputs` are the reads of the conditions: metric, measured, threshold, whether it holds.
    `change` says what is changed from what to what, in the ad account's currency for money;
    `command_key` names the command that does.
    """

    class Outcome(models.TextChoices):
        NOT_MET = "not_met", "Does not hold"
        NO_DATA = "no_data", "Not enough data"
        RESTS = "rests", "Holds, acted or answered lately"
        SUGGESTED = "suggested", "Suggested"
        ASKED = "asked", "Sent to TikTok"
        TOLD = "told", "People were told"
        REFUSED = "refused", "Must not be done"
        DISMISSED = "dismissed", "Turned down"
        LAPSED = "lapsed", "Suggestion no longer holds"
        UNDONE = "undone", "Undone"

    rule = models.ForeignKey(GuardRule, on_delete=models.CASCADE, related_name="checks")
    version = models.PositiveIntegerField()
    level = models.CharField(max_length=8, choices=Level.choices)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, null=True, related_name="+")
    ad_group = models.ForeignKey(AdGroup, on_delete=models.CASCADE, null=True, related_name="+")
    ad = models.ForeignKey(Ad, on_delete=models.CASCADE, null=True, related_name="guard_checks")
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    inputs = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    change = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    sentence = models.TextField(blank=True)
    command_key = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    models.Q(level="ad", ad__isnull=False)
                    | models.Q(level="ad_group", ad_group__isnull=False)
                    | models.Q(level="campaign", campaign__isnull=False)
                ),
                name="guard_check_has_target",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-at", "-id"], name="guard_check_newest"),
            models.Index(fields=["client", "rule", "-at", "-id"], name="guard_check_of_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.target}"

    @property
    def target(self) -> Ad | AdGroup | Campaign:
        """The ad, ad group or campaign that was looked at."""
        found = {"ad": self.ad, "ad_group": self.ad_group, "campaign": self.campaign}[self.level]
        assert found is not None
        return found
