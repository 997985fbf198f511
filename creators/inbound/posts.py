"""Posts and their numbers, day by day, from the shop's video analytics (Shop contract 10)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from creators.actions.known import know_posts
from creators.actions.meet import CreatorFacts, meet_creators
from creators.actions.totals import sum_creators, sum_posts
from creators.inbound.tagged import TaggedPage
from creators.inbound.whole_days import WholeDays
from creators.models import Post, PostDay, PostProduct
from sparkops.catalog.inbound import open_shop, shop_parts
from sparkops.catalog.models import Product, Shop
from sparkops.clock import days_of, shop_day
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.shop.analytics import VideoPerformance
from sparkops.tiktok.shop.api import ShopApi

# A video and the day it is of, in ISO form: the list itself does not say.
Dated = tuple[str, VideoPerformance]


def _pages(api: ShopApi, _part: str, window: Window) -> Iterator[TaggedPage]:
    # The shop's zone is at most 14 hours from UTC, so a day on either side covers its days.
    first = (window.since or window.until - timedelta(days=90)).date() - timedelta(days=1)
    whole = WholeDays()
    for day in days_of(first, window.until.date() + timedelta(days=1)):
        stale = False
        whole.begin()
        for page in api.analytics.videos(day, day + timedelta(days=1)):
            if stale := whole.is_stale(page.raw):
                break
            whole.took(page.raw, page.row_count)
            yield TaggedPage(day.isoformat(), page)
        whole.end(day, stale=stale)
    whole.check()


def load_days(rows: Sequence[Dated], context: Context) -> Counts:
    """Posts, their creators and products, and the organic numbers of one day."""
    shop = Shop.objects.get(shop_id=context.part)
    meet_creators([_creator(video) for _, video in rows], now=context.now, source="shop")
    handles = {video.id: _handle(video) for _, video in rows}
    posts = know_posts(handles, now=context.now, source="shop")
    _fill_posts(rows, posts, shop.currency)
    _link_products(rows, posts)
    return merge(
        PostDay,
        _day_rows(rows, posts, shop, context),
        key=["post_id", "day"],
        unwatched=["observed_at"],
    )


def _handle(video: VideoPerformance) -> str:
    return video.username or (video.creator.user_name if video.creator else "")


def _creator(video: VideoPerformance) -> CreatorFacts:
    creator = video.creator
    return CreatorFacts(
        handle=_handle(video),
        creator_id=creator.open_id if creator else "",
        display_name=creator.nick_name if creator else "",
    )


def _fill_posts(rows: Sequence[Dated], posts: dict[str, int], currency: str) -> None:
    known = {post.pk: post for post in Post.objects.filter(pk__in=posts.values())}
    changed = []
    for _, video in rows:
        post = known[posts[video.id]]
        facts = (
            video.title or post.caption,
            int(video.duration) if video.duration is not None else post.duration_seconds,
            _published(video) or post.published_at,
            post.currency or currency,
        )
        if facts != (post.caption, post.duration_seconds, post.published_at, post.currency):
            post.caption, post.duration_seconds, post.published_at, post.currency = facts
            changed.append(post)
    Post.objects.bulk_update(changed, ["caption", "duration_seconds", "published_at", "currency"])


def _published(video: VideoPerformance) -> datetime | None:
    # Without a zone on the wire; the contract reads it as UTC.
    moment = video.video_post_time
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _link_products(rows: Sequence[Dated], posts: dict[str, int]) -> None:
    named = {product.id for _, video in rows for product in video.products if product.id}
    products = dict(Product.objects.filter(product_id__in=named).values_list("product_id", "pk"))
    links = [
        {"post_id": posts[video.id], "product_id": products[product.id], "lost_at": None}
        for _, video in rows
        for product in video.products
        if product.id in products
    ]
    merge(PostProduct, links, key=["post_id", "product_id"], insert_only=["lost_at"])


def _day_rows(
    rows: Sequence[Dated], posts: dict[str, int], shop: Shop, context: Context
) -> list[dict[str, Any]]:
    found = []
    dated = [(date.fromisoformat(day), video) for day, video in rows]
    stored = set(
        PostDay.objects.filter(
            post_id__in=posts.values(), day__in={day for day, _ in dated}
        ).values_list("post_id", "day")
    )
    today = shop_day(context.now, shop.timezone)
    for day, video in dated:
        numbers = _numbers(video)
        # TikTok lists every video for every day; a missing row means zero, so zeros are not kept.
        if day <= today and (any(numbers.values()) or (posts[video.id], day) in stored):
            found.append(
                {
                    "post_id": posts[video.id],
                    "day": day,
                    **numbers,
                    "currency": shop.currency,
                    "observed_at": context.now,
                }
            )
    return found


def _numbers(video: VideoPerformance) -> dict[str, int | Decimal]:
    gmv = video.gmv.amount if video.gmv and video.gmv.amount is not None else Decimal(0)
    return {
        "views": video.views or 0,
        "likes": video.likes or 0,
        "comments": video.comments or 0,
        "shares": video.shares or 0,
        "product_clicks": video.product_clicks or 0,
        "orders": video.sku_orders or 0,
        "gmv": gmv,
    }


def sum_up(context: Context) -> Counts:
    """Totals of posts and creators, so that lists sort by them without a join."""
    shop = Shop.objects.get(shop_id=context.part)
    changed = sum_posts(now=context.now)
    changed += sum_creators(today=shop_day(context.now, shop.timezone))
    return Counts(changed=changed)


POST_NUMBERS = Stream(
    name="post_numbers",
    label="Posts and their numbers",
    kind=Connection.Kind.SHOP,
    every=timedelta(minutes=30),
    parts=shop_parts,
    open=open_shop,
    pages=_pages,
    load=load_days,
    finish=sum_up,
    overlap=timedelta(days=3),
)
