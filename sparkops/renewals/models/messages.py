"""What a client says to creators in its own words, and when it says so."""

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.db import models

from sparkops.isolation.models import ClientOwned
from sparkops.renewals.rules.texts import DEFAULT_LANGUAGE, PHRASES, Kind

KINDS = [
    (Kind.REQUEST.value, "First request"),
    (Kind.RENEWAL.value, "Renewal"),
    (Kind.REMINDER.value, "Reminder"),
]
LANGUAGES = [(code, one.language) for code, one in PHRASES.items()]


class SavedMessage(ClientOwned):
    """The client's own words for one kind and language; without a row the shipped ones count."""

    kind = models.CharField(max_length=10, choices=KINDS)
    language = models.CharField(max_length=5, choices=LANGUAGES)
    subject = models.CharField(max_length=150)
    body = models.TextField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "kind", "language"], name="saved_message_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} in {self.get_language_display()}"


def evening() -> time:
    """When quiet hours begin. A function: Django's checks take a fixed time that is close to the
    present one for a mistake (W161)."""
    return time(21)


def morning() -> time:
    """When quiet hours end."""
    return time(8)


class Cadence(ClientOwned):
    """How a client asks: one row per client, or none while nobody has decided.

    `sends` says whether renewals are asked for without a person. Quiet hours are times of day in
    the recipient's zone. `price` in `currency` is what a renewal offers, null for "as agreed".
    After `escalate_after` unanswered messages about one end, `escalate_to` (null: everyone who may
    renew) is told instead of the creator. The steps are `Client.reminder_days`.
    """

    sends = models.BooleanField(default=False)
    quiet_starts = models.TimeField(default=evening)
    quiet_ends = models.TimeField(default=morning)
    escalate_after = models.PositiveSmallIntegerField(default=3)
    escalate_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    language = models.CharField(max_length=5, choices=LANGUAGES, default=DEFAULT_LANGUAGE)
    days = models.PositiveSmallIntegerField(default=30)
    price = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    reply_to = models.EmailField(blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client"], name="cadence_once"),
        ]

    def __str__(self) -> str:
        return "Requests and renewals"
