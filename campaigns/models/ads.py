"""The Ads Manager hierarchy as TikTok reports it, and numbers per day."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from creators.models import Post
from sparkops.catalog.models import AdAccount
from sparkops.isolation.models import ClientOwned


class Campaign(ClientOwned):
    """A campaign. Status words are TikTok's; `budget` is in the ad account's currency.

    `roi_target` is the target ROAS of a GMV Max campaign.
    """

    class Kind(models.TextChoices):
        SPARK = "spark", "Spark Ads"
        GMV_MAX_PRODUCT = "gmv_max_product", "GMV Max (products)"
        GMV_MAX_LIVE = "gmv_max_live", "GMV Max (LIVE)"
        IN_FEED = "in_feed", "In-feed"

    ad_account = models.ForeignKey(AdAccount, on_delete=models.CASCADE, related_name="campaigns")
    campaign_id = models.CharField(max_length=32)
    name = models.CharField(max_length=512)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    objective = models.CharField(max_length=60, blank=True)
    operation_status = models.CharField(max_length=60, blank=True)
    secondary_status = models.CharField(max_length=80, blank=True)
    budget = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    budget_mode = models.CharField(max_length=40, blank=True)
    roi_target = models.DecimalField(max_digits=10, decimal_places=4, null=True)
    created_at = models.DateTimeField(null=True)
    modified_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "campaign_id"], name="campaign_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_gmv_max(self) -> bool:
        """Whether TikTok picks its posts: it has no ad groups and no ads."""
        return self.kind in (self.Kind.GMV_MAX_PRODUCT, self.Kind.GMV_MAX_LIVE)


class AdGroup(ClientOwned):
    """An ad group with its schedule in UTC.

    `bid` is in the ad account's currency; `bid_field` is TikTok's name for it, "" without a bid.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="ad_groups")
    adgroup_id = models.CharField(max_length=32)
    name = models.CharField(max_length=512)
    operation_status = models.CharField(max_length=60, blank=True)
    secondary_status = models.CharField(max_length=80, blank=True)
    budget = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    budget_mode = models.CharField(max_length=40, blank=True)
    bid = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    bid_field = models.CharField(max_length=24, blank=True, default="", db_default="")
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "adgroup_id"], name="adgroup_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Ad(ClientOwned):
    """An ad. `state` is ours, mapped from TikTok's words, which are kept as they came.

    `identity_bc_id` is the Business Center that shares the identity, "" for other kinds.
    """

    class State(models.TextChoices):
        LIVE = "live", "Live"
        PAUSED = "paused", "Paused"
        IN_REVIEW = "in_review", "In review"
        REJECTED = "rejected", "Rejected"
        LOST_PERMISSION = "lost_permission", "Lost permission"
        PRODUCT_UNAVAILABLE = "product_unavailable", "Product unavailable"
        LIMITED = "limited", "Not delivering"
        ENDED = "ended", "Ended"
        DELETED = "deleted", "Deleted"
        UNKNOWN = "unknown", "Unknown status"

    ad_group = models.ForeignKey(AdGroup, on_delete=models.CASCADE, related_name="ads")
    ad_account = models.ForeignKey(AdAccount, on_delete=models.CASCADE, related_name="ads")
    post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, related_name="ads")
    ad_id = models.CharField(max_length=32)
    name = models.CharField(max_length=512)
    state = models.CharField(max_length=20, choices=State.choices)
    operation_status = models.CharField(max_length=60, blank=True)
    secondary_status = models.CharField(max_length=80, blank=True)
    identity_type = models.CharField(max_length=20, blank=True)
    identity_id = models.CharField(max_length=64, blank=True)
    identity_bc_id = models.CharField(max_length=32, blank=True, default="", db_default="")
    item_id = models.CharField(max_length=32, blank=True)
    lost_permission_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "ad_id"], name="ad_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "state", "-id"], name="ad_state"),
            models.Index(fields=["client", "post"], name="ad_post"),
            models.Index(
                fields=["client", "ad_account"], name="ad_live", condition=Q(state="live")
            ),
            models.Index(
                "client",
                F("created_at").desc(nulls_last=True),
                F("id").desc(),
                name="ad_newest",
            ),
            models.Index(fields=["client", "name", "id"], name="ad_name"),
        ]

    def __str__(self) -> str:
        return self.name


class AdDay(ClientOwned):
    """One ad's numbers of one day of its account; replaced, never added to.

    `spend` and `claimed_revenue` (platform-attributed, P25) are in `currency`, the account's. Likes
    to profile visits are what people did on the post and its profile, as far as the ad brought it;
    no other kind of ad has them.
    """

    ad = models.ForeignKey(Ad, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    currency = models.CharField(max_length=3)
    spend = models.DecimalField(max_digits=18, decimal_places=4)
    credit = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    impressions = models.PositiveBigIntegerField(default=0)
    clicks = models.PositiveBigIntegerField(default=0)
    reach = models.PositiveBigIntegerField(default=0, db_default=0)
    video_views = models.PositiveBigIntegerField(default=0)
    video_views_6s = models.PositiveBigIntegerField(default=0)
    completed_views = models.PositiveBigIntegerField(default=0, db_default=0)
    likes = models.PositiveIntegerField(default=0, db_default=0)
    comments = models.PositiveIntegerField(default=0, db_default=0)
    shares = models.PositiveIntegerField(default=0, db_default=0)
    follows = models.PositiveIntegerField(default=0, db_default=0)
    profile_visits = models.PositiveIntegerField(default=0, db_default=0)
    conversions = models.PositiveIntegerField(default=0)
    claimed_orders = models.PositiveIntegerField(default=0)
    claimed_revenue = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "ad", "day"], name="ad_day_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["client", "day"], name="ad_day_day")]

    def __str__(self) -> str:
        return f"{self.ad} on {self.day}"


class AdHour(ClientOwned):
    """One ad's numbers of one hour of its account's day (0 to 23), of the last two weeks.

    A first look at what happens now; sums of days are made of `AdDay` alone. `spend` and
    `claimed_revenue` (platform-attributed, P25) are in `currency`, the account's.
    """

    ad = models.ForeignKey(Ad, on_delete=models.CASCADE, related_name="hours")
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3)
    spend = models.DecimalField(max_digits=18, decimal_places=4)
    impressions = models.PositiveBigIntegerField(default=0)
    clicks = models.PositiveBigIntegerField(default=0)
    video_views = models.PositiveBigIntegerField(default=0)
    conversions = models.PositiveIntegerField(default=0)
    claimed_orders = models.PositiveIntegerField(default=0)
    claimed_revenue = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "ad", "day", "hour"], name="ad_hour_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ad} on {self.day} at {self.hour}"
