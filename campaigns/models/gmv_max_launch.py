"""GMV Max campaigns that are planned, approved and created here (TA6)."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from campaigns.models.launch import Launch, Stages
from campaigns.models.plans import Plan
from creators.models import Post
from sparkops.catalog.models import AdAccount, Shop
from sparkops.isolation.models import ClientOwned


class GmvMaxLaunch(Stages, ClientOwned):
    """A product campaign of one shop in its primary ad account, as part of a plan.

    `product_ids` are TikTok's. Budget a day in the account's currency; `target_roas` is TikTok's
    ROI target with one decimal. Which posts TikTok uses: all it may, all but the picked ones, or
    the picked ones alone (`posts`). `takes_over` accepts that ads with the same products pause.
    `done`, `checks`, `differences` and the override are as on `Launch`.
    """

    State = Launch.State

    class Posts(models.TextChoices):
        ALL = "all", "All that TikTok may use"
        BUT = "but", "All but the chosen ones"
        ONLY = "only", "Only the chosen ones"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="gmv_max")
    ad_account = models.ForeignKey(AdAccount, on_delete=models.PROTECT, related_name="+")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=512)
    product_ids = models.JSONField(default=list)
    posts = models.CharField(max_length=4, choices=Posts.choices)
    with_affiliates = models.BooleanField()
    takes_over = models.BooleanField()
    daily_budget = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    target_roas = models.DecimalField(max_digits=6, decimal_places=1)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=Launch.State.choices)
    checks = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    done = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    differences = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    overridden = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    override_reason = models.TextField(blank=True)
    override_by = models.CharField(max_length=200, blank=True)
    override_role = models.CharField(max_length=12, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    enabled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="gmv_max_launch_once"),
            models.CheckConstraint(
                condition=Q(override_by="") | ~Q(override_reason=""),
                name="gmv_max_override_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GmvMaxPick(ClientOwned):
    """A post chosen for a planned campaign; `GmvMaxLaunch.posts` says what that means."""

    launch = models.ForeignKey(GmvMaxLaunch, on_delete=models.CASCADE, related_name="picks")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "launch", "post"], name="gmv_max_pick_once"),
        ]

    def __str__(self) -> str:
        return f"{self.post} for {self.launch}"
