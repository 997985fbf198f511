"""Expiry steps that were flagged."""

from typing import ClassVar

from django.db import models

from authorizations.models.authorization import Authorization
from sparkops.isolation.models import ClientOwned


class Reminder(ClientOwned):
    """One expiry step (21, 14, 7, 3, 1 days) that was flagged for one end time, exactly once."""

    authorization = models.ForeignKey(
        Authorization, on_delete=models.CASCADE, related_name="reminders"
    )
    step_days = models.PositiveSmallIntegerField()
    ends_at = models.DateTimeField()
    raised_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "authorization", "step_days", "ends_at"], name="reminder_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step_days} days before {self.ends_at:%Y-%m-%d}"
