"""Campaigns, ads and launches in the API."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from authorizations.queries import accounts_with
from campaigns.actions.launch import LaunchPlan, cancel_launch, plan_launch, resume_launch
from campaigns.actions.switch import ask_to_enable, ask_to_pause
from campaigns.api.templates import template_meant
from campaigns.forms import OBJECTIVES, AdFilters
from campaigns.models import Ad, AdGroup, Campaign, Launch
from campaigns.queries import ads_with_numbers, find_ads
from campaigns.tables import ads_table
from creators.models import Post
from sparkops.api.call import Call
from sparkops.api.fields import MoneyField, named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import LARGEST_ID, Action, Detail, Listing, own_id
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.tenants.permissions import Permission

CAMPAIGNS, ADS, LAUNCHES = "Campaigns", "Ads", "Launches"
DAYS = 30


class CampaignShape(serializers.ModelSerializer):
    """A campaign; status words are TikTok's, the budget is in the ad account's currency."""

    advertiser_id = named("ad_account.advertiser_id")
    budget = MoneyField("budget", "ad_account.currency")

    class Meta:
        model = Campaign
        fields = (
            "id",
            "campaign_id",
            "advertiser_id",
            "name",
            "kind",
            "objective",
            "operation_status",
            "secondary_status",
            "budget",
            "budget_mode",
            "roi_target",
            "created_at",
            "modified_at",
            "seen_at",
        )


class AdGroupShape(serializers.ModelSerializer):
    """An ad group with its schedule."""

    campaign_id = named("campaign.campaign_id")
    budget = MoneyField("budget", "campaign.ad_account.currency")

    class Meta:
        model = AdGroup
        fields = (
            "id",
            "adgroup_id",
            "campaign_id",
            "name",
            "operation_status",
            "secondary_status",
            "budget",
            "budget_mode",
            "starts_at",
            "ends_at",
            "seen_at",
        )


class AdShape(serializers.ModelSerializer):
    """An ad with its numbers of the asked days. `claimed_revenue` is what the platform claims."""

    advertiser_id = named("ad_account.advertiser_id")
    adgroup_id = named("ad_group.adgroup_id")
    campaign_id = named("ad_group.campaign.campaign_id")
    post_id = serializers.IntegerField(read_only=True, allow_null=True)
    creator = named("post.creator.shown_handle")
    spend = MoneyField("spend", "currency")
    impressions = serializers.IntegerField(read_only=True)
    clicks = serializers.IntegerField(read_only=True)
    conversions = serializers.IntegerField(read_only=True)
    claimed_revenue = MoneyField("claimed_revenue", "currency")

    class Meta:
        model = Ad
        fields = (
            "id",
            "ad_id",
            "adgroup_id",
            "campaign_id",
            "advertiser_id",
            "name",
            "state",
            "operation_status",
            "secondary_status",
            "identity_type",
            "identity_id",
            "post_id",
            "item_id",
            "creator",
            "lost_permission_at",
            "spend",
            "impressions",
            "clicks",
            "conversions",
            "claimed_revenue",
            "created_at",
            "seen_at",
        )


class CheckShape(serializers.Serializer):
    """One condition of the launch gate."""

    name = serializers.CharField()
    passed = serializers.BooleanField()
    blocking = serializers.BooleanField()
    waits = serializers.BooleanField(default=False)
    value = serializers.CharField()
    threshold = serializers.CharField()
    sentence = serializers.CharField()


class LaunchShape(serializers.ModelSerializer):
    """A launch and how far it got; `error` says why it was refused or stopped."""

    post_id = serializers.IntegerField(read_only=True)
    item_id = named("post.item_id")
    advertiser_id = named("ad_account.advertiser_id")
    authorization_id = serializers.IntegerField(read_only=True, allow_null=True)
    ad_id = named("ad.ad_id")
    daily_budget = MoneyField("daily_budget", "currency")
    checks = CheckShape(many=True, read_only=True)

    class Meta:
        model = Launch
        fields = (
            "id",
            "state",
            "error",
            "post_id",
            "item_id",
            "advertiser_id",
            "authorization_id",
            "ad_id",
            "name",
            "objective",
            "daily_budget",
            "starts_at",
            "ends_at",
            "landing_url",
            "checks",
            "created_at",
            "created_by",
            "enabled_at",
        )


class LaunchInput(serializers.Serializer):
    """One post into one ad account. The budget is in the account's currency. A template gives its
    name, goal, bid and placement."""

    post_id = serializers.IntegerField(min_value=1)
    advertiser_id = serializers.CharField(max_length=32)
    objective = serializers.ChoiceField(choices=OBJECTIVES)
    daily_budget = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=1)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    landing_url = serializers.URLField(max_length=500, required=False, allow_blank=True)
    template_id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["objective"] == "TRAFFIC" and not attrs.get("landing_url"):
            raise serializers.ValidationError(
                {"landing_url": "Traffic needs the address it should go to."}
            )
        return attrs


class CampaignsAsked(forms.Form):
    kind = forms.ChoiceField(label="Kind", required=False, choices=Campaign.Kind.choices)
    advertiser_id = forms.CharField(label="TikTok's id of an ad account", required=False)


class AdGroupsAsked(forms.Form):
    campaign_id = forms.CharField(label="TikTok's id of a campaign", required=False)


class AdsAsked(AdFilters):
    state = forms.ChoiceField(label="State", required=False, choices=Ad.State.choices)
    post = own_id("Own id of a post")


class LaunchesAsked(forms.Form):
    state = forms.ChoiceField(label="State", required=False, choices=Launch.State.choices)
    post = own_id("Own id of a post")


PATHS = {
    "advertiser_id": "ad_account__advertiser_id",
    "campaign_id": "campaign__campaign_id",
    "ad_id": "ad__ad_id",
    "since": "day__gte",
    "until": "day__lte",
}


def lookups(call: Call) -> dict[str, Any]:
    """The filters as lookups."""
    return {PATHS.get(name, name): value for name, value in call.values.items()}


def _campaigns(call: Call) -> QuerySet[Campaign]:
    """Campaigns of the connected ad accounts."""
    return Campaign.objects.filter(**lookups(call)).select_related("ad_account")


def _ad_groups(call: Call) -> QuerySet[AdGroup]:
    """Ad groups with their schedules."""
    return AdGroup.objects.filter(**lookups(call)).select_related("campaign__ad_account")


def _ads(call: Call) -> QuerySet[Ad]:
    """Ads with their numbers of the last `days` days, 30 unless asked, in the brand's zone."""
    today = shop_day(call.now, call.client.timezone)
    days = int(call.values.get("days", DAYS))
    rows = ads_with_numbers(today - timedelta(days=days - 1), today)
    if post := call.values.get("post"):
        rows = rows.filter(post=post)
    state = call.values.get("state")
    return find_ads(rows, {**call.values, "states": (state,) if state else ()})


