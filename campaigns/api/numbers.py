"""Numbers of ads and of GMV Max in the API, by day and by hour."""

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from campaigns.api import ADS, CAMPAIGNS, lookups
from campaigns.models import AdDay, AdHour, GmvMaxDay
from sparkops.api.call import Call
from sparkops.api.fields import MoneyField, named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Listing


class AdDayShape(serializers.ModelSerializer):
    """One ad's numbers of one day of its account; a later read replaces them."""

    ad_id = named("ad.ad_id")
    spend = MoneyField("spend", "currency")
    credit = MoneyField("credit", "currency")
    claimed_revenue = MoneyField("claimed_revenue", "currency")

    class Meta:
        model = AdDay
        fields = (
            "ad_id", "day", "spend", "credit", "impressions", "clicks", "video_views",
            "video_views_6s", "completed_views", "likes", "comments", "shares", "follows",
            "profile_visits", "conversions", "claimed_orders", "claimed_revenue", "read_at",
        )  # fmt: skip


class AdHourShape(serializers.ModelSerializer):
    """One ad's numbers of one hour (0 to 23) of its account's day; kept for two weeks."""

    ad_id = named("ad.ad_id")
    spend = MoneyField("spend", "currency")
    claimed_revenue = MoneyField("claimed_revenue", "currency")

    class Meta:
        model = AdHour
        fields = (
            "ad_id", "day", "hour", "spend", "impressions", "clicks", "video_views",
            "conversions", "claimed_orders", "claimed_revenue", "read_at",
        )  # fmt: skip


class GmvMaxDayShape(serializers.ModelSerializer):
    """A day of a GMV Max campaign. `gross_revenue` includes organic orders: never add it."""

    campaign_id = named("campaign.campaign_id")
    product_id = named("product.product_id")
    item_id = named("post.item_id")
    cost = MoneyField("cost", "currency")
    net_cost = MoneyField("net_cost", "currency")
    gross_revenue = MoneyField("gross_revenue", "currency")

    class Meta:
        model = GmvMaxDay
        fields = (
            "campaign_id",
            "day",
            "grain",
            "product_id",
            "item_id",
            "cost",
            "net_cost",
            "orders",
            "gross_revenue",
            "roi_definition",
            "read_at",
        )


class DaysAsked(forms.Form):
    since = forms.DateField(label="First day", required=False)
    until = forms.DateField(label="Last day", required=False)


class AdDaysAsked(DaysAsked):
    ad_id = forms.CharField(label="TikTok's id of an ad", required=False)


class GmvMaxDaysAsked(DaysAsked):
    campaign_id = forms.CharField(label="TikTok's id of a campaign", required=False)
    grain = forms.ChoiceField(label="Grain", required=False, choices=GmvMaxDay.Grain.choices)


def _ad_days(call: Call) -> QuerySet[AdDay]:
    """Numbers per ad and day of its account."""
    return AdDay.objects.filter(**lookups(call)).select_related("ad")


def _ad_hours(call: Call) -> QuerySet[AdHour]:
    """Numbers per ad and hour of today and the two weeks before it."""
    return AdHour.objects.filter(**lookups(call)).select_related("ad")


def _gmv_max_days(call: Call) -> QuerySet[GmvMaxDay]:
    """Numbers per GMV Max campaign and day, apart from sales."""
    rows = GmvMaxDay.objects.filter(**lookups(call))
    return rows.select_related("campaign", "product", "post")


AD_DAYS = client_endpoint(
    "ad_days",
    ADS,
    get=Listing(
        summary="List day numbers of ads", rows=_ad_days, shape=AdDayShape, filters=AdDaysAsked
    ),
)
AD_HOURS = client_endpoint(
    "ad_hours",
    ADS,
    get=Listing(
        summary="List hour numbers of ads", rows=_ad_hours, shape=AdHourShape, filters=AdDaysAsked
    ),
)
GMV_MAX_DAYS = client_endpoint(
    "gmv_max_days",
    CAMPAIGNS,
    get=Listing(
        summary="List day numbers of GMV Max",
        rows=_gmv_max_days,
        shape=GmvMaxDayShape,
        filters=GmvMaxDaysAsked,
    ),
)
