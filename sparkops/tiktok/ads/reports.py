"""Numbers of campaigns, ad groups and ads by day or hour: ``/report/integrated/get/`` (contract 8).

Days and hours follow the ad account's time zone. Numbers of a day keep changing for up to 28 days,
so a reader replaces a day's rows and never adds to them. A missing row means nothing happened.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Literal

from pydantic import Field

from sparkops.tiktok.ads.calls import Caller, PageOf
from sparkops.tiktok.ads.encoding import batch
from sparkops.tiktok.values import Record, day_or_none, decimal_or_none, is_absent, text_id

Step = Literal["stat_time_day", "stat_time_hour"]
DAY: Step = "stat_time_day"
HOUR: Step = "stat_time_hour"
# Most dates in one request, both ends counted (contract 8.1 and 12 number 7).
DATES_PER_REQUEST: dict[Step | None, int] = {HOUR: 1, DAY: 30, None: 365}


class Level(Enum):
    """What a row is about: TikTok's data level, its id dimension and its status filter."""

    ADVERTISER = ("AUCTION_ADVERTISER", "advertiser_id", None)
    CAMPAIGN = ("AUCTION_CAMPAIGN", "campaign_id", "campaign_status")
    AD_GROUP = ("AUCTION_ADGROUP", "adgroup_id", "adgroup_status")
    AD = ("AUCTION_AD", "ad_id", "ad_status")
    SMART_PLUS_AD = ("AUCTION_AD", "ad_id_v2", "ad_status")

    @property
    def data_level(self) -> str:
        return self.value[0]

    @property
    def dimension(self) -> str:
        return self.value[1]

    @property
    def status_field(self) -> str | None:
        return self.value[2]


MONEY_METRICS = ("spend", "billed_cost")
DELIVERY_METRICS = ("impressions", "reach", "clicks")
SOCIAL_METRICS = ("likes", "comments", "shares", "follows", "profile_visits")
VIDEO_METRICS = ("video_play_actions", "video_watched_6s", "video_views_p100")
RESULT_METRICS = ("conversion", "complete_payment", "total_purchase_value")
SHOP_METRICS = ("onsite_shopping", "total_onsite_shopping_value")
AD_NUMBERS = (
    *MONEY_METRICS,
    *DELIVERY_METRICS,
    *SOCIAL_METRICS,
    *VIDEO_METRICS,
    *RESULT_METRICS,
    *SHOP_METRICS,
)
AD_ATTRIBUTES = ("campaign_id", "adgroup_id", "tiktok_item_id", "currency")


class ReportRow(Record):
    """One row. TikTok mixes text, numbers and nothing in it, so read it with these methods."""

    dimensions: dict[str, Any]
    metrics: dict[str, Any] = Field(default_factory=dict)

    def id_of(self, dimension: str) -> str:
        """An id the row was asked by, as text; "" when the row has no such dimension.

        Raises ``ValueError`` for an id that came as a fraction and so lost digits.
        """
        return text_id(self.dimensions.get(dimension))

    @property
    def day(self) -> date | None:
        """The day of the row in the ad account's zone."""
        return day_or_none(self.dimensions.get(DAY) or self.dimensions.get(HOUR))

    @property
    def hour(self) -> int | None:
        """The hour of the row (0 to 23) in the ad account's zone."""
        written = self.dimensions.get(HOUR)
        return None if is_absent(written) else int(str(written)[11:13])

    def number(self, metric: str) -> Decimal | None:
        """A metric; None when TikTok sent no value. Raises ``ValueError`` for what is no number.

        Money is in the ad account's currency; rates are percentages already ("1.18" is 1.18 %).
        """
        return decimal_or_none(self.metrics.get(metric))

    def counts(self, metrics: Sequence[str]) -> list[int]:
        """Metrics that count, 0 where TikTok sent no value; parts of a whole are left off.

        Raises ``ValueError`` for what is no number.
        """
        values: list[Any] = list(map(self.metrics.get, metrics))
        if _are_digits(values):
            return [int(str(value)) for value in values]
        return [int(decimal_or_none(value) or 0) for value in values]

    def attribute(self, metric: str) -> str:
        """A name or id among the metrics; "" for every way TikTok says that there is none."""
        value = self.metrics.get(metric)
        return "" if is_absent(value) or str(value).strip() in {"0", "-1"} else str(value)


class Reports:
    """Reports of one ad account at a time."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def pages(
        self,
        advertiser_id: str,
        level: Level,
        start_date: date,
        end_date: date,
        *,
        step: Step | None = DAY,
        metrics: Sequence[str] = AD_NUMBERS,
        ids: Sequence[str] | None = None,
        include_deleted: bool = True,
        page_size: int = 1000,
        start: int = 1,
    ) -> Iterator[PageOf[ReportRow]]:
        """Rows per object and step. Both dates count and are days of the ad account.

        ``ids`` narrows to up to 100 objects of the level. Raises ``ValueError`` for a span longer
        than TikTok takes at once (see ``spans``) and ``Unexpected`` when TikTok cut the report.
        """
        check_span(start_date, end_date, step)
        params = {
            "advertiser_id": advertiser_id,
            "service_type": "AUCTION",
            "report_type": "BASIC",
            "data_level": level.data_level,
            "dimensions": [level.dimension] + ([step] if step else []),
            "metrics": list(metrics),
            "start_date": start_date,
            "end_date": end_date,
            "filtering": _filtering(level, ids, include_deleted=include_deleted) or None,
        }
        return self._caller.pages(
            "/report/integrated/get/",
            params,
            ReportRow,
            what="a report",
            advertiser_id=advertiser_id,
            page_size=page_size,
            most=1000,
            start=start,
        )


def spans(start_date: date, end_date: date, step: Step | None = DAY) -> Iterator[tuple[date, date]]:
    """The days cut into spans that one request may ask for, in order, both ends included."""
    most = DATES_PER_REQUEST[step]
    first = start_date
    while first <= end_date:
        last = min(end_date, first + timedelta(days=most - 1))
        yield first, last
        first = last + timedelta(days=1)


def check_span(start_date: date, end_date: date, step: Step | None) -> None:
    """Raises ``ValueError`` for days TikTok does not take in one request."""
    dates = (end_date - start_date).days + 1
    most = DATES_PER_REQUEST[step]
    if not 1 <= dates <= most:
        raise ValueError(f"TikTok reports 1 to {most} days at once here, not {dates}")


def _filtering(
    level: Level, ids: Sequence[str] | None, *, include_deleted: bool
) -> list[dict[str, str]]:
    filtering = []
    if include_deleted and level.status_field:
        filtering.append(_one_of(level.status_field, ["STATUS_ALL"]))
    if ids is not None:
        filtering.append(_one_of(f"{level.dimension}s", batch(ids, 100, "objects")))
    return filtering


def _one_of(field: str, values: Sequence[str]) -> dict[str, str]:
    # The value of IN is itself JSON text (contract 8.1).
    return {"field_name": field, "filter_type": "IN", "filter_value": json.dumps(list(values))}


def _are_digits(values: Sequence[Any]) -> bool:
    """Whether all are texts of digits, as in almost every row: one look for the whole row."""
    try:
        digits = "".join(values)
    except TypeError:
        return False
    return all(values) and digits.isascii() and digits.isdigit()
