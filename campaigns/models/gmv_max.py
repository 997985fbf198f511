"""GMV Max numbers."""

from typing import ClassVar

from django.db import models

from campaigns.models.ads import Campaign
from creators.models import Post
from sparkops.catalog.models import Product
from sparkops.isolation.models import ClientOwned


class GmvMaxDay(ClientOwned):
    """Cost and claimed revenue of one GMV Max campaign on one account day.

    A row has a product and a post when the report came at creative level, only a product at
    product level, neither at campaign level; `grain` says which, and exactly one grain per campaign
    and day is booked. `gross_revenue` includes organic orders (domain 6.6): shown, never added.
    """

    class Grain(models.TextChoices):
        CAMPAIGN = "campaign", "Campaign"
        PRODUCT = "product", "Product"
        CREATIVE = "creative", "Creative"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="gmv_max_days")
    grain = models.CharField(max_length=8, choices=Grain.choices)
    key = models.CharField(max_length=80)
    day = models.DateField()
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, related_name="+")
    currency = models.CharField(max_length=3)
    cost = models.DecimalField(max_digits=18, decimal_places=4)
    net_cost = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    orders = models.PositiveIntegerField(default=0)
    gross_revenue = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    roi_definition = models.CharField(max_length=8, default="unknown")
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "campaign", "grain", "key", "day"], name="gmv_max_day_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["client", "day"], name="gmv_max_day_day")]

    def __str__(self) -> str:
        return f"{self.campaign} on {self.day}"
