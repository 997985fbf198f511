"""Metric names of the reports and how each follows from additive numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from sparkops.sandbox.world.delivery import Numbers
from sparkops.sandbox.world.money import ZERO, cents

NAME = re.compile(r"[a-z0-9_]{2,80}")


@dataclass
class Sum:
    """What a report row adds up. ``billed`` is the part of the spend billing knows already."""

    numbers: Numbers = field(default_factory=Numbers)
    billed: Decimal = ZERO

    def add(self, numbers: Numbers, billed: Decimal) -> None:
        self.numbers = self.numbers + numbers
        self.billed += billed

    @property
    def has_delivery(self) -> bool:
        return bool(self.numbers.spend or self.numbers.impressions)


def money(amount: Decimal) -> str:
    return f"{cents(amount):f}"


def count(amount: int) -> str:
    return str(amount)


def per(amount: Decimal | int, base: Decimal | int, factor: int = 1) -> str:
    """A ratio with two decimals; "0.00" without a base."""
    return money(Decimal(amount) * factor / Decimal(base)) if base else "0.00"


def reach(numbers: Numbers) -> int:
    return int(numbers.impressions / 1.24)


Metric = Callable[[Sum], str]
METRICS: dict[str, Metric] = {
    "spend": lambda s: money(s.numbers.spend),
    "billed_cost": lambda s: money(s.billed),
    "cash_spend": lambda s: money(s.numbers.spend),
    "voucher_spend": lambda s: "0.00",
    "impressions": lambda s: count(s.numbers.impressions),
    "reach": lambda s: count(reach(s.numbers)),
    "frequency": lambda s: per(s.numbers.impressions, reach(s.numbers)),
    "clicks": lambda s: count(s.numbers.clicks),
    "cpc": lambda s: per(s.numbers.spend, s.numbers.clicks),
    "cpm": lambda s: per(s.numbers.spend, s.numbers.impressions, 1000),
    "ctr": lambda s: per(s.numbers.clicks, s.numbers.impressions, 100),
    "cost_per_1000_reached": lambda s: per(s.numbers.spend, reach(s.numbers), 1000),
    "likes": lambda s: count(s.numbers.likes),
    "comments": lambda s: count(s.numbers.comments),
    "shares": lambda s: count(s.numbers.shares),
    "follows": lambda s: count(s.numbers.follows),
    "profile_visits": lambda s: count(s.numbers.profile_visits),
    "profile_visits_rate": lambda s: per(s.numbers.profile_visits, s.numbers.impressions, 100),
    "clicks_on_music_disc": lambda s: count(s.numbers.profile_visits // 9),
    "anchor_clicks": lambda s: count(s.numbers.clicks // 3),
    "anchor_click_rate": lambda s: per(s.numbers.clicks // 3, s.numbers.impressions, 100),
    "video_play_actions": lambda s: count(s.numbers.plays),
    "video_watched_2s": lambda s: count(s.numbers.watched_2s),
    "video_watched_6s": lambda s: count(s.numbers.watched_6s),
    "engaged_view": lambda s: count(s.numbers.watched_6s),
    "engaged_view_15s": lambda s: count(s.numbers.p50),
    "video_views_p25": lambda s: count(s.numbers.p25),
    "video_views_p50": lambda s: count(s.numbers.p50),
    "video_views_p75": lambda s: count(s.numbers.p75),
    "video_views_p100": lambda s: count(s.numbers.p100),
    "average_video_play": lambda s: "3.41" if s.numbers.plays else "0.00",
    "average_video_play_per_user": lambda s: "3.92" if s.numbers.plays else "0.00",
    "conversion": lambda s: count(s.numbers.conversions),
    "cost_per_conversion": lambda s: per(s.numbers.spend, s.numbers.conversions),
    "conversion_rate": lambda s: per(s.numbers.conversions, s.numbers.clicks, 100),
    "real_time_conversion": lambda s: count(s.numbers.conversions),
    "real_time_cost_per_conversion": lambda s: per(s.numbers.spend, s.numbers.conversions),
    "result": lambda s: count(s.numbers.conversions),
    "cost_per_result": lambda s: per(s.numbers.spend, s.numbers.conversions),
    "result_rate": lambda s: per(s.numbers.conversions, s.numbers.impressions, 100),
    "purchase": lambda s: count(s.numbers.conversions),
    "total_purchase_value": lambda s: money(s.numbers.value),
    "complete_payment": lambda s: count(s.numbers.conversions),
    "complete_payment_roas": lambda s: per(s.numbers.value, s.numbers.spend),
    "onsite_shopping": lambda s: count(s.numbers.conversions),
    "total_onsite_shopping_value": lambda s: money(s.numbers.value),
    "onsite_shopping_roas": lambda s: per(s.numbers.value, s.numbers.spend),
    "cost_per_onsite_shopping": lambda s: per(s.numbers.spend, s.numbers.conversions),
    "onsite_shopping_rate": lambda s: per(s.numbers.conversions, s.numbers.clicks, 100),
    "shop_total_purchase_by_order_submission": lambda s: count(s.numbers.conversions),
    "shop_gross_revenue_by_order_submission": lambda s: money(s.numbers.value),
    "shop_total_items_purchased": lambda s: count(s.numbers.conversions),
}


def value(name: str, total: Sum) -> str:
    """The metric's text. Names the sandbox has no numbers for are zero, as most are on TikTok."""
    metric = METRICS.get(name)
    return metric(total) if metric else "0"


def is_name(name: str) -> bool:
    return NAME.fullmatch(name) is not None
