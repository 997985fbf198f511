"""Orders with their whole lives, from checkout to the statement."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sparkops.sandbox.seed.collaborations import Plans
from sparkops.sandbox.seed.plans import BrandPlan, Scale
from sparkops.sandbox.world import (
    Ad,
    Affiliate,
    Brand,
    Cancellation,
    Order,
    OrderLine,
    Post,
    Product,
    Return,
    World,
)
from sparkops.sandbox.world.audience import noise, views_until
from sparkops.sandbox.world.cover import ad_spans, covers, gmv_max_spans
from sparkops.sandbox.world.money import CENT, ZERO, cents
from sparkops.sandbox.world.settlement import settle

WEEKDAYS = [0.9, 0.88, 0.92, 0.97, 1.05, 1.14, 1.14]
PRODUCT_CARD_SHARE = 0.42
AD_DRIVEN_SHARE = 0.55
# How much more an advertised post sells than its organic views say.
PAID_PUSH = 3.0
CANCEL_REASONS = (
    ("buyer_changed_mind", "Need to change payment method", "BUYER", "BUYER_CANCEL"),
    ("buyer_no_longer_needed", "No longer needed", "BUYER", "BUYER_CANCEL"),
    ("seller_out_of_stock", "Out of stock", "SELLER", "CANCEL"),
)
RETURN_REASONS = (
    ("ecom_order_delivered_refund_and_return_reason_no_longer_needed", "No longer needed"),
    ("ecom_order_delivered_refund_and_return_reason_damaged", "Item arrived damaged"),
    ("ecom_order_delivered_refund_and_return_reason_not_as_described", "Not as described"),
)
FEE_SAVING_RATE = Decimal("0.05")


class OrderSeed:
    """Makes the orders of one brand, past and ahead."""

    def __init__(
        self, world: World, brand: Brand, plan: BrandPlan, plans: Plans, scale: Scale
    ) -> None:
        self.world, self.brand, self.plan, self.plans = world, brand, plan, plans
        self.scale = scale
        self.rng = world.random("orders", brand.key)
        self.zone = ZoneInfo(brand.zone)
        self.products = [p for p in world.products.values() if p.shop_id == brand.shop_id]
        self.posts = [p for p in world.posts.values() if p.brand_key == brand.key]
        self.ads: dict[str, list[Ad]] = defaultdict(list)
        for ad in world.ads.values():
            if ad.advertiser_id in brand.advertiser_ids:
                self.ads[ad.item_id].append(ad)
        self.gmv_max = [
            c for c in world.gmv_max.values() if c.advertiser_id in brand.advertiser_ids
        ]

    def run(self) -> None:
        first = (self.world.started_at - timedelta(days=self.scale.days)).date()
        days = [
            first + timedelta(days=n) for n in range(self.scale.days + self.scale.future_days + 1)
        ]
        past = self.scale.orders / self.scale.days
        carry = 0.0
        for index, day in enumerate(days):
            trend = 0.8 + 0.4 * index / self.scale.days
            promo = 1.7 if noise(self.brand.key, day) > 0.96 else 1.0
            carry += past * trend * promo * 0.97 * WEEKDAYS[day.weekday()]
            today, carry = int(carry), carry - int(carry)
            self._day(day, today)

    def _day(self, day: date, count: int) -> None:
        start = datetime.combine(day, time(), self.zone)
        views = []
        for post in self.posts:
            gained = views_until(self.world, post, start + timedelta(days=1))
            gained -= views_until(self.world, post, start)
            if self._has_spark_ad(post, start + timedelta(hours=12)):
                gained *= PAID_PUSH
            views.append(max(0.0, gained) if post.product_ids else 0.0)
        moments = sorted(self._moment(start) for _ in range(count))
        for moment in moments:
            self._order(moment, views)

    def _moment(self, start: datetime) -> datetime:
        hour = self.rng.choices(range(24), [1, 1, 1, 1, 1, 2, 3, 5, 6, 6, 6, 6, 7, 7, 6, 6, 7, 8, 9, 10, 11, 10, 7, 4])[0]  # fmt: skip  # noqa: E501
        seconds = timedelta(hours=hour, seconds=self.rng.randrange(3600))
        return (start + seconds).astimezone(self.world.started_at.tzinfo)

    def _order(self, created_at: datetime, views: list[float]) -> None:
        rng, world = self.rng, self.world
        post = self._post(created_at, views)
        affiliate = self._affiliate(post, created_at) if post else None
        order = Order(
            id=world.new_id("order"),
            shop_id=self.brand.shop_id,
            currency=self.brand.currency,
            user_id=world.new_id("buyer"),
            created_at=created_at,
            lines=[],
            tax_rate=ZERO if self.brand.prices_include_tax else self.brand.tax_rate,
            affiliate=affiliate,
            city=rng.choice(self.plan.cities),
        )
        order.lines = self._lines(post, order)
        self._shipping(order)
        self._life(order)
        world.orders[order.id] = order
        self._afterwards(order)

    def _post(self, moment: datetime, views: list[float]) -> Post | None:
        """The post the order came from, or None for the shop tab, search and the like."""
        if not any(views) or self.rng.random() < PRODUCT_CARD_SHARE:
            return None
        post = self.rng.choices(self.posts, views)[0]
        return post if post.posted_at < moment and post.is_public(moment) else None

    def _affiliate(self, post: Post, moment: datetime) -> Affiliate | None:
        terms = self.plans.terms(post.creator_id, post.product_ids[0], moment)
        if terms is None:
            return None
        driven = self._advertised(post, moment) and self.rng.random() < AD_DRIVEN_SHARE
        return Affiliate(
            creator_id=post.creator_id,
            content_id=post.item_id,
            content_type="VIDEO",
            rate=terms.rate,
            shop_ads_rate=terms.shop_ads_rate,
            ad_driven=driven,
            open_collaboration_id=terms.open_collaboration_id,
            target_collaboration_id=terms.target_collaboration_id,
        )

    def _has_spark_ad(self, post: Post, moment: datetime) -> bool:
        return any(
            covers(ad_spans(self.world, ad), moment) for ad in self.ads.get(post.item_id, ())
        )

    def _advertised(self, post: Post, moment: datetime) -> bool:
        if self._has_spark_ad(post, moment):
            return True
        boost = self.world.creators[post.creator_id].boost_allowed(moment)
        return boost and any(
            post.product_ids[0] in campaign.product_ids and covers(gmv_max_spans(campaign), moment)
            for campaign in self.gmv_max
        )

    def _lines(self, post: Post | None, order: Order) -> list[OrderLine]:
        rng = self.rng
        if post:
            products = [self.world.products[post.product_ids[0]]]
        else:
            products = rng.choices(self.products, [p.share for p in self.plan.products])
            if rng.random() < 0.14:
                products.append(rng.choice(self.products))
        lines = []
        sale = Decimal(rng.choices([0, 10, 15, 20], [5, 2, 2, 1])[0]) / 100
        coupon = Decimal(rng.choices([0, 8, 12], [7, 2, 1])[0]) / 100
        for product in products:
            units = rng.choices([1, 2, 3], [85, 12, 3])[0]
            sku = rng.choice(product.skus)
            lines += [self._line(product, sku, order, sale, coupon) for _ in range(units)]
        return lines

    def _line(self, product: Product, sku, order: Order, sale: Decimal, coupon: Decimal):
        seller_discount = cents(sku.price * sale)
        platform_discount = cents((sku.price - seller_discount) * coupon)
        paid = sku.price - seller_discount - platform_discount
        return OrderLine(
            id=self.world.new_id("order_line"),
            product_id=product.id,
            product_name=product.title,
            sku_id=sku.id,
            sku_name=sku.name,
            seller_sku=sku.seller_sku,
            original_price=sku.price,
            seller_discount=seller_discount,
            platform_discount=platform_discount,
            tax=cents(paid * order.tax_rate),
        )

    def _shipping(self, order: Order) -> None:
        plan = self.plan
        order.shipping_list = Decimal(plan.shipping_list)
        order.carrier_fee = Decimal(plan.carrier_fee) + CENT * 20 * (len(order.lines) - 1)
        if order.item_revenue >= Decimal(plan.free_shipping_from):
            order.shipping_platform_discount = order.shipping_list
            order.carrier_subsidy = cents(order.carrier_fee / 2)
        order.shipping_tax = cents(order.buyer_shipping * order.tax_rate)

    def _life(self, order: Order) -> None:
        rng = self.rng
        if rng.random() < 0.015:
            order.cancelled_at = order.created_at + timedelta(hours=24)
            order.cancel_reason, order.cancel_initiator = "Unpaid in time", "SYSTEM"
            return
        order.paid_at = order.created_at + timedelta(seconds=rng.randrange(20, 900))
        order.held_until = order.paid_at + timedelta(hours=1)
        if rng.random() < 0.035:
            self._cancel(order, order.paid_at)
            return
        order.rts_at = order.held_until + timedelta(seconds=rng.randrange(3 * 3600, 40 * 3600))
        order.collected_at = order.rts_at + timedelta(seconds=rng.randrange(3600, 20 * 3600))
        order.delivered_at = order.collected_at + timedelta(
            seconds=rng.randrange(30 * 3600, 110 * 3600)
        )
        order.completed_at = order.delivered_at + timedelta(days=14)
        order.tracking_number = f"94001{rng.randrange(10**15, 10**16)}"

    def _cancel(self, order: Order, paid_at: datetime) -> None:
        code, text, initiator, kind = self.rng.choice(CANCEL_REASONS)
        asked = paid_at + timedelta(minutes=self.rng.randrange(5, 900))
        order.cancelled_at = asked + timedelta(minutes=self.rng.randrange(2, 90))
        order.cancel_reason, order.cancel_initiator = text, initiator
        cancellation = Cancellation(
            id=self.world.new_id("cancellation"),
            order_id=order.id,
            shop_id=order.shop_id,
            cancel_type=kind,
            created_at=asked,
            completed_at=order.cancelled_at,
            item_refund=sum((line.sale_price for line in order.lines), ZERO),
            shipping_refund=order.buyer_shipping,
            tax_refund=sum((line.tax for line in order.lines), order.shipping_tax),
            reason=code,
            reason_text=text,
        )
        self.world.cancellations[cancellation.id] = cancellation

    def _afterwards(self, order: Order) -> None:
        if order.delivered_at is None:
            return
        returned = self.rng.random() < 0.07
        returns = [self._return(order, order.delivered_at)] if returned else []
        saving = self.brand.market == "US" and self.rng.random() < 0.04
        settle(self.world, order, returns, FEE_SAVING_RATE if saving else None)

    def _return(self, order: Order, delivered_at: datetime) -> Return:
        rng = self.rng
        code, reason = rng.choice(RETURN_REASONS)
        whole = len(order.lines) == 1 or rng.random() < 0.5
        lines = order.lines if whole else order.lines[:1]
        share = Decimal(rng.choices([100, 50, 30], [8, 1, 1])[0]) / 100
        asked = delivered_at + timedelta(hours=rng.randrange(6, 260))
        shipping = order.buyer_shipping if whole and share == 1 else ZERO
        back = Return(
            id=self.world.new_id("return"),
            order_id=order.id,
            shop_id=order.shop_id,
            line_ids=[line.id for line in lines],
            created_at=asked,
            completed_at=asked + timedelta(hours=rng.randrange(40, 190)),
            item_refund=sum((cents(line.sale_price * share) for line in lines), ZERO),
            platform_discount_refund=sum(
                (cents(line.platform_discount * share) for line in lines), ZERO
            ),
            shipping_refund=shipping,
            tax_refund=sum((cents(line.tax * share) for line in lines), ZERO),
            reason=code,
            reason_text=reason,
            return_type="RETURN_AND_REFUND" if share == 1 else "REFUND",
            return_shipping_fee=Decimal(self.plan.carrier_fee) if share == 1 else ZERO,
        )
        if rng.random() < 0.08:
            back.rejected_at = asked + timedelta(hours=30)
        self.world.returns[back.id] = back
        return back
