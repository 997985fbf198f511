"""The rights ledger: one row per platform permission and generation."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from creators.models import Creator, Post
from sparkops.isolation.models import ClientOwned


class Authorization(ClientOwned):
    """A platform permission to use one post or account in ads.

    `kind` says which of the independent systems granted it (domain 2.1). A renewal is a new row
    whose `previous` is the row it renews; `generation` counts from 1. The code is sealed; equal
    codes are found by `code_fingerprint`. `ends_at` null is unknown, never forever. `method` and
    `evidence` are of Content Suite: how it says it was granted, and where that can be seen (TA9).
    """

    class Kind(models.TextChoices):
        VIDEO_CODE = "video_code", "Video code"
        ACCOUNT = "account", "Account link"
        AFFILIATE_CREATIVE = "affiliate_creative", "Affiliate mass authorization"
        CONTENT_SUITE = "content_suite", "Content Suite request"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        REQUESTED = "requested", "Requested"
        SUBMITTED = "submitted", "Handed in"
        VERIFIED = "verified", "Verified"
        IN_USE = "in_use", "In use"
        EXPIRING = "expiring", "Expiring"
        RENEWED = "renewed", "Renewed"
        EXPIRED = "expired", "Expired"
        REVOKED = "revoked", "Revoked"
        POST_UNAVAILABLE = "post_unavailable", "Post unavailable"
        REJECTED = "rejected", "Rejected"
        SUPERSEDED = "superseded", "Superseded"

    class EndSource(models.TextChoices):
        API = "api", "Read from TikTok"
        CREATOR_STATED = "creator_stated", "Stated by the creator"
        RECORDED = "recorded", "Recorded by your team"
        UNKNOWN = "unknown", "Unknown"

    class Method(models.TextChoices):
        VIDEO_REQUEST = "video_request", "Video request"
        ACCOUNT = "account", "Account authorization"
        OFF_PLATFORM = "off_platform", "Off-platform"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    method = models.CharField(max_length=16, choices=Method.choices, blank=True, default="")
    evidence = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=16, choices=State.choices)
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="authorizations"
    )
    creator = models.ForeignKey(
        Creator, on_delete=models.PROTECT, null=True, related_name="authorizations"
    )
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="next"
    )
    generation = models.PositiveSmallIntegerField(default=1)
    code = models.BinaryField(null=True)
    code_fingerprint = models.CharField(max_length=64, blank=True)
    code_mask = models.CharField(max_length=16, blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    stated_ends_at = models.DateTimeField(null=True)
    end_source = models.CharField(
        max_length=16, choices=EndSource.choices, default=EndSource.UNKNOWN
    )
    requested_days = models.PositiveSmallIntegerField(null=True)
    problem_code = models.CharField(max_length=60, blank=True)
    problem = models.TextField(blank=True)
    next_action = models.TextField(blank=True)
    source = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "code_fingerprint"],
                # An extension keeps its code and makes a new row; only one of them counts.
                condition=~Q(code_fingerprint="") & ~Q(state__in=["renewed", "superseded"]),
                name="authorization_code_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="content_suite") | Q(method=""), name="authorization_method"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None)
                | Q(starts_at=None)
                | Q(ends_at__gte=models.F("starts_at")),
                name="authorization_window",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-created_at", "-id"], name="authorization_newest"),
            models.Index(fields=["client", "ends_at", "id"], name="authorization_ends"),
            models.Index(fields=["client", "state", "ends_at", "id"], name="authorization_state"),
            models.Index(fields=["client", "post"], name="authorization_post"),
            # What is over piles up: the sweep and the lists of what is usable or has just ended
            # must not read through it.
            models.Index(
                fields=["client", "ends_at", "id"],
                condition=Q(state__in=["expiring", "in_use", "verified"]),
                name="authorization_usable",
            ),
            models.Index(
                "client",
                F("ended_at").desc(nulls_last=True),
                F("id").desc(),
                condition=Q(ended_at__isnull=False),
                name="authorization_just_ended",
            ),
            # Other orders of the list, and kinds of which there are few: without these a page read
            # all that a client ever had.
            models.Index(
                "client",
                F("ends_at").desc(nulls_last=True),
                F("id").desc(),
                name="authorization_last",
            ),
            models.Index(fields=["client", "state", "id"], name="authorization_by_state"),
            models.Index(
                fields=["client", "kind", "ends_at", "id"],
                condition=~Q(kind="video_code"),
                name="authorization_rare_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code_mask}".strip()


class Transition(ClientOwned):
    """One change of state: who, when, why (AR1). Insert and read only."""

    authorization = models.ForeignKey(
        Authorization, on_delete=models.CASCADE, related_name="transitions"
    )
    before = models.CharField(max_length=16)
    after = models.CharField(max_length=16)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    reason = models.TextField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "authorization", "at"], name="transition_history"),
        ]

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"
