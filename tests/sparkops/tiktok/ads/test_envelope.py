"""The table of return codes (contract 3), and answers that are none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sparkops.tiktok.ads.envelope import ADVERTISER_LOST, CONNECTION_LOST, Reply, decode
from sparkops.tiktok.errors import (
    Auth,
    Conflict,
    Invalid,
    NotFound,
    Permission,
    Server,
    Throttled,
    TikTokError,
    Unexpected,
)
from sparkops.tiktok.transport import Answer

from .conftest import NOON

# Contract 3, column "client policy", in our classes.
TABLE: dict[type[TikTokError], tuple[int, ...]] = {
    Auth: (
        40101, 40102, 40103, 40104, 40105, 40107, 40108, 40109, 40110, 40112, 40113, 40114, 40115,
        40116, 40117,
    ),
    Permission: (
        40001, 40106, 40118, 40119, 40120, 40121, 40122, 40124, 40125, 40130, 40131, 40300, 40301,
        40302,
    ),
    Throttled: (40016, 40100, 40132, 40133, 61000),
    Invalid: (40000, 40002, 40009, 40011, 40013, 40014, 40061, 40502, 40700, 40900, 40916),
    NotFound: (40007,),
    Conflict: (40050, 40202),
    Server: (40200, 40201, 50000, 50002, 51001, 51010, 60001),
    Unexpected: (40003, 40006, 40008, 40010, 40051, 40400, 41001, 41002, 49999),
}  # fmt: skip
ROWS = [(code, error) for error, codes in TABLE.items() for code in codes]


def expected_class(code: int, message: str) -> type[TikTokError]:
    if code == 40000 and ("frequent" in message.lower() or "too many" in message.lower()):
        return Throttled
    return next((error for error, codes in TABLE.items() if code in codes), Unexpected)


def answer(body: Any, status: int = 200, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer("ads", "GET", "/open_api/v1.3/ad/get/", status, content, named, NOON)


def failed(body: Any, status: int = 200, **headers: str) -> TikTokError:
    with pytest.raises(TikTokError) as raised:
        decode(answer(body, status, **headers))
    return raised.value


def refused(code: int, message: str = "", **headers: Any) -> TikTokError:
    return failed({"code": code, "message": message, "request_id": "r1", "data": {}}, **headers)


@pytest.mark.parametrize(("code", "error"), ROWS)
def test_code_becomes_its_class(code: int, error: type[TikTokError]) -> None:
    raised = refused(code, "some words")
    assert type(raised) is error
    assert (raised.code, raised.message, raised.request_id) == (code, "some words", "r1")
    assert raised.path == "GET /open_api/v1.3/ad/get/"


def test_accepted_answer_gives_its_data() -> None:
    assert decode(answer({"code": 0, "request_id": "r", "data": {"a": 1}})) == Reply({"a": 1}, "r")


@pytest.mark.parametrize("body", [{"code": 0}, {"code": 0, "data": None}, {"code": 0, "data": {}}])
def test_missing_data_is_empty(body: dict[str, Any]) -> None:
    assert decode(answer(body)) == Reply({}, "")


def test_partly_done_is_told_apart_from_done() -> None:
    reply = decode(answer({"code": 20001, "data": {"error_list": [{"adgroup_id": "1"}]}}))
    assert reply.partial
    assert reply.data == {"error_list": [{"adgroup_id": "1"}]}


def test_nothing_to_update_is_no_error() -> None:
    assert decode(answer({"code": 40012, "message": "nothing"})) == Reply({}, "")


def test_log_id_header_stands_in_for_a_missing_request_id() -> None:
    assert decode(answer({"code": 0}, x_tt_logid="log-7")).request_id == "log-7"


def test_only_lost_tokens_end_a_connection() -> None:
    assert {refused(code).reason for code in (40102, 40103, 40105, 40107)} == CONNECTION_LOST
    assert {refused(code).reason for code in (40001, 40106, 40114, 40119, 40300)} == ADVERTISER_LOST
    assert refused(40101).reason not in CONNECTION_LOST | ADVERTISER_LOST
    assert refused(40110).reason not in CONNECTION_LOST | ADVERTISER_LOST


@pytest.mark.parametrize(
    ("code", "message", "app_wide", "wait"),
    [
        (40100, "App QPM limit reached, too many requests per minute.", True, 300.0),
        (40016, "QPS limit reached.", True, 1.5),
        (40100, "Too many requests. Please retry in some time.", True, None),
        (40100, "Request exceeds the QPS limit of this endpoint.", False, 1.5),
        # 12:30 UTC: eleven and a half hours to midnight.
        (40100, "The QPD of your app is used up.", True, 11.5 * 3600),
        (40133, "QPS (11) reaches QPS limit 10 for current path", False, 1.5),
        (40132, "too many requests for this value", False, None),
        (61000, "You are blocked.", True, 300.0),
        (40000, "Request too frequent, try later", False, None),
        (40002, "requests from App 73 are temporarily restricted", True, None),
    ],
)
def test_throttling_says_whom_and_how_long(
    code: int, message: str, app_wide: bool, wait: float | None
) -> None:
    error = refused(code, message)
    assert isinstance(error, Throttled)
    assert (error.app_wide, error.retry_after) == (app_wide, wait)


def test_retry_after_of_the_answer_comes_first() -> None:
    assert refused(40100, "QPM limit", retry_after="17").retry_after == 17.0


def test_internal_validation_that_wraps_a_timeout_is_tiktoks_fault() -> None:
    assert type(refused(40700, "rpc Timeout")) is Server
    assert type(refused(40700, "name too long")) is Invalid


def test_maintenance_waits_a_quarter_of_an_hour() -> None:
    assert refused(60001).retry_after == 900.0


def test_missing_field_is_named() -> None:
    error = refused(40002, "Missing required field(s): filtering.store_ids.")
    assert isinstance(error, Invalid)
    assert error.field == "filtering.store_ids"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (429, b"<html>slow down</html>", Throttled),
        (429, {"code": 40105, "message": "x"}, Throttled),
        (502, b"bad gateway", Server),
        (500, {"code": 40002, "message": "x"}, Server),
        (404, b"not found", Unexpected),
        (405, {"detail": "method"}, Unexpected),
        (200, b"{broken", Unexpected),
        (200, b"[1]", Unexpected),
        (200, {"message": "no code"}, Unexpected),
        (200, {"code": "OK"}, Unexpected),
        (200, {"code": True}, Unexpected),
        (200, {"code": 0, "data": [1]}, Unexpected),
        (404, {"code": 0, "data": {}}, Unexpected),
    ],
)
def test_answer_that_is_no_envelope(status: int, body: Any, error: type[TikTokError]) -> None:
    raised = failed(body, status)
    assert type(raised) is error
    assert raised.http_status == status


def test_http_429_passes_the_wait_on() -> None:
    assert failed(b"", 429, retry_after="3").retry_after == 3.0
