"""What creators write back."""

from typing import ClassVar

from django.db import models

from creators.models import Creator
from sparkops.isolation.models import ClientOwned


class Reply(ClientOwned):
    """A message of a creator, by TikTok's id."""

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="+")
    conversation_id = models.CharField(max_length=64)
    message_id = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "message_id"], name="reply_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "creator", "-sent_at"], name="reply_creator"),
        ]

    def __str__(self) -> str:
        return f"Message {self.message_id} of {self.creator}"
