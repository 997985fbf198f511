"""Sample applications and the posts that came of them (Shop contract 8.7)."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from creators.actions.known import know_posts
from creators.actions.meet import CreatorFacts, meet_creators
from creators.actions.samples import link_posts, note_deliveries, note_extensions, settle_states
from creators.actions.totals import sum_creators
from creators.inbound.tagged import TaggedPage
from creators.models import Post, Sample
from creators.rules.handles import plain_handle
from sparkops.catalog.inbound import open_shop, shop_parts
from sparkops.catalog.models import Product, Shop
from sparkops.clock import shop_day
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.orders import Order
from sparkops.tiktok.shop.samples import Fulfillment, SampleApplication

FULFILLED = ("CONTENT_PENDING", "COMPLETED")
ON_THE_WAY = ("SHIPPED", "CONTENT_PENDING", "COMPLETED", "UNFULFILL_CANCELLED")


def _pages(api: ShopApi, _part: str, _window: Window) -> Iterator[Any]:
    # An application does not say when its unit arrived; the order that approval made does.
    for page in api.samples.search():
        yield page
        orders = [one.order_id for one in page.items if one.order_id and one.status in ON_THE_WAY]
        if orders:
            yield api.orders.details(orders)


def load_samples(rows: Sequence[SampleApplication | Order], context: Context) -> Counts:
    """Applications with their creators, or the sample orders behind them with their delivery."""
    orders = [one for one in rows if isinstance(one, Order)]
    counts = _load_applications([one for one in rows if not isinstance(one, Order)], context)
    delivered = {one.id: one.delivery_time for one in orders if one.delivery_time}
    changed = note_deliveries(delivered, shop=Shop.objects.get(shop_id=context.part))
    return counts + Counts(changed=changed, unchanged=len(orders) - changed)


def _load_applications(applications: Sequence[SampleApplication], context: Context) -> Counts:
    """TikTok's status words are kept as they are."""
    creators = meet_creators(
        [
            CreatorFacts(
                handle=one.creator.username,
                creator_id=one.creator.creator_open_id,
                display_name=one.creator.nickname,
                follower_count=one.creator.follower_count,
                avatar_url=one.creator.avatar_url,
            )
            for one in applications
            if one.creator
        ],
        now=context.now,
        source="shop",
    )
    named = [one.product.id for one in applications if one.product]
    products = dict(Product.objects.filter(product_id__in=named).values_list("product_id", "pk"))
    rows = [
        {
            "sample_id": one.id,
            "creator_id": creators[plain_handle(one.creator.username)],
            "product_id": products.get(one.product.id) if one.product else None,
            "status": one.status,
            "fulfillment_status": one.fulfillment_status,
            "order_id": one.order_id,
            "approve_by": one.approve_expiration_time,
            "sku_id": one.product.sku_id if one.product else "",
            "is_approvable": one.is_approvable,
            "obstacles": one.disapprovable_reasons,
            "creator_gmv": one.creator.gmv.amount if one.creator.gmv else None,
            "creator_gmv_currency": one.creator.gmv.currency if one.creator.gmv else "",
            "creator_fulfilment": one.creator.fulfillment_percentage,
            "first_seen_at": context.now,
        }
        for one in applications
        if one.creator and plain_handle(one.creator.username)
    ]
    counts = merge(Sample, rows, key=["sample_id"], insert_only=["first_seen_at"])
    note_extensions([one.id for one in applications], now=context.now)
    return counts


def _fulfilled_pages(api: ShopApi, _part: str, _window: Window) -> Iterator[TaggedPage]:
    for page in api.samples.search():
        for one in page.items:
            if one.status in FULFILLED and one.creator:
                answer = api.samples.fulfillments(one.id, "VIDEO")
                yield TaggedPage(f"{one.id} {one.creator.username}", answer)


def load_fulfillments(rows: Sequence[tuple[str, Fulfillment]], context: Context) -> Counts:
    """The official link from a sample to the post made with it; the first post counts."""
    videos = {}
    for asked_for, one in rows:
        sample_id, _, handle = asked_for.partition(" ")
        if one.content and one.content.id:
            videos[one.content.id] = (sample_id, handle, one.content)
    posts = know_posts(
        {item: handle for item, (_, handle, _) in videos.items()}, now=context.now, source="shop"
    )
    changed = 0
    for item, (sample_id, _, content) in sorted(
        videos.items(), key=lambda pair: pair[1][2].create_time or context.now
    ):
        changed += Sample.objects.filter(sample_id=sample_id, post=None).update(post_id=posts[item])
        Post.objects.filter(pk=posts[item], published_at=None).update(
            published_at=content.create_time
        )
    return Counts(changed=changed, unchanged=len(videos) - changed)


def settle(context: Context) -> Counts:
    """States that follow from what was read, and from the day."""
    shop = Shop.objects.get(shop_id=context.part)
    link_posts(shop=shop)
    changed = settle_states(shop=shop, now=context.now)
    sum_creators(today=shop_day(context.now, shop.timezone))
    return Counts(changed=changed)


SAMPLES = Stream(
    name="samples",
    label="Samples",
    kind=Connection.Kind.SHOP,
    every=timedelta(minutes=30),
    parts=shop_parts,
    open=open_shop,
    pages=_pages,
    load=load_samples,
    finish=settle,
    first=None,
)
SAMPLE_POSTS = Stream(
    name="sample_posts",
    label="Posts from samples",
    kind=Connection.Kind.SHOP,
    every=timedelta(hours=2),
    parts=shop_parts,
    open=open_shop,
    pages=_fulfilled_pages,
    load=load_fulfillments,
    finish=settle,
    first=None,
)
