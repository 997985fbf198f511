"""What posts made: the road back from profit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from creators.models import PostResult
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
