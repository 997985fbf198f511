"""Searches of TikTok's creator marketplace, and whom they found."""

from typing import ClassVar
from urllib.parse import quote

from django.db import models
from django.db.models import F, Q

from sparkops.catalog.models import Shop
from sparkops.isolation.models import ClientOwned


class MarketSearch(ClientOwned):
    """What a shop's marketplace was asked; saved when it has a name.

    `filters` holds values of `creators.rules.market.Wish` as JSON. `hits` counts what was read;
    `has_more` says that TikTok had more than we take.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "TikTok is being asked"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused by TikTok"

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80, blank=True)
    filters = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    read_at = models.DateTimeField(null=True)
    hits = models.PositiveIntegerField(default=0)
    has_more = models.BooleanField(default=False)
    problem = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "name"], condition=~Q(name=""), name="market_search_name_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-asked_at", "-id"], name="market_search_newest"),
        ]

    def __str__(self) -> str:
        return self.name or f"Search {self.pk}"


class MarketHit(ClientOwned):
    """A creator as the marketplace showed them to one search; figures are of 30 days.

    GMV is in `currency`: exact in `gmv`, or between `gmv_least` and `gmv_most` where the creator
    withholds it. `fit` (0 to 100) and `reasons` are what `creators.rules.fit` makes of it; null
    when too little is known.
    """

    search = models.ForeignKey(MarketSearch, on_delete=models.CASCADE, related_name="found")
    creator_id = models.CharField(max_length=128)
    handle = models.CharField(max_length=64)
    display_name = models.CharField(max_length=160, blank=True)
    avatar_url = models.CharField(max_length=500, blank=True)
    region = models.CharField(max_length=8, blank=True)
    follower_count = models.PositiveBigIntegerField(null=True)
    avg_views = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    gmv = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    gmv_least = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    gmv_most = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    has_collaborated = models.BooleanField(null=True)
    was_invited = models.BooleanField(null=True)
    is_growing = models.BooleanField(null=True)
    is_blocked = models.BooleanField(default=False)
    fit = models.PositiveSmallIntegerField(null=True)
    reasons = models.JSONField(default=list)
    position = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "search", "creator_id"], name="market_hit_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                "client",
                "search",
                F("fit").desc(nulls_last=True),
                F("id").desc(),
                name="market_hit_fit",
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"

    @property
    def url(self) -> str:
        """The creator's page on TikTok."""
        return f"https://www.tiktok.com/@{quote(self.handle)}"
