"""What posts made: the road back from profit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from creators.models import PostDayResult, PostResult
from sparkops.catalog.models import Shop
from sparkops.landing.merge import Counts, merge


@dataclass(frozen=True)
class Result:
    """A post's profit to date in `currency`, the shop's (domain 6.4)."""

    post_id: int
    as_of: date
    currency: str
    gmv: Decimal
    cm_before_ads: Decimal
    cm3: Decimal


def record_results(results: Sequence[Result]) -> Counts:
    """Replace the published result of each post."""
    rows = [
        {
            "post_id": one.post_id,
            "as_of": one.as_of,
            "currency": one.currency,
            "gmv": one.gmv,
            "cm_before_ads": one.cm_before_ads,
            "cm3": one.cm3,
        }
        for one in results
    ]
    return merge(PostResult, rows, key=["post_id"])


@dataclass(frozen=True)
class DayResult:
    """What a post made on one day, in `currency`, the shop's (domain 6.4)."""

    post_id: int
    day: date
    currency: str
    gmv: Decimal
    cm3: Decimal


def record_day_results(shop: Shop, first: date, results: Sequence[DayResult]) -> Counts:
    """Replace what the shop's posts made on the days from `first` on; a day that is not given any
    more made nothing."""
    given = {(one.post_id, one.day) for one in results}
    stored = PostDayResult.objects.filter(shop=shop, day__gte=first)
    known = stored.values_list("pk", "post_id", "day")
    over = [pk for pk, post_id, day in known if (post_id, day) not in given]
    PostDayResult.objects.filter(pk__in=over).delete()
    rows = [
        {
            "post_id": one.post_id,
            "shop_id": shop.pk,
            "day": one.day,
            "currency": one.currency,
            "gmv": one.gmv,
            "cm3": one.cm3,
        }
        for one in results
    ]
    return merge(PostDayResult, rows, key=["post_id", "shop_id", "day"])
