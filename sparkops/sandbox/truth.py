"""The ground truth for tests: the answers, counted straight from the world.

Money is decimal text in the shop's currency. Windows are days of the shop's zone, both included;
ad cost counts the same dates in the ad account's own zone, converted at the account's rate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sparkops.sandbox.reached import reached
from sparkops.sandbox.wire import Request
from sparkops.sandbox.world import Ad, Brand, Order, Post, World
from sparkops.sandbox.world.cover import code_spans
from sparkops.sandbox.world.delivery import day_spend, local_day
from sparkops.sandbox.world.gmv_max import (
    PRODUCT_CARD,
    day_costs,
    local_midnight,
    orders_between,
)
from sparkops.sandbox.world.money import ZERO, cents, split, text
from sparkops.sandbox.world.settlement import settled, statements, unsettled_orders
from sparkops.sandbox.world.statuses import (
    ad_is_delivering,
    ad_status,
    authorization_word,
    current_redemption,
)

WINDOW_DAYS = 30
EXPIRY_DAYS = (1, 3, 7, 14, 21, 30)
COMMISSION_FIELDS = ("affiliate_commission_amount", "affiliate_ads_commission_amount")
REFERRAL_FIELDS = ("referral_fee_amount", "platform_commission_amount")


@dataclass(frozen=True)
class Window:
    """``first`` and ``last`` are days, both included; None = the last 30 days of each zone."""

    first: date | None = None
    last: date | None = None

    @classmethod
    def of(cls, request: Request, world: World) -> Window:
        first, last = request.get("from"), request.get("to")
        return cls(
            date.fromisoformat(first) if first else None,
            date.fromisoformat(last) if last else None,
        )

    def days(self, today: date) -> tuple[date, date]:
        last = self.last or today
        return self.first or last - timedelta(days=WINDOW_DAYS - 1), last


def of_world(world: World, now: datetime, window: Window, only: str | None) -> dict[str, Any]:
    brands = [brand for brand in world.brands.values() if only in (None, brand.key)]
    return {
        "now": now.isoformat(),
        "brands": [BrandTruth(world, brand, now, window).as_json() for brand in brands],
    }


class BrandTruth:
    """The five answers for one brand."""

    def __init__(self, world: World, brand: Brand, now: datetime, window: Window) -> None:
        self.world, self.brand, self.now = world, brand, now
        self.zone = ZoneInfo(brand.zone)
        self.first, self.last = window.days(now.astimezone(self.zone).date())
        self.posts = [
            p for p in world.posts.values() if p.brand_key == brand.key and p.posted_at <= now
        ]

    def as_json(self) -> dict[str, Any]:
        brand = self.brand
        return {
            "key": brand.key,
            "name": brand.name,
            "currency": brand.currency,
            "zone": brand.zone,
            "shop_id": brand.shop_id,
            "advertiser_ids": brand.advertiser_ids,
            "window": {"from": self.first.isoformat(), "to": self.last.isoformat()},
            "creators_posted": self.creators_posted(),
            "authorized_posts": self.authorizations({"AUTHORIZED"}),
            "ended_authorizations": self.authorizations({"EXPIRED", "UNAUTHORIZED"}),
            "unredeemed_codes": self.unredeemed(),
            "reached": reached(self.world, brand, self.now),
            "affiliate_authorized_posts": self.boostable(),
            "live_posts": self.live_posts(),
            "live_ads": self.ads(delivering=True),
            "stopped_ads": self.ads(delivering=False),
            "expiring": {str(days): self.expiring(days) for days in EXPIRY_DAYS},
            "expired": {str(days): self.expired(days) for days in EXPIRY_DAYS},
            "products": self.products(),
            "totals": self.totals(),
        }

    def handle(self, post: Post) -> str:
        return self.world.creators[post.creator_id].handle

    def creators_posted(self) -> list[dict[str, Any]]:
        """Creators with a post carrying one of the shop's products, published in the window."""
        found: dict[str, list[str]] = defaultdict(list)
        for post in self.posts:
            day = post.posted_at.astimezone(self.zone).date()
            if post.product_ids and self.first <= day <= self.last:
                found[post.creator_id].append(post.item_id)
        creators = self.world.creators
        return [
            {
                "handle": creators[key].handle,
                "open_id": creators[key].open_id,
                "item_ids": sorted(items),
            }
            for key, items in sorted(found.items())
        ]

    def authorizations(self, words: set[str]) -> list[dict[str, Any]]:
        """One row per ad account and post: the code that counts and its end."""
        rows = []
        for advertiser_id in self.brand.advertiser_ids:
            for post in self.posts:
                held = current_redemption(self.world, advertiser_id, post.item_id, self.now)
                if held is None:
                    continue
                word = authorization_word(self.world, held, self.now)
                if word not in words:
                    continue
                code = self.world.codes[held.code_text]
                rows.append(
                    {
                        "advertiser_id": advertiser_id,
                        "item_id": post.item_id,
                        "handle": self.handle(post),
                        "ad_auth_status": word,
                        "post_status": post.status(self.now),
                        "starts_at": code.starts_at.isoformat(),
                        "ends_at": code.over_at().isoformat(),
                    }
                )
        return rows

    def unredeemed(self) -> list[dict[str, Any]]:
        used = {r.code_text for r in self.world.redemptions}
        return [
            {
                "item_id": code.item_id,
                "auth_code": code.text,
                "ends_at": code.over_at().isoformat(),
                "state": code.state(self.now),
            }
            for code in self.world.codes.values()
            if code.text not in used and self.world.posts[code.item_id].brand_key == self.brand.key
        ]

    def boostable(self) -> list[str]:
        """Posts that shop ads may use without a code: creator's switch on, product still linked."""
        return sorted(
            post.item_id
            for post in self.posts
            if post.is_public(self.now)
            and post.links_product(self.now)
            and self.world.creators[post.creator_id].boost_allowed(self.now)
        )

    def _ads(self) -> Iterable[Ad]:
        ids = self.brand.advertiser_ids
        return (ad for ad in self.world.ads.values() if ad.advertiser_id in ids)

    def ads(self, *, delivering: bool) -> list[dict[str, Any]]:
        return [
            {
                "ad_id": ad.id,
                "advertiser_id": ad.advertiser_id,
                "campaign_id": ad.campaign_id,
                "item_id": ad.item_id,
                "secondary_status": ad_status(self.world, ad, self.now),
                "spend_yesterday": text(self.spend_yesterday(ad)),
            }
            for ad in self._ads()
            if ad_is_delivering(self.world, ad, self.now) is delivering
        ]

    def spend_yesterday(self, ad: Ad) -> Decimal:
        """In the ad account's currency and day."""
        today = local_day(self.world.advertisers[ad.advertiser_id], self.now)
        return day_spend(self.world, ad, today - timedelta(days=1), self.now)

    def live_posts(self) -> list[list[str]]:
        """[advertiser_id, item_id] with an ad that delivers now or spent yesterday."""
        live = {
            (ad.advertiser_id, ad.item_id)
            for ad in self._ads()
            if ad_is_delivering(self.world, ad, self.now) or self.spend_yesterday(ad)
        }
        return [list(pair) for pair in sorted(live)]

    def expiring(self, days: int) -> list[list[str]]:
        """[advertiser_id, item_id] whose authorization is valid and ends within ``days`` days."""
        limit = self.now + timedelta(days=days)
        return [
            [row["advertiser_id"], row["item_id"]]
            for row in self.authorizations({"AUTHORIZED"})
            if datetime.fromisoformat(row["ends_at"]) <= limit
        ]

    def expired(self, days: int) -> list[list[str]]:
        """[advertiser_id, item_id] whose last code ran out in the past ``days`` days."""
        since = self.now - timedelta(days=days)
        return [
            [row["advertiser_id"], row["item_id"]]
            for row in self.authorizations({"EXPIRED"})
            if datetime.fromisoformat(row["ends_at"]) > since
        ]

    def orders(self) -> list[Order]:
        start = local_midnight(self.first, self.zone)
        end = min(local_midnight(self.last + timedelta(days=1), self.zone), self.now)
        placed = orders_between(self.world, self.brand.shop_id, start, end)
        return [order for order in placed if order.paid_at and order.paid_at <= self.now]

    def products(self) -> list[dict[str, Any]]:
        """Per product, orders of the window: every amount as known at this moment, costs > 0."""
        sums = self._product_sums()
        spend = self._spend_by_product()
        titles = self.world.products
        ids = [p.id for p in titles.values() if p.shop_id == self.brand.shop_id]
        rows = []
        for product_id in ids:
            row: dict[str, Any] = {"product_id": product_id, "title": titles[product_id].title}
            row |= {name: text(amount) for name, amount in sums[product_id].items()}
            row["ad_spend"] = text(spend.get(product_id, ZERO))
            rows.append(row)
        return rows

    def _product_sums(self) -> dict[str, dict[str, Decimal]]:
        names = (
            "units",
            "gmv",
            "refunded_item_revenue",
            "settled_referral_fee",
            "settled_refund_admin_fee",
            "settled_commission",
            "settled_amount",
        )
        sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(names, ZERO))
        orders = {order.id: order for order in self.orders()}
        for order in orders.values():
            for line in order.lines:
                sums[line.product_id]["units"] += 1
                sums[line.product_id]["gmv"] += line.item_revenue
        self._add_refunds(orders, sums)
        self._add_settled(orders, sums)
        return sums

    def _add_refunds(self, orders: dict[str, Order], sums: dict[str, dict[str, Decimal]]) -> None:
        for order in orders.values():
            if order.status(self.now) == "CANCELLED":
                for line in order.lines:
                    sums[line.product_id]["refunded_item_revenue"] += line.item_revenue
        for back in self.world.returns.values():
            if back.order_id not in orders or back.rejected_at or back.completed_at > self.now:
                continue
            order = orders[back.order_id]
            lines = [line for line in order.lines if line.id in back.line_ids]
            items = split(back.item_refund, [line.sale_price for line in lines])
            discounts = split(
                back.platform_discount_refund, [line.platform_discount for line in lines]
            )
            for line, item, discount in zip(lines, items, discounts, strict=True):
                sums[line.product_id]["refunded_item_revenue"] += item + discount

    def _add_settled(self, orders: dict[str, Order], sums: dict[str, dict[str, Decimal]]) -> None:
        for row in self.world.statement_rows.values():
            if row.order_id not in orders or not settled(row, self.now):
                continue
            for line in row.lines:
                target, fees = sums[line.product_id], line.sections["fee"]
                target["settled_commission"] -= sum(
                    (fees.get(name, ZERO) for name in COMMISSION_FIELDS), ZERO
                )
                target["settled_referral_fee"] -= sum(
                    (fees.get(name, ZERO) for name in REFERRAL_FIELDS), ZERO
                )
                target["settled_refund_admin_fee"] -= fees.get(
                    "refund_administration_fee_amount", ZERO
                )
                target["settled_amount"] += sum(
                    (
                        amount
                        for name in ("revenue", "shipping", "fee", "tax")
                        for amount in line.sections.get(name, {}).values()
                    ),
                    ZERO,
                )

    def spend_by_item(self) -> dict[tuple[str, str], Decimal]:
        """(item id, product id or "") -> ad cost in the shop's currency, Spark and GMV Max."""
        spend: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
        for ad in self._ads():
            fx = self.world.advertisers[ad.advertiser_id].fx
            for day in self.days():
                spend[ad.item_id, ""] += cents(day_spend(self.world, ad, day, self.now) / fx)
        for campaign in self._gmv_max():
            fx = self.world.advertisers[campaign.advertiser_id].fx
            for day in self.days():
                for place, cost in day_costs(self.world, campaign, day, self.now).items():
                    spend[place] += cost / fx
        return spend

    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def _gmv_max(self) -> Iterable[Any]:
        ids = self.brand.advertiser_ids
        return (c for c in self.world.gmv_max.values() if c.advertiser_id in ids)

    def _spend_by_product(self) -> dict[str, Decimal]:
        """Spark cost goes to the post's products by their sales through the post."""
        sold: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
        for order in self.orders():
            item_id = order.affiliate.content_id if order.affiliate else PRODUCT_CARD
            for line in order.lines:
                sold[item_id, line.product_id] += line.item_revenue
        total: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for (item_id, product_id), amount in self.spend_by_item().items():
            if product_id:
                total[product_id] += amount
                continue
            linked = sorted(self.world.posts[item_id].product_ids) if item_id else []
            parts = split(amount, [sold[item_id, one] for one in linked])
            for one, part in zip(linked, parts, strict=True):
                total[one] += part
        return {product_id: cents(amount) for product_id, amount in total.items()}

    def totals(self) -> dict[str, Any]:
        orders = self.orders()
        made = statements(self.world, self.brand.shop_id, self.now)
        spark = {
            advertiser_id: sum(
                (
                    day_spend(self.world, ad, day, self.now)
                    for ad in self._ads()
                    if ad.advertiser_id == advertiser_id
                    for day in self.days()
                ),
                ZERO,
            )
            for advertiser_id in self.brand.advertiser_ids
        }
        gmv_max: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for campaign in self._gmv_max():
            for day in self.days():
                costs = day_costs(self.world, campaign, day, self.now)
                gmv_max[campaign.advertiser_id] += sum(costs.values(), ZERO)
        return {
            "orders": len(orders),
            "affiliate_orders": sum(1 for order in orders if order.affiliate),
            "gmv": text(sum((order.item_revenue for order in orders), ZERO)),
            "spark_spend_in_account_currency": {k: text(v) for k, v in spark.items()},
            "gmv_max_cost_in_account_currency": {k: text(v) for k, v in gmv_max.items()},
            "statements": len(made),
            "settled_all_time": text(sum((one.total for one in made), ZERO)),
            "unsettled_orders": len(unsettled_orders(self.world, self.brand.shop_id, self.now)),
        }


