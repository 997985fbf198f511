"""Walks, refusals and guards of the Shop client over HTTP."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest

from sparkops.tiktok.errors import Auth, Throttled, Unexpected
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.caller import limit_key, rate_of
from sparkops.tiktok.shop.collaborations import InvitedProduct
from sparkops.tiktok.shop.endpoints import ENDPOINTS, RATES, missing_scopes
from tests.sparkops.tiktok.shop import test_wire_affiliate, test_wire_shop
from tests.sparkops.tiktok.shop.wire import CIPHER, KEY, SECRET, SINCE, TOKEN, UNTIL, signature
from tests.sparkops.tiktok.stand_in import ok, refused, sample

D1, D2 = date(2026, 11, 10), date(2026, 11, 11)


def test_every_endpoint_of_the_table_is_tested_on_the_wire():
    wires = [*test_wire_affiliate.CALLS, *test_wire_shop.CALLS]
    assert {wire.key for wire in wires} == set(ENDPOINTS)


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
