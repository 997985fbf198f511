"""A person who posts, and the names they went by."""

from typing import ClassVar
from urllib.parse import quote

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sparkops.isolation.models import ClientOwned


def without_mark(handle: str) -> str:
    """The handle without the mark of one that was taken over."""
    return handle.split("~")[0]


class Creator(ClientOwned):
    """A creator as one client knows them. `creator_id` is TikTok's open id, when known.

    `handle` is the current @name without the @ and in lower case; former ones are in `Handle`. One
    that somebody else took over reads `name~7` until the new name is known: ~ is in no handle.
    `first_posted_at` is the first post with a product. `gmv_30d` is in `gmv_currency`, the
    currency in which the creator sold most. `tier` goes by own sales and reliability, not by
    followers (domain 5.5). `blocked_at` is that of the `Block` that counts.
    """

    class Tier(models.TextChoices):
        SEED = "seed", "Seed"
        ACTIVE = "active", "Active"
        CORE = "core", "Core"
        PARTNER = "partner", "Partner"

    creator_id = models.CharField(max_length=128, blank=True)
    handle = models.CharField(max_length=64)
    display_name = models.CharField(max_length=160, blank=True)
    follower_count = models.PositiveBigIntegerField(null=True)
    avatar_url = models.CharField(max_length=500, blank=True)
    region = models.CharField(max_length=8, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    email = models.EmailField(blank=True)
    notes = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    tier = models.CharField(max_length=8, choices=Tier.choices, blank=True)
    blocked_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    profile_read_at = models.DateTimeField(null=True)
    # Figures that lists sort by; `creators.actions.totals` writes them after each read.
    post_count = models.PositiveIntegerField(default=0)
    first_posted_at = models.DateTimeField(null=True)
    last_posted_at = models.DateTimeField(null=True)
    views_30d = models.PositiveBigIntegerField(default=0)
    gmv_30d = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    gmv_currency = models.CharField(max_length=3, blank=True)
    samples_open = models.PositiveIntegerField(default=0)
    samples_overdue = models.PositiveIntegerField(default=0)

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
            # Searched by how a handle begins; sorted by any figure, rows without one last.
            models.Index(
                fields=["client", "handle"],
                opclasses=["int8_ops", "varchar_pattern_ops"],
                name="creator_handle_begins",
            ),
            models.Index(fields=["client", "-follower_count", "-id"], name="creator_followers"),
            models.Index(
                "client",
                F("follower_count").desc(nulls_last=True),
                F("id").desc(),
                name="creator_most_followed",
            ),
            models.Index(fields=["client", "-last_posted_at", "-id"], name="creator_last_posted"),
            models.Index(
                "client",
                F("last_posted_at").desc(nulls_last=True),
                F("id").desc(),
                name="creator_just_posted",
            ),
            models.Index(fields=["client", "-post_count", "-id"], name="creator_posts"),
            models.Index(fields=["client", "-views_30d", "-id"], name="creator_views"),
            models.Index(fields=["client", "-gmv_30d", "-id"], name="creator_gmv"),
            models.Index(fields=["client", "-samples_open", "-id"], name="creator_samples"),
            models.Index(
                fields=["client", "-samples_overdue", "-id"],
                condition=Q(samples_overdue__gt=0),
                name="creator_overdue",
            ),
            models.Index(
                fields=["client", "-blocked_at", "-id"],
                condition=Q(blocked_at__isnull=False),
                name="creator_blocked",
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.shown_handle}"

    @property
    def shown_handle(self) -> str:
        """The handle without the mark of one that was taken over."""
        return without_mark(self.handle)

    @property
    def url(self) -> str:
        """The creator's page on TikTok."""
        return f"https://www.tiktok.com/@{quote(self.shown_handle)}"


class Handle(ClientOwned):
    """A handle that a creator used, with when it was first seen; affiliate orders join by it."""

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="handles")
    handle = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "handle", "creator"], name="handle_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["client", "handle"],
                opclasses=["int8_ops", "varchar_pattern_ops"],
                name="handle_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"
