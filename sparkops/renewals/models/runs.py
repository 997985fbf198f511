"""Asking many creators at once, and every message that was written to one."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from authorizations.models import Authorization
from creators.models import Creator
from sparkops.isolation.models import ClientOwned
from sparkops.renewals.models.messages import KINDS, LANGUAGES


class Run(ClientOwned):
    """Requests and renewals of many posts, started by a person.

    `days` and `price` in `currency` (null: as agreed) are what is asked for; `language` is "" for
    each creator's own. It is done when none of its asks is open.
    """

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"

    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    total = models.PositiveIntegerField()
    days = models.PositiveSmallIntegerField()
    price = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    language = models.CharField(max_length=5, choices=LANGUAGES, blank=True)
    actor = models.CharField(max_length=200)
    actor_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "-created_at", "-id"], name="renewal_run_newest"),
            models.Index(
                fields=["client", "state"],
                condition=Q(state="running"),
                name="renewal_run_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"Requests of {self.created_at:%d %b %Y %H:%M} UTC"

    @property
    def is_working(self) -> bool:
        """Whether messages of it are still to be written or sent."""
        return self.state == self.State.RUNNING


class Ask(ClientOwned):
    """One message to one creator about one permission, of a run or of a step of the cadence.

    `authorization` is the permission that ends (or the open request), `ends_at` its end at the time
    of asking. `text` is exactly what was, or is to be, sent, with a mark where the address of the
    creator's own page goes (`rules.messages.ADDRESS`). `attempt` counts the tries that a
    person asked for; `message_id` is TikTok's.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        COPY = "copy", "To copy"
        SKIPPED = "skipped", "Left out"
        FAILED = "failed", "Failed"

    class Channel(models.TextChoices):
        SHOP = "shop", "TikTok Shop message"
        EMAIL = "email", "E-mail"
        COPY = "copy", "By hand"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, null=True, related_name="asks")
    number = models.PositiveIntegerField(default=0)
    authorization = models.ForeignKey(Authorization, on_delete=models.CASCADE, related_name="asks")
    creator = models.ForeignKey(Creator, on_delete=models.SET_NULL, null=True, related_name="+")
    step_days = models.PositiveSmallIntegerField(null=True)
    ends_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=10, choices=KINDS, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    channel = models.CharField(max_length=6, choices=Channel.choices, blank=True)
    reason = models.TextField(blank=True)
    language = models.CharField(max_length=5, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "run", "authorization"],
                condition=Q(run__isnull=False),
                name="ask_once_per_run",
            ),
            models.UniqueConstraint(
                fields=["client", "authorization", "step_days", "ends_at"],
                condition=Q(step_days__isnull=False),
                name="ask_once_per_step",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "run", "number", "id"], name="ask_number"),
            models.Index(
                fields=["client", "run", "number"],
                condition=Q(state__in=["waiting", "sending"]),
                name="ask_open",
            ),
            models.Index(fields=["client", "authorization", "created_at"], name="ask_history"),
            models.Index(fields=["client", "creator", "created_at"], name="ask_creator"),
        ]

    def __str__(self) -> str:
        return f"Message to {self.creator or 'a creator'}"
