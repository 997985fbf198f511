"""What the shop's content sold, as TikTok counts it (contract 10).

Days are in the shop's registered zone, start inclusive, end exclusive. GMV includes cancelled
and refunded orders. A day without data reads as zeros, so check ``latest_available_date``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from sparkops.tiktok.paging import Page
from sparkops.tiktok.shop.caller import Caller, Listing
from sparkops.tiktok.values import (
    Amount,
    Count,
    Day,
    Maybe,
    RateFraction,
    Record,
    RequiredId,
    Text,
    TextId,
    UnixTime,
    WireMoney,
    WrittenTime,
)

Granularity = Literal["ALL", "1D"]
AccountType = Literal["ALL", "OFFICIAL_ACCOUNTS", "MARKETING_ACCOUNTS", "AFFILIATE_ACCOUNTS"]


class TypedAmount(Record):
    """A part of GMV: VIDEO, LIVE, PRODUCT_CARD, or ads and organic in some markets."""

    type: Text = ""
    gmv: Maybe[WireMoney] = None


class SplitAmount(Record):
    overall: Maybe[WireMoney] = None
    breakdowns: list[TypedAmount] = []


class ShopSales(Record):
    gmv: Maybe[SplitAmount] = None
    gross_revenue: Maybe[SplitAmount] = None
    orders_count: Count = None
    sku_orders_count: Count = None
    items_sold: Count = None
    avg_customers_count: Amount = None
    refunds: Maybe[WireMoney] = None


class ShopTraffic(Record):
    """Daily averages. TikTok sends the conversion rate under two spellings."""

    avg_visitors: Amount = None
    avg_page_views: Amount = None
    avg_conversion_rate: RateFraction = Field(
        default=None,
        validation_alias=AliasChoices("avg_conversion_rate", "avg_conversation_rate"),
    )


class ShopInterval(Record):
    start_date: Day = None
    end_date: Day = None
    sales: Maybe[ShopSales] = None
    traffic: Maybe[ShopTraffic] = None


class ShopPerformance(Record):
    intervals: list[ShopInterval] = []


class ShopPerformancePage(Record):
    performance: Maybe[ShopPerformance] = None
    latest_available_date: Day = None


class ShopHour(Record):
    """``index`` 0 to 23 in the shop's zone."""

    index: Count = None
    gmv: Maybe[WireMoney] = None
    customers: Count = None
    visitors: Count = None
    items_sold: Count = None


class ShopHours(Record):
    intervals: list[ShopHour] = []
    overall: Maybe[ShopHour] = None


class ShopHoursPage(Record):
    performance: Maybe[ShopHours] = None
    latest_available_timestamp: UnixTime = None


class ProductFigures(Record):
    gmv: Maybe[WireMoney] = None
    orders: Count = None
    items_sold: Count = None


class ProductPerformance(Record):
    id: RequiredId
    overall_performance: Maybe[ProductFigures] = None


class ProductsPerformancePage(Record):
    products: list[ProductPerformance] = []
    next_page_token: Text = ""
    total_count: Count = None
    latest_available_date: Day = None


class SkuPerformance(Record):
    """Ids are JSON numbers here; read as text like everywhere."""

    id: RequiredId
    product_id: TextId = ""
    gmv: Maybe[WireMoney] = None
    sku_orders: Count = None
    units_sold: Count = None


class SkusPerformancePage(Record):
    skus: list[SkuPerformance] = []
    next_page_token: Text = ""
    total_count: Count = None
    latest_available_date: Day = None


class VideoCreator(Record):
    open_id: TextId = ""
    user_name: Text = ""
    nick_name: Text = ""
    author_type: Text = ""


class VideoProduct(Record):
    id: TextId = ""
    name: Text = ""


