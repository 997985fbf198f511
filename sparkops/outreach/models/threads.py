"""The shared inbox: one thread per creator, answers of people, and saved answers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from creators.models import Creator
from sparkops.isolation.models import ClientOwned


class Thread(ClientOwned):
    """The conversation with one creator. `waits` while the last word is the creator's."""

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="+")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    waits = models.BooleanField(default=True)
    last_at = models.DateTimeField()
    last_text = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "creator"], name="thread_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-last_at", "-id"], name="thread_newest"),
            models.Index(
                fields=["client", "-last_at"], condition=Q(waits=True), name="thread_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"Conversation with {self.creator}"


class Answer(ClientOwned):
    """A shop message that a person wrote in a thread."""

    class State(models.TextChoices):
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Not sent"

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="answers")
    text = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.SENDING)
    reason = models.TextField(blank=True)
    message_id = models.CharField(max_length=64, blank=True)
    actor = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "thread", "-created_at"], name="answer_newest"),
        ]

    def __str__(self) -> str:
        return f"Answer to {self.thread.creator}"


class SavedAnswer(ClientOwned):
    """Words that are used often; {creator}, {handle} and {brand} are filled in."""

    name = models.CharField(max_length=80)
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="saved_answer_once"),
        ]

    def __str__(self) -> str:
        return self.name
