"""Landed data: runs, pages, cursors and webhooks."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from sparkops.connections.models import Connection
from sparkops.isolation.models import ClientOwned


class Cursor(ClientOwned):
    """How far one stream of one connection (and one `part`, such as a shop or ad account) has read.

    `position` is the stream's own: usually {"until": iso time} or a page token of an unfinished
    window. The stream is due when `due_at` has passed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Not synced yet"
        FRESH = "fresh", "Up to date"
        LATE = "late", "Late"
        FAILING = "failing", "Failing"

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="cursors")
    stream = models.CharField(max_length=60)
    part = models.CharField(max_length=64, blank=True)
    position = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    last_ok_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "connection", "stream", "part"], name="cursor_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["client", "due_at"], name="cursor_due")]

    def __str__(self) -> str:
        return f"{self.stream} {self.part}".strip()


class Run(ClientOwned):
    """One pull of a stream: what it read, what was new, and what it did not know."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    cursor = models.ForeignKey(Cursor, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    pages = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    expected_rows = models.PositiveIntegerField(null=True)
    unknown = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "cursor", "-started_at"], name="run_newest")
        ]

    def __str__(self) -> str:
        return f"{self.cursor} at {self.started_at:%Y-%m-%d %H:%M}"


class Page(ClientOwned):
    """One answer of TikTok, kept as it came apart from secrets and buyers' personal data.

    `content_hash` is taken of the full answer, so an unchanged page is recognised without loading.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="landed_pages")
    stream = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    payload = models.JSONField()
    request_id = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField()
    loaded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "run", "number"], name="page_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "received_at"], name="page_age"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} page {self.number}"


class Hint(ClientOwned):
    """A webhook that came in: only a hint, the object is re-read through the API."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=128)
    shop_id = models.CharField(max_length=32)
    payload = models.JSONField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "key"], name="hint_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["client", "received_at"],
                name="hint_waiting",
                condition=models.Q(handled_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