class VideoPerformance(Record):
    """A video over the whole range asked for: ask day by day for daily figures.

    ``id`` is the TikTok video id. ``video_post_time`` has no zone on the wire; read as UTC.
    """

    id: RequiredId
    title: Text = ""
    username: Text = ""
    creator: Maybe[VideoCreator] = None
    video_post_time: WrittenTime = None
    duration: Amount = None
    hash_tags: list[Text] = []
    views: Count = None
    product_impressions: Count = None
    product_clicks: Count = None
    click_through_rate: RateFraction = None
    ctor: RateFraction = None
    video_finish_rate: RateFraction = None
    v_to_l_clicks: Count = None
    gmv: Maybe[WireMoney] = None
    indirect_gmv: Maybe[WireMoney] = None
    attributed_gmv: Maybe[WireMoney] = None
    gpm: Maybe[WireMoney] = None
    sku_orders: Count = None
    items_sold: Count = None
    avg_customers: Amount = None
    likes: Count = None
    comments: Count = None
    shares: Count = None
    new_followers: Count = None
    products: list[VideoProduct] = []


class VideosPage(Record):
    videos: list[VideoPerformance] = []
    next_page_token: Text = ""
    total_count: Count = None
    latest_available_date: Day = None


class VideosOverview(Record):
    """All videos of the shop in one interval."""

    start_date: Day = None
    end_date: Day = None
    gmv: Maybe[WireMoney] = None
    sku_orders: Count = None
    avg_customers: Amount = None
    click_through_rate: RateFraction = None
    product_impressions: Count = None
    product_clicks: Count = None


class VideosOverviewIntervals(Record):
    intervals: list[VideosOverview] = []


class VideosOverviewPage(Record):
    performance: Maybe[VideosOverviewIntervals] = None
    latest_available_date: Day = None


class VideoTraffic(Record):
    views: Count = None
    likes: Count = None
    comments: Count = None
    shares: Count = None
    new_followers: Count = None


class VideoInterval(Record):
    """One video on one day. ``sales`` splits per product and differs per version: as sent."""

    start_date: Day = None
    end_date: Day = None
    sales: dict[str, object] = {}
    traffic: Maybe[VideoTraffic] = None


class VideoDetail(Record):
    intervals: list[VideoInterval] = []


class VideoDetailPage(Record):
    performance: Maybe[VideoDetail] = None
    video_post_time: WrittenTime = None
    viewer_profile: list[dict[str, object]] = []
    latest_available_date: Day = None


class SoldInVideo(Record):
    id: RequiredId
    name: Text = ""
    gmv: Maybe[WireMoney] = None
    units_sold: Count = None
    daily_avg_buyers: Amount = None


class SoldInVideoPage(Record):
    products: list[SoldInVideo] = []
    next_page_token: Text = ""
    total_count: Count = None
    latest_available_date: Day = None


class LiveSales(Record):
    gmv: Maybe[WireMoney] = None
    live_gmv_24h: Annotated[Maybe[WireMoney], Field(validation_alias="24h_live_gmv")] = None
    sku_orders: Count = None
    created_sku_orders: Count = None
    items_sold: Count = None
    customers: Count = None
    products_added: Count = None
    different_products_sold: Count = None
    avg_price: Maybe[WireMoney] = None
    click_to_order_rate: RateFraction = None


class LiveInteraction(Record):
    """Only for official and marketing accounts."""

    viewers: Count = None
    views: Count = None
    acu: Amount = None
    pcu: Count = None
    likes: Count = None
    comments: Count = None
    shares: Count = None
    click_through_rate: RateFraction = None


class LiveSession(Record):
    id: RequiredId
    title: Text = ""
    username: Text = ""
    start_time: UnixTime = None
    end_time: UnixTime = None
    sales_performance: Maybe[LiveSales] = None
    interaction_performance: Maybe[LiveInteraction] = None


class LivesPage(Record):
    live_stream_sessions: list[LiveSession] = []
    next_page_token: Text = ""
    total_count: Count = None
    latest_available_date: Day = None


SHOP = Listing(
    "an_shop", ShopPerformancePage, ShopPerformance, "performance", "the shop's performance"
)
SHOP_HOURS = Listing("an_shop_hour", ShopHoursPage, ShopHours, "performance", "the shop's hours")
PRODUCTS = Listing(
    "an_products",
    ProductsPerformancePage,
    ProductPerformance,
    "products",
    "the performance of products",
)
SKUS = Listing("an_skus", SkusPerformancePage, SkuPerformance, "skus", "the performance of SKUs")
VIDEOS = Listing("an_videos", VideosPage, VideoPerformance, "videos", "the performance of videos")
VIDEOS_OVERVIEW = Listing(
    "an_videos_overview",
    VideosOverviewPage,
    VideosOverviewIntervals,
    "performance",
    "the overview of videos",
)
VIDEO = Listing(
    "an_video", VideoDetailPage, VideoDetail, "performance", "the performance of a video"
)
VIDEO_PRODUCTS = Listing(
    "an_video_products", SoldInVideoPage, SoldInVideo, "products", "what a video sold"
)
LIVES = Listing(
    "an_lives", LivesPage, LiveSession, "live_stream_sessions", "the performance of LIVEs"
)


