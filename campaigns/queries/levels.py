"""Ad groups and campaigns with the numbers of their ads, and numbers by day and hour of any level.

GMV Max campaigns have no ads: their numbers are reports of their own and stay apart.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from campaigns.models import Ad, AdDay, AdGroup, AdHour, Campaign
from campaigns.queries import AMOUNTS, MONEY, SUMMED

Level = TypeVar("Level", AdGroup, Campaign)


@dataclass(frozen=True)
class Hour:
    """What some ads of one account did in an hour of its day, 0 to 23."""

    hour: int
    spend: Decimal
    impressions: int
    clicks: int
    conversions: int


def groups_with_numbers(first: date, last: date) -> QuerySet[AdGroup]:
    """Ad groups with the sums of their ads from `first` to `last`, in the account's currency, and
    how many of their ads are live (`live`)."""
    rows = AdGroup.objects.select_related("campaign__ad_account")
    return _with_numbers(rows, "ads", first, last).annotate(
        currency=F("campaign__ad_account__currency")
    )


def campaigns_with_numbers(first: date, last: date) -> QuerySet[Campaign]:
    """The same of campaigns other than GMV Max, with how many of their ads are live."""
    gmv_max = [Campaign.Kind.GMV_MAX_PRODUCT, Campaign.Kind.GMV_MAX_LIVE]
    rows = Campaign.objects.exclude(kind__in=gmv_max).select_related("ad_account")
    return _with_numbers(rows, "ad_groups__ads", first, last).annotate(
        currency=F("ad_account__currency")
    )


def _with_numbers(
    rows: QuerySet[Level], ads: str, first: date, last: date
) -> "QuerySet[Level, Any]":
    """The sums in one pass over the days of all ads (decision 9): asked for each row by itself,
    they read the days as often as there are rows."""
    in_span = Q(**{f"{ads}__days__day__range": (first, last)})
    found = rows.annotate(of_span=FilteredRelation(f"{ads}__days", condition=in_span))
    sums = {
        name: Coalesce(Sum(f"of_span__{name}"), 0, output_field=MONEY if name in AMOUNTS else None)
        for name in SUMMED
    }
    live = Count(ads, filter=Q(**{f"{ads}__state": Ad.State.LIVE}), distinct=True)
    return found.annotate(**sums, live=live)


def days_of_ads(ads: QuerySet[Ad], first: date) -> list[AdDay]:
    """The sums of some ads of one account by day since `first`, oldest first; rows are not kept."""
    rows = (
        AdDay.objects.filter(ad__in=ads.order_by().values("pk"), day__gte=first)
        .order_by("day")
        .values("day", "currency")
        .annotate(**{name: Sum(name) for name in (*SUMMED, "video_views")})
    )
    return [AdDay(**row) for row in rows]


def hours_of_ads(ads: QuerySet[Ad], days: Collection[date]) -> dict[date, list[Hour]]:
    """The sums of some ads of one account by hour of some of its days; hours without a row had no
    delivery and are left out."""
    rows = (
        AdHour.objects.filter(ad__in=ads.order_by().values("pk"), day__in=days)
        .order_by("day", "hour")
        .values_list("day", "hour")
        .annotate(Sum("spend"), Sum("impressions"), Sum("clicks"), Sum("conversions"))
    )
    found: dict[date, list[Hour]] = {day: [] for day in days}
    for day, *numbers in rows:
        found[day].append(Hour(*numbers))
    return found
