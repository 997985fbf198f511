"""What is refused before a handler runs: codes, statuses and texts of the contract."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from .caller import Caller, address, sample, signature

ORDERS = "/order/202309/orders/search"
SHOPS = "/authorization/202309/shops"
KNOWN_ERRORS = {
    (one["http_status"], one["body"]["code"], one["body"]["message"])
    for one in sample("errors.json")
}


def assert_refused(answer: Any, status: int, code: int, text: str = "") -> None:
    assert (answer.status, answer.code) == (status, code), answer.body
    assert text in answer.body["message"]
    assert answer.body["data"] is None
    assert len(answer.body["request_id"]) > 20


def assert_as_sampled(answer: Any) -> None:
    found = (answer.status, answer.code, answer.body["message"])
    assert found in KNOWN_ERRORS, found


def with_query(caller: Caller, path: str, change: dict[str, str | None], **options: Any) -> Any:
    """A correctly signed GET whose query was changed before signing; None removes."""
    query = caller.query(**options)
    for name, value in change.items():
        if value is None:
            query.pop(name)
        else:
            query[name] = value
    query["sign"] = signature(caller.app.app_secret, path, query, b"")
    return caller.send("GET", address(path, query))


def test_wrong_signature(reader: Caller) -> None:
    query = reader.query(cipher=False) | {"sign": "0" * 64}
    answer = reader.send("GET", address(SHOPS, query))
    assert_refused(answer, 401, 106001)
    assert_as_sampled(answer)


def test_missing_signature(reader: Caller) -> None:
    answer = reader.send("GET", address(SHOPS, reader.query(cipher=False)))
    assert_refused(answer, 400, 36009004, "sign")


@pytest.mark.parametrize("name", ["app_key", "timestamp"])
def test_missing_common_parameter(reader: Caller, name: str) -> None:
    assert_refused(with_query(reader, SHOPS, {name: None}, cipher=False), 400, 36009004, name)


def test_unknown_app(reader: Caller) -> None:
    answer = with_query(reader, SHOPS, {"app_key": "nobody"}, cipher=False)
    assert_refused(answer, 400, 36009004)
    assert_as_sampled(answer)


@pytest.mark.parametrize(
    ("seconds", "refused", "word"),
    [(-300, False, ""), (-301, True, "earlier"), (30, False, ""), (31, True, "beyond")],
)
def test_timestamp_window(reader: Caller, seconds: int, refused: bool, word: str) -> None:
    moment = reader.world.now() + timedelta(seconds=seconds)
    answer = with_query(reader, SHOPS, {"timestamp": str(int(moment.timestamp()))}, cipher=False)
    if not refused:
        assert answer.code == 0
        return
    assert_refused(answer, 400, 36009004, word)
    assert_as_sampled(answer)


def test_timestamp_that_is_no_number(reader: Caller) -> None:
    answer = with_query(reader, SHOPS, {"timestamp": "today"}, cipher=False)
    assert_refused(answer, 400, 36009004, "timestamp")


@pytest.mark.parametrize("token", ["", "ROW_unknown"])
def test_token_that_is_missing_or_unknown(reader: Caller, token: str) -> None:
    answer = reader.get(SHOPS, cipher=False, token=token)
    assert_refused(answer, 401, 36009004)
    assert_as_sampled(answer)


def test_expired_token(writer: Caller) -> None:
    writer.world.clock.advance(timedelta(days=7).total_seconds())
    assert_refused(writer.get(SHOPS, cipher=False), 401, 105002, "expired")


def test_creator_token_on_a_seller_endpoint(writer: Caller) -> None:
    writer.control("change_shop_token", access_token=writer.token.access_token, user_type=1)
    assert_refused(writer.get(SHOPS, cipher=False), 403, 105001)


def test_missing_cipher(reader: Caller) -> None:
    answer = reader.post(ORDERS, None, {"page_size": 1}, cipher=False)
    assert_refused(answer, 400, 106013)
    assert_as_sampled(answer)


def test_cipher_where_none_is_expected(reader: Caller) -> None:
    answer = reader.get(SHOPS)
    assert_refused(answer, 400, 36009004, "Unexpected identifier")
    assert_as_sampled(answer)


def test_cipher_of_another_seller(reader: Caller) -> None:
    other = [key for key in reader.world.brands if key != reader.brand][0]
    cipher = reader.world.shop_of(other).cipher
    answer = with_query(reader, "/event/202309/webhooks", {"shop_cipher": cipher})
    assert answer.code == 101000
    assert 400 <= answer.status < 500


def test_missing_scope(writer: Caller) -> None:
    kept = [scope for scope in writer.token.scopes if scope != "seller.order.info"]
    writer.control("change_shop_token", access_token=writer.token.access_token, scopes=kept)
    answer = writer.post(ORDERS, None, {"page_size": 1})
    assert_refused(answer, 403, 105005)
    assert_as_sampled(answer)
    assert writer.post("/product/202502/products/search", None, {"page_size": 1}).code == 0


def test_unknown_path(reader: Caller) -> None:
    answer = reader.get("/order/202309/nothing")
    assert_refused(answer, 404, 36009009)
    assert_as_sampled(answer)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/finance/202309/payments"),
        ("POST", "/order/202212/orders/search"),
        ("GET", "/finance/202309/orders/577430000000000001/statement_transactions"),
        ("GET", "/finance/202309/statements/7562000000000000001/statement_transactions"),
        ("POST", "/affiliate_seller/202406/marketplace_creators/search"),
    ],
)
def test_retired_version(reader: Caller, method: str, path: str) -> None:
    answer = reader.call(method, path)
    assert_refused(answer, 400, 36009014)
    assert_as_sampled(answer)


@pytest.mark.parametrize(
    "path", ["/affiliate_creator/202508/profiles", "/affiliate_partner/202405/campaigns"]
)
def test_creator_and_partner_apis_are_not_offered(reader: Caller, path: str) -> None:
    assert_refused(reader.get(path), 404, 36009009)


def test_wrong_method(reader: Caller) -> None:
    answer = reader.get(ORDERS, {"page_size": 1})
    assert_refused(answer, 405, 36009010)
    assert_as_sampled(answer)


@pytest.mark.parametrize("raw", [b"{", b'"text"', b"[1]"])
def test_body_that_is_no_object(reader: Caller, raw: bytes) -> None:
    query = reader.query({"page_size": 1})
    query["sign"] = signature(reader.app.app_secret, ORDERS, query, raw)
    assert_refused(reader.send("POST", address(ORDERS, query), raw), 400, 36009004, "body")


def test_empty_list_body_of_php_clients_is_no_filter(reader: Caller) -> None:
    assert reader.post(ORDERS, [], {"page_size": 1}).code == 0


@pytest.fixture
def limited(reader: Caller) -> Iterator[Caller]:
    """One call per second and endpoint, with the header that says when to come back."""
    reader.control("shop_limits", per_second=1, retry_after=True)
    yield reader
    reader.control("shop_limits", per_second=0)


def test_too_many_calls(limited: Caller) -> None:
    answers = (limited.get(SHOPS, cipher=False) for _ in range(200))
    answer = next(one for one in answers if one.status != 200)
    assert_refused(answer, 429, 36009002)
    assert_as_sampled(answer)
    assert answer.headers["retry-after"] == "1"


def test_creator_search_quota(writer: Caller) -> None:
    day = f"creator_search:{writer.app.app_key}:{writer.world.now():%Y-%m-%d}"
    writer.world.counters[day] = 9_999
    path, query = "/affiliate_seller/202608/marketplace_creators/search", {"page_size": 12}
    assert writer.post(path, {"keyword": ""}, query).code == 0
    answer = writer.post(path, {"keyword": ""}, query)
    assert_refused(answer, 429, 45101004)
    assert_as_sampled(answer)


@pytest.mark.parametrize(
    ("method", "path", "query", "field"),
    [
        ("POST", ORDERS, {}, "page_size"),
        ("POST", ORDERS, {"page_size": 101}, "page_size"),
        ("POST", ORDERS, {"page_size": 0}, "page_size"),
        ("POST", ORDERS, {"page_size": 10, "page_token": ""}, "page_token"),
        ("POST", ORDERS, {"page_size": 10, "sort_field": "price"}, "sort_field"),
        ("POST", "/return_refund/202602/returns/search", {"page_size": 9}, "page_size"),
        ("POST", "/return_refund/202602/cancellations/search", {"page_size": 51}, "page_size"),
        ("GET", "/order/202507/orders", {"ids": ",".join(["1"] * 51)}, "ids"),
        ("GET", "/order/202507/orders", {}, "ids"),
        ("GET", "/finance/202309/statements", {}, "sort_field"),
        ("GET", "/finance/202309/statements", {"sort_field": "id"}, "sort_field"),
        ("GET", "/finance/202605/payments", {}, "sort_field"),
        ("GET", "/finance/202507/orders/unsettled", {}, "sort_field"),
        ("GET", "/finance/202309/withdrawals", {}, "types"),
        ("GET", "/finance/202309/withdrawals", {"types": "GIFT"}, "types"),
        (
            "POST",
            "/affiliate_seller/202608/marketplace_creators/search",
            {"page_size": 13},
            "page_size",
        ),
        (
            "POST",
            "/affiliate_seller/202508/target_collaborations/search",
            {"page_size": 21},
            "page_size",
        ),
        (
            "POST",
            "/affiliate_seller/202508/sample_applications/search",
            {"page_size": 51},
            "page_size",
        ),
    ],
)
def test_fields_that_are_missing_or_out_of_range(
    reader: Caller, method: str, path: str, query: dict[str, Any], field: str
) -> None:
    assert_refused(reader.call(method, path, query), 400, 36009004, f"'{field}'")


@pytest.mark.parametrize(
    "kind", ["throttle", "server_error", "missing_scope", "revoked_token", "expired_token"]
)
def test_faults_use_the_sampled_words(writer: Caller, kind: str) -> None:
    writer.control("faults", kind=kind, api="shop")
    answer = writer.get(SHOPS, cipher=False)
    assert_as_sampled(answer)
    assert writer.get(SHOPS, cipher=False).code == 0


def test_fault_that_says_when_to_come_back(writer: Caller) -> None:
    writer.control("faults", kind="throttle", api="shop", retry_after=7)
    assert writer.get(SHOPS, cipher=False).headers["retry-after"] == "7"


def test_token_that_expires_in_the_middle_of_a_walk(writer: Caller) -> None:
    writer.control("faults", kind="expired_token", path=ORDERS, after=1)
    first = writer.post(ORDERS, {"create_time_ge": 1}, {"page_size": 5}).data
    query = {"page_size": 5, "page_token": first["next_page_token"]}
    assert writer.post(ORDERS, {"create_time_ge": 1}, query).code == 105002
    assert writer.post(ORDERS, {"create_time_ge": 1}, query).code == 0


def test_empty_page_that_promises_more(writer: Caller) -> None:
    writer.control("faults", kind="empty_page", path=ORDERS)
    data = writer.post(ORDERS, {"create_time_ge": 1}, {"page_size": 5}).data
    assert data["orders"] == []
    assert data["next_page_token"]
