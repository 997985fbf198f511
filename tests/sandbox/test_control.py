"""Clock, faults, request log, and state that survives the process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.running import ROOT, Running

LIST = "/open_api/v1.3/tt_video/list/"


def posts(running: Running, **params: Any) -> dict[str, Any]:
    return running.get("/tt_video/list/", advertiser_id=running.advertiser_id, **params)


def test_the_first_line_has_everything_to_connect(tiny: Running) -> None:
    ads, shop = tiny.credentials["ads"], tiny.credentials["shop"]
    assert {"base_url", "app_id", "secret", "access_token", "advertiser_ids", "oauth_code"} <= set(
        ads
    )
    assert {
        "base_url", "auth_base_url", "app_key", "app_secret", "auth_code", "access_token",
        "shop_cipher",
    } <= set(shop)  # fmt: skip
    assert tiny.client.get("/_sandbox/health").json()["ok"] is True


def test_the_clock_is_set_frozen_and_released(fresh: Running) -> None:
    answer = fresh.control("clock", set="2027-01-01T00:00:00+00:00", frozen=True)
    assert answer == {"now": "2027-01-01T00:00:00+00:00", "frozen": True}
    assert fresh.now().isoformat() == "2027-01-01T00:00:00+00:00"
    fresh.control("clock", advance_seconds=90)
    assert fresh.now().isoformat() == "2027-01-01T00:01:30+00:00"
    assert fresh.control("clock", frozen=False)["frozen"] is False


def test_a_time_without_offset_is_refused(tiny: Running) -> None:
    response = tiny.client.post("/_sandbox/clock", json={"set": "2027-01-01T00:00:00"})
    assert response.status_code == 400
    assert "offset" in response.json()["error"]


def test_an_unknown_action_lists_the_known_ones(tiny: Running) -> None:
    response = tiny.client.post("/_sandbox/nothing", json={})
    assert response.status_code == 404
    assert "revoke_code" in response.json()["error"]


def test_the_log_keeps_requests_without_tokens(fresh: Running) -> None:
    posts(fresh, page_size=5)
    shown = fresh.client.get("/_sandbox/requests", params={"path": LIST, "api": "ads"}).json()
    entry = shown["requests"][-1]
    assert (entry["method"], entry["path"], entry["status"], entry["code"]) == ("GET", LIST, 200, 0)
    assert "page_size=5" in entry["query"]
    assert fresh.token not in json.dumps(shown)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("throttle", 40100),
        ("throttle_advertiser", 40133),
        ("server_error", 50000),
        ("expired_token", 40102),
        ("revoked_token", 40105),
    ],
)
def test_a_refusal_hits_the_asked_number_of_calls(fresh: Running, kind: str, code: int) -> None:
    fresh.control("faults", kind=kind, path=LIST, count=2, after=1)
    codes = [posts(fresh)["code"] for _ in range(4)]
    assert codes == [0, code, code, 0]
    assert fresh.get("/campaign/get/", advertiser_id=fresh.advertiser_id)["code"] == 0


def test_a_fault_of_the_shop_leaves_the_ads_api_alone(fresh: Running) -> None:
    fresh.control("faults", kind="throttle", api="shop", count=None, retry_after=3)
    assert posts(fresh)["code"] == 0
    shop = fresh.client.get("/order/202309/orders/search")
    assert shop.status_code == 429
    assert shop.headers["Retry-After"] == "3"
    assert shop.json()["code"] == 36009002
    fresh.client.delete("/_sandbox/faults")
    assert fresh.client.get("/order/202309/nothing").status_code == 404


def test_an_own_status_or_code_can_be_answered(fresh: Running) -> None:
    fresh.control("faults", kind="http_status", status=503, body="<h1>busy</h1>")
    response = fresh.raw("GET", "/campaign/get/")
    assert (response.status_code, response.text) == (503, "<h1>busy</h1>")
    fresh.control("faults", kind="code", code=60001, message="Maintenance.")
    assert posts(fresh)["code"] == 60001


def test_a_dropped_connection_and_work_done_without_an_answer(fresh: Running) -> None:
    fresh.control("faults", kind="drop", path=LIST)
    with pytest.raises(httpx.TransportError):
        posts(fresh)
    code = fresh.control("new_code", item_id=fresh.post_without_code())["auth_code"]
    fresh.control("faults", kind="drop_after", path="/open_api/v1.3/tt_video/authorize/")
    body = {"advertiser_id": fresh.advertiser_id, "auth_code": code}
    with pytest.raises(httpx.TransportError):
        fresh.post("/tt_video/authorize/", **body)
    assert fresh.post("/tt_video/authorize/", **body)["message"] == (
        "The authorization code has already been used."
    )


def test_broken_json_is_not_json(fresh: Running) -> None:
    fresh.control("faults", kind="broken_json", path=LIST)
    response = fresh.raw("GET", "/tt_video/list/", params={"advertiser_id": fresh.advertiser_id})
    with pytest.raises(json.JSONDecodeError):
        response.json()


def test_pages_can_be_cut_emptied_repeated_and_reordered(fresh: Running) -> None:
    def ids(**params: Any) -> list[str]:
        return [row["item_info"]["item_id"] for row in posts(fresh, **params)["data"]["list"]]

    first, second = ids(page=1, page_size=4), ids(page=2, page_size=4)
    assert set(first).isdisjoint(second)
    fresh.control("faults", kind="repeat_page", path=LIST)
    assert ids(page=1, page_size=4) == second
    fresh.control("faults", kind="cut_page", path=LIST)
    assert ids(page=1, page_size=4) == first[:2]
    fresh.control("faults", kind="empty_page", path=LIST)
    assert ids(page=1, page_size=4) == []
    fresh.control("faults", kind="reorder", path=LIST)
    assert ids(page=1, page_size=4) == first[::-1]
    fresh.control("faults", kind="duplicate_rows", path=LIST)
    assert ids(page=1, page_size=4) == [first[0], *first]


def test_words_fields_ids_and_times_can_change_their_form(fresh: Running) -> None:
    def row(kind: str) -> dict[str, Any]:
        fresh.control("faults", kind=kind, path=LIST)
        return posts(fresh, page_size=1)["data"]["list"][0]

    plain = posts(fresh, page_size=1)["data"]["list"][0]
    assert row("unknown_words")["item_info"]["status"] == "SANDBOX_UNKNOWN_WORD"
    assert "sandbox_new_field" in row("unknown_fields")
    assert row("numeric_ids")["item_info"]["item_id"] == int(plain["item_info"]["item_id"])
    assert row("iso_times")["auth_info"]["auth_end_time"].endswith("Z")
    assert "carousel_info" in plain["item_info"]
    assert "carousel_info" not in row("missing_keys")["item_info"]
    fresh.control("faults", kind="missing_page_info", path=LIST)
    assert "page_info" not in posts(fresh)["data"]


def test_an_unknown_fault_is_refused_with_the_known_ones(tiny: Running) -> None:
    response = tiny.client.post("/_sandbox/faults", json={"kind": "nonsense"})
    assert response.status_code == 400
    assert "throttle" in response.json()["error"]


def test_state_survives_a_killed_process(tmp_path: Path) -> None:
    file = tmp_path / "state.jsonl"
    first = Running.start("tiny", "--state", str(file))
    item_id = first.post_without_code()
    ids = first.make_live_ad(item_id, days=7)
    first.pass_days(3)
    first.control("revoke_code", auth_code=ids["auth_code"])
    first.control("clock", frozen=True)
    before = {
        "now": first.now(),
        "truth": first.truth(),
        "list": posts(first, page_size=50)["data"],
    }
    old_token = first.token
    first.kill()

    second = Running.start("tiny", "--state", str(file))
    try:
        after = {
            "now": second.now(),
            "truth": second.truth(),
            "list": posts(second, page_size=50)["data"],
        }
        assert after == before
        assert second.ad_status(ids["ad_id"]) == "AD_STATUS_ASSET_AUTHORIZATION_LOST"
        query = {"advertiser_id": second.advertiser_id}
        assert (
            second.raw("GET", "/campaign/get/", token=old_token, params=query).json()["code"] == 0
        )
        assert second.token != old_token
    finally:
        second.stop()


def test_a_line_cut_by_the_kill_is_dropped(tmp_path: Path) -> None:
    file = tmp_path / "state.jsonl"
    first = Running.start("tiny", "--state", str(file))
    item_id = first.post_without_code()
    first.control("new_code", item_id=item_id)
    first.kill()
    with file.open("a") as journal:
        journal.write('{"now": "2026-')
    second = Running.start("tiny", "--state", str(file))
    try:
        assert any(code["item_id"] == item_id for code in second.listing()["codes"])
        second.control("delete_post", item_id=item_id)
    finally:
        second.kill()
    third = Running.start("tiny", "--state", str(file))
    try:
        status = {post["item_id"]: post["status"] for post in third.listing()["posts"]}
        assert status[item_id] == "USER_DELETE"
    finally:
        third.stop()


def test_the_empty_world_has_accounts_and_nothing_else() -> None:
    empty = Running.start("empty")
    try:
        assert posts(empty)["data"]["list"] == []
        assert empty.ok(empty.get("/ad/get/", advertiser_id=empty.advertiser_id))["list"] == []
        truth = empty.truth()
        assert truth["totals"]["orders"] == 0
        assert truth["creators_posted"] == []
    finally:
        empty.stop()


def test_a_taken_port_is_said_in_words(tiny: Running) -> None:
    port = httpx.URL(tiny.credentials["ads"]["base_url"]).port
    command = [sys.executable, "-m", "sparkops.sandbox", "--world", "empty", "--port", str(port)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == 2
    assert f"Port {port}" in ended.stdout
    assert "--port" in ended.stdout


def test_a_foreign_state_file_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text('{"hello": 1}\n')
    command = [sys.executable, "-m", "sparkops.sandbox", "--state", str(file)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == 2
    assert "is not a state file" in ended.stdout
    assert file.read_text() == '{"hello": 1}\n'
