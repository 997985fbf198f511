"""What each call puts on the wire, against the endpoint table of contract 2."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from sparkops.tiktok.errors import Auth, Throttled, Unexpected
from sparkops.tiktok.limits import NoLimiter
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.caller import limit_key, rate_of
from sparkops.tiktok.shop.collaborations import InvitedProduct
from sparkops.tiktok.shop.endpoints import ENDPOINTS, RATES, missing_scopes
from tests.sparkops.tiktok.conftest import NOW
from tests.sparkops.tiktok.stand_in import Received, StandIn, ok, refused, sample

KEY, SECRET, TOKEN, CIPHER = "6sparkops0001", "s3cr3t-spark-0001", "ROW_token", "GCP_cipher"
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
UNTIL = datetime(2026, 11, 2, tzinfo=UTC)
SINCE_S, UNTIL_S = 1793491200, 1793577600
D1, D2 = date(2026, 11, 10), date(2026, 11, 11)


@pytest.fixture
def api(tiktok: StandIn, transport_to) -> ShopApi:
    return ShopApi(transport_to(tiktok.url), KEY, SECRET, TOKEN, CIPHER, NoLimiter())


def first(pages: Iterator) -> Any:
    return next(iter(pages))


# Call, method, path, query beyond the common one, body.
A = "/affiliate_seller"
DAYS = {"start_date_ge": "2026-11-10", "end_date_lt": "2026-11-11", "currency": "LOCAL"}
SIZE = {"page_size": "100"}
CALLS: list[tuple[str, Callable[[ShopApi], Any], str, str, dict[str, str], Any]] = [
    ("shops", lambda a: a.shops.authorized(), "GET", "/authorization/202309/shops", {}, None),
    (
        "deauthorize_shop",
        lambda a: a.shops.deauthorize(),
        "DELETE",
        "/authorization/202403/shops",
        {},
        None,
    ),
    ("active_shops", lambda a: a.shops.active(), "GET", "/seller/202309/shops", {}, None),
    (
        "shop_creators",
        lambda a: a.shops.creators(),
        "GET",
        "/seller/202407/shop_creators",
        {},
        None,
    ),
    ("seller_status", lambda a: a.shops.seller_status(), "GET", "/seller/202508/status", {}, None),
    ("webhooks", lambda a: a.shops.webhooks(), "GET", "/event/202309/webhooks", {}, None),
    (
        "webhook_put",
        lambda a: a.shops.set_webhook("ORDER_STATUS_CHANGE", "https://x.example"),
        "PUT",
        "/event/202309/webhooks",
        {},
        {"address": "https://x.example", "event_type": "ORDER_STATUS_CHANGE"},
    ),
    (
        "webhook_delete",
        lambda a: a.shops.remove_webhook("ORDER_STATUS_CHANGE"),
        "DELETE",
        "/event/202309/webhooks",
        {},
        {"event_type": "ORDER_STATUS_CHANGE"},
    ),
    (
        "orders_search",
        lambda a: first(a.orders.search(update_time_ge=SINCE, update_time_lt=UNTIL)),
        "POST",
        "/order/202309/orders/search",
        {**SIZE, "sort_field": "update_time", "sort_order": "ASC"},
        {"update_time_ge": SINCE_S, "update_time_lt": UNTIL_S},
    ),
    (
        "orders_detail",
        lambda a: a.orders.details(["1", "2"]),
        "GET",
        "/order/202507/orders",
        {"ids": "1,2"},
        None,
    ),
    (
        "order_price_detail",
        lambda a: a.orders.price_detail("7"),
        "GET",
        "/order/202407/orders/7/price_detail",
        {},
        None,
    ),
    (
        "returns_search",
        lambda a: first(a.returns.search(order_ids=["5"], page_size=10)),
        "POST",
        "/return_refund/202602/returns/search",
        {"page_size": "10", "sort_field": "update_time", "sort_order": "ASC"},
        {"order_ids": ["5"]},
    ),
    (
        "cancellations_search",
        lambda a: first(a.returns.cancellations(update_time_ge=SINCE)),
        "POST",
        "/return_refund/202602/cancellations/search",
        {"page_size": "50", "sort_field": "update_time", "sort_order": "ASC"},
        {"update_time_ge": SINCE_S},
    ),
    (
        "products_search",
        lambda a: first(a.products.search(update_time_ge=SINCE)),
        "POST",
        "/product/202502/products/search",
        SIZE,
        {"status": "ALL", "update_time_ge": SINCE_S},
    ),
    (
        "product_detail",
        lambda a: a.products.detail("9"),
        "GET",
        "/product/202309/products/9",
        {},
        None,
    ),
    (
        "inventory_search",
        lambda a: a.products.inventory(product_ids=["9"]),
        "POST",
        "/product/202309/inventory/search",
        {},
        {"product_ids": ["9"]},
    ),
    (
        "statements",
        lambda a: first(a.finance.statements(statement_time_ge=SINCE)),
        "GET",
        "/finance/202309/statements",
        {
            **SIZE,
            "sort_field": "statement_time",
            "sort_order": "ASC",
            "statement_time_ge": str(SINCE_S),
        },
        None,
    ),
    (
        "statement_transactions",
        lambda a: first(a.finance.statement_transactions("8")),
        "GET",
        "/finance/202501/statements/8/statement_transactions",
        {**SIZE, "sort_field": "order_create_time"},
        None,
    ),
    (
        "order_transactions",
        lambda a: a.finance.order_transactions("5"),
        "GET",
        "/finance/202501/orders/5/statement_transactions",
        {},
        None,
    ),
    (
        "unsettled",
        lambda a: first(a.finance.unsettled()),
        "GET",
        "/finance/202507/orders/unsettled",
        {**SIZE, "sort_field": "order_create_time"},
        None,
    ),
    (
        "payments",
        lambda a: first(a.finance.payments()),
        "GET",
        "/finance/202605/payments",
        {**SIZE, "sort_field": "create_time"},
        None,
    ),
    (
        "withdrawals",
        lambda a: first(a.finance.withdrawals(types=["WITHDRAW", "SETTLE"])),
        "GET",
        "/finance/202309/withdrawals",
        {**SIZE, "types": "WITHDRAW,SETTLE"},
        None,
    ),
    (
        "creators_search",
        lambda a: first(a.creators.search(keyword="glow", page_size=12)),
        "POST",
        f"{A}/202608/marketplace_creators/search",
        {"page_size": "12"},
        {"keyword": "glow"},
    ),
    (
        "creator_detail",
        lambda a: a.creators.detail("uA-c_1", data_groups=["COLLABORATION", "SALES_AND_GMV"]),
        "GET",
        f"{A}/202608/marketplace_creators/uA-c_1",
        {"data_groups": "COLLABORATION,SALES_AND_GMV"},
        None,
    ),
    (
        "creators_filters",
        lambda a: a.creators.filters("OPTION_LANGUAGE"),
        "POST",
        f"{A}/202608/marketplace_creators/search/filter",
        {},
        {"option_type": "OPTION_LANGUAGE"},
    ),
    (
        "outreach_quota",
        lambda a: a.creators.quota(),
        "GET",
        f"{A}/202607/creator_outreach/quota",
        {},
        None,
    ),
    (
        "outreach_records",
        lambda a: first(a.creators.outreach_records()),
        "POST",
        f"{A}/202608/creator_outreach/records/query",
        {},
        {"page_index": 1, "page_size": 50},
    ),
    (
        "open_collab_search",
        lambda a: first(a.collaborations.open()),
        "POST",
        f"{A}/202412/open_collaborations/search",
        {**SIZE, "sort_field": "product_original_price"},
        None,
    ),
    (
        "open_collab_settings_get",
        lambda a: a.collaborations.open_settings(),
        "GET",
        f"{A}/202409/open_collaboration_settings",
        {},
        None,
    ),
    (
        "sample_rules_get",
        lambda a: a.collaborations.sample_rules(["9", "10"]),
        "GET",
        f"{A}/202410/open_collaborations/sample_rules",
        {"product_ids": "9,10"},
        None,
    ),
    (
        "open_collab_content",
        lambda a: first(a.collaborations.creator_content("9")),
        "GET",
        f"{A}/202508/open_collaborations/creator_content_details",
        {**SIZE, "product_id": "9"},
        None,
    ),
    (
        "target_collab_search",
        lambda a: first(a.collaborations.targets(status="CANCELING", page_size=20)),
        "POST",
        f"{A}/202508/target_collaborations/search",
        {"page_size": "20"},
        {"collaboration_status": "CANCELING"},
    ),
    (
        "target_collab_detail",
        lambda a: a.collaborations.target("3"),
        "GET",
        f"{A}/202508/target_collaborations/3",
        {},
        None,
    ),
    (
        "target_collab_link",
        lambda a: a.collaborations.target_link("3"),
        "POST",
        f"{A}/202509/target_collaboration/3/link",
        {},
        None,
    ),
    (
        "target_conflicts_check",
        lambda a: a.collaborations.conflicts(creator_open_ids=["u1"], product_ids=["9"]),
        "POST",
        f"{A}/202605/target_collaborations/conflicts/check",
        {},
        {"creator_open_id_list": ["u1"], "product_id_list": ["9"]},
    ),
    (
        "target_collab_create",
        lambda a: a.collaborations.invite(
            name="Push",
            message="Olá",
            end_time=UNTIL,
            products=[InvitedProduct("9", 1500, 1000), InvitedProduct("10", 800)],
            creator_open_ids=["u1"],
            contact_email="partners@example.com",
            has_free_sample=True,
        ),
        "POST",
        f"{A}/202508/target_collaborations",
        {},
        {
            "name": "Push",
            "message": "Olá",
            "end_time": str(UNTIL_S),
            "products": [
                {"id": "9", "target_commission_rate": 1500, "shop_ads_commission_rate": 1000},
                {"id": "10", "target_commission_rate": 800},
            ],
            "creator_user_open_ids": ["u1"],
            "seller_contact_info": {"email": "partners@example.com"},
            "free_sample_rule": {"has_free_sample": True, "is_sample_approval_exempt": False},
        },
    ),
    (
        "samples_search",
        lambda a: first(a.samples.search(creator_open_id="u1", target_collaboration_id="3")),
        "POST",
        f"{A}/202508/sample_applications/search",
        {"page_size": "50"},
        {"creator_user_oepn_id": "u1", "target_collabration_id": "3"},
    ),
    (
        "samples_review",
        lambda a: a.samples.reject("4", "OUT_OF_STOCK"),
        "POST",
        f"{A}/202507/sample_applications/4/review",
        {},
        {"review_result": "REJECT", "reject_reason": "OUT_OF_STOCK"},
    ),
    (
        "samples_review",
        lambda a: a.samples.approve("4"),
        "POST",
        f"{A}/202507/sample_applications/4/review",
        {},
        {"review_result": "APPROVE"},
    ),
    (
        "samples_fulfillments",
        lambda a: a.samples.fulfillments("4", "LIVE"),
        "POST",
        f"{A}/202409/sample_applications/4/fulfillments/search",
        {},
        {"content_format": "LIVE"},
    ),
    (
        "samples_deeplink",
        lambda a: a.samples.deeplink(product_id="9", sku_id="2"),
        "GET",
        f"{A}/202512/sample_applications/deeplink",
        {"product_id": "9", "sku_id": "2", "valid_days": "7"},
        None,
    ),
    (
        "affiliate_orders",
        lambda a: first(a.affiliate.orders(create_time_ge=SINCE, create_time_lt=UNTIL)),
        "POST",
        f"{A}/202410/orders/search",
        SIZE,
        {"create_time_ge": SINCE_S, "create_time_lt": UNTIL_S},
    ),
    (
        "conversation_create",
        lambda a: a.messages.open("u1"),
        "POST",
        f"{A}/202508/conversations",
        {},
        {"creator_open_id": "u1", "only_need_conversation_id": False},
    ),
    (
        "conversations",
        lambda a: first(a.messages.conversations(status="UNREPLIED")),
        "GET",
        f"{A}/202412/conversations",
        {
            "page_size": "50",
            "conversation_status": "UNREPLIED",
            "only_need_conversation_id": "false",
        },
        None,
    ),
    (
        "messages",
        lambda a: first(a.messages.messages("6")),
        "GET",
        f"{A}/202412/conversation/6/messages",
        {"page_size": "20"},
        None,
    ),
    (
        "message_send",
        lambda a: a.messages.send_text("6", "Olá María 🙌"),
        "POST",
        f"{A}/202412/conversations/6/messages",
        {},
        {"msg_type": "TEXT", "content": '{"content":"Olá María 🙌"}'},
    ),
    (
        "messages_newest",
        lambda a: a.messages.newest(),
        "GET",
        f"{A}/202412/conversations/messages/list/newest",
        {},
        None,
    ),
    (
        "conversations_read",
        lambda a: a.messages.mark_read(["6"]),
        "POST",
        f"{A}/202412/conversatons/read",
        {},
        {"conversation_ids": ["6"]},
    ),
    (
        "conversation_counts",
        lambda a: a.messages.group_counts(),
        "GET",
        f"{A}/202608/conversations/group_counts",
        {},
        None,
    ),
    (
        "an_shop",
        lambda a: a.analytics.shop(D1, D2),
        "GET",
        "/analytics/202509/shop/performance",
        {**DAYS, "granularity": "1D"},
        None,
    ),
    (
        "an_shop_hour",
        lambda a: a.analytics.shop_hours(D1),
        "GET",
        "/analytics/202510/shop/performance/2026-11-10/performance_per_hour",
        {},
        None,
    ),
    (
        "an_products",
        lambda a: first(a.analytics.products(D1, D2)),
        "GET",
        "/analytics/202605/shop_products/performance",
        {**DAYS, **SIZE},
        None,
    ),
    (
        "an_skus",
        lambda a: first(a.analytics.skus(D1, D2)),
        "GET",
        "/analytics/202509/shop_skus/performance",
        {**DAYS, **SIZE},
        None,
    ),
    (
        "an_videos",
        lambda a: first(a.analytics.videos(D1, D2, account_type="AFFILIATE_ACCOUNTS")),
        "GET",
        "/analytics/202605/shop_videos/performance",
        {**DAYS, **SIZE, "account_type": "AFFILIATE_ACCOUNTS"},
        None,
    ),
    (
        "an_videos_overview",
        lambda a: a.analytics.videos_overview(D1, D2),
        "GET",
        "/analytics/202509/shop_videos/overview_performance",
        {**DAYS, "granularity": "1D"},
        None,
    ),
    (
        "an_video",
        lambda a: a.analytics.video("74", D1, D2),
        "GET",
        "/analytics/202509/shop_videos/74/performance",
        {**DAYS, "granularity": "1D"},
        None,
    ),
    (
        "an_video_products",
        lambda a: first(a.analytics.video_products("74", D1, D2)),
        "GET",
        "/analytics/202509/shop_videos/74/products/performance",
        {**DAYS, **SIZE},
        None,
    ),
    (
        "an_lives",
        lambda a: first(a.analytics.lives(D1, D2)),
        "GET",
        "/analytics/202509/shop_lives/performance",
        {**DAYS, **SIZE, "account_type": "ALL"},
        None,
    ),
]
# Contract 1.3: these are refused when they carry a cipher.
WITHOUT_CIPHER = {"shops", "active_shops", "seller_status"}
# What a write needs in its answer; every other call reads an empty one as "nothing".
ANSWERS = {
    "product_detail": {"id": "9"},
    "message_send": {"message_id": "5"},
    "conversation_create": {"conversation_id": "6"},
}


def signature(request: Received) -> str:
    """Contract 3.1, written down a second time."""
    params = {name: value for name, value in request.params.items() if name != "sign"}
    joined = request.path + "".join(name + params[name] for name in sorted(params))
    message = SECRET.encode() + joined.encode() + request.body + SECRET.encode()
    return hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("key", "call", "method", "path", "query", "body"), CALLS, ids=[c[0] for c in CALLS]
)
def test_each_call_on_the_wire(api, tiktok, key, call, method, path, query, body):
    tiktok.answers(ok(ANSWERS.get(key, {})))
    call(api)
    (request,) = tiktok.received
    assert (request.method, request.path) == (method, path)
    common = {"app_key": KEY, "timestamp": str(int(NOW)), "sign": signature(request)}
    if key not in WITHOUT_CIPHER:
        common["shop_cipher"] = CIPHER
    assert request.params == common | query
    assert request.headers["x-tts-access-token"] == TOKEN
    assert request.headers["content-type"] == "application/json"
    compact = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    assert request.body == (b"" if body is None else compact.encode())


def test_every_endpoint_of_the_table_has_its_call_here():
    assert {call[0] for call in CALLS} == set(ENDPOINTS)


def order(order_id: str) -> dict[str, Any]:
    return {"id": order_id, "buyer_email": "b@example.com", "recipient_address": {"name": "B"}}


def test_pages_are_walked_with_raw_and_typed_rows(api, tiktok):
    token = "6AsPQ/sU+Mv=="
    tiktok.answers(
        ok({"orders": [order("1"), order("2")], "next_page_token": token}, "r-1"),
        ok({"orders": [order("3")], "next_page_token": ""}, "r-2"),
    )
    pages = list(api.orders.search(update_time_ge=SINCE, page_size=2))
    assert [[row.id for row in page.items] for page in pages] == [["1", "2"], ["3"]]
    assert [page.request_id for page in pages] == ["r-1", "r-2"]
    assert [page.next_token for page in pages] == [token, ""]
    assert "page_token" not in tiktok.received[0].params
    assert tiktok.received[1].params["page_token"] == token
    assert tiktok.received[1].params["sign"] == signature(tiktok.received[1])
    assert tiktok.received[0].body == tiktok.received[1].body


def test_buyers_names_and_addresses_are_not_even_kept_raw(api, tiktok):
    tiktok.answers(ok({"orders": [order("1")]}))
    page = next(api.orders.search())
    assert page.raw["orders"] == [{"id": "1"}]
    assert page.items[0].model_extra == {}


def test_the_search_key_of_the_first_page_goes_with_the_next(api, tiktok):
    creator = {"creator_open_id": "u"}
    tiktok.answers(
        ok({"creators": [creator], "next_page_token": "t", "search_key": "sk="}),
        ok({"creators": [creator], "next_page_token": "", "search_key": "sk="}),
    )
    list(api.creators.search(keyword="glow"))
    assert json.loads(tiktok.received[0].body) == {"keyword": "glow"}
    assert json.loads(tiktok.received[1].body) == {"keyword": "glow", "search_key": "sk="}


def test_an_expired_token_in_the_middle_of_a_walk_keeps_what_was_read(api, tiktok):
    tiktok.answers(
        ok({"orders": [order("1")], "next_page_token": "t"}),
        refused(401, 105002, "Expired credentials. The access token has expired."),
    )
    walk = api.orders.search()
    assert next(walk).next_token == "t"
    with pytest.raises(Auth) as caught:
        next(walk)
    assert caught.value.reason == "token_expired"
    assert caught.value.call == "orders_search"


def test_a_page_that_does_not_fit_can_still_be_stored(api, tiktok):
    broken = {"orders": [{"id": "1"}, {"id": "2", "payment": {"sub_total": "many"}}]}
    tiktok.answers(ok(broken, "r-7"))
    page = next(api.orders.search())
    assert page.raw == broken
    with pytest.raises(Unexpected) as caught:
        _ = page.items
    assert caught.value.reason == "wrong_shape"
    assert caught.value.request_id == "r-7"
    assert "orders[1].payment.sub_total: expected a plain decimal number" in caught.value.sentence


def test_rows_under_an_unknown_name_do_not_pass_for_none(api, tiktok):
    tiktok.answers(ok({"order_list": [{"id": "1"}], "total_count": 1}))
    page = next(api.orders.search())
    with pytest.raises(Unexpected, match="order_list"):
        _ = page.items


def test_a_retired_endpoint_names_its_key_and_can_be_moved(tiktok, transport_to):
    tiktok.answers(refused(400, 36009014, "Invalid API version."), ok({"orders": []}))
    api = ShopApi(transport_to(tiktok.url), KEY, SECRET, TOKEN, CIPHER)
    with pytest.raises(Unexpected) as caught:
        next(api.orders.search())
    assert (caught.value.reason, caught.value.call) == ("endpoint_retired", "orders_search")
    assert "orders_search" in str(caught.value)
    versions = {"orders_search": "202701"}
    moved = ShopApi(transport_to(tiktok.url), KEY, SECRET, TOKEN, CIPHER, versions=versions)
    next(moved.orders.search())
    assert tiktok.received[1].path == "/order/202701/orders/search"
    assert tiktok.received[1].params["sign"] == signature(tiktok.received[1])


def test_the_daily_quota_of_the_creator_search_is_final_for_the_day(api, tiktok, slept):
    tiktok.answers(refused(429, 45101004, "The query quota has been reached."))
    with pytest.raises(Throttled) as caught:
        next(api.creators.search())
    assert caught.value.reason == "daily_quota"
    assert len(tiktok.received) == 1
    assert slept == []


def test_an_invitation_partly_done_tells_what_was_not(api, tiktok):
    tiktok.answers(
        ok(
            {
                "target_collaboration": {"id": 77},
                "target_collaboration_conflicts": [
                    {"creator_user_open_id": "u2", "product_id": "9"}
                ],
                "invalid_open_id_list": ["u3"],
            }
        )
    )
    result = api.collaborations.invite(
        name="n",
        message="m",
        end_time=UNTIL,
        products=[InvitedProduct("9", 1000)],
        creator_open_ids=["u1", "u2", "u3"],
        contact_email="a@example.com",
    )
    assert result.collaboration_id == "77"
    assert not result.complete
    assert [c.creator_user_open_id for c in result.target_collaboration_conflicts] == ["u2"]
    assert result.invalid_open_id_list == ["u3"]


@pytest.mark.parametrize(
    "call",
    [
        lambda a: next(a.orders.search(page_size=101)),
        lambda a: next(a.returns.search(page_size=9)),
        lambda a: next(a.creators.search(page_size=50)),
        lambda a: next(a.collaborations.targets(page_size=10)),
        lambda a: next(a.messages.messages("6", page_size=21)),
        lambda a: a.orders.details([]),
        lambda a: a.orders.details(["1"] * 51),
        lambda a: a.orders.price_detail(""),
        lambda a: a.orders.price_detail(".."),
        lambda a: a.messages.mark_read(["1"] * 21),
        lambda a: a.samples.deeplink(product_id="1", sku_id="2", days=15),
        lambda a: a.products.inventory(),
        lambda a: a.analytics.shop(D2, D1),
        lambda a: next(a.orders.search(update_time_ge=datetime(2026, 1, 1))),  # noqa: DTZ001
    ],
)
def test_what_tiktok_would_refuse_is_not_sent(api, tiktok, call):
    tiktok.answers(ok({}))
    with pytest.raises(ValueError):
        call(api)
    assert tiktok.received == []


@pytest.mark.parametrize("rate", [99, 8001])
def test_a_commission_out_of_bounds_is_not_sent(api, tiktok, rate):
    tiktok.answers(ok({}))
    with pytest.raises(ValueError, match="commission"):
        api.collaborations.invite(
            name="n",
            message="m",
            end_time=UNTIL,
            products=[InvitedProduct("9", rate)],
            creator_open_ids=["u1"],
            contact_email="a@example.com",
        )
    assert tiktok.received == []


def test_without_a_cipher_only_the_calls_of_the_token_work(tiktok, transport_to):
    tiktok.answers(ok(sample("shop/authorization_shops_202309.json")["data"]))
    api = ShopApi(transport_to(tiktok.url), KEY, SECRET, TOKEN)
    assert api.shops.authorized().items[0].cipher
    with pytest.raises(ValueError, match="cipher"):
        next(api.orders.search())


def test_an_id_cannot_leave_its_place_in_the_path(api, tiktok):
    tiktok.answers(ok({}))
    api.finance.order_transactions("../../x?y")
    assert tiktok.received[0].path == (
        "/finance/202501/orders/..%2F..%2Fx%3Fy/statement_transactions"
    )
    assert tiktok.received[0].params["sign"] == signature(tiktok.received[0])


def test_limits_are_kept_per_app_shop_and_pace():
    keys = {limit_key(KEY, shop, pace) for shop in ("a", "b") for pace in RATES}
    assert len(keys) == 2 * len(RATES)
    assert rate_of(limit_key(KEY, CIPHER, "send")) == RATES["send"]
    assert not any(CIPHER in limit_key(KEY, CIPHER, pace) for pace in RATES)
    assert {endpoint.pace for endpoint in ENDPOINTS.values()} <= set(RATES)


def test_missing_scopes_are_known_before_the_call():
    every = {endpoint.scope for endpoint in ENDPOINTS.values()}
    assert missing_scopes(every, ENDPOINTS) == set()
    assert missing_scopes(["seller.order.info"], ["orders_search", "statements", "webhooks"]) == {
        "seller.finance.info"
    }


def test_sample_rules_are_read_nested_and_flat(api, tiktok):
    terms = {"activate_status": "ACTIVATE", "sample_quota": "5"}
    rules = [
        {"product_id": "9", "sample_rule": terms, "status": "ONGOING"},
        {"product_id": "10", **terms},
    ]
    tiktok.answers(ok({"sample_rules": rules}))
    page = api.collaborations.sample_rules(["9", "10"])
    assert [(rule.product_id, rule.sample_quota) for rule in page.items] == [("9", 5), ("10", 5)]
    assert page.items[0].status == "ONGOING"
    assert not page.findings.fields
