"""Endpoints, the facts that wait to be told, and each telling with its attempts."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from sparkops.isolation.models import ClientOwned
from sparkops.tenants.models import Client, Organization


class Endpoint(models.Model):
    """An address of another program: for one client, or with `client` null for all of them.

    The row is not row-scoped, because it serves several clients; it holds none of their data. Both
    secrets are sealed. After a rotation both sign until `previous_until`. `groups` are words of
    `events.GROUPS`; none means every event.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="webhooks"
    )
    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, null=True, blank=True, related_name="webhooks"
    )
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    groups = models.JSONField(default=list)
    secret = models.BinaryField()
    previous_secret = models.BinaryField(null=True)
    previous_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    # Since when no attempt succeeded; empty while the last one did.
    failing_since = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_why = models.CharField(max_length=200, blank=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "id"],
                name="webhook_endpoints",
                condition=Q(removed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def secrets_at(self, now: datetime) -> list[bytes]:
        """The sealed secrets that sign now, the newest first."""
        both = self.previous_until is not None and self.previous_until > now
        previous = [bytes(self.previous_secret)] if both and self.previous_secret else []
        return [bytes(self.secret), *previous]


class Fact(ClientOwned):
    """Something that was written and is to be told. Triggers of the database put it here, in the
    transaction of the fact itself, while the client has an endpoint."""

    class Source(models.TextChoices):
        AUDIT = "audit", "An entry of the log"
        RAISED = "raised", "An alert was raised"
        RESOLVED = "resolved", "An alert ended"

    source = models.CharField(max_length=8, choices=Source.choices)
    source_id = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["client", "id"], name="webhook_facts")]

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}"


class Delivery(ClientOwned):
    """One event on its way to one endpoint. `body` is exactly what is signed and sent.

    `message_id` stays the same in every attempt and every replay, so that a receiver can know what
    it has. `round` counts the replays.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"
        HELD = "held", "Held back"

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="+")
    message_id = models.CharField(max_length=40)
    event = models.CharField(max_length=60)
    body = models.TextField()
    happened_at = models.DateTimeField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    round = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "endpoint", "message_id"], name="webhook_delivery_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["endpoint", "-id"], name="webhook_deliveries"),
            models.Index(fields=["client", "created_at"], name="webhook_delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint}"


class Attempt(ClientOwned):
    """One request to an endpoint. `status` is null when there was no answer; then `problem` says
    why. `signatures` is the header that was sent, `answer` the beginning of what came back."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    signatures = models.CharField(max_length=200)
    answer = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "delivery", "id"], name="webhook_attempts"),
        ]

    def __str__(self) -> str:
        return f"{self.status or self.problem}"
