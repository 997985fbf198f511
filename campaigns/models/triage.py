"""Triage: a client's rules by version, and what the current one says of each post."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from creators.models import Post
from sparkops.isolation.models import ClientOwned


class TriageRule(ClientOwned):
    """One version of a client's thresholds; the highest version counts, none is ever changed.

    `settings` is a `rules.triage_facts.Rule`. `total` posts are to be scored under it, `scored`
    are; `finished_at` is null while that goes on.
    """

    version = models.PositiveIntegerField()
    settings = models.JSONField(encoder=DjangoJSONEncoder)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    total = models.PositiveIntegerField(default=0)
    scored = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "version"], name="triage_rule_once"),
        ]

    def __str__(self) -> str:
        return f"Triage rule, version {self.version}"


class PostVerdict(ClientOwned):
    """What one version of the rule says of a post, from the numbers `facts` as they then stood.

    `earned` is the rule's answer, `decision` a person's, which wins; `standing` is the one that
    counts, in the rule's words. `score` is null below the minimum evidence (U6). `fails` names the
    gates that did not pass, for lists. `measured_at` is the post's, as scored: another one asks for
    another scoring.
    """

    class Standing(models.TextChoices):
        EARNED = "earned", "Earned it"
        PROMISING = "promising", "Keep testing"
        NOT_YET = "not_yet", "Not enough data"
        REJECTED = "rejected", "Not for paid"

    class Decision(models.TextChoices):
        APPROVED = "approved", "Approved"
        TESTING = "testing", "Keep testing"
        DECLINED = "declined", "Declined"

    class Route(models.TextChoices):
        SPARK = "spark", "Spark Ad"
        IN_FEED = "in_feed", "In-feed"
        GMV_MAX = "gmv_max", "GMV Max"

    class Step(models.TextChoices):
        LAUNCH = "launch", "Launch"
        ASK_RIGHTS = "ask_rights", "Ask for rights"
        WAIT = "wait", "Wait"
        LEAVE = "leave", "Leave"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="verdicts")
    rule = models.ForeignKey(TriageRule, on_delete=models.PROTECT, related_name="verdicts")
    earned = models.CharField(max_length=10, choices=Standing.choices)
    standing = models.CharField(max_length=10, choices=Standing.choices)
    score = models.PositiveSmallIntegerField(null=True)
    band = models.CharField(max_length=5, blank=True)
    gates = models.JSONField(encoder=DjangoJSONEncoder)
    facts = models.JSONField(encoder=DjangoJSONEncoder)
    fails = models.CharField(max_length=300, blank=True)
    route = models.CharField(max_length=8, choices=Route.choices, blank=True)
    reason = models.TextField(blank=True)
    step = models.CharField(max_length=10, choices=Step.choices)
    why = models.TextField(blank=True)
    scored_at = models.DateTimeField()
    measured_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    decision_note = models.TextField(blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "post"], name="post_verdict_once"),
            models.CheckConstraint(
                condition=Q(decision="") | ~Q(decision_note=""), name="decision_with_note"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                "client",
                "standing",
                F("score").desc(nulls_last=True),
                F("id").desc(),
                name="verdict_standing",
            ),
            models.Index(
                "client", F("score").desc(nulls_last=True), F("id").desc(), name="verdict_score"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post}: {self.get_standing_display()}"


class BackTest(ClientOwned):
    """A rule tried on past posts with the numbers as they stood on each day (N10).

    `settings` is the rule, saved or not. `lines` are the posts that it would have launched, see
    `rules.backtest.Line`; `reached` is the last post looked at: a worker goes on from there.
    """

    settings = models.JSONField(encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    reached = models.BigIntegerField(default=0)
    lines = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["client", "id"], name="back_test_open", condition=Q(finished_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"Back-test of {self.created_at:%Y-%m-%d %H:%M}"
