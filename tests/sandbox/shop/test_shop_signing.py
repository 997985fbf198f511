"""Request signatures: every published vector, and every way to get one wrong."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sparkops.sandbox.shop.signing import request_is_signed, request_signature
from sparkops.sandbox.world import ShopApp
from sparkops.sandbox.world.access import issue_shop_token

from .caller import Caller, address, sample, signature

VECTORS = sample("signing_vectors.json")["vectors"]
# The shop ciphers of the vectors belong to nobody here: behind the signature they are refused.
FOREIGN_CIPHER = 101000


def pairs(vector: dict[str, Any]) -> list[tuple[str, str]]:
    return list(vector["query"].items())


def body_of(vector: dict[str, Any]) -> bytes:
    return (vector["body"] or "").encode()


@pytest.mark.parametrize("vector", VECTORS, ids=[one["id"] for one in VECTORS])
def test_signature_matches_the_vector(vector: dict[str, Any]) -> None:
    made = request_signature(
        vector["app_secret"], vector["path"], pairs(vector), body_of(vector), vector["content_type"]
    )
    assert made == vector["sign"]


def answer_to(caller: Caller, vector: dict[str, Any], sign: str, body: bytes | None = None) -> Any:
    """Sends a vector's request at its time, from its app, with the sandbox's own token."""
    world = caller.world
    query = {k: v for k, v in vector["query"].items() if k not in ("sign", "access_token")}
    now = datetime.fromtimestamp(int(query["timestamp"]), UTC)
    app_key = query["app_key"]
    world.shop_apps[app_key] = ShopApp(
        app_key, vector["app_secret"], "1", "vector", scopes=list(caller.app.scopes)
    )
    world.clock.set(now)
    token = issue_shop_token(world, app_key, caller.world.brands[caller.brand].seller_id, now)
    response = httpx.request(
        vector["method"],
        caller.base_url + address(vector["path"], query | {"sign": sign}),
        content=body_of(vector) if body is None else body,
        headers={
            "x-tts-access-token": token.access_token,
            "content-type": vector["content_type"],
        },
        trust_env=False,
    )
    return response.json()


@pytest.mark.parametrize("vector", VECTORS, ids=[one["id"] for one in VECTORS])
def test_server_accepts_the_vector(writer: Caller, vector: dict[str, Any]) -> None:
    answer = answer_to(writer, vector, vector["sign"])
    assert answer["code"] == (FOREIGN_CIPHER if "shop_cipher" in vector["query"] else 0)


@pytest.mark.parametrize("vector", VECTORS, ids=[one["id"] for one in VECTORS])
def test_server_refuses_another_signature(writer: Caller, vector: dict[str, Any]) -> None:
    last = "0" if vector["sign"][-1] != "0" else "1"
    assert answer_to(writer, vector, vector["sign"][:-1] + last)["code"] == 106001


SIGNED_BODIES = [
    one for one in VECTORS if one["body"] and not one["content_type"].startswith("multipart")
]


@pytest.mark.parametrize("vector", SIGNED_BODIES, ids=[one["id"] for one in SIGNED_BODIES])
def test_one_more_blank_in_the_body_breaks_the_signature(
    writer: Caller, vector: dict[str, Any]
) -> None:
    assert answer_to(writer, vector, vector["sign"], body_of(vector) + b" ")["code"] == 106001


def test_multipart_body_is_not_signed(writer: Caller) -> None:
    vector = next(one for one in VECTORS if one["id"] == "multipart-upload")
    answer = answer_to(writer, vector, vector["sign"], b"--b\r\nother\r\n--b--")
    assert answer["code"] == FOREIGN_CIPHER


@pytest.mark.parametrize(
    "change",
    [
        {"page_size": "51"},
        {"sort_order": "ASC"},
        {"shop_cipher": "GCP_another"},
    ],
)
def test_a_changed_or_added_parameter_breaks_the_signature(
    reader: Caller, change: dict[str, str]
) -> None:
    path = "/order/202309/orders/search"
    query = reader.query({"page_size": 50})
    query["sign"] = signature(reader.app.app_secret, path, query, b"")
    answer = reader.send("POST", address(path, query | change))
    assert (answer.status, answer.code) == (401, 106001)


def test_signature_of_another_path_is_refused(reader: Caller) -> None:
    query = reader.query(cipher=False)
    query["sign"] = signature(reader.app.app_secret, "/authorization/202309/shops", query, b"")
    answer = reader.send("GET", address("/seller/202309/shops", query))
    assert answer.code == 106001


def test_page_token_is_signed_raw_and_sent_encoded(reader: Caller) -> None:
    path = "/order/202309/orders/search"
    first = reader.post(path, {"create_time_ge": 1}, {"page_size": 5}).data
    assert {"+", "/", "="} <= set(first["next_page_token"])
    second = reader.post(
        path, {"create_time_ge": 1}, {"page_size": 5, "page_token": first["next_page_token"]}
    ).data
    assert {o["id"] for o in first["orders"]}.isdisjoint(o["id"] for o in second["orders"])


@pytest.mark.parametrize("signed_body", [b"{}", b""])
def test_empty_object_may_be_signed_or_left_out(reader: Caller, signed_body: bytes) -> None:
    path = "/order/202309/orders/search"
    query = reader.query({"page_size": 1})
    query["sign"] = signature(reader.app.app_secret, path, query, signed_body)
    assert reader.send("POST", address(path, query), b"{}").code == 0


def test_strict_mode_counts_the_empty_object() -> None:
    query = [("app_key", "k"), ("sign", request_signature("s", "/p", [("app_key", "k")], b""))]
    assert not request_is_signed(
        "s", "/p", query, b"{}", "application/json", lenient_empty_body=False
    )


def test_sign_and_access_token_in_the_query_are_not_signed() -> None:
    bare = [("app_key", "k"), ("timestamp", "1")]
    noisy = [*bare, ("access_token", "x"), ("sign", "y")]
    assert request_signature("s", "/p", noisy, b"") == request_signature("s", "/p", bare, b"")


def test_empty_values_and_upper_case_first_are_part_of_the_signature() -> None:
    made = request_signature("s", "/p", [("b", ""), ("B", "1"), ("a", "2")], b"")
    assert made == request_signature("s", "/pB1a2b", [], b"")