def _ad(call: Call) -> Ad:
    """One ad by own id, with its numbers of the last 30 days."""
    return get_object_or_404(_ads(call), pk=call.ids["pk"])


def _pause(call: Call, values: dict[str, Any]) -> Ad:
    """Pause an ad; TikTok is asked within a minute."""
    row = _ad(call)
    key = call.now.isoformat()
    ask_to_pause(row, key=key, reason="Paused through the API.", by=call.actor, now=call.now)
    return row


def _enable(call: Call, values: dict[str, Any]) -> Ad:
    """Switch an ad on. Refused when nothing covers its post, as on its page."""
    row = _ad(call)
    ask_to_enable(row, by=call.actor, now=call.now)
    return row


def _launches(call: Call) -> QuerySet[Launch]:
    """Launches and how far each got."""
    return Launch.objects.filter(**lookups(call)).select_related("post", "ad_account", "ad")


def _launch(call: Call) -> Launch:
    """One launch by own id."""
    return get_object_or_404(_launches(call), pk=call.ids["pk"])


def _start(call: Call, values: dict[str, Any]) -> Launch:
    """Launch a post. The gate decides as on the page: a launch that it refuses is kept with its
    checks and the state `refused`, and nothing reaches TikTok."""
    post = Post.objects.select_related("creator").filter(pk=values.pop("post_id")).first()
    if post is None:
        raise Refusal("unknown_post", "There is no such post here.", field="post_id")
    advertiser = values.pop("advertiser_id")
    account = accounts_with(post.pk).filter(advertiser_id=advertiser).first()
    if account is None:
        raise Refusal(
            "not_redeemed",
            "This ad account has not redeemed a permission on this post. Hand the code in first.",
            field="advertiser_id",
        )
    template = template_meant(values)
    plan = LaunchPlan(post=post, ad_account=account, template=template, **values)
    return plan_launch(plan, by=call.actor, now=call.now)


