"""Spark codes, posts and ads: what is refused, and what the clock and the creator change."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.running import Running

INVALID = "The authorization code is invalid."


def redeem(running: Running, code: str) -> dict[str, Any]:
    return running.post("/tt_video/authorize/", advertiser_id=running.advertiser_id, auth_code=code)


def listed(running: Running, item_id: str) -> dict[str, Any]:
    body = running.get("/tt_video/list/", advertiser_id=running.advertiser_id, keyword=item_id)
    return running.ok(body)["list"][0]


def spend(running: Running, ad_id: str, first: datetime, last: datetime) -> Decimal:
    body = running.get(
        "/report/integrated/get/",
        advertiser_id=running.advertiser_id,
        report_type="BASIC",
        data_level="AUCTION_AD",
        dimensions=["ad_id"],
        metrics=["spend"],
        start_date=f"{first:%Y-%m-%d}",
        end_date=f"{last:%Y-%m-%d}",
        filtering=[
            {"field_name": "ad_ids", "filter_type": "IN", "filter_value": json.dumps([ad_id])}
        ],
    )
    rows = running.ok(body)["list"]
    return Decimal(rows[0]["metrics"]["spend"]) if rows else Decimal(0)


def test_redeeming_shows_the_post_with_start_and_end(fresh: Running) -> None:
    item_id = fresh.post_without_code()
    code = fresh.control("new_code", item_id=item_id, days=7)
    fresh.control("clock", advance_seconds=3600)
    assert fresh.ok(redeem(fresh, f"  {code['auth_code']}\n")) == {}
    row = listed(fresh, item_id)
    made = datetime.fromisoformat(code["starts_at"])
    assert row["auth_info"]["ad_auth_status"] == "AUTHORIZED"
    assert row["auth_info"]["auth_start_time"] == f"{made:%Y-%m-%d %H:%M:%S}"
    assert row["auth_info"]["auth_end_time"] == f"{made + timedelta(days=7):%Y-%m-%d %H:%M:%S}"
    assert row["auth_info"]["invite_start_time"] > row["auth_info"]["auth_start_time"]
    assert row["item_info"]["auth_code"] == code["auth_code"]
    assert row["video_info"]["preview_url"]


def test_a_code_is_redeemed_per_ad_account_and_refused_the_second_time(fresh: Running) -> None:
    code = fresh.control("new_code", item_id=fresh.post_without_code())["auth_code"]
    other = fresh.credentials["ads"]["advertiser_ids"][1]
    assert redeem(fresh, code)["code"] == 0
    again = redeem(fresh, code)
    assert (again["code"], again["message"]) == (
        40002,
        "The authorization code has already been used.",
    )
    elsewhere = fresh.post("/tt_video/authorize/", advertiser_id=other, auth_code=code)
    assert elsewhere["code"] == 0


@pytest.mark.parametrize("text", ["#short", "no hash sign but long enough text", "#" + "A" * 300])
def test_a_malformed_code_is_invalid(fresh: Running, text: str) -> None:
    body = redeem(fresh, text)
    assert (body["code"], body["message"]) == (40002, INVALID)


def test_codes_are_refused_with_the_texts_of_the_contract(fresh: Running) -> None:
    items = [post["item_id"] for post in fresh.listing()["posts"]][:3]
    expired, revoked, deleted = (
        fresh.control("new_code", item_id=item_id, days=7)["auth_code"] for item_id in items
    )
    fresh.control("expire_code", auth_code=expired)
    fresh.control("revoke_code", auth_code=revoked)
    fresh.control("delete_post", item_id=items[2])
    answers = [redeem(fresh, code) for code in (expired, revoked, deleted)]
    assert [body["code"] for body in answers] == [40002] * 3
    assert [body["message"] for body in answers] == [
        "The authorization code has expired.",
        INVALID,
        "The post does not exist or has been deleted.",
    ]
    looked_up = fresh.get("/tt_video/info/", advertiser_id=fresh.advertiser_id, auth_code=expired)
    assert looked_up["message"] == "The authorization code has expired."


def test_unbinding_takes_the_post_out_of_the_account(fresh: Running) -> None:
    item_id = fresh.post_without_code()
    code = fresh.control("new_code", item_id=item_id)["auth_code"]
    fresh.ok(redeem(fresh, code))
    body = fresh.post("/tt_video/unbind/", advertiser_id=fresh.advertiser_id, item_id=item_id)
    assert fresh.ok(body) == {}
    found = fresh.get("/tt_video/list/", advertiser_id=fresh.advertiser_id, keyword=item_id)
    assert fresh.ok(found)["list"] == []
    assert redeem(fresh, code)["code"] == 0


def test_a_new_ad_is_reviewed_then_delivers(fresh: Running) -> None:
    ids = fresh.make_live_ad(fresh.post_without_code())
    assert fresh.ad_status(ids["ad_id"]) == "AD_STATUS_DELIVERY_OK"
    second = fresh.ok(
        fresh.post(
            "/ad/create/",
            advertiser_id=fresh.advertiser_id,
            adgroup_id=ids["adgroup_id"],
            creatives=[
                {
                    "ad_name": "again",
                    "ad_format": "SINGLE_VIDEO",
                    "identity_type": "AUTH_CODE",
                    "identity_id": fresh.ok(
                        fresh.get(
                            "/ad/get/",
                            advertiser_id=fresh.advertiser_id,
                            filtering={"ad_ids": [ids["ad_id"]]},
                        )
                    )["list"][0]["identity_id"],
                    "tiktok_item_id": fresh.ok(
                        fresh.get(
                            "/ad/get/",
                            advertiser_id=fresh.advertiser_id,
                            filtering={"ad_ids": [ids["ad_id"]]},
                        )
                    )["list"][0]["tiktok_item_id"],
                }
            ],
        )
    )["ad_ids"][0]
    assert fresh.ad_status(second) == "AD_STATUS_AUDIT"
    fresh.control("clock", advance_seconds=3600)
    assert fresh.ad_status(second) == "AD_STATUS_DELIVERY_OK"


def test_when_the_clock_passes_the_end_the_ad_loses_permission_and_stops(fresh: Running) -> None:
    item_id = fresh.post_without_code()
    ids = fresh.make_live_ad(item_id, days=7)
    began = fresh.now()
    fresh.pass_days(6.9)
    assert fresh.ad_status(ids["ad_id"]) == "AD_STATUS_DELIVERY_OK"
    fresh.pass_days(0.2)
    assert fresh.ad_status(ids["ad_id"]) == "AD_STATUS_ASSET_AUTHORIZATION_LOST"
    row = listed(fresh, item_id)
    assert row["auth_info"]["ad_auth_status"] == "EXPIRED"
    assert row["video_info"]["preview_url"] == ""
    ended = fresh.now()
    before = spend(fresh, ids["ad_id"], began - timedelta(days=1), ended)
    assert before > 0
    fresh.pass_days(5)
    assert spend(fresh, ids["ad_id"], began - timedelta(days=1), fresh.now()) == before
    assert [fresh.advertiser_id, item_id] in fresh.truth()["expired"]["7"]


def test_a_renewed_code_brings_the_ad_back(fresh: Running) -> None:
    item_id = fresh.post_without_code()
    ids = fresh.make_live_ad(item_id, days=7)
    fresh.pass_days(8)
    assert fresh.ad_status(ids["ad_id"]) == "AD_STATUS_ASSET_AUTHORIZATION_LOST"
    renewed = fresh.control("new_code", item_id=item_id, days=30)
    fresh.ok(redeem(fresh, renewed["auth_code"]))
    assert fresh.ad_status(ids["ad_id"]) == "AD_STATUS_DELIVERY_OK"
    end = datetime.fromisoformat(renewed["ends_at"])
    row = listed(fresh, item_id)
    assert row["auth_info"]["auth_end_time"] == f"{end:%Y-%m-%d %H:%M:%S}"


def test_an_extension_moves_the_end_and_leaves_the_gap_unspent(fresh: Running) -> None:
    item_id = fresh.post_without_code()
    ids = fresh.make_live_ad(item_id, days=7)
    began = fresh.now()
    fresh.pass_days(9)
    before = spend(fresh, ids["ad_id"], began - timedelta(days=1), fresh.now())
    extended = fresh.control("extend_code", auth_code=ids["auth_code"], days=30)
    assert extended["state"] == "active"
    assert spend(fresh, ids["ad_id"], began - timedelta(days=1), fresh.now()) == before
    assert fresh.ad_status(ids["ad_id"]) == "AD_STATUS_DELIVERY_OK"
    fresh.pass_days(2)
    assert spend(fresh, ids["ad_id"], began - timedelta(days=1), fresh.now()) > before


@pytest.mark.parametrize(
    ("action", "more", "word"),
    [
        ("revoke_code", {}, "AD_STATUS_ASSET_AUTHORIZATION_LOST"),
        ("delete_post", {}, "AD_STATUS_ASSET_AUTHORIZATION_LOST"),
        ("delete_post", {"by": "review"}, "AD_STATUS_AUDIT_DENY"),
        ("make_private", {}, "AD_STATUS_ASSET_AUTHORIZATION_LOST"),
        ("drop_product_link", {}, "AD_STATUS_ANCHOR_UNAVAILABLE"),
    ],
)
def test_what_the_creator_does_stops_the_ad(
    fresh: Running, action: str, more: dict[str, str], word: str
) -> None:
    item_id = fresh.post_without_code()
    ids = fresh.make_live_ad(item_id)
    fresh.control(action, item_id=item_id, **more)
    assert fresh.ad_status(ids["ad_id"]) == word
    row = fresh.ok(
        fresh.get(
            "/ad/get/", advertiser_id=fresh.advertiser_id, filtering={"ad_ids": [ids["ad_id"]]}
        )
    )["list"][0]
    refused = fresh.post(
        "/ad/create/",
        advertiser_id=fresh.advertiser_id,
        adgroup_id=ids["adgroup_id"],
        creatives=[
            {
                "ad_name": "another",
                "ad_format": "SINGLE_VIDEO",
                "identity_type": "AUTH_CODE",
                "identity_id": row["identity_id"],
                "tiktok_item_id": item_id,
            }
        ],
    )
    assert refused["code"] == 40002
    assert refused["message"].startswith("tiktok_item_id:")


def test_a_revoked_code_is_unauthorized_in_the_list(fresh: Running) -> None:
    item_id = fresh.post_without_code()
    code = fresh.control("new_code", item_id=item_id)["auth_code"]
    fresh.ok(redeem(fresh, code))
    fresh.control("revoke_code", auth_code=code)
    assert listed(fresh, item_id)["auth_info"]["ad_auth_status"] == "UNAUTHORIZED"


def test_switches_of_the_parents_show_on_the_ad(fresh: Running) -> None:
    ids = fresh.make_live_ad(fresh.post_without_code())

    def switch(level: str, status: str) -> None:
        body = {f"{level}_ids": [ids[f"{level}_id"]], "operation_status": status}
        path = f"/{level}/status/update/"
        data = fresh.ok(fresh.post(path, advertiser_id=fresh.advertiser_id, **body))
        assert data["status"] == status

    switch("campaign", "DISABLE")
    assert fresh.ad_status(ids["ad_id"]) == "AD_STATUS_CAMPAIGN_DISABLE"
    switch("adgroup", "DISABLE")
    assert fresh.ad_status(ids["ad_id"]) == "AD_STATUS_ADGROUP_DISABLE"
    switch("ad", "DISABLE")
    assert fresh.ad_status(ids["ad_id"]) == "AD_STATUS_DISABLE"
    for level in ("ad", "adgroup", "campaign"):
        switch(level, "ENABLE")
    assert fresh.ad_status(ids["ad_id"]) == "AD_STATUS_DELIVERY_OK"


def test_a_deleted_ad_is_hidden_readable_on_demand_and_stays_deleted(fresh: Running) -> None:
    ids = fresh.make_live_ad(fresh.post_without_code())
    body = {"advertiser_id": fresh.advertiser_id, "ad_ids": [ids["ad_id"]]}
    fresh.ok(fresh.post("/ad/status/update/", operation_status="DELETE", **body))

    def read(**filtering: Any) -> list[dict[str, Any]]:
        asked = {"ad_ids": [ids["ad_id"]], **filtering}
        answer = fresh.get("/ad/get/", advertiser_id=fresh.advertiser_id, filtering=asked)
        return fresh.ok(answer)["list"]

    assert read() == []
    assert read(primary_status="STATUS_ALL")[0]["secondary_status"] == "AD_STATUS_DELETE"
    assert fresh.post("/ad/status/update/", operation_status="ENABLE", **body)["code"] == 40002


def test_partial_success_is_20001_with_the_errors(fresh: Running) -> None:
    ids = fresh.make_live_ad(fresh.post_without_code())
    body = {
        "advertiser_id": fresh.advertiser_id,
        "adgroup_ids": [ids["adgroup_id"], "1811000000000000000"],
        "operation_status": "DISABLE",
    }
    whole = fresh.post("/adgroup/status/update/", **body)
    assert whole["code"] != 0
    partly = fresh.post("/adgroup/status/update/", allow_partial_success=True, **body)
    assert partly["code"] == 20001
    assert partly["data"]["adgroup_ids"] == [ids["adgroup_id"]]
    assert partly["data"]["error_list"][0]["adgroup_id"] == "1811000000000000000"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"campaign_name": "x" * 513}, "campaign_name"),
        ({"campaign_name": "smile \U0001f600"}, "campaign_name"),
        ({"objective_type": "MAKE_MONEY"}, "objective_type"),
        ({"budget_mode": "BUDGET_MODE_DAY", "budget": 50}, "budget"),
        ({"budget_mode": "BUDGET_MODE_DAY"}, "Missing required field(s): budget"),
    ],
)
def test_a_wrong_campaign_is_refused(tiny: Running, change: dict[str, Any], field: str) -> None:
    body = {
        "advertiser_id": tiny.advertiser_id,
        "campaign_name": "fine",
        "objective_type": "TRAFFIC",
        "budget_mode": "BUDGET_MODE_INFINITE",
    }
    answer = tiny.post("/campaign/create/", **{**body, **change})
    assert answer["code"] == 40002
    assert answer["message"].startswith(field)


def test_the_same_create_request_within_ten_seconds_is_a_duplicate(fresh: Running) -> None:
    body = {
        "advertiser_id": fresh.advertiser_id,
        "campaign_name": "twice",
        "objective_type": "TRAFFIC",
        "budget_mode": "BUDGET_MODE_INFINITE",
        "request_id": "77",
    }
    assert fresh.post("/campaign/create/", **body)["code"] == 0
    assert fresh.post("/campaign/create/", **body)["code"] == 40050
    fresh.control("clock", advance_seconds=11)
    assert fresh.post("/campaign/create/", **body)["code"] == 0
    named = {key: value for key, value in body.items() if key != "request_id"}
    assert fresh.post("/campaign/create/", **named)["code"] == 40002


def test_a_daily_budget_can_be_scheduled_for_tomorrow(fresh: Running) -> None:
    ids = fresh.make_live_ad(fresh.post_without_code())
    body = {"adgroup_id": ids["adgroup_id"], "scheduled_budget": 80}
    fresh.ok(
        fresh.post(
            "/adgroup/budget/update/",
            advertiser_id=fresh.advertiser_id,
            scheduled_budget=[body],
        )
    )

    def row() -> dict[str, Any]:
        asked = {"adgroup_ids": [ids["adgroup_id"]]}
        answer = fresh.get("/adgroup/get/", advertiser_id=fresh.advertiser_id, filtering=asked)
        return fresh.ok(answer)["list"][0]

    assert (row()["budget"], row()["scheduled_budget"]) == (30, 80)
    fresh.pass_days(1)
    assert (row()["budget"], row()["scheduled_budget"]) == (80, 0)
