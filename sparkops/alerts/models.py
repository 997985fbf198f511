"""Alerts and their deliveries."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from sparkops.isolation.models import ClientOwned


class Alert(ClientOwned):
    """Something that a person must know or do, raised once per `key`."""

    class Severity(models.TextChoices):
        INFO = "info", "For information"
        WARNING = "warning", "Soon"
        CRITICAL = "critical", "Now"

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=160)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    path = models.CharField(max_length=400)
    action_label = models.CharField(max_length=60, blank=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    at_risk = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    raised_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "key"], name="alert_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["client", "-raised_at", "-id"],
                name="alert_open",
                condition=Q(resolved_at=None),
            ),
            models.Index(fields=["client", "subject_type", "subject_id"], name="alert_subject"),
        ]

    def __str__(self) -> str:
        return self.title


class Delivery(ClientOwned):
    """One alert on its way to one person through one channel, exactly once in effect."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        DROPPED = "dropped", "No longer needed"

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=12, default="email")
    # Whether it is listed among the person's notices, whatever else carries it.
    in_app = models.BooleanField(default=True)
    seen_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "alert", "user", "channel"], name="delivery_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["client", "due_at"],
                name="delivery_due",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["client", "user", "-id"],
                name="delivery_notices",
                condition=Q(in_app=True),
            ),
            # Counted for the bell of every page.
            models.Index(
                fields=["client", "user"],
                name="delivery_new",
                condition=Q(in_app=True, seen_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert} to {self.user}"


class Chat(models.Model):
    """Where a person wants to be told besides SparkOps and mail: an incoming webhook. The address
    is a secret and sealed; `host` is what of it is shown."""

    class Kind(models.TextChoices):
        SLACK = "slack", "Slack"
        TEAMS = "teams", "Microsoft Teams"
        DISCORD = "discord", "Discord"
        OTHER = "other", "Another address that takes JSON"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="chats"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    label = models.CharField(max_length=60)
    host = models.CharField(max_length=255)
    address = models.BinaryField()
    created_at = models.DateTimeField()
    last_ok_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    # Whether the other side said that this address is over.
    is_stopped = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["label"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "label"], name="chat_once"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def channel(self) -> str:
        """The word by which wishes and deliveries name it."""
        return f"c{self.pk}"


class Digest(models.Model):
    """The daily summary of one person, once per day of their zone.

    It is of a person and not of a client, and keeps nothing that it says: its lines are counted
    when it is sent.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    state = models.CharField(
        max_length=8, choices=Delivery.State.choices, default=Delivery.State.WAITING
    )
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "day"], name="digest_once"),
        ]

    def __str__(self) -> str:
        return f"Digest of {self.day} for {self.user}"
