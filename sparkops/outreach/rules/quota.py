"""The weekly quota of new contacts (Shop contract 8.9, domain 5.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sparkops.clock import shop_day, shop_day_start

SUNDAY = 6
"""As `date.weekday` counts."""
MOST_UNANSWERED = 5
SOON = timedelta(minutes=10)
"""A reading older than this says nothing about what is left."""
NEAR = timedelta(days=3, hours=12)
NOT_TOLD = "TikTok has not told what is left of the weekly quota."
FOLLOWERS_WHO_LOOK = Decimal("0.05")
"""Views of a first post per follower, while none is known (an estimate of ours)."""


@dataclass(frozen=True)
class Reading:
    """What TikTok told at `read_at`. `total` or `used` None: not told."""

    total: int | None
    used: int | None
    unlimited: bool
    follower_cap: int | None
    ends_at: datetime | None
    read_at: datetime
    reserve: int


@dataclass(frozen=True)
class Budget:
    """New contacts that may be made now; None is unlimited. `why` says why there are none, and
    `until` when it is looked at again; `refresh_at` is the end of the week in any case."""

    left: int | None
    follower_cap: int | None
    refresh_at: datetime
    until: datetime
    why: str = ""


@dataclass(frozen=True)
class Figures:
    """What is known of a creator, for the order in which quota is spent. Money is of 30 days."""

    pk: int
    gmv_30d: Decimal
    views_30d: int
    followers: int


def refresh_at(now: datetime, zone: str, ends_at: datetime | None = None) -> datetime:
    """When the quota is fresh again: Sunday 00:00 of the shop's zone, in UTC, and not before
    `ends_at`, where TikTok says its week ends. Raises ValueError for a naive `now`."""
    if ends_at is None or ends_at <= now:
        return _sunday_after(now, zone)
    return max(ends_at, _sunday_after(ends_at - NEAR, zone))


def _sunday_after(moment: datetime, zone: str) -> datetime:
    today = shop_day(moment, zone)
    days = (SUNDAY - today.weekday()) % 7 or 7
    return shop_day_start(today + timedelta(days=days), zone)


def budget_of(reading: Reading | None, *, spent_since: int, zone: str, now: datetime) -> Budget:
    """What may be spent now. `spent_since` are contacts that the reading does not count yet: on
    their way, or sent after it. Without a fresh reading nothing new is contacted."""
    fresh = refresh_at(now, zone, reading.ends_at if reading else None)
    cap = reading.follower_cap if reading else None
    if reading is None or now - reading.read_at > SOON:
        return Budget(0, cap, fresh, now + SOON, NOT_TOLD)
    if reading.unlimited:
        return Budget(None, cap, fresh, fresh)
    if reading.total is None or reading.used is None:
        return Budget(0, cap, fresh, now + SOON, NOT_TOLD)
    left = max(0, reading.total - reading.used - reading.reserve - spent_since)
    return Budget(left, cap, fresh, fresh, "" if left else "The weekly quota is used.")


def expected_value(figures: Figures, gmv_per_view: Decimal) -> Decimal:
    """Sales of 30 days to expect, in the shop's currency: what the creator sold, else the views
    times what a view brings the shop, else a guess of the views from the followers."""
    if figures.gmv_30d > 0:
        return figures.gmv_30d
    views = Decimal(figures.views_30d) or figures.followers * FOLLOWERS_WHO_LOOK
    return views * gmv_per_view


def best_first(rows: Sequence[Figures], gmv_per_view: Decimal) -> list[Figures]:
    """The order in which quota is spent: most to expect first, then by id."""
    return sorted(rows, key=lambda one: (-expected_value(one, gmv_per_view), one.pk))


def weeks_needed(waiting: int, total: int | None) -> int | None:
    """Weeks until everyone was contacted; None when unknown."""
    return -(-waiting // total) if total else None
