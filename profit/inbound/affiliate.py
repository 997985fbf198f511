"""Affiliate orders: which creator and post brought an order, and at which rates (contract 8.6)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from creators.actions.known import know_creators, know_posts
from creators.rules.handles import plain_handle
from profit.actions.marking import mark
from profit.models import AffiliateOrder, Dirty
from sparkops.catalog.inbound import open_shop, shop_parts
from sparkops.catalog.models import Shop
from sparkops.clock import shop_day
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.shop.affiliate import AffiliateOrder as ApiOrder
from sparkops.tiktok.shop.affiliate import AffiliateSku
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.values import WireMoney

SOURCE = "affiliate_order"
RECENT = timedelta(days=7)
CHANGING = timedelta(days=60)
SLICE = timedelta(days=30)


def _pages(api: ShopApi, _part: str, window: Window) -> Iterator[Any]:
    """By creation time, in slices that TikTok allows. Orders change for weeks and have no time of
    change: the first read of a day goes 60 days back, the others 7."""
    since = window.since or window.until - CHANGING
    if (since + RECENT).date() != window.until.date():
        since = min(since, window.until - CHANGING)
    while since < window.until:
        until = min(since + SLICE, window.until)
        yield from api.affiliate.orders(create_time_ge=since, create_time_lt=until, page_size=100)
        since = until


def load_affiliate_orders(orders: Sequence[ApiOrder], context: Context) -> Counts:
    """One row per order and SKU; creators and posts not met before are made, bare."""
    shop = Shop.objects.get(shop_id=context.part)
    skus = [(order, sku) for order in orders for sku in order.skus]
    creators = know_creators(
        (sku.creator_username for _, sku in skus), now=context.now, source=SOURCE
    )
    posts = know_posts(
        {
            sku.content_id: sku.creator_username
            for _, sku in skus
            if sku.content_type == "VIDEO" and sku.content_id
        },
        now=context.now,
        source=SOURCE,
    )
    first_seen = _settled_before(orders)
    rows = []
    for order, sku in skus:
        handle = plain_handle(sku.creator_username)
        row = _row(order, sku, shop, context.now, first_seen.get((order.id, sku.sku_id)))
        post = posts.get(sku.content_id) if sku.content_type == "VIDEO" else None
        rows.append(row | {"creator_id": creators.get(handle), "post_id": post})
    counts = merge(AffiliateOrder, rows, key=["order_id", "sku_id"])
    if counts.added or counts.changed:
        ids = {order.id for order in orders}
        mark(shop.pk, Dirty.Kind.ORDER, ids, cause="Affiliate order", now=context.now)
    return counts


def _settled_before(orders: Sequence[ApiOrder]) -> dict[tuple[str, str], date]:
    known = AffiliateOrder.objects.filter(order_id__in={one.id for one in orders})
    rows = known.exclude(settled_on=None).values_list("order_id", "sku_id", "settled_on")
    return {(order_id, sku_id): day for order_id, sku_id, day in rows if day}


def _row(
    order: ApiOrder, sku: AffiliateSku, shop: Shop, now: datetime, settled_on: date | None
) -> dict[str, Any]:
    if sku.settlement_status != "SETTLED":
        settled_on = None
    elif settled_on is None:
        settled_on = shop_day(now, shop.timezone)
    plan, plan_id = _plan(sku)
    amounts = {
        "estimated_commission": sku.estimated_paid_commission,
        "estimated_ads_commission": sku.estimated_paid_shop_ads_commission,
        "actual_commission": sku.actual_paid_commission,
        "actual_ads_commission": sku.actual_paid_shop_ads_commission,
    }
    currencies = [one.currency for one in amounts.values() if one and one.currency]
    return {
        "order_id": order.id,
        "sku_id": sku.sku_id,
        "creator_handle": plain_handle(sku.creator_username),
        "content_id": sku.content_id,
        "content_type": sku.content_type,
        "plan": plan,
        "plan_id": plan_id,
        "status": order.status,
        "standard_rate": sku.commission_rate,
        "shop_ads_rate": sku.shop_ads_commission_rate,
        **{name: _amount(money) for name, money in amounts.items()},
        "currency": currencies[0] if currencies else shop.currency,
        "created_at": order.create_time or now,
        "settled_on": settled_on,
    }


def _plan(sku: AffiliateSku) -> tuple[str, str]:
    """The plan that paid, strongest first (P16). A campaign is run by an affiliate partner."""
    plans = (
        ("partner", sku.campaign_id),
        ("target", sku.target_collaboration_id),
        ("open", sku.open_collaboration_id),
    )
    return next(((plan, found) for plan, found in plans if found and found != "0"), ("", ""))


def _amount(money: WireMoney | None) -> Any:
    return money.amount if money else None


AFFILIATE_ORDERS = Stream(
    name="affiliate_orders",
    label="Affiliate orders",
    kind=Connection.Kind.SHOP,
    every=timedelta(hours=1),
    parts=shop_parts,
    open=open_shop,
    pages=_pages,
    load=load_affiliate_orders,
    overlap=RECENT,
    # A row may go back to what it was; the newest page counts, not one seen before.
    skip_equal_pages=False,
)
