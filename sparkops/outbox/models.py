"""Commands that wait to leave."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from sparkops.isolation.models import ClientOwned


class Command(ClientOwned):
    """One intent towards TikTok. Written by an action in its own transaction, performed later.

    `key` makes it unique per client: writing it twice is one command. `payload` names rows by id
    and never carries a secret.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused by TikTok"
        FAILED = "failed", "Failed"
        CANCELED = "canceled", "Canceled"

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=160)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "key"], name="command_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["client", "due_at"],
                name="command_due",
                condition=Q(state__in=["waiting", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
