"""Limiter keys and rates of the Marketing API (contract 2).

TikTok counts requests per developer app over all its ad accounts, some endpoints apart from the
rest, and can also restrict one ad account on one path.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sparkops.tiktok.limits import Rate


@dataclass(frozen=True, slots=True)
class Quota:
    """Requests a second and a minute."""

    per_second: int
    per_minute: int

    @property
    def rate(self) -> Rate:
        """A bucket that keeps every minute within the quota, the one after a pause included."""
        return Rate((self.per_minute - self.per_second) / 60, burst=self.per_second)


class Tier(Enum):
    """The tier of a developer app; every new one is BASIC."""

    BASIC = Quota(10, 600)
    ADVANCED = Quota(20, 1200)
    PREMIUM = Quota(30, 1800)
    ULTIMATE = Quota(50, 3000)


_GMV_MAX_REPORT = {Tier.BASIC: Quota(8, 240), Tier.ADVANCED: Quota(12, 360)}
_GMV_MAX_REPORT_BEST = Quota(20, 600)
# TikTok publishes no number for it, only that it is below the global one.
_AUTHORIZE = Rate(1.0, burst=1)

PACED_PATHS = frozenset({"/ad/create/", "/gmv_max/report/get/", "/tt_video/authorize/"})


def keys(app_id: str, path: str, advertiser_id: str = "") -> tuple[str, ...]:
    """Limiter keys of a call, widest first: the app, the app on a paced path, the ad account."""
    found = [f"ads:app:{app_id}"]
    if path in PACED_PATHS:
        found.append(f"ads:path:{app_id}:{path}")
    if advertiser_id:
        found.append(f"ads:advertiser:{app_id}:{advertiser_id}:{path}")
    return tuple(found)


def rate_of(key: str, tier: Tier = Tier.BASIC) -> Rate | None:
    """The rate of a key, for a limiter. None for an ad account's path: only TikTok blocks those."""
    _, kind, rest = key.split(":", 2)
    if kind == "app":
        return tier.value.rate
    if kind == "path":
        return _path_rate(rest.partition(":")[2], tier)
    return None


def _path_rate(path: str, tier: Tier) -> Rate:
    if path == "/gmv_max/report/get/":
        return _GMV_MAX_REPORT.get(tier, _GMV_MAX_REPORT_BEST).rate
    if path == "/ad/create/":
        return Quota(5, 150).rate
    return _AUTHORIZE
