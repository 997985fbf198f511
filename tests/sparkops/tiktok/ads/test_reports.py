"""Reports: what is asked per level and step, and how TikTok's loose values are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.reports import DAY, HOUR, Level, ReportRow, Step, spans
from sparkops.tiktok.errors import Unexpected

from .conftest import ADVERTISER, TikTok

START = date(2026, 11, 1)


def test_ads_by_day(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"list": []})
    next(
        api.reports.pages(
            ADVERTISER,
            Level.AD,
            START,
            date(2026, 11, 30),
            metrics=["spend", "billed_cost"],
            ids=["181201"],
        )
    )
    query = tiktok.last.params
    assert tiktok.last.path == "/open_api/v1.3/report/integrated/get/"
    assert json.loads(query.pop("filtering")) == [
        {"field_name": "ad_status", "filter_type": "IN", "filter_value": '["STATUS_ALL"]'},
        {"field_name": "ad_ids", "filter_type": "IN", "filter_value": '["181201"]'},
    ]
    assert query == {
        "advertiser_id": ADVERTISER,
        "service_type": "AUCTION",
        "report_type": "BASIC",
        "data_level": "AUCTION_AD",
        "dimensions": '["ad_id","stat_time_day"]',
        "metrics": '["spend","billed_cost"]',
        "start_date": "2026-11-01",
        "end_date": "2026-11-30",
        "page": "1",
        "page_size": "1000",
    }


@pytest.mark.parametrize(
    ("level", "step", "dimensions", "data_level", "status"),
    [
        (Level.ADVERTISER, DAY, ["advertiser_id", "stat_time_day"], "AUCTION_ADVERTISER", None),
        (Level.CAMPAIGN, None, ["campaign_id"], "AUCTION_CAMPAIGN", "campaign_status"),
        (
            Level.AD_GROUP,
            HOUR,
            ["adgroup_id", "stat_time_hour"],
            "AUCTION_ADGROUP",
            "adgroup_status",
        ),
        (Level.SMART_PLUS_AD, DAY, ["ad_id_v2", "stat_time_day"], "AUCTION_AD", "ad_status"),
    ],
)
def test_level_and_dimension_belong_together(
    level: Level,
    step: Step | None,
    dimensions: list[str],
    data_level: str,
    status: str | None,
    api: AdsApi,
    tiktok: TikTok,
) -> None:
    tiktok.will_accept({"list": []})
    next(api.reports.pages(ADVERTISER, level, START, START, step=step))
    query = tiktok.last.params
    assert json.loads(query["dimensions"]) == dimensions
    assert query["data_level"] == data_level
    if status:
        assert json.loads(query["filtering"])[0]["field_name"] == status
    else:
        assert "filtering" not in query


@pytest.mark.parametrize(
    ("step", "days", "fits"),
    [(DAY, 30, True), (DAY, 31, False), (HOUR, 1, True), (HOUR, 2, False), (None, 365, True),
     (None, 366, False), (DAY, 0, False)],
)  # fmt: skip
def test_span_limits(step: Step | None, days: int, fits: bool, api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"list": []})
    end = START + timedelta(days=days - 1)
    if fits:
        assert next(api.reports.pages(ADVERTISER, Level.AD, START, end, step=step)).items == []
        return
    with pytest.raises(ValueError, match="days at once"):
        next(api.reports.pages(ADVERTISER, Level.AD, START, end, step=step))
    assert tiktok.requests == []


def test_long_spans_are_cut_without_gap_or_overlap() -> None:
    assert list(spans(date(2026, 9, 1), date(2026, 11, 3))) == [
        (date(2026, 9, 1), date(2026, 9, 30)),
        (date(2026, 10, 1), date(2026, 10, 30)),
        (date(2026, 10, 31), date(2026, 11, 3)),
    ]
    assert list(spans(START, START, HOUR)) == [(START, START)]
    assert list(spans(START, START - timedelta(days=1))) == []


def test_values_are_read_in_every_form() -> None:
    row = ReportRow(
        dimensions={"ad_id": 1678604629756978, "stat_time_hour": "2026-11-20 07:00:00"},
        metrics={
            "spend": "20.000", "clicks": "116.0", "reach": 12, "ctr": 1.18, "likes": "-",
            "shares": "", "follows": None, "tiktok_item_id": "0", "ad_name": "Serum",
            "campaign_name": "-1", "broken": "many",
        },
    )  # fmt: skip
    assert row.id_of("ad_id") == "1678604629756978"
    assert (row.day, row.hour) == (date(2026, 11, 20), 7)
    assert row.number("spend") == Decimal("20")
    assert row.number("clicks") == 116
    assert row.number("reach") == 12
    assert row.number("ctr") == Decimal("1.18")
    assert [row.number(name) for name in ("likes", "shares", "follows", "absent")] == [None] * 4
    assert row.attribute("ad_name") == "Serum"
    assert [row.attribute(name) for name in ("tiktok_item_id", "campaign_name", "likes")] == [
        ""
    ] * 3
    with pytest.raises(ValueError):
        row.number("broken")


def test_row_of_a_day_has_no_hour() -> None:
    row = ReportRow(dimensions={"ad_id": "1", "stat_time_day": "2026-11-20 00:00:00"})
    assert (row.day, row.hour) == (date(2026, 11, 20), None)
    assert ReportRow(dimensions={"ad_id": "1"}).day is None


def test_total_metrics_are_kept(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"list": [], "total_metrics": {"spend": "9.99"}})
    page = next(api.reports.pages(ADVERTISER, Level.AD, START, START))
    assert page.content.total_metrics == {"spend": "9.99"}


def test_report_cut_by_tiktok_does_not_pass_as_whole(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_answer({"code": 0, "data": {"list": []}}, X_Tt_Ads_Throttle="1")
    with pytest.raises(Unexpected, match="fewer days") as raised:
        next(api.reports.pages(ADVERTISER, Level.AD, START, START))
    assert raised.value.reason == "answer_cut"


# Contract 7.3: dimensions and required filters per level.
# net_cost is not offered below the campaign, attributes only when one product is asked for.
GMV_MAX: list[tuple[Callable[[AdsApi], Any], list[str], dict[str, Any] | None, set[str]]] = [
    (
        lambda api: api.gmv_max.reports.account_pages(ADVERTISER, "749", START, START),
        ["advertiser_id", "stat_time_day"],
        None,
        {"net_cost"},
    ),
    (
        lambda api: api.gmv_max.reports.campaign_pages(ADVERTISER, "749", "PRODUCT", START, START),
        ["campaign_id", "stat_time_day"],
        {"gmv_max_promotion_types": ["PRODUCT"]},
        {"net_cost"},
    ),
    (
        lambda api: api.gmv_max.reports.product_pages(
            ADVERTISER, "749", ["182"], START, START, step=HOUR
        ),
        ["campaign_id", "item_group_id", "stat_time_hour"],
        {"campaign_ids": ["182"]},
        set(),
    ),
    (
        lambda api: api.gmv_max.reports.creative_pages(
            ADVERTISER, "749", ["182"], ["172"], START, START
        ),
        ["campaign_id", "item_group_id", "item_id", "stat_time_day"],
        {"campaign_ids": ["182"], "item_group_ids": ["172"]},
        set(),
    ),
    (
        lambda api: api.gmv_max.reports.creative_pages(
            ADVERTISER, "749", ["182"], ["172"], START, START, by_day=False
        ),
        ["campaign_id", "item_group_id", "item_id"],
        {"campaign_ids": ["182"], "item_group_ids": ["172"]},
        set(),
    ),
    (
        lambda api: api.gmv_max.reports.creative_attribute_pages(
            ADVERTISER, "749", "182", "172", START, START
        ),
        ["item_id"],
        {"campaign_ids": ["182"], "item_group_ids": ["172"]},
        {"creative_delivery_status", "tt_account_authorization_type"},
    ),
]


@pytest.mark.parametrize(("call", "dimensions", "filtering", "special"), GMV_MAX)
def test_gmv_max_report_request(
    call: Callable[[AdsApi], Any],
    dimensions: list[str],
    filtering: dict[str, Any] | None,
    special: set[str],
    api: AdsApi,
    tiktok: TikTok,
) -> None:
    tiktok.will_accept({"list": []})
    next(call(api))
    query = tiktok.last.params
    assert tiktok.last.path == "/open_api/v1.3/gmv_max/report/get/"
    assert json.loads(query["store_ids"]) == ["749"]
    assert json.loads(query["dimensions"]) == dimensions
    assert (json.loads(query["filtering"]) if "filtering" in query else None) == filtering
    assert (query["start_date"], query["end_date"]) == ("2026-11-01", "2026-11-01")
    asked = set(json.loads(query["metrics"]))
    assert {"cost", "orders", "gross_revenue"} <= asked
    rare = {"net_cost", "creative_delivery_status", "tt_account_authorization_type"}
    assert asked & rare == special


def test_gmv_max_report_span_is_checked(api: AdsApi, tiktok: TikTok) -> None:
    with pytest.raises(ValueError, match="1 to 30 days"):
        api.gmv_max.reports.account_pages(ADVERTISER, "749", START, START + timedelta(days=30))
    assert tiktok.requests == []
