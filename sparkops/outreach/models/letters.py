"""What is sent to a recipient, and invitations that hold up to fifty of them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from sparkops.isolation.models import ClientOwned
from sparkops.outreach.models.outreaches import Outreach, Recipient


class Invitation(ClientOwned):
    """One call that creates a target collaboration, with the creators of one chunk.

    TikTok keeps no idempotency key: `number` makes the name unique, by which a repeat looks for it.
    """

    outreach = models.ForeignKey(Outreach, on_delete=models.CASCADE, related_name="invitations")
    number = models.PositiveIntegerField()
    attempt = models.PositiveSmallIntegerField(default=0)
    collaboration_id = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "outreach", "number"], name="invitation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outreach.name} · {self.number}"


class Letter(ClientOwned):
    """One message, or one place in an invitation, on its way to a recipient.

    `text` is exactly what is sent. `attempt` counts how often it was put on its way; `message_id`
    is TikTok's, of the message or of the target collaboration. `costs_quota`: a new contact.
    """

    class State(models.TextChoices):
        SENDING = "sending", "Being sent"
        HELD = "held", "Held by a pause"
        SENT = "sent", "Sent"
        CLOSED = "closed", "Not sent"

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="letters")
    step = models.PositiveSmallIntegerField(default=0)
    channel = models.CharField(max_length=6, choices=Outreach.Channel.choices)
    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, null=True, related_name="letters"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.SENDING)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    costs_quota = models.BooleanField(default=False)
    attempt = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "recipient", "step"], name="letter_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "channel", "created_at"], name="letter_pace"),
            models.Index(
                fields=["client", "recipient"],
                condition=Q(state__in=["sending", "held"]),
                name="letter_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Message {self.step} to {self.recipient_id}"
