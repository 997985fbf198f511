"""What was seen of posts, and what the watchdog found."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from authorizations.models.authorization import Authorization
from creators.models import Post
from sparkops.catalog.models import AdAccount
from sparkops.isolation.models import ClientOwned


class Sight(ClientOwned):
    """What TikTok said of a post in one ad account at `seen_at`: evidence, insert and read only.

    A row is added whenever something said differs from the row before. `said` is TikTok's answer
    as it came, without the code. `products` and `regions` are TikTok's ids and words, sorted.
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="sights")
    ad_account = models.ForeignKey(AdAccount, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()
    post_word = models.CharField(max_length=60, blank=True)
    authorization_word = models.CharField(max_length=60, blank=True)
    ends_at = models.DateTimeField(null=True)
    caption = models.TextField(blank=True)
    products = models.JSONField(default=list)
    regions = models.JSONField(default=list)
    code_mask = models.CharField(max_length=16, blank=True)
    said = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "post", "ad_account", "-id"], name="sight_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.post} at {self.seen_at:%Y-%m-%d %H:%M}"


class Finding(ClientOwned):
    """Something that happened to a post or its permission without us; open until `over_at`.

    `ad_account` is set where only that account is affected. `before` and `after` are what differs,
    for people; `tiktok_says` are TikTok's raw words. `sight` and `earlier` are the evidence.
    """

    class Kind(models.TextChoices):
        REVOKED = "revoked", "Authorization switched off"
        UNLISTED = "unlisted", "Removed from the ad account"
        DELETED = "deleted", "Post deleted"
        REMOVED = "removed", "Post taken down by TikTok"
        PRIVATE = "private", "Post made private"
        LINK_LOST = "link_lost", "Product link lost"
        CAPTION = "caption", "Caption changed"
        REGION = "region", "Region changed"
        EXTENDED = "extended", "Code extended outside SparkOps"

    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="findings")
    authorization = models.ForeignKey(
        Authorization, on_delete=models.PROTECT, null=True, related_name="findings"
    )
    ad_account = models.ForeignKey(AdAccount, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    sentence = models.TextField()
    tiktok_says = models.CharField(max_length=200, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    sight = models.ForeignKey(Sight, on_delete=models.PROTECT, null=True, related_name="+")
    earlier = models.ForeignKey(Sight, on_delete=models.PROTECT, null=True, related_name="+")
    noticed_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True)
    over_by = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "post", "authorization", "ad_account", "kind"],
                condition=Q(over_at=None),
                nulls_distinct=False,
                name="finding_open_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-noticed_at", "-id"], name="finding_newest"),
            models.Index(fields=["client", "post"], condition=Q(over_at=None), name="finding_open"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.post or self.authorization}"
