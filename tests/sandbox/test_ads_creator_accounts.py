"""Codes made through a creator's own login."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.running import Running


@pytest.fixture
def login(fresh: Running) -> dict[str, Any]:
    """The token answer of a creator who has a post without a code, and that post."""
    listing = fresh.listing()
    item_id = fresh.post_without_code()
    handle = next(p["handle"] for p in listing["posts"] if p["item_id"] == item_id)
    login = fresh.control("creator_login", handle=handle)
    app = {"client_id": login["client_id"], "client_secret": login["client_secret"]}
    token = fresh.ok(
        fresh.post(
            "/tt_user/oauth2/token/",
            grant_type="authorization_code",
            auth_code=login["auth_code"],
            redirect_uri="https://app.example/back",
            **app,
        )
    )
    return {"app": app, "token": token, "item_id": item_id}


def call(running: Running, login: dict[str, Any], method: str, path: str, **values: Any) -> Any:
    values = {"business_id": login["token"]["open_id"], **values}
    sent = {"params": values} if method == "GET" else {"json": values}
    response = running.raw(method, path, token=login["token"]["access_token"], **sent)
    return response.json()


def test_the_token_answer(login: dict[str, Any]) -> None:
    token = login["token"]
    assert (token["expires_in"], token["refresh_token_expires_in"]) == (86400, 31536000)
    assert token["token_type"] == "Bearer"
    assert "biz.spark.auth" in token["scope"].split(",")


def test_a_code_is_made_extended_and_deleted(fresh: Running, login: dict[str, Any]) -> None:
    item = {"item_id": login["item_id"]}
    made = fresh.ok(
        call(
            fresh,
            login,
            "POST",
            "/business/post/authorize/setting/",
            is_ad_promotable=True,
            authorization_days=7,
            **item,
        )
    )
    assert made["authorization_days"] == 7
    path = "/business/post/authorize/status/"
    assert fresh.ok(call(fresh, login, "GET", path, **item))["auth_code_status"] == "NOT_USED"
    fresh.ok(
        fresh.post(
            "/tt_video/authorize/",
            advertiser_id=fresh.advertiser_id,
            auth_code=made["auth_code"],
        )
    )
    assert fresh.ok(call(fresh, login, "GET", path, **item))["auth_code_status"] == "IN_USE"
    longer = fresh.ok(
        call(fresh, login, "POST", "/business/post/authorize/", authorization_days=30, **item)
    )
    assert longer["auth_code"] == made["auth_code"]
    assert longer["authorization_days"] == 37
    gone = call(fresh, login, "POST", "/business/post/authorize/delete/", **item)
    assert fresh.ok(gone)["auth_code_status"] == "DELETED"
    renewed = call(fresh, login, "POST", "/business/post/authorize/", **item)
    assert fresh.ok(renewed)["auth_code"] != made["auth_code"]


def test_a_running_ad_keeps_the_authorization_on(fresh: Running, login: dict[str, Any]) -> None:
    fresh.make_live_ad(login["item_id"])
    refused = call(
        fresh, login, "POST", "/business/post/authorize/delete/", item_id=login["item_id"]
    )
    assert refused["code"] == 40002


def test_a_days_choice_and_a_foreign_post_are_refused(
    fresh: Running, login: dict[str, Any]
) -> None:
    handles = {post["item_id"]: post["handle"] for post in fresh.listing()["posts"]}
    foreign = next(i for i, handle in handles.items() if handle != handles[login["item_id"]])
    path = "/business/post/authorize/"
    bad = call(fresh, login, "POST", path, item_id=login["item_id"], authorization_days=45)
    assert (bad["code"], bad["message"].split(":")[0]) == (40002, "authorization_days")
    assert call(fresh, login, "POST", path, item_id=foreign)["code"] == 40007


def test_a_refresh_replaces_both_tokens(fresh: Running, login: dict[str, Any]) -> None:
    body = {**login["app"], "grant_type": "refresh_token"}
    body["refresh_token"] = login["token"]["refresh_token"]
    newer = fresh.ok(fresh.post("/tt_user/oauth2/refresh_token/", **body))
    assert newer["access_token"] != login["token"]["access_token"]
    assert call(fresh, login, "GET", "/business/video/list/")["code"] == 40105
    assert fresh.post("/tt_user/oauth2/refresh_token/", **body)["code"] == 40107
    videos = call(fresh, {**login, "token": newer}, "GET", "/business/video/list/")
    assert login["item_id"] in [one["item_id"] for one in fresh.ok(videos)["videos"]]
