"""Posts, their linked products and their day numbers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from creators.models.creator import Creator
from sparkops.catalog.models import Product, Shop
from sparkops.isolation.models import ClientOwned

SHORT = 60


def title_of(caption: str, item_id: str) -> str:
    """What a post is called: its caption, cut, or TikTok's id of a post without one."""
    if len(caption) > SHORT:
        return f"{caption[: SHORT - 1].rstrip()}…"
    return caption or item_id


class Post(ClientOwned):
    """A TikTok video or photo post, by its `item_id`."""

    class Availability(models.TextChoices):
        PUBLIC = "public", "Public"
        PRIVATE = "private", "Private"
        DELETED = "deleted", "Deleted"
        ADS_ONLY = "ads_only", "Ads only"
        UNKNOWN = "unknown", "Not read yet"

    item_id = models.CharField(max_length=32)
    creator = models.ForeignKey(Creator, on_delete=models.SET_NULL, null=True, related_name="posts")
    caption = models.TextField(blank=True)
    thumbnail_url = models.CharField(max_length=500, blank=True)
    duration_seconds = models.PositiveIntegerField(null=True)
    availability = models.CharField(
        max_length=10, choices=Availability.choices, default=Availability.UNKNOWN
    )
    published_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField()
    source = models.CharField(max_length=20)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Totals of its days, so that lists sort without a join; organic and paid never mix.
    views = models.PositiveBigIntegerField(default=0)
    orders = models.PositiveIntegerField(default=0)
    gmv = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    currency = models.CharField(max_length=3, blank=True)
    paid_views = models.PositiveBigIntegerField(default=0)
    paid_spend = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    paid_currency = models.CharField(max_length=3, blank=True)
    measured_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "item_id"], name="post_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-published_at", "-id"], name="post_newest"),
            models.Index(
                "client",
                F("published_at").desc(nulls_last=True),
                F("id").desc(),
                name="post_just_published",
            ),
            models.Index(
                "client",
                F("published_at").asc(nulls_last=True),
                F("id").asc(),
                name="post_first_published",
            ),
            models.Index(fields=["client", "-views", "-id"], name="post_views"),
            models.Index(fields=["client", "-orders", "-id"], name="post_orders"),
            models.Index(fields=["client", "-gmv", "-id"], name="post_gmv"),
            models.Index(fields=["client", "-paid_views", "-id"], name="post_paid_views"),
            models.Index(fields=["client", "-paid_spend", "-id"], name="post_paid_spend"),
            models.Index(fields=["client", "creator", "-published_at"], name="post_creator"),
            # Few posts go, and their list is counted on every page of posts.
            models.Index(
                "client",
                F("published_at").desc(nulls_last=True),
                F("id").desc(),
                condition=Q(availability__in=["deleted", "private"]),
                name="post_gone",
            ),
            models.Index(
                "client",
                F("published_at").desc(nulls_last=True),
                F("id").desc(),
                condition=~Q(paid_currency=""),
                name="post_in_paid",
            ),
        ]

    def __str__(self) -> str:
        return title_of(self.caption, self.item_id)

    @property
    def heading(self) -> str:
        """What its page is called: a post without a caption by the end of its id."""
        return str(self) if self.caption else f"Post …{self.item_id[-4:]}"

    @property
    def url(self) -> str:
        """The public address on TikTok; the id alone leads there, whatever the name says."""
        handle = self.creator.shown_handle if self.creator else "_"
        return f"https://www.tiktok.com/@{handle}/video/{self.item_id}"


class PostTag(ClientOwned):
    """A word that people put on a post, in lower case."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "post", "name"], name="post_tag_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "name", "post"], name="post_tag_name"),
        ]

    def __str__(self) -> str:
        return self.name


class PostBatch(ClientOwned):
    """What was done with many posts at once, so that it can be undone.

    `before` maps the own id of each post that changed to its owner before (null for none); for a
    tag it is null. What was so already is not in it.
    """

    class Kind(models.TextChoices):
        TAG = "tag", "Tagged"
        ASSIGN = "assign", "Assigned"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    tag = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    chosen = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    before = models.JSONField(default=dict)
    done_at = models.DateTimeField()
    done_by = models.CharField(max_length=200)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.changed} posts"


class PostProduct(ClientOwned):
    """A product linked in a post; `lost_at` is set when the link is gone."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="product_links")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="post_links")
    lost_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "post", "product"], name="post_product_once"),
        ]

    def __str__(self) -> str:
        return f"{self.post}: {self.product}"


class PostDay(ClientOwned):
    """A dated snapshot of one post, organic and paid apart (CT5). Kept when the post is deleted.

    Numbers are of the day in the shop's zone, not cumulated; `paid_` ones come from ad reports.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    views = models.PositiveBigIntegerField(default=0)
    likes = models.PositiveBigIntegerField(default=0)
    comments = models.PositiveBigIntegerField(default=0)
    shares = models.PositiveBigIntegerField(default=0)
    product_clicks = models.PositiveBigIntegerField(default=0)
    orders = models.PositiveIntegerField(default=0)
    gmv = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    currency = models.CharField(max_length=3, blank=True)
    paid_views = models.PositiveBigIntegerField(default=0)
    paid_spend = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    paid_currency = models.CharField(max_length=3, blank=True)
    observed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "post", "day"], name="post_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.post} on {self.day}"


class PostResult(ClientOwned):
    """What profit says a post made to date; campaigns decide with it."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="results")
    as_of = models.DateField()
    currency = models.CharField(max_length=3)
    gmv = models.DecimalField(max_digits=18, decimal_places=4)
    cm_before_ads = models.DecimalField(max_digits=18, decimal_places=4)
    cm3 = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "post"], name="post_result_once"),
        ]

    def __str__(self) -> str:
        return f"{self.post} as of {self.as_of}"


class PostDayResult(ClientOwned):
    """What profit says a post made on one day by order date, in its shop's currency and zone.

    Dated, so that a decision of the past can be held against what came after it.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="day_results")
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    currency = models.CharField(max_length=3)
    gmv = models.DecimalField(max_digits=18, decimal_places=4)
    cm3 = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "post", "shop", "day"], name="post_day_result_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} on {self.day}: {self.cm3} {self.currency}"