def listing(world: World, now: datetime) -> dict[str, Any]:
    """What there is: accounts, creators, posts and codes with their states."""
    return {
        "brands": [
            {
                "key": brand.key,
                "name": brand.name,
                "shop_id": brand.shop_id,
                "advertisers": [
                    {
                        "advertiser_id": one,
                        "currency": world.advertisers[one].currency,
                        "utc_offset_hours": world.advertisers[one].utc_offset_hours,
                        "today": local_day(world.advertisers[one], now).isoformat(),
                    }
                    for one in brand.advertiser_ids
                ],
                "products": [
                    {"product_id": p.id, "title": p.title}
                    for p in world.products.values()
                    if p.shop_id == brand.shop_id
                ],
            }
            for brand in world.brands.values()
        ],
        "creators": [
            {"handle": c.handle, "open_id": c.open_id, "brand": c.brand_key}
            for c in world.creators.values()
        ],
        "posts": [
            {
                "item_id": post.item_id,
                "brand": post.brand_key,
                "handle": world.creators[post.creator_id].handle,
                "posted_at": post.posted_at.isoformat(),
                "status": post.status(now),
                "product_ids": post.product_ids,
            }
            for post in world.posts.values()
            if post.posted_at <= now
        ],
        "codes": [
            {
                "auth_code": code.text,
                "item_id": code.item_id,
                "starts_at": code.starts_at.isoformat(),
                "ends_at": code.ends_at.isoformat(),
                "state": code.state(now),
                "spans": [[a.isoformat(), b.isoformat()] for a, b in code_spans(code)],
            }
            for code in world.codes.values()
        ],
    }
