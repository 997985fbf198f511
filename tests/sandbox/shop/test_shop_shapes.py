"""Live answers have every key of the sample files, with the same JSON types."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from .caller import Caller, sample

Request = tuple[str, str, dict[str, Any], Any]


def differences(known: Any, live: Any, where: str = "data") -> list[str]:
    """Keys of `known` that `live` lacks and values of another type, in every row of a list."""
    if isinstance(known, dict):
        if not isinstance(live, dict):
            return [f"{where} is {type(live).__name__}"]
        found = [f"{where}.{name} is missing" for name in known if name not in live]
        for name in known.keys() & live.keys():
            found += differences(known[name], live[name], f"{where}.{name}")
        return found
    if isinstance(known, list):
        if not isinstance(live, list):
            return [f"{where} is {type(live).__name__}"]
        if not known:
            return []
        return [d for row in live for d in differences(known[0], row, f"{where}[]")]
    same = type(known) is type(live)
    return [] if same else [f"{where} is {type(live).__name__}, not {type(known).__name__}"]


def orders(caller: Caller) -> Request:
    return (
        "POST",
        "/order/202309/orders/search",
        {"page_size": 100},
        {"order_status": "COMPLETED"},
    )


def returns(caller: Caller) -> Request:
    done = {"return_status": ["RETURN_OR_REFUND_REQUEST_COMPLETE"]}
    return "POST", "/return_refund/202602/returns/search", {"page_size": 50}, done


def statements(caller: Caller) -> Request:
    return "GET", "/finance/202309/statements", {"sort_field": "statement_time"}, None


def transactions(caller: Caller) -> Request:
    """Of the statement with most rows that are no orders."""
    found = caller.every(*statements(caller)[:2], "statements", statements(caller)[2])
    adjusted = [one for one in found if one["adjustment_amount"] != "0"]
    path = f"/finance/202501/statements/{adjusted[-1]['id']}/statement_transactions"
    return "GET", path, {"sort_field": "order_create_time"}, None


def order_transactions(caller: Caller) -> Request:
    refunded = caller.call(*returns(caller)).data["return_orders"][0]["order_id"]
    return "GET", f"/finance/202501/orders/{refunded}/statement_transactions", {}, None


def fulfillments(caller: Caller) -> Request:
    path = "/affiliate_seller/202508/sample_applications/search"
    done = caller.post(path, {"status": "COMPLETED"}, {"page_size": 20}).data
    application = done["sample_applications"][0]["id"]
    path = f"/affiliate_seller/202409/sample_applications/{application}/fulfillments/search"
    return "POST", path, {}, {"content_format": "VIDEO"}


def target_collaboration(caller: Caller) -> Request:
    path = "/affiliate_seller/202508/target_collaborations"
    found = caller.post(f"{path}/search", {"collaboration_status": "VALID"}, {"page_size": 20})
    return "GET", f"{path}/{found.data['target_collaborations'][0]['id']}", {}, None


def messages(caller: Caller) -> Request:
    found = caller.get("/affiliate_seller/202412/conversations", {"page_size": 50}).data
    conversation = found["conversations"][0]["id"]
    return "GET", f"/affiliate_seller/202412/conversation/{conversation}/messages", {}, None


def last_week(caller: Caller) -> dict[str, str]:
    end = caller.world.now() - timedelta(days=1)
    return {
        "start_date_ge": f"{end - timedelta(days=7):%Y-%m-%d}",
        "end_date_lt": f"{end:%Y-%m-%d}",
    }


CASES: dict[str, Callable[[Caller], Request]] = {
    "products_search_202502.json": lambda c: (
        "POST",
        "/product/202502/products/search",
        {"page_size": 100},
        {"status": "ALL"},
    ),
    "orders_search_202309.json": orders,
    "returns_search_202602.json": returns,
    "finance_statements_202309.json": statements,
    "finance_statement_transactions_202501_sales.json": transactions,
    "finance_statement_transactions_202501_refund_adjust_reserve.json": transactions,
    "finance_order_transactions_202501_sale_and_refund.json": order_transactions,
    "finance_unsettled_202507.json": lambda c: (
        "GET",
        "/finance/202507/orders/unsettled",
        {"sort_field": "order_create_time", "page_size": 100},
        None,
    ),
    "finance_payments_202605.json": lambda c: (
        "GET",
        "/finance/202605/payments",
        {"sort_field": "create_time"},
        None,
    ),
    "affiliate_seller_orders_search_202410.json": lambda c: (
        "POST",
        "/affiliate_seller/202410/orders/search",
        {"page_size": 100},
        {"create_time_ge": 1},
    ),
    "affiliate_sample_applications_search_202508.json": lambda c: (
        "POST",
        "/affiliate_seller/202508/sample_applications/search",
        {"page_size": 50},
        {"title": ""},
    ),
    "affiliate_target_collaboration_detail_202508.json": target_collaboration,
    "affiliate_conversation_messages_202412.json": messages,
    "affiliate_creator_outreach_quota_202607.json": lambda c: (
        "GET",
        "/affiliate_seller/202607/creator_outreach/quota",
        {},
        None,
    ),
    "analytics_shop_performance_202509.json": lambda c: (
        "GET",
        "/analytics/202509/shop/performance",
        last_week(c) | {"granularity": "1D"},
        None,
    ),
    "analytics_shop_videos_performance_202605.json": lambda c: (
        "GET",
        "/analytics/202605/shop_videos/performance",
        last_week(c) | {"page_size": 100},
        None,
    ),
}


@pytest.mark.parametrize("brand", ["lumen", "harbour", "kornblume"])
@pytest.mark.parametrize("name", CASES)
def test_answer_has_the_shape_of_the_sample(reader: Caller, name: str, brand: str) -> None:
    caller = reader.of(brand)
    known = sample(name)["data"]
    live = caller.call(*CASES[name](caller)).data
    rows = [value for value in live.values() if isinstance(value, list)]
    assert all(rows), f"{name}: the answer has no rows to compare"
    assert not differences(known, live)


def test_fulfillments_have_the_shape_of_the_sample(reader: Caller) -> None:
    live = reader.call(*fulfillments(reader)).data
    assert live["fulfillments"]
    assert not differences(sample("affiliate_sample_fulfillments_202409.json")["data"], live)


def test_shops_have_the_shape_of_the_sample(reader: Caller) -> None:
    live = reader.get("/authorization/202309/shops", cipher=False)
    known = sample("authorization_shops_202309.json")
    assert live.body.keys() == known.keys()
    assert live.body["message"] == known["message"]
    assert live.data["shops"][0].keys() == known["data"]["shops"][0].keys()


def test_marketplace_shows_exact_gmv_or_a_range_as_in_the_sample(reader: Caller) -> None:
    path = "/affiliate_seller/202608/marketplace_creators/search"
    rows = reader.every("POST", path, "creators", {"page_size": 20}, {"keyword": ""})
    exact, withheld = sample("affiliate_marketplace_creators_search_202608.json")["data"][
        "creators"
    ]
    open_rows = [row for row in rows if "gmv" in row]
    closed_rows = [row for row in rows if "gmv_range" in row]
    assert open_rows
    assert closed_rows
    assert len(open_rows) + len(closed_rows) == len(rows)
    for known, found in ((exact, open_rows), (withheld, closed_rows)):
        for row in found:
            assert row.keys() == known.keys()
            assert not differences(known, row)


def test_what_has_not_happened_is_left_out(reader: Caller) -> None:
    found = reader.post(
        "/order/202309/orders/search", {"order_status": "AWAITING_SHIPMENT"}, {"page_size": 100}
    ).data["orders"]
    assert found
    for order in found:
        assert "delivery_time" not in order
        assert "cancel_time" not in order


@pytest.mark.parametrize("status", ["UNPAID", "ON_HOLD"])
def test_buyer_is_hidden_until_an_order_is_released(reader: Caller, status: str) -> None:
    path, query = "/order/202309/orders/search", {"page_size": 100}
    for key in reader.world.brands:
        for order in reader.of(key).post(path, {"order_status": status}, query).data["orders"]:
            assert not {"user_id", "buyer_email", "recipient_address"} & order.keys()


def test_answers_are_plain_json(reader: Caller) -> None:
    answer = reader.http.get(f"{reader.base_url}/authorization/202309/shops")
    assert answer.headers["content-type"].startswith("application/json")
    assert json.loads(answer.content)["code"] == 36009004