def _resume(call: Call, values: dict[str, Any]) -> Launch:
    """Go on with a launch that stopped half-way or came out different."""
    resume_launch(row := _launch(call), by=call.actor, now=call.now)
    return row


def _cancel(call: Call, values: dict[str, Any]) -> Launch:
    """Give up a launch that stopped; what exists at TikTok stays there, switched off."""
    cancel_launch(row := _launch(call), by=call.actor, now=call.now)
    return row


CAMPAIGN_LIST = client_endpoint(
    "campaigns",
    CAMPAIGNS,
    get=Listing(
        summary="List campaigns", rows=_campaigns, shape=CampaignShape, filters=CampaignsAsked
    ),
)
AD_GROUPS = client_endpoint(
    "ad_groups",
    CAMPAIGNS,
    get=Listing(
        summary="List ad groups", rows=_ad_groups, shape=AdGroupShape, filters=AdGroupsAsked
    ),
)
AD_LIST = client_endpoint(
    "ads",
    ADS,
    get=Listing(
        summary="List ads",
        rows=_ads,
        shape=AdShape,
        filters=AdsAsked,
        sorts=ads_table("").sorts,
    ),
)
AD = client_endpoint("ad", ADS, get=Detail(summary="Show an ad", find=_ad, shape=AdShape))
PAUSE = client_endpoint(
    "pause_ad",
    ADS,
    post=Action(
        summary="Pause an ad",
        do=_pause,
        shape=AdShape,
        permission=Permission.CAMPAIGN_LAUNCH,
        status=202,
    ),
)
ENABLE = client_endpoint(
    "enable_ad",
    ADS,
    post=Action(
        summary="Switch an ad on",
        do=_enable,
        shape=AdShape,
        permission=Permission.CAMPAIGN_LAUNCH,
        status=202,
    ),
)
LAUNCH_LIST = client_endpoint(
    "launches",
    LAUNCHES,
    get=Listing(summary="List launches", rows=_launches, shape=LaunchShape, filters=LaunchesAsked),
    post=Action(
        summary="Launch a post",
        do=_start,
        takes=LaunchInput,
        shape=LaunchShape,
        permission=Permission.CAMPAIGN_LAUNCH,
        status=201,
    ),
)
LAUNCH = client_endpoint(
    "launch", LAUNCHES, get=Detail(summary="Show a launch", find=_launch, shape=LaunchShape)
)
RESUME = client_endpoint(
    "resume_launch",
    LAUNCHES,
    post=Action(
        summary="Resume a launch",
        do=_resume,
        shape=LaunchShape,
        permission=Permission.CAMPAIGN_LAUNCH,
        status=202,
    ),
)
CANCEL = client_endpoint(
    "cancel_launch",
    LAUNCHES,
    post=Action(
        summary="Give up a launch",
        do=_cancel,
        shape=LaunchShape,
        permission=Permission.CAMPAIGN_LAUNCH,
    ),
)