class Analytics:
    """Reads of TikTok's own figures. ``start`` belongs to the range, ``end`` does not.

    Ranges of more than about 60 days are refused (``Invalid``, reason ``date_range``). Amounts are
    in the shop's currency unless ``currency="USD"``. Calls raise ``TikTokError``.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def shop(
        self, start: date, end: date, *, granularity: Granularity = "1D", currency: str = "LOCAL"
    ) -> Page[ShopPerformancePage, ShopPerformance]:
        """The shop per day, or over the range."""
        query = _range(start, end, currency) | {"granularity": granularity}
        return self._caller.page(SHOP, query=query)

    def shop_hours(self, day: date) -> Page[ShopHoursPage, ShopHours]:
        """The shop per hour of one of the last 30 days, today included."""
        return self._caller.page(SHOP_HOURS, day.isoformat())

    def products(
        self,
        start: date,
        end: date,
        *,
        currency: str = "LOCAL",
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[ProductsPerformancePage, ProductPerformance]]:
        """Products over the range."""
        return self._caller.pages(
            PRODUCTS, query=_range(start, end, currency), page_size=page_size, page_token=page_token
        )

    def skus(
        self,
        start: date,
        end: date,
        *,
        currency: str = "LOCAL",
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[SkusPerformancePage, SkuPerformance]]:
        """SKUs over the range."""
        return self._caller.pages(
            SKUS, query=_range(start, end, currency), page_size=page_size, page_token=page_token
        )

    def videos(
        self,
        start: date,
        end: date,
        *,
        account_type: AccountType = "ALL",
        currency: str = "LOCAL",
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[VideosPage, VideoPerformance]]:
        """Videos over the range: the cheapest way to the GMV of every creator post."""
        query = _range(start, end, currency) | {"account_type": account_type}
        return self._caller.pages(VIDEOS, query=query, page_size=page_size, page_token=page_token)

    def videos_overview(
        self, start: date, end: date, *, granularity: Granularity = "1D", currency: str = "LOCAL"
    ) -> Page[VideosOverviewPage, VideosOverviewIntervals]:
        """All videos together."""
        query = _range(start, end, currency) | {"granularity": granularity}
        return self._caller.page(VIDEOS_OVERVIEW, query=query)

    def video(
        self,
        video_id: str,
        start: date,
        end: date,
        *,
        granularity: Granularity = "1D",
        currency: str = "LOCAL",
    ) -> Page[VideoDetailPage, VideoDetail]:
        """One video per day, or over the range."""
        query = _range(start, end, currency) | {"granularity": granularity}
        return self._caller.page(VIDEO, video_id, query=query)

    def video_products(
        self,
        video_id: str,
        start: date,
        end: date,
        *,
        currency: str = "LOCAL",
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[SoldInVideoPage, SoldInVideo]]:
        """What one video sold, per product."""
        return self._caller.pages(
            VIDEO_PRODUCTS,
            video_id,
            query=_range(start, end, currency),
            page_size=page_size,
            page_token=page_token,
        )

    def lives(
        self,
        start: date,
        end: date,
        *,
        account_type: AccountType = "ALL",
        currency: str = "LOCAL",
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[LivesPage, LiveSession]]:
        """LIVE sessions over the range."""
        query = _range(start, end, currency) | {"account_type": account_type}
        return self._caller.pages(LIVES, query=query, page_size=page_size, page_token=page_token)


def _range(start: date, end: date, currency: str) -> dict[str, object]:
    if end <= start:
        raise ValueError("the end of the days asked for must lie after their start")
    return {"start_date_ge": start, "end_date_lt": end, "currency": currency}
