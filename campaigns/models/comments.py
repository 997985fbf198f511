"""Comments under ads, and the task that a risky one is (N24)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from campaigns.models.ads import Ad
from sparkops.isolation.models import ClientOwned


class AdComment(ClientOwned):
    """A comment under an ad as TikTok lists it.

    With `risk` (the words that made it one) somebody has to answer, hide or settle it by `due_at`.
    `doing` is what is on its way to TikTok; `handled_at` ends the task.
    """

    class Doing(models.TextChoices):
        HIDE = "hide", "Being hidden"
        SHOW = "show", "Being shown again"
        REPLY = "reply", "Being answered"

    ad = models.ForeignKey(Ad, on_delete=models.CASCADE, related_name="comments")
    comment_id = models.CharField(max_length=32)
    text = models.TextField()
    user_name = models.CharField(max_length=160, blank=True)
    likes = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=20, blank=True)
    written_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    risk = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(null=True)
    doing = models.CharField(max_length=5, choices=Doing.choices, blank=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.CharField(max_length=200, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "comment_id"], name="ad_comment_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-written_at", "-id"], name="ad_comment_newest"),
            models.Index(
                fields=["client", "due_at"],
                name="ad_comment_due",
                condition=Q(handled_at=None, due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]
