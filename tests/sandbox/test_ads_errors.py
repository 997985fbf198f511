"""Refusals of the Marketing API: HTTP level, token, fields, paging, codes."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.running import BASE, Running

SAMPLES = Path(os.environ.get("SPARKOPS_SAMPLES", Path(__file__).parents[1] / "samples"))


def sample_error(case: str) -> dict[str, Any]:
    cases = json.loads((SAMPLES / "marketing" / "errors.json").read_text())
    return next(one["body"] for one in cases if one["case"] == case)


def test_a_path_without_its_slash_is_404(tiny: Running) -> None:
    assert tiny.raw("GET", "/campaign/get").status_code == 404


def test_an_unknown_path_is_404(tiny: Running) -> None:
    assert tiny.raw("GET", "/campaign/nothing/").status_code == 404


def test_a_wrong_method_is_405(tiny: Running) -> None:
    assert tiny.raw("POST", "/campaign/get/").status_code == 405
    assert tiny.raw("GET", "/campaign/create/").status_code == 405


def test_a_missing_token_is_answered_like_the_live_api(tiny: Running) -> None:
    response = tiny.client.get(f"{BASE}/campaign/get/")
    sample = sample_error("missing_token")
    assert response.status_code == 200
    body = response.json()
    assert (body["code"], body["message"], body["data"]) == (
        sample["code"],
        sample["message"],
        sample["data"],
    )
    assert response.headers["X-Tt-Logid"] == body["request_id"] != ""


def test_an_unknown_token_is_40105(tiny: Running) -> None:
    body = tiny.raw("GET", "/campaign/get/", token="nobody").json()  # noqa: S106
    assert body["code"] == 40105


def test_a_foreign_advertiser_is_40001() -> None:
    demo = Running.start("demo")
    try:
        brands = demo.credentials["brands"]
        app = demo.credentials["ads"]
        token = demo.ok(
            demo.post(
                "/oauth2/access_token/",
                app_id=app["app_id"],
                secret=app["secret"],
                auth_code=brands[1]["oauth_code"],
            )
        )
        assert token["advertiser_ids"] == brands[1]["advertiser_ids"]
        foreign = brands[0]["advertiser_ids"][0]
        query = {"advertiser_id": foreign}
        body = demo.raw("GET", "/campaign/get/", token=token["access_token"], params=query).json()
        assert body["code"] == 40001
        assert body["data"] == {}
    finally:
        demo.stop()


def test_a_missing_field_is_named(tiny: Running) -> None:
    body = tiny.get("/campaign/get/")
    assert body["code"] == 40002
    assert body["message"] == "Missing required field(s): advertiser_id."


@pytest.mark.parametrize(
    "params",
    [
        {"filtering": "{not json"},
        {"filtering": "[]"},
        {"fields": "{}"},
        {"page_size": 1001},
        {"page_size": 0},
        {"page": "x"},
    ],
)
def test_a_bad_parameter_is_40002_and_named(tiny: Running, params: dict[str, Any]) -> None:
    body = tiny.get("/campaign/get/", advertiser_id=tiny.advertiser_id, **params)
    assert body["code"] == 40002
    assert body["message"].startswith(next(iter(params)))


def test_more_than_a_hundred_ids_are_too_many(tiny: Running) -> None:
    ids = [str(number) for number in range(101)]
    body = tiny.get(
        "/campaign/get/", advertiser_id=tiny.advertiser_id, filtering={"campaign_ids": ids}
    )
    assert body["code"] == 40011


def test_a_list_is_paged_completely_and_once(tiny: Running) -> None:
    seen: list[str] = []
    page, total_page = 1, 1
    while page <= total_page:
        data = tiny.ok(
            tiny.get("/tt_video/list/", advertiser_id=tiny.advertiser_id, page=page, page_size=3)
        )
        info = data["page_info"]
        assert info["page"] == page
        assert info["page_size"] == 3
        assert len(data["list"]) <= 3
        seen += [row["item_info"]["item_id"] for row in data["list"]]
        total_page, page = info["total_page"], page + 1
    assert len(seen) == len(set(seen)) == info["total_number"] > 3


def test_the_default_page_sizes(tiny: Running) -> None:
    campaigns = tiny.ok(tiny.get("/campaign/get/", advertiser_id=tiny.advertiser_id))
    posts = tiny.ok(tiny.get("/tt_video/list/", advertiser_id=tiny.advertiser_id))
    assert campaigns["page_info"]["page_size"] == 10
    assert posts["page_info"]["page_size"] == 20


def test_posts_have_a_cursor(tiny: Running) -> None:
    identities = tiny.ok(
        tiny.get(
            "/identity/get/",
            advertiser_id=tiny.advertiser_id,
            identity_type="AUTH_CODE",
            page_size=100,
        )
    )["identity_list"]
    listed = tiny.ok(tiny.get("/tt_video/list/", advertiser_id=tiny.advertiser_id, page_size=50))[
        "list"
    ]
    counts = {
        one["identity_id"]: [
            row["item_info"]["item_id"]
            for row in listed
            if row["user_info"]["identity_id"] == one["identity_id"]
        ]
        for one in identities
    }
    identity_id, wanted = max(counts.items(), key=lambda pair: len(pair[1]))
    assert len(wanted) > 1
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        data = tiny.ok(
            tiny.get(
                "/identity/video/get/",
                advertiser_id=tiny.advertiser_id,
                identity_id=identity_id,
                identity_type="AUTH_CODE",
                count=1,
                **cursor,
            )
        )
        seen += [row["item_id"] for row in data["video_list"]]
        if not data["has_more"]:
            break
        cursor = {"cursor": data["cursor"]}
    assert sorted(seen) == sorted(wanted)


@pytest.mark.parametrize(
    ("dimensions", "days", "most"),
    [
        (["ad_id", "stat_time_hour"], 2, 1),
        (["ad_id", "stat_time_day"], 31, 30),
        (["ad_id"], 366, 365),
    ],
)
def test_a_report_over_too_many_days_is_refused(
    tiny: Running, dimensions: list[str], days: int, most: int
) -> None:
    def ask(span: int) -> dict[str, Any]:
        end = date(2026, 11, 20)
        return tiny.get(
            "/report/integrated/get/",
            advertiser_id=tiny.advertiser_id,
            report_type="BASIC",
            data_level="AUCTION_AD",
            dimensions=dimensions,
            start_date=(end - timedelta(days=span - 1)).isoformat(),
            end_date=end.isoformat(),
        )

    assert ask(most)["code"] == 0
    assert ask(days)["code"] == 40002


def test_an_oauth_code_works_once(fresh: Running) -> None:
    app = fresh.credentials["ads"]
    body = {"app_id": app["app_id"], "secret": app["secret"], "auth_code": app["oauth_code"]}
    assert fresh.post("/oauth2/access_token/", **{**body, "secret": "wrong"})["code"] == 40101
    assert fresh.post("/oauth2/access_token/", **body)["code"] == 0
    again = fresh.post("/oauth2/access_token/", **body)
    sample = sample_error("oauth_code_used")
    assert (again["code"], again["message"]) == (sample["code"], sample["message"])


def test_an_oauth_code_lives_one_hour(fresh: Running) -> None:
    app = fresh.credentials["ads"]
    fresh.control("clock", advance_seconds=3601)
    body = {"app_id": app["app_id"], "secret": app["secret"], "auth_code": app["oauth_code"]}
    assert fresh.post("/oauth2/access_token/", **body)["code"] == 40110


def test_the_consent_page_hands_out_a_code_and_the_state(fresh: Running) -> None:
    app = fresh.credentials["ads"]
    query = {
        "app_id": app["app_id"],
        "state": "s&1",
        "redirect_uri": "http://127.0.0.1/back",
    }
    page = fresh.client.get("/portal/auth", params=query)
    assert page.status_code == 200
    assert "Allow" in page.text
    assert "Deny" in page.text
    user = fresh.credentials["brands"][0]["ads_user"]
    answer = fresh.client.post(
        "/portal/auth/decision", data={**query, "user": user, "decision": "allow"}
    )
    assert answer.status_code == 302
    back = answer.headers["location"]
    values = httpx.URL(back).params
    assert values["state"] == "s&1"
    token = fresh.ok(
        fresh.post(
            "/oauth2/access_token/",
            app_id=app["app_id"],
            secret=app["secret"],
            auth_code=values["auth_code"],
        )
    )
    assert token["advertiser_ids"] == fresh.credentials["brands"][0]["advertiser_ids"]
    denied = fresh.client.post("/portal/auth/decision", data={**query, "decision": "deny"})
    assert httpx.URL(denied.headers["location"]).params["error"] == "access_denied"


def test_a_revoked_token_is_refused_afterwards(fresh: Running) -> None:
    app = fresh.credentials["ads"]
    body = fresh.post(
        "/oauth2/revoke_token/",
        app_id=app["app_id"],
        secret=app["secret"],
        access_token=fresh.token,
    )
    assert fresh.ok(body) == {
        "app_id": app["app_id"],
        "advertiser_ids": app["advertiser_ids"],
    }
    assert fresh.get("/campaign/get/", advertiser_id=fresh.advertiser_id)["code"] == 40105


def test_over_the_limit_per_second_is_40100(fresh: Running) -> None:
    fresh.control("limits", qps=3, qpm=0)
    codes = [
        fresh.get("/campaign/get/", advertiser_id=fresh.advertiser_id)["code"] for _ in range(12)
    ]
    assert codes[:3] == [0, 0, 0]
    assert 40100 in codes
    assert set(codes) <= {0, 40100}


def test_over_the_limit_per_minute_the_app_is_blocked(fresh: Running) -> None:
    fresh.control("limits", qps=0, qpm=4)
    codes = [
        fresh.get("/campaign/get/", advertiser_id=fresh.advertiser_id)["code"] for _ in range(6)
    ]
    assert codes == [0, 0, 0, 0, 40100, 40100]
