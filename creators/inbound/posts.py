"""Posts and their numbers, day by day, from the shop's video analytics (Shop contract 10)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection as database

from creators.actions.known import know_posts
from creators.actions.meet import CreatorFacts, meet_creators
from creators.models import Post, PostDay, PostProduct
from sparkops.catalog.inbound import open_shop, shop_parts
from sparkops.catalog.models import Product, Shop
from sparkops.clock import days_of, shop_day
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.shop.analytics import VideoPerformance
from sparkops.tiktok.shop.api import ShopApi

Dated = tuple[date, VideoPerformance]


@dataclass(frozen=True)
class DayPage:
    """A page of the video list for one day: the list itself does not say which day it is of."""

    day: date
    page: Any

    @property
    def raw(self) -> dict[str, Any]:
        return {"day": self.day.isoformat(), **self.page.raw}

    @property
    def items(self) -> list[Dated]:
        return [(self.day, video) for video in self.page.items]

    @property
    def findings(self) -> Any:
        return self.page.findings

    @property
    def row_count(self) -> int:
        return int(self.page.row_count)

    @property
    def request_id(self) -> str:
        return str(self.page.request_id)


def _pages(api: ShopApi, _part: str, window: Window) -> Iterator[DayPage]:
    # The shop's zone is at most 14 hours from UTC, so a day on either side covers its days.
    first = (window.since or window.until - timedelta(days=90)).date() - timedelta(days=1)
    for day in days_of(first, window.until.date() + timedelta(days=1)):
        for page in api.analytics.videos(day, day + timedelta(days=1)):
            yield DayPage(day, page)


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
    stored = set(
        PostDay.objects.filter(
            post_id__in=posts.values(), day__in={day for day, _ in rows}
        ).values_list("post_id", "day")
    )
    today = shop_day(context.now, shop.timezone)
    for day, video in rows:
        numbers = _numbers(video, shop.currency)
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


def _numbers(video: VideoPerformance, currency: str) -> dict[str, int | Decimal]:
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
    """Totals of each post from its days, so that lists sort by them without a join."""
    with database.cursor() as cursor:
        cursor.execute(
            "UPDATE creators_post p SET views = s.views, gmv = s.gmv, measured_at = %s"
            " FROM (SELECT post_id, sum(views) AS views, sum(gmv) AS gmv"
            "       FROM creators_postday GROUP BY post_id) s"
            " WHERE s.post_id = p.id AND (p.views, p.gmv) IS DISTINCT FROM (s.views, s.gmv)",
            [context.now],
        )
        return Counts(changed=cursor.rowcount)


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
