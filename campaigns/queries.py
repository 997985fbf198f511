"""Reads of campaigns and ads."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from campaigns.models import Ad, AdDay, Campaign, GmvMaxDay
from sparkops.outbox.models import Command

FRESH_DAYS = 3
AT_STAKE_DAYS = 7
SWITCH = "campaigns.switch_ad"
MONEY: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=18, decimal_places=4)


@dataclass(frozen=True)
class LiveAnswer:
    """What is live in paid now. `gmv_max_posts` are posts that spent in the last three days."""

    live_ads: int
    live_posts: int
    lost_permission: int
    gmv_max_posts: int


def live_answers(now: datetime) -> dict[int, LiveAnswer]:
    """The answer per client of the open scope, in two queries."""
    live = Q(state=Ad.State.LIVE)
    ads = {
        row["client_id"]: row
        for row in Ad.objects.values("client_id").annotate(
            live=Count("id", filter=live),
            posts=Count("post_id", filter=live, distinct=True),
            lost=Count("id", filter=Q(state=Ad.State.LOST_PERMISSION)),
        )
    }
    gmv = {
        row["client_id"]: row["posts"]
        for row in GmvMaxDay.objects.filter(
            grain=GmvMaxDay.Grain.CREATIVE,
            day__gte=(now - timedelta(days=FRESH_DAYS)).date(),
            cost__gt=0,
        )
        .exclude(post=None)
        .values("client_id")
        .annotate(posts=Count("post_id", distinct=True))
    }
    return {
        client_id: LiveAnswer(
            ads.get(client_id, {}).get("live", 0),
            ads.get(client_id, {}).get("posts", 0),
            ads.get(client_id, {}).get("lost", 0),
            gmv.get(client_id, 0),
        )
        for client_id in {*ads, *gmv}
    }


def ads_with_numbers(first: date, last: date) -> QuerySet[Ad]:
    """Ads with their numbers of the days from `first` to `last`, in the account's currency."""
    days = AdDay.objects.filter(ad=OuterRef("pk"), day__gte=first, day__lte=last).order_by()

    def total(name: str) -> Subquery:
        return Subquery(days.values("ad").annotate(total=Sum(name)).values("total"))

    return Ad.objects.select_related("ad_account", "post__creator", "ad_group__campaign").annotate(
        spend=Coalesce(total("spend"), 0, output_field=MONEY),
        impressions=Coalesce(total("impressions"), 0),
        clicks=Coalesce(total("clicks"), 0),
        claimed_revenue=Coalesce(total("claimed_revenue"), 0, output_field=MONEY),
        currency=F("ad_account__currency"),
    )


def find_ads(rows: QuerySet[Ad], values: Mapping[str, Any]) -> QuerySet[Ad]:
    """Apply the list's filters: how a name begins, states, ad account."""
    if states := values.get("states"):
        rows = rows.filter(state__in=states)
    if word := values.get("q"):
        rows = rows.filter(name__gte=word, name__lt=word + "\uffff")
    if account := values.get("account"):
        rows = rows.filter(ad_account=account)
    return rows


def ads_by_state() -> dict[str, int]:
    """How many ads are in each state."""
    return dict(Ad.objects.values_list("state").annotate(total=Count("id")).order_by("state"))


def is_switching(ad: Ad) -> bool:
    """Whether a pause or a switch-on of the ad is on its way to TikTok."""
    return Command.objects.filter(
        kind=SWITCH,
        payload__ad=ad.pk,
        state__in=[Command.State.WAITING, Command.State.SENDING],
    ).exists()


def ads_of_post(post_id: int, first: date, last: date) -> list[Ad]:
    """Every ad on a post, live ones first."""
    ads = ads_with_numbers(first, last).filter(post_id=post_id)
    return sorted(ads, key=lambda ad: (ad.state != Ad.State.LIVE, -ad.pk))


def days_of_ad(ad: Ad, first: date) -> list[AdDay]:
    """The day numbers of one ad since `first`, oldest first."""
    return list(AdDay.objects.filter(ad=ad, day__gte=first).order_by("day"))


def live_post_ids() -> Collection[int]:
    """Posts with a live ad."""
    return set(
        Ad.objects.filter(state=Ad.State.LIVE).exclude(post=None).values_list("post_id", flat=True)
    )


def gmv_max_campaigns(first: date) -> QuerySet[Campaign]:
    """GMV Max campaigns with cost and platform-claimed revenue since `first`."""
    in_range = Q(gmv_max_days__grain=GmvMaxDay.Grain.CAMPAIGN, gmv_max_days__day__gte=first)
    return (
        Campaign.objects.filter(
            kind__in=[Campaign.Kind.GMV_MAX_PRODUCT, Campaign.Kind.GMV_MAX_LIVE]
        )
        .select_related("ad_account")
        .annotate(
            cost=Coalesce(Sum("gmv_max_days__cost", filter=in_range), 0, output_field=MONEY),
            claimed=Coalesce(
                Sum("gmv_max_days__gross_revenue", filter=in_range), 0, output_field=MONEY
            ),
        )
        .order_by("-cost", "name", "pk")[:100]
    )


@dataclass(frozen=True)
class SpendPerDay:
    """Average spend a day over the last seven full days, in the ad account's currency."""

    amount: Decimal
    currency: str


def spend_per_day_of_ads(ad_ids: Collection[int], today: date) -> dict[int, SpendPerDay]:
    """What is at stake per ad, in one query; ads without spend are left out."""
    rows = (
        AdDay.objects.filter(
            ad__in=ad_ids, day__gte=today - timedelta(days=AT_STAKE_DAYS), day__lt=today
        )
        .values("ad_id", "currency")
        .annotate(total=Sum("spend"))
        .filter(total__gt=0)
        .order_by("ad_id")
    )
    return {
        row["ad_id"]: SpendPerDay(
            (row["total"] / AT_STAKE_DAYS).quantize(Decimal("0.01")), row["currency"]
        )
        for row in rows
    }
