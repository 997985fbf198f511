"""Reports: revisions, dimensions, filters, late figures, exports."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.running import Running


def basic(running: Running, day: date, **changes: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "advertiser_id": running.advertiser_id,
        "report_type": "BASIC",
        "data_level": "AUCTION_ADVERTISER",
        "dimensions": ["advertiser_id", "stat_time_day"],
        "metrics": ["spend", "billed_cost", "conversion"],
        "start_date": day.isoformat(),
        "end_date": day.isoformat(),
    }
    return running.get("/report/integrated/get/", **{**asked, **changes})


def account_today(running: Running) -> date:
    listing = running.listing()["brands"][0]["advertisers"][0]
    return date.fromisoformat(listing["today"])


def test_conversions_of_a_day_grow_for_a_week_and_spend_does_not(fresh: Running) -> None:
    day = account_today(fresh) - timedelta(days=1)
    seen = []
    for _ in range(9):
        metrics = fresh.ok(basic(fresh, day))["list"][0]["metrics"]
        seen.append((Decimal(metrics["conversion"]), metrics["spend"]))
        fresh.pass_days(1)
    conversions = [one for one, _ in seen]
    assert conversions == sorted(conversions)
    assert conversions[-1] > conversions[0]
    assert conversions[-1] == conversions[-2]
    assert len({spend for _, spend in seen}) == 1


def test_billed_cost_is_up_to_eleven_hours_late(fresh: Running) -> None:
    day = account_today(fresh)
    fresh.control("clock", advance_seconds=86400, frozen=True)
    metrics = fresh.ok(basic(fresh, day))["list"][0]["metrics"]
    assert Decimal(metrics["billed_cost"]) <= Decimal(metrics["spend"])
    fresh.control("clock", advance_seconds=86400)
    later = fresh.ok(basic(fresh, day))["list"][0]["metrics"]
    assert later["billed_cost"] == later["spend"]


def test_metrics_are_text_and_days_are_the_accounts(tiny: Running) -> None:
    day = account_today(tiny) - timedelta(days=1)
    row = tiny.ok(basic(tiny, day))["list"][0]
    assert row["dimensions"] == {
        "advertiser_id": tiny.advertiser_id,
        "stat_time_day": f"{day} 00:00:00",
    }
    assert all(isinstance(value, str) for value in row["metrics"].values())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"report_type": "MAGIC"}, "report_type"),
        ({"data_level": "AUCTION_AD"}, "dimensions"),
        ({"dimensions": ["advertiser_id", "campaign_id"]}, "dimensions"),
        ({"dimensions": ["advertiser_id", "planet"]}, "dimensions"),
        ({"dimensions": ["advertiser_id", "gender"]}, "dimensions"),
        ({"metrics": ["NOT A METRIC"]}, "metrics"),
        ({"start_date": "yesterday"}, "start_date"),
        ({"filtering": [{"field_name": "moon", "filter_value": "1"}]}, "filtering"),
    ],
)
def test_a_wrong_request_names_the_field(tiny: Running, change: dict[str, Any], field: str) -> None:
    body = basic(tiny, account_today(tiny), **change)
    assert body["code"] == 40002
    assert body["message"].startswith(field)


def test_audience_rows_split_the_whole(tiny: Running) -> None:
    day = account_today(tiny) - timedelta(days=2)
    whole = Decimal(tiny.ok(basic(tiny, day))["list"][0]["metrics"]["spend"])
    data = tiny.ok(
        basic(
            tiny,
            day,
            report_type="AUDIENCE",
            dimensions=["advertiser_id", "gender", "age"],
            page_size=100,
        )
    )
    assert len(data["list"]) == 15
    parts = sum(Decimal(row["metrics"]["spend"]) for row in data["list"])
    # Every part is rounded to the cent.
    assert abs(parts - whole) <= Decimal("0.005") * 15


def test_totals_come_with_the_first_page_only(tiny: Running) -> None:
    day = account_today(tiny) - timedelta(days=1)
    asked: dict[str, Any] = {
        "data_level": "AUCTION_AD",
        "dimensions": ["ad_id"],
        "metrics": ["spend"],
        "enable_total_metrics": "true",
    }
    whole = tiny.ok(basic(tiny, day, page_size=1000, **asked))
    rows = sum(Decimal(row["metrics"]["spend"]) for row in whole["list"])
    assert Decimal(whole["total_metrics"]["spend"]) == rows > 0
    assert "total_metrics" not in tiny.ok(basic(tiny, day, page=2, page_size=2, **asked))


def test_deleted_ads_count_only_when_asked_for(fresh: Running) -> None:
    day = account_today(fresh) - timedelta(days=1)
    asked: dict[str, Any] = {"data_level": "AUCTION_AD", "dimensions": ["ad_id"]}
    rows = fresh.ok(basic(fresh, day, page_size=1000, **asked))["list"]
    ad_id = rows[0]["dimensions"]["ad_id"]
    fresh.ok(
        fresh.post(
            "/ad/status/update/",
            advertiser_id=fresh.advertiser_id,
            ad_ids=[ad_id],
            operation_status="DELETE",
        )
    )

    def ids(**more: Any) -> set[str]:
        found = fresh.ok(basic(fresh, day, page_size=1000, **asked, **more))["list"]
        return {row["dimensions"]["ad_id"] for row in found}

    assert ad_id not in ids()
    every = {"field_name": "ad_status", "filter_type": "IN", "filter_value": '["STATUS_ALL"]'}
    assert ids(filtering=[every]) == {row["dimensions"]["ad_id"] for row in rows}


@pytest.mark.parametrize(
    ("change", "start"),
    [
        ({"store_ids": []}, "store_ids"),
        ({"store_ids": ["1", "2"]}, "store_ids"),
        ({"dimensions": ["campaign_id"], "filtering": {}}, "Missing"),
        ({"dimensions": ["item_group_id"], "filtering": {}}, "Missing"),
        (
            {
                "dimensions": ["item_group_id"],
                "filtering": {"campaign_ids": ["1"], "gmv_max_promotion_types": ["PRODUCT"]},
            },
            "filtering.gmv_max_promotion_types",
        ),
        (
            {
                "dimensions": ["item_group_id"],
                "filtering": {"campaign_ids": ["1"]},
                "metrics": ["net_cost"],
            },
            "metrics",
        ),
        (
            {
                "start_date": "2026-01-01",
                "end_date": "2026-02-01",
                "dimensions": ["advertiser_id", "stat_time_day"],
            },
            "The time range",
        ),
    ],
)
def test_a_wrong_gmv_max_request_is_refused(
    tiny: Running, change: dict[str, Any], start: str
) -> None:
    stores = tiny.ok(tiny.get("/gmv_max/store/list/", advertiser_id=tiny.advertiser_id))
    asked: dict[str, Any] = {
        "advertiser_id": tiny.advertiser_id,
        "store_ids": [stores["store_list"][0]["store_id"]],
        "dimensions": ["advertiser_id"],
        "metrics": ["cost"],
        "start_date": "2026-11-01",
        "end_date": "2026-11-10",
    }
    assert tiny.get("/gmv_max/report/get/", **asked)["code"] == 0
    body = tiny.get("/gmv_max/report/get/", **{**asked, **change})
    assert body["code"] == 40002
    assert body["message"].startswith(start)


def test_a_report_task_is_checked_then_downloaded(fresh: Running) -> None:
    today = account_today(fresh)
    asked = {
        "advertiser_id": fresh.advertiser_id,
        "report_type": "BASIC",
        "data_level": "AUCTION_AD",
        "dimensions": ["ad_id"],
        "metrics": ["spend"],
        "start_date": (today - timedelta(days=10)).isoformat(),
        "end_date": (today - timedelta(days=1)).isoformat(),
    }
    fresh.control("clock", frozen=True)
    task = {"advertiser_id": fresh.advertiser_id}
    task |= fresh.ok(fresh.post("/report/task/create/", **asked))
    assert fresh.ok(fresh.get("/report/task/check/", **task))["status"] == "PROCESSING"
    assert fresh.get("/report/task/download/", **task)["code"] == 40201
    fresh.control("clock", advance_seconds=5)
    assert fresh.ok(fresh.get("/report/task/check/", **task))["status"] == "SUCCESS"
    text = fresh.raw("GET", "/report/task/download/", params=task).text
    rows = list(csv.DictReader(io.StringIO(text)))
    direct = fresh.ok(fresh.get("/report/integrated/get/", page_size=1000, **asked))["list"]
    assert {row["ad_id"]: row["spend"] for row in rows} == {
        row["dimensions"]["ad_id"]: row["metrics"]["spend"] for row in direct
    }


def test_the_change_log_tells_what_was_switched(fresh: Running) -> None:
    ids = fresh.make_live_ad(fresh.post_without_code())
    fresh.ok(
        fresh.post(
            "/adgroup/update/",
            advertiser_id=fresh.advertiser_id,
            adgroup_id=ids["adgroup_id"],
            budget=99,
        )
    )
    start = fresh.now() - timedelta(hours=1)
    task = {"advertiser_id": fresh.advertiser_id} | fresh.ok(
        fresh.post(
            "/changelog/task/create/",
            advertiser_id=fresh.advertiser_id,
            start_time=f"{start:%Y-%m-%d %H:%M:%S}",
            end_time=f"{start + timedelta(days=1):%Y-%m-%d %H:%M:%S}",
        )
    )
    fresh.control("clock", advance_seconds=5)
    text = fresh.raw("GET", "/changelog/task/download/", params=task).text
    changes = [
        (row["object_id"], row["activity"], row["old"], row["new"])
        for row in csv.DictReader(io.StringIO(text))
    ]
    assert (ids["adgroup_id"], "BUDGET", "30", "99") in changes
