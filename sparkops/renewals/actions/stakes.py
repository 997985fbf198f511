"""Counting what is at stake, for lists over one client and over all (AR8, N4)."""

from datetime import datetime, timedelta
from decimal import Decimal

from authorizations.models import Authorization
from authorizations.queries import USABLE_WORDS, limits_of, spend_per_day
from profit.queries.stakes import profit_per_day
from sparkops.catalog.models import FxRate
from sparkops.clock import shop_day
from sparkops.landing.merge import merge
from sparkops.renewals.models import Stake
from sparkops.renewals.rules.stakes import COMMON, in_common, rank
from sparkops.tenants.models import Client

HORIZON = timedelta(days=62)
"""Two months of the calendar. What ads spend on is counted whenever it ends."""


def count_stakes(client: Client, *, now: datetime) -> int:
    """Count anew for every post with a usable permission; returns the rows kept. The number of
    queries does not depend on the number of posts."""
    today = shop_day(now, client.timezone)
    rows = _permissions()
    limits = limits_of(rows.keys(), now)
    spend, profit = spend_per_day(rows.keys(), today), profit_per_day(rows.keys(), today)
    rates = _rates()
    found = []
    for post_id, row in rows.items():
        until, clock = limits[post_id]
        ends_at = until or row.ends_at
        cost, made = spend.get(post_id), profit.get(post_id)
        if cost is None and (ends_at is None or ends_at > now + HORIZON):
            continue
        amount = made.amount if made and made.complete else None
        currency = made.currency if made else ""
        found.append(
            {
                "post_id": post_id,
                "authorization_id": row.pk,
                "ends_at": ends_at,
                "clock": clock.name if clock else "",
                "spend": cost.amount if cost else Decimal(0),
                "spend_currency": cost.currency if cost else "",
                "profit": amount,
                "profit_currency": currency,
                "rank": rank(
                    in_common(amount, currency, rates),
                    in_common(cost.amount, cost.currency, rates) if cost else Decimal(0),
                ),
                "counted_at": now,
            }
        )
    Stake.objects.exclude(post_id__in=[one["post_id"] for one in found]).delete()
    merge(Stake, found, key=["post_id"])
    return len(found)


def _permissions() -> dict[int, Authorization]:
    """The usable permission of each post that lasts longest."""
    rows = Authorization.objects.filter(state__in=USABLE_WORDS, post__isnull=False).only(
        "post", "ends_at", "state"
    )
    found: dict[int, Authorization] = {}
    for row in rows.order_by("ends_at", "pk"):
        found[row.post_id or 0] = row
    return found


def _rates() -> dict[tuple[str, str], Decimal]:
    """The newest rates from and to the common currency."""
    rows = (FxRate.objects.filter(base=COMMON) | FxRate.objects.filter(quote=COMMON)).order_by(
        "day"
    )
    return {(one.base, one.quote): one.rate for one in rows}
