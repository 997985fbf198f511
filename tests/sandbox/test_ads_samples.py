"""Every recorded Marketing API body: the sandbox answers with the same keys and types."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.running import Running
from tests.sandbox.shapes import differences

SAMPLES = Path(os.environ.get("SPARKOPS_SAMPLES", Path(__file__).parents[1] / "samples"))
Ask = Callable[[Running], dict[str, Any]]


def days(running: Running, count: int) -> dict[str, str]:
    today = running.now().date()
    return {
        "start_date": (today - timedelta(days=count - 1)).isoformat(),
        "end_date": today.isoformat(),
    }


def store(running: Running) -> dict[str, str]:
    data = running.ok(running.get("/gmv_max/store/list/", advertiser_id=running.advertiser_id))
    row = data["store_list"][0]
    return {
        "advertiser_id": running.advertiser_id,
        "store_id": row["store_id"],
        "store_authorized_bc_id": row["store_authorized_bc_id"],
    }


def spark_row(running: Running) -> dict[str, Any]:
    body = running.get("/tt_video/list/", advertiser_id=running.advertiser_id, page_size=50)
    rows = running.ok(body)["list"]
    return next(row for row in rows if row["auth_info"]["ad_auth_status"] == "AUTHORIZED")


def identity(running: Running, *, item: bool = False) -> dict[str, str]:
    row = spark_row(running)
    names = {
        "advertiser_id": running.advertiser_id,
        "identity_id": row["user_info"]["identity_id"],
        "identity_type": "AUTH_CODE",
    }
    return names | ({"item_id": row["item_info"]["item_id"]} if item else {})


def gmv_max_report(running: Running, dimensions: list[str], metrics: list[str]) -> dict[str, Any]:
    shop = store(running)
    campaigns = running.ok(
        running.get(
            "/gmv_max/campaign/get/",
            advertiser_id=running.advertiser_id,
            filtering={"gmv_max_promotion_types": ["PRODUCT_GMV_MAX"]},
        )
    )["list"]
    campaign = next(one for one in campaigns if one["operation_status"] == "ENABLE")
    info = running.ok(
        running.get(
            "/campaign/gmv_max/info/",
            advertiser_id=running.advertiser_id,
            campaign_id=campaign["campaign_id"],
        )
    )
    return running.get(
        "/gmv_max/report/get/",
        advertiser_id=running.advertiser_id,
        store_ids=[shop["store_id"]],
        dimensions=dimensions,
        metrics=metrics,
        filtering={
            "campaign_ids": [campaign["campaign_id"]],
            "item_group_ids": info["item_group_ids"],
        },
        page_size=1000,
        **days(running, 14),
    )


def sample_metrics(name: str) -> list[str]:
    body = json.loads((SAMPLES / "marketing" / name).read_text())
    return list(body["data"]["list"][0]["metrics"])


def gmv_max_info(running: Running) -> dict[str, Any]:
    campaigns = running.ok(
        running.get(
            "/gmv_max/campaign/get/",
            advertiser_id=running.advertiser_id,
            filtering={"gmv_max_promotion_types": ["PRODUCT_GMV_MAX"]},
        )
    )["list"]
    return running.get(
        "/campaign/gmv_max/info/",
        advertiser_id=running.advertiser_id,
        campaign_id=campaigns[0]["campaign_id"],
    )


def status_update(running: Running) -> dict[str, Any]:
    campaigns = running.get("/campaign/get/", advertiser_id=running.advertiser_id)
    return running.post(
        "/campaign/status/update/",
        advertiser_id=running.advertiser_id,
        campaign_ids=[running.ok(campaigns)["list"][0]["campaign_id"]],
        operation_status="ENABLE",
    )


def comments(running: Running) -> dict[str, Any]:
    groups = running.ok(running.get("/adgroup/get/", advertiser_id=running.advertiser_id))["list"]
    bodies = [
        running.get(
            "/comment/list/",
            advertiser_id=running.advertiser_id,
            search_field="ADGROUP_ID",
            search_value=group["adgroup_id"],
            start_time="2020-01-01",
            end_time="2099-01-01",
        )
        for group in groups
    ]
    return max(bodies, key=lambda body: len(body["data"]["comments"]))


def create_ad(running: Running) -> dict[str, Any]:
    ids = running.make_live_ad(running.post_without_code())
    row = running.ok(
        running.get(
            "/ad/get/", advertiser_id=running.advertiser_id, filtering={"ad_ids": [ids["ad_id"]]}
        )
    )["list"][0]
    return running.post(
        "/ad/create/",
        advertiser_id=running.advertiser_id,
        adgroup_id=ids["adgroup_id"],
        creatives=[
            {
                "ad_name": "second",
                "ad_format": "SINGLE_VIDEO",
                "identity_type": "AUTH_CODE",
                "identity_id": row["identity_id"],
                "tiktok_item_id": row["tiktok_item_id"],
                "call_to_action": "SHOP_NOW",
                "landing_page_url": "https://shop.example/serum",
            }
        ],
    )


READS: dict[str, Ask] = {
    "advertiser_info.json": lambda r: r.get("/advertiser/info/", advertiser_ids=[r.advertiser_id]),
    "tt_video_list.json": lambda r: r.get(
        "/tt_video/list/", advertiser_id=r.advertiser_id, page_size=50
    ),
    "tt_video_info.json": lambda r: r.get(
        "/tt_video/info/",
        advertiser_id=r.advertiser_id,
        auth_code=spark_row(r)["item_info"]["auth_code"],
    ),
    "identity_get.json": lambda r: r.get(
        "/identity/get/", advertiser_id=r.advertiser_id, identity_type="TT_USER"
    ),
    "identity_video_get.json": lambda r: r.get("/identity/video/get/", **identity(r)),
    "identity_music_authorization.json": lambda r: r.get(
        "/identity/music/authorization/",
        locations=["6252001"],
        start_time="2026-11-18 10:00:00",
        end_time="2026-12-18 10:00:00",
        **identity(r, item=True),
    ),
    "campaign_get.json": lambda r: r.get("/campaign/get/", advertiser_id=r.advertiser_id),
    "adgroup_get.json": lambda r: r.get("/adgroup/get/", advertiser_id=r.advertiser_id),
    "report_integrated_basic_ad_day.json": lambda r: r.get(
        "/report/integrated/get/",
        advertiser_id=r.advertiser_id,
        report_type="BASIC",
        data_level="AUCTION_AD",
        dimensions=["ad_id", "stat_time_day"],
        metrics=["ad_name", "clicks", "spend", "impressions", "ctr"],
        page_size=200,
        **days(r, 30),
    ),
    "gmv_max_store_list.json": lambda r: r.get(
        "/gmv_max/store/list/", advertiser_id=r.advertiser_id
    ),
    "gmv_max_identity_get.json": lambda r: r.get("/gmv_max/identity/get/", **store(r)),
    "gmv_max_campaign_get.json": lambda r: r.get(
        "/gmv_max/campaign/get/",
        advertiser_id=r.advertiser_id,
        filtering={"gmv_max_promotion_types": ["PRODUCT_GMV_MAX"]},
    ),
    "campaign_gmv_max_info.json": gmv_max_info,
    "gmv_max_report_product_day.json": lambda r: gmv_max_report(
        r, ["item_group_id", "stat_time_day"], sample_metrics("gmv_max_report_product_day.json")
    ),
    "gmv_max_report_creative.json": lambda r: gmv_max_report(
        r, ["item_id"], sample_metrics("gmv_max_report_creative.json")
    ),
    "comment_list.json": comments,
}
WRITES: dict[str, Ask] = {
    "oauth2_access_token.json": lambda r: r.post(
        "/oauth2/access_token/",
        app_id=r.credentials["ads"]["app_id"],
        secret=r.credentials["ads"]["secret"],
        auth_code=r.credentials["ads"]["oauth_code"],
    ),
    "campaign_status_update.json": status_update,
    "ad_create_spark.json": create_ad,
}
# Keys with a value only where the entity has one: the seeded worlds leave an end open.
OPTIONAL = {"campaign_gmv_max_info.json": {".data.schedule_end_time is missing"}}


def compare(name: str, body: dict[str, Any]) -> None:
    sample = json.loads((SAMPLES / "marketing" / name).read_text())
    assert body["code"] == 0, body
    assert set(differences(sample, body)) - OPTIONAL.get(name, set()) == set()


@pytest.mark.parametrize("name", READS)
def test_a_read_answers_like_its_sample(tiny: Running, name: str) -> None:
    compare(name, READS[name](tiny))


@pytest.mark.parametrize("name", WRITES)
def test_a_write_answers_like_its_sample(fresh: Running, name: str) -> None:
    compare(name, WRITES[name](fresh))


def test_every_sample_has_a_request() -> None:
    files = {path.name for path in (SAMPLES / "marketing").glob("*.json")}
    assert files - {"errors.json"} == set(READS) | set(WRITES)


def test_rows_of_samples_are_really_compared(tiny: Running) -> None:
    for name in READS:
        sample = json.loads((SAMPLES / "marketing" / name).read_text())["data"]
        body = READS[name](tiny)["data"]
        for key, value in sample.items():
            if isinstance(value, list) and value and key not in {"item_list"}:
                assert body[key], f"{name}: {key} has no rows"
