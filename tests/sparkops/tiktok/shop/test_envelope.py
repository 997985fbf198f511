import json
from datetime import UTC, datetime

import pytest

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
from sparkops.tiktok.shop.envelope import MEANINGS, decode
from sparkops.tiktok.transport import Answer
from tests.sparkops.tiktok.stand_in import sample

ERRORS = sample("shop/errors.json")

# Contract 1.8. Paths and versions that are gone are no missing objects.
CLASSES = {
    106001: (Auth, "signature"),
    105002: (Auth, "token_expired"),
    105005: (Permission, "scope_missing"),
    105001: (Permission, "token_kind"),
    106013: (Invalid, "cipher_missing"),
    101000: (Permission, "cipher_foreign"),
    36009002: (Throttled, "rate_limit"),
    36009003: (Server, "server_error"),
    36009007: (Server, "timeout"),
    36009009: (Unexpected, "endpoint_retired"),
    36009010: (Unexpected, "wrong_method"),
    36009014: (Unexpected, "endpoint_retired"),
    36009021: (Invalid, "file"),
    36009022: (Invalid, "file"),
    36009023: (Invalid, "file"),
    36009033: (Permission, "address_not_allowed"),
    40006: (Permission, "endpoint_not_granted"),
    45101004: (Throttled, "daily_quota"),
    22005007: (NotFound, "no_finance_data"),
    28001022: (Invalid, "date_range"),
    13017003: (NotFound, "day_not_ready"),
    36009037: (Throttled, "export_limit"),
    36004004: (Auth, "code_invalid"),
    36004001: (Auth, "refresh_token_invalid"),
    45101001: (Server, "server_error"),
    45101003: (NotFound, "not_found"),
}
# 36009004, by a word of its message.
BY_WORD = {
    "timestamp": (Invalid, "clock"),
    "page_token": (Invalid, "page_token"),
    "app_key": (Auth, "app_key"),
    "x-tts-access-token": (Auth, "token_invalid"),
    "Unexpected identifier": (Invalid, "cipher_unexpected"),
    "API version": (Unexpected, "endpoint_retired"),
    "sort_field": (Invalid, "refused"),
}

# For codes nobody knows.
BY_STATUS = {
    200: Invalid,
    400: Invalid,
    401: Auth,
    403: Permission,
    404: NotFound,
    409: Conflict,
    429: Throttled,
    408: Server,
    503: Server,
}


def answer(status: int, body: object, **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer("shop", "POST", "/order/202309/orders/search", status, raw, headers)


def error_of(status: int, code: int, message: str = "", **headers: str) -> TikTokError:
    body = {"code": code, "message": message, "request_id": "r-1", "data": None}
    with pytest.raises(TikTokError) as caught:
        decode(answer(status, body, **headers))
    return caught.value


def expected(status: int, body: dict) -> tuple[type[TikTokError], str]:
    if body["code"] == 36009004:
        found = (found for word, found in BY_WORD.items() if word in body["message"])
        return next(found, (Invalid, "refused"))
    if body["code"] in CLASSES:
        return CLASSES[body["code"]]
    kind = BY_STATUS[status]
    return kind, kind.default_reason


@pytest.mark.parametrize("entry", ERRORS, ids=lambda e: f"{e['http_status']}-{e['body']['code']}")
def test_every_error_sample(entry):
    with pytest.raises(TikTokError) as caught:
        decode(answer(entry["http_status"], entry["body"]))
    error, body = caught.value, entry["body"]
    assert (type(error), error.reason) == expected(entry["http_status"], body)
    assert (error.code, error.message) == (body["code"], body["message"])
    assert (error.request_id, error.http_status) == (body["request_id"], entry["http_status"])
    assert error.sentence.endswith(".")
    assert str(body["code"]) not in error.sentence


@pytest.mark.parametrize("code", CLASSES)
def test_every_code_of_the_contract(code):
    status = {Throttled: 429, Server: 500}.get(CLASSES[code][0], 400)
    error = error_of(status, code, "x")
    assert (type(error), error.reason) == CLASSES[code]


def test_no_code_is_known_that_the_contract_does_not_list():
    assert set(MEANINGS) == set(CLASSES)


@pytest.mark.parametrize("word", BY_WORD)
def test_the_code_with_many_causes_is_told_apart_by_its_message(word):
    error = error_of(400, 36009004, f"Invalid. {word} is not right.")
    assert (type(error), error.reason) == BY_WORD[word]


def test_only_what_may_help_is_retryable():
    assert error_of(429, 36009002).retryable
    assert error_of(500, 36009003).retryable
    assert error_of(504, 36009007).retryable
    # Until the next day no retry helps.
    assert not error_of(429, 45101004).retryable
    assert not error_of(400, 16030003).retryable
    assert not error_of(401, 106001).retryable


@pytest.mark.parametrize(("status", "kind"), BY_STATUS.items())
def test_a_code_nobody_knows_follows_the_http_status(status, kind):
    error = error_of(status, 16032001, "business words")
    assert type(error) is kind
    assert (error.code, error.message) == (16032001, "business words")


def test_the_status_wins_over_the_code_for_overload():
    assert type(error_of(503, 36009004, "Invalid credentials.")) is Server
    assert type(error_of(429, 36009003)) is Throttled


def test_a_success_code_with_an_error_status_is_no_success():
    with pytest.raises(Server):
        decode(answer(500, {"code": 0, "data": {"id": "1"}}))


@pytest.mark.parametrize(
    "empty", [{"code": 0}, {"code": 0, "data": None}, {"code": "0", "data": {}}]
)
def test_missing_data_is_empty_data(empty):
    assert decode(answer(200, empty)).data == {}


def test_a_payload_wrapped_twice_is_unwrapped_once():
    assert decode(answer(200, {"code": 0, "data": {"data": {"a": 1}}})).data == {"a": 1}
    both = {"data": {"a": 1}, "next_page_token": ""}
    assert decode(answer(200, {"code": 0, "data": both})).data == both


def test_retry_after_is_handed_on():
    assert error_of(429, 36009002, **{"retry-after": "12"}).retry_after == 12


@pytest.mark.parametrize(
    ("date", "words"), [("", ""), ("Sun, 22 Nov 2026 00:00:00 GMT", "95 s ahead")]
)
def test_a_wrong_clock_is_measured_by_the_answer(date, words):
    body = json.dumps({"code": 36009004, "message": "Invalid timestamp."}).encode()
    clock = datetime(2026, 11, 22, 0, 1, 35, tzinfo=UTC).timestamp()
    with pytest.raises(Invalid) as caught:
        decode(Answer("shop", "GET", "/x", 400, body, {"date": date}, clock))
    assert caught.value.reason == "clock"
    assert words in caught.value.sentence


def test_a_page_token_that_ran_out_is_no_lost_connection():
    error = error_of(400, 36009004, "Invalid page_token. The token has expired.")
    assert (type(error), error.reason) == (Invalid, "page_token")
