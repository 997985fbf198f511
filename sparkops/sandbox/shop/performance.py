"""Periods, sales and posts behind the analytics endpoints (contract section 10)."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sparkops.sandbox.world import Order, OrderLine, Post
from sparkops.sandbox.world.audience import Organic, organic
from sparkops.sandbox.world.money import cents

from . import errors
from .gate import Call
from .values import ZERO, day_start, money

LONGEST_RANGE_DAYS = 60
GRANULARITIES = ("ALL", "1D")
CURRENCIES = ("LOCAL", "USD")
# Dollars per unit, fixed: the sandbox has no exchange market.
DOLLARS = {"USD": Decimal(1), "GBP": Decimal("1.27"), "EUR": Decimal("1.09")}


@dataclass(frozen=True)
class Period:
    """Days of the shop's zone, the last one excluded, and their moments in UTC."""

    first: date
    end: date
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def between(cls, call: Call, first: date, end: date) -> Period:
        zone = call.shop.zone
        start, stop = day_start(first.isoformat(), zone), day_start(end.isoformat(), zone)
        return cls(first, end, start.astimezone(UTC), stop.astimezone(UTC))

    @classmethod
    def of_day(cls, call: Call, day: str) -> Period:
        first = parsed_day(day)
        return cls.between(call, first, first + timedelta(days=1))

    @property
    def days(self) -> int:
        return (self.end - self.first).days

    def has(self, moment: datetime | None) -> bool:
        return moment is not None and self.starts_at <= moment < self.ends_at


def asked_period(call: Call) -> Period:
    """`start_date_ge` to `end_date_lt`, both required, at most 60 days."""
    for name in ("start_date_ge", "end_date_lt"):
        if not call.query.get(name):
            raise errors.missing_field(name)
    first, end = parsed_day(call.query["start_date_ge"]), parsed_day(call.query["end_date_lt"])
    if first >= end or (end - first).days > LONGEST_RANGE_DAYS:
        raise errors.invalid_dates()
    return Period.between(call, first, end)


def intervals(call: Call, period: Period) -> list[Period]:
    """The whole period, or one interval per day with `granularity=1D`."""
    granularity = call.query.get("granularity") or "ALL"
    if granularity not in GRANULARITIES:
        raise errors.invalid_field("granularity", "must be ALL or 1D")
    if granularity == "ALL":
        return [period]
    one = timedelta(days=1)
    days = [period.first + one * number for number in range(period.days)]
    return [Period.between(call, day, day + one) for day in days]


def parsed_day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise errors.invalid_dates() from None


def latest_available_day(call: Call) -> date:
    """Yesterday in the shop's zone; later days have no data yet."""
    midnight = day_start("2000-01-01", call.shop.zone)
    return call.now.astimezone(midnight.tzinfo).date() - timedelta(days=1)


def complete(call: Call, period: Period) -> Period:
    """The part of a period for which there is data."""
    limit = latest_available_day(call) + timedelta(days=1)
    end = max(period.first, min(period.end, limit))
    return Period.between(call, period.first, end)


def orders_in(call: Call, period: Period) -> Iterator[Order]:
    """Paid orders by order date, cancelled and refunded ones included, samples not."""

    def index() -> tuple[list[datetime], list[Order]]:
        found = [
            order
            for order in call.world.orders.values()
            if order.shop_id == call.shop.id and not order.is_sample and order.paid_at
        ]
        found.sort(key=lambda order: (order.created_at, order.id))
        return [order.created_at for order in found], found

    moments, orders = call.world.derived(("orders sold", call.shop.id), index)
    part = complete(call, period)
    first = bisect.bisect_left(moments, part.starts_at)
    last = bisect.bisect_left(moments, part.ends_at)
    for order in orders[first:last]:
        if order.paid_at and order.paid_at <= call.now:
            yield order


def lines_sold(call: Call, period: Period) -> list[tuple[Order, OrderLine]]:
    return [(order, line) for order in orders_in(call, period) for line in order.lines]


def gmv_of(lines: list[tuple[Order, OrderLine]]) -> Decimal:
    return sum((line.item_revenue for _, line in lines), ZERO)


def shown_money(call: Call, value: Decimal) -> dict[str, str]:
    """An amount in the currency asked for: the shop's own or dollars."""
    currency = call.query.get("currency") or "LOCAL"
    if currency not in CURRENCIES:
        raise errors.invalid_field("currency", "must be LOCAL or USD")
    if currency == "LOCAL":
        return money(value, call.shop.currency)
    return money(cents(value * DOLLARS.get(call.shop.currency, Decimal(1))), "USD")


def posts_of_shop(call: Call, before: datetime) -> list[Post]:
    """Posts with products of the shop that were out before a moment."""
    return [
        post
        for post in call.world.posts.values()
        if post.brand_key == call.shop.brand_key
        and post.product_ids
        and post.posted_at < min(before, call.now)
    ]


def watched(call: Call, post: Post, period: Period) -> Organic:
    """The organic counts of a post within a period."""
    part = complete(call, period)
    start = max(part.starts_at, post.posted_at)
    return organic(call.world, post, start, max(start, part.ends_at))


def lines_by_content(call: Call, period: Period) -> dict[str, list[tuple[Order, OrderLine]]]:
    found: dict[str, list[tuple[Order, OrderLine]]] = {}
    for order, line in lines_sold(call, period):
        if order.affiliate and order.affiliate.content_id:
            found.setdefault(order.affiliate.content_id, []).append((order, line))
    return found


def counts(lines: list[tuple[Order, OrderLine]]) -> dict[str, int]:
    """Orders, SKU orders, units and buyers of some lines."""
    return {
        "orders": len({order.id for order, _ in lines}),
        "sku_orders": len({(order.id, line.sku_id) for order, line in lines}),
        "items_sold": len(lines),
        "customers": len({order.user_id for order, _ in lines}),
    }


def dated(call: Call, data: dict[str, Any]) -> dict[str, Any]:
    return {"latest_available_date": latest_available_day(call).isoformat(), **data}
