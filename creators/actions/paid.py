"""Paid numbers of posts, which campaigns knows and posts show beside the organic ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from creators.actions.totals import sum_posts
from creators.models import PostDay
from sparkops.landing.merge import Counts, merge


@dataclass(frozen=True)
class PaidNumbers:
    """What was paid for a post on one day of the ad account; `spend` in `currency`."""

    post_id: int
    day: date
    views: int
    spend: Decimal
    currency: str


def record_paid_numbers(rows: Sequence[PaidNumbers], *, now: datetime) -> Counts:
    """Write the paid half of post days and sum up the posts; the organic half stays as it is."""
    if not rows:
        return Counts()
    counts = merge(
        PostDay,
        [
            {
                "post_id": row.post_id,
                "day": row.day,
                "paid_views": row.views,
                "paid_spend": row.spend,
                "paid_currency": row.currency,
                "observed_at": now,
            }
            for row in rows
        ],
        key=["post_id", "day"],
        insert_only=["observed_at"],
    )
    sum_posts(now=now, posts={row.post_id for row in rows})
    return counts
