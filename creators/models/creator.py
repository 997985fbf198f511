"""A person who posts, and the names they went by."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from sparkops.isolation.models import ClientOwned


class Creator(ClientOwned):
    """A creator as one client knows them. `creator_id` is TikTok's open id, when known.

    `handle` is the current @name without the @ and in lower case; former ones are in `Handle`.
    """

    creator_id = models.CharField(max_length=128, blank=True)
    handle = models.CharField(max_length=64)
    display_name = models.CharField(max_length=160, blank=True)
    follower_count = models.PositiveBigIntegerField(null=True)
    avatar_url = models.CharField(max_length=500, blank=True)
    region = models.CharField(max_length=8, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    email = models.EmailField(blank=True)
    notes = models.TextField(blank=True)
    source = models.CharField(max_length=20)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "handle"], name="creator_handle_once"),
            models.UniqueConstraint(
                fields=["client", "creator_id"],
                condition=~Q(creator_id=""),
                name="creator_id_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-created_at", "-id"], name="creator_newest"),
            models.Index(fields=["client", "-follower_count", "-id"], name="creator_followers"),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"


class Handle(ClientOwned):
    """A handle that a creator used, with when it was first seen; affiliate orders join by it."""

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="handles")
    handle = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "handle", "creator"], name="handle_once"),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"
