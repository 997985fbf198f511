"""What GMV Max campaigns spent and claim, per hour, product and post.

Cost is spread over the posts a campaign may use that day; revenue and orders are *all* orders of
its products placed while it ran, paid for by ads or not, as TikTok counts them. Amounts are in the
ad account's currency. ``"-1"`` as item id is the product card.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sparkops.sandbox.world.ads import GmvMaxCampaign
from sparkops.sandbox.world.audience import noise
from sparkops.sandbox.world.commerce import Order
from sparkops.sandbox.world.cover import authorized, covers, gmv_max_spans
from sparkops.sandbox.world.delivery import day_start, gmv_max_hour_cost
from sparkops.sandbox.world.money import ZERO, cents, split
from sparkops.sandbox.world.people import Post
from sparkops.sandbox.world.state import World

PRODUCT_CARD = "-1"
COST_DELAY = timedelta(hours=11)
CREDIT_WEEKDAY = 0
CREDIT_SHARE = Decimal("0.10")


@dataclass
class Cell:
    """One hour of one post for one product. ``starts_at`` is the hour's start in UTC."""

    starts_at: datetime
    product_id: str
    item_id: str
    cost: Decimal = ZERO
    orders: int = 0
    revenue: Decimal = ZERO


Cells = dict[tuple[int, str, str], Cell]


def net_of(cost: Decimal, day: date) -> Decimal:
    """Cost without ad credits: a tenth of Mondays' cost is paid by credit."""
    return cost - cents(cost * CREDIT_SHARE) if day.weekday() == CREDIT_WEEKDAY else cost


def removed(campaign: GmvMaxCampaign, item_id: str, moment: datetime) -> bool:
    out = False
    for at, item, gone in campaign.removed:
        if item == item_id and at <= moment:
            out = gone
    return out


def authorization_type(
    world: World, campaign: GmvMaxCampaign, post: Post, moment: datetime
) -> str | None:
    """How the campaign may use the post: AUTH_CODE, AFFILIATE or None."""
    if covers(authorized(world, campaign.advertiser_id, post.item_id), moment):
        return "AUTH_CODE"
    creator = world.creators[post.creator_id]
    if campaign.affiliate_posts and creator.boost_allowed(moment) and post.links_product(moment):
        return "AFFILIATE"
    return None


def usable_posts(world: World, campaign: GmvMaxCampaign, moment: datetime) -> list[Post]:
    """The posts the campaign may show at that moment."""
    brand_key = world.advertisers[campaign.advertiser_id].brand_key
    return [
        post
        for post in world.posts.values()
        if post.brand_key == brand_key
        and set(post.product_ids) & set(campaign.product_ids)
        and (not campaign.item_ids or post.item_id in campaign.item_ids)
        and post.is_public(moment)
        and not removed(campaign, post.item_id, moment)
        and authorization_type(world, campaign, post, moment)
    ]


def orders_between(world: World, shop_id: str, start: datetime, end: datetime) -> list[Order]:
    """Paid orders that are no samples, by the moment of checkout, oldest first."""
    orders, moments = world.derived(("orders_by_time", shop_id), lambda: _by_time(world, shop_id))
    return orders[bisect_left(moments, start) : bisect_left(moments, end)]


def _by_time(world: World, shop_id: str) -> tuple[list[Order], list[datetime]]:
    orders = sorted(
        (
            o
            for o in world.orders.values()
            if o.shop_id == shop_id and o.paid_at and not o.is_sample
        ),
        key=lambda order: order.created_at,
    )
    return orders, [order.created_at for order in orders]


def day_cells(world: World, campaign: GmvMaxCampaign, day: date, now: datetime) -> Cells:
    """All cells of an ad account's day up to ``now``."""
    advertiser = world.advertisers[campaign.advertiser_id]
    start = day_start(advertiser, day)
    if now < start + timedelta(days=1):
        return _day_cells(world, campaign, day, start, now)
    return world.lasting(
        ("gmv_max", campaign.id, day), lambda: _day_cells(world, campaign, day, start, now)
    )


def _day_cells(
    world: World, campaign: GmvMaxCampaign, day: date, start: datetime, now: datetime
) -> Cells:
    cells: Cells = {}
    spans = gmv_max_spans(campaign)

    def cell(hour: int, product_id: str, item_id: str) -> Cell:
        key = (hour, product_id, item_id)
        return cells.setdefault(key, Cell(start + timedelta(hours=hour), product_id, item_id))

    slots = _slots(world, campaign, start + timedelta(hours=12))
    weights = [weight for _, _, weight in slots]
    for hour in range(24):
        cost = gmv_max_hour_cost(world, campaign, day, hour, now)
        if cost:
            for (product_id, item_id, _), part in zip(slots, split(cost, weights), strict=True):
                if part:
                    cell(hour, product_id, item_id).cost += part
    fx = world.advertisers[campaign.advertiser_id].fx
    end = min(start + timedelta(days=1), now)
    for order in orders_between(world, campaign.shop_id, start, end):
        if covers(spans, order.created_at):
            hour = int((order.created_at - start).total_seconds() // 3600)
            _claim(order, campaign, fx, lambda p, i, hour=hour: cell(hour, p, i))
    return cells


def _slots(
    world: World, campaign: GmvMaxCampaign, noon: datetime
) -> list[tuple[str, str, Decimal]]:
    """(product, item, weight) of everything that may get cost that day."""
    slots = [(p, PRODUCT_CARD, Decimal("0.35")) for p in campaign.product_ids]
    for post in usable_posts(world, campaign, noon):
        age = max(0.0, (noon - post.posted_at).total_seconds() / 86400)
        weight = Decimal(round(noise(campaign.id, post.item_id) * 4 / (age / 10 + 1), 4))
        product_id = next(p for p in post.product_ids if p in campaign.product_ids)
        slots.append((product_id, post.item_id, weight))
    return slots


def _claim(order: Order, campaign: GmvMaxCampaign, fx: Decimal, cell) -> None:
    item_id = order.affiliate.content_id if order.affiliate else PRODUCT_CARD
    skus = set()
    for line in order.lines:
        if line.product_id not in campaign.product_ids:
            continue
        target = cell(line.product_id, item_id)
        target.revenue += cents(line.item_revenue * fx)
        if line.sku_id not in skus:
            target.orders += 1
        skus.add(line.sku_id)


def cost_known(hour_starts_at: datetime, now: datetime) -> bool:
    """Whether the late cost figures (product, creative, net cost) hold that hour already."""
    return hour_starts_at + timedelta(hours=1) + COST_DELAY <= now


def day_costs(
    world: World, campaign: GmvMaxCampaign, day: date, now: datetime
) -> dict[tuple[str, str], Decimal]:
    """(item id, product id) -> cost of an ad account's day up to ``now``."""
    costs: dict[tuple[str, str], Decimal] = {}
    for (_, product_id, item_id), cell in day_cells(world, campaign, day, now).items():
        if cell.cost:
            place = (item_id, product_id)
            costs[place] = costs.get(place, ZERO) + cell.cost
    return costs


def local_midnight(day: date, zone) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
