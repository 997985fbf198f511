"""Numbers of GMV Max: ``/gmv_max/report/get/`` (contract 7.3).

``gross_revenue`` and ``orders`` of product campaigns hold paid *and organic* sales and TikTok's
subsidies: never add them to the shop's revenue. ``cost`` and ``net_cost`` may come 11 hours late.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Literal

from sparkops.tiktok.ads.calls import Caller, PageOf
from sparkops.tiktok.ads.encoding import batch
from sparkops.tiktok.ads.reports import DAY, ReportRow, Step, check_span

PRODUCT_CARD = "-1"
MONEY = ("cost", "orders", "cost_per_order", "gross_revenue", "roi")
ACCOUNT_METRICS = ("cost", "net_cost", "orders", "cost_per_order", "gross_revenue", "roi")
CREATIVE_METRICS = (
    *MONEY,
    "product_impressions",
    "product_clicks",
    "product_click_rate",
    "ad_click_rate",
    "ad_conversion_rate",
    "ad_video_view_rate_2s",
    "ad_video_view_rate_6s",
    "ad_video_view_rate_p25",
    "ad_video_view_rate_p50",
    "ad_video_view_rate_p75",
    "ad_video_view_rate_p100",
)
# TikTok refuses these as soon as several ids or id dimensions are asked for.
CREATIVE_ATTRIBUTES = (
    "title",
    "tt_account_name",
    "tt_account_authorization_type",
    "shop_content_type",
    "creative_delivery_status",
)

# Short words here, unlike those of the campaign list.
PromotionType = Literal["PRODUCT", "LIVE"]


class GmvMaxReports:
    """Reports of one ad account and one shop at a time.

    Rows are per day unless ``step`` is None. Both dates count and are days of the ad account's
    zone: at most 30 by day, 1 by hour, 365 without a step (else ``ValueError``). In creative rows
    ``item_id`` "-1" is the product card.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def account_pages(
        self,
        advertiser_id: str,
        store_id: str,
        start_date: date,
        end_date: date,
        *,
        step: Step | None = DAY,
        metrics: Sequence[str] = ACCOUNT_METRICS,
    ) -> Iterator[PageOf[ReportRow]]:
        """The whole ad account."""
        dates = _dates(start_date, end_date, step)
        return self._pages(advertiser_id, store_id, ["advertiser_id"], step, metrics, dates, {})

    def campaign_pages(
        self,
        advertiser_id: str,
        store_id: str,
        promotion_type: PromotionType,
        start_date: date,
        end_date: date,
        *,
        step: Step | None = DAY,
        metrics: Sequence[str] = ACCOUNT_METRICS,
    ) -> Iterator[PageOf[ReportRow]]:
        """Campaigns of one kind."""
        dates = _dates(start_date, end_date, step)
        filtering = {"gmv_max_promotion_types": [promotion_type]}
        return self._pages(
            advertiser_id, store_id, ["campaign_id"], step, metrics, dates, filtering
        )

    def product_pages(
        self,
        advertiser_id: str,
        store_id: str,
        campaign_ids: Sequence[str],
        start_date: date,
        end_date: date,
        *,
        step: Step | None = DAY,
        metrics: Sequence[str] = MONEY,
    ) -> Iterator[PageOf[ReportRow]]:
        """Products (``item_group_id``) of campaigns."""
        dates = _dates(start_date, end_date, step)
        dimensions = ["campaign_id", "item_group_id"]
        filtering = {"campaign_ids": batch(campaign_ids, 100, "campaigns")}
        return self._pages(advertiser_id, store_id, dimensions, step, metrics, dates, filtering)

    def creative_pages(
        self,
        advertiser_id: str,
        store_id: str,
        campaign_ids: Sequence[str],
        item_group_ids: Sequence[str],
        start_date: date,
        end_date: date,
        *,
        by_day: bool = True,
        metrics: Sequence[str] = CREATIVE_METRICS,
    ) -> Iterator[PageOf[ReportRow]]:
        """Posts (``item_id``) under products of campaigns.

        By day TikTok gives only rows with cost; without, all posts, organic ones included.
        """
        step = DAY if by_day else None
        dates = _dates(start_date, end_date, step)
        dimensions = ["campaign_id", "item_group_id", "item_id"]
        filtering = {
            "campaign_ids": batch(campaign_ids, 100, "campaigns"),
            "item_group_ids": batch(item_group_ids, 100, "products"),
        }
        return self._pages(advertiser_id, store_id, dimensions, step, metrics, dates, filtering)

    def creative_attribute_pages(
        self,
        advertiser_id: str,
        store_id: str,
        campaign_id: str,
        item_group_id: str,
        start_date: date,
        end_date: date,
        *,
        metrics: Sequence[str] = CREATIVE_METRICS + CREATIVE_ATTRIBUTES,
    ) -> Iterator[PageOf[ReportRow]]:
        """Posts of one product in one campaign, with their delivery status and permission kind.

        ``tt_account_authorization_type`` tells a post used by code (AUTH_CODE) from an affiliate's.
        """
        filtering = {"campaign_ids": [campaign_id], "item_group_ids": [item_group_id]}
        dates = _dates(start_date, end_date, None)
        return self._pages(advertiser_id, store_id, ["item_id"], None, metrics, dates, filtering)

    def _pages(
        self,
        advertiser_id: str,
        store_id: str,
        dimensions: list[str],
        step: Step | None,
        metrics: Sequence[str],
        dates: dict[str, date],
        filtering: dict[str, Any],
    ) -> Iterator[PageOf[ReportRow]]:
        params = {
            "advertiser_id": advertiser_id,
            "store_ids": [store_id],
            "dimensions": dimensions + ([step] if step else []),
            "metrics": batch(metrics, 100, "metrics"),
            **dates,
            "filtering": filtering or None,
        }
        return self._caller.pages(
            "/gmv_max/report/get/",
            params,
            ReportRow,
            what="a GMV Max report",
            advertiser_id=advertiser_id,
            page_size=1000,
            most=1000,
        )


def _dates(start_date: date, end_date: date, step: Step | None) -> dict[str, date]:
    check_span(start_date, end_date, step)
    return {"start_date": start_date, "end_date": end_date}
