"""Changing collaborations, stock and prices: what counts at once and what from midnight on."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from .caller import Answer, Caller
from .test_shop_affiliate import TARGETS, a_stranger, invite, products

OPEN = "/affiliate_seller/202412/open_collaborations"


def plan_of(caller: Caller, plan_id: str) -> dict[str, Any]:
    found: dict[str, Any] = caller.get(f"{TARGETS}/{plan_id}").data["target_collaboration"]
    return found


def change(caller: Caller, plan_id: str, **body: Any) -> Answer:
    return caller.call("PUT", f"{TARGETS}/{plan_id}", None, body)


def rate(caller: Caller, plan_id: str) -> int:
    found: int = plan_of(caller, plan_id)["products"][0]["commission"]["rate"]
    return found


def pass_midnight(caller: Caller) -> None:
    """To the first minute of the shop's next day."""
    now = caller.world.now().astimezone(ZoneInfo(caller.shop.zone))
    rest = 24 * 3600 - (now.hour * 3600 + now.minute * 60 + now.second)
    caller.control("clock", advance_seconds=rest + 60)


def test_raised_rate_counts_at_once_and_lowered_rate_from_midnight(writer: Caller) -> None:
    product = products(writer)[0]
    made = invite(writer, [a_stranger(writer)], [product]).data["target_collaboration"]["id"]
    higher = change(writer, made, products=[{"id": product, "commission_rate": 2500}])
    assert higher.data == {"update_failed": {}}
    assert rate(writer, made) == 2500
    change(writer, made, products=[{"id": product, "commission_rate": 1500}])
    assert rate(writer, made) == 2500
    pass_midnight(writer)
    assert rate(writer, made) == 1500


def test_lists_are_replaced_and_removals_count_from_midnight(writer: Caller) -> None:
    first, second = products(writer)[:2]
    old, new = a_stranger(writer), a_stranger(writer)
    made = invite(writer, [old], [first]).data["target_collaboration"]["id"]
    answer = change(
        writer,
        made,
        products=[{"id": second, "commission_rate": 1200}, {"id": "77", "commission_rate": 1200}],
        creator_user_open_ids=[new.open_id, "nobody"],
    )
    assert answer.data["update_failed"] == {"products": ["77"], "creators": ["nobody"]}
    plan = plan_of(writer, made)
    assert {p["id"]: p["collaboration_status"] for p in plan["products"]} == {
        first: "DELETING",
        second: "NORMAL",
    }
    assert {c["creator_open_id"]: c["collaboration_status"] for c in plan["creators"]} == {
        old.open_id: "DELETING",
        new.open_id: "NORMAL",
    }
    pass_midnight(writer)
    plan = plan_of(writer, made)
    assert [p["id"] for p in plan["products"]] == [second]
    assert [c["creator_open_id"] for c in plan["creators"]] == [new.open_id]
    assert plan["creator_invited_count"] == 1


def test_wrong_rate_changes_nothing(writer: Caller) -> None:
    product = products(writer)[0]
    made = invite(writer, [a_stranger(writer)], [product]).data["target_collaboration"]["id"]
    before = plan_of(writer, made)
    answer = change(writer, made, name="New", products=[{"id": product, "commission_rate": 50}])
    assert (answer.status, answer.code) == (400, 36009004)
    assert plan_of(writer, made) == before


def test_update_that_quota_refuses_changes_nothing(writer: Caller) -> None:
    first, second = products(writer)[:2]
    made = invite(writer, [a_stranger(writer)], [first]).data["target_collaboration"]["id"]
    before = plan_of(writer, made)
    quota = writer.world.quotas[writer.shop.id]
    quota.quota = len(quota.contacted_creator_ids)
    answer = change(
        writer,
        made,
        products=[{"id": second, "commission_rate": 1200}],
        creator_user_open_ids=[a_stranger(writer).open_id],
    )
    assert answer.code not in (0, 36009004)
    assert plan_of(writer, made) == before


def test_ended_plan_frees_its_pairs_at_midnight(writer: Caller) -> None:
    creator, product = a_stranger(writer), products(writer)[0]
    made = invite(writer, [creator], [product]).data["target_collaboration"]["id"]
    path = f"/affiliate_seller/202409/target_collaborations/{made}"
    assert writer.call("DELETE", path).code == 0
    found = writer.post(
        f"{TARGETS}/search", {"collaboration_status": "CANCELING"}, {"page_size": 20}
    )
    assert [row["id"] for row in found.data["target_collaborations"]] == [made]
    assert invite(writer, [creator], [product]).data["target_collaboration_conflicts"] != []
    pass_midnight(writer)
    again = invite(writer, [creator], [product]).data
    assert again["target_collaboration_conflicts"] == []
    assert change(writer, made, name="Too late").code not in (0, 36009004)


def test_resolved_conflict_lets_the_creator_in(writer: Caller) -> None:
    creator, product = a_stranger(writer), products(writer)[0]
    first = invite(writer, [creator], [product]).data["target_collaboration"]["id"]
    item = {"creator_open_id": creator.open_id, "existing_collaboration_id": first}
    path = "/affiliate_seller/202605/target_collaborations/conflicts/resolve"
    assert writer.post(path, {"conflict_items": [item]}).code == 0
    assert invite(writer, [creator], [product]).data["target_collaboration_conflicts"] == []


def open_row(caller: Caller, product_id: str) -> dict[str, Any]:
    body = {"keyword_type": "PRODUCT_ID", "keyword": product_id}
    rows = caller.post(f"{OPEN}/search", body, {"page_size": 100}).data["open_collaborations"]
    found: dict[str, Any] = rows[-1]
    return found


def test_open_collaboration_ends_at_midnight_and_can_start_anew(writer: Caller) -> None:
    product = next(
        plan.product_id
        for plan in writer.world.open_collaborations.values()
        if plan.shop_id == writer.shop.id and plan.ends_at is None
    )
    taken = writer.post(OPEN, {"product_id": product, "commission_rate": 1000})
    assert taken.code not in (0, 36009004)
    path = f"/affiliate_seller/202409/open_collaborations/products/{product}"
    end = writer.call("DELETE", path).data["terminated_effective_time"]
    local = datetime.fromtimestamp(end, UTC).astimezone(ZoneInfo(writer.shop.zone))
    assert (local.hour, local.minute, local.second) == (0, 0, 0)
    assert open_row(writer, product)["current_commission"]["end_time"] == end
    pass_midnight(writer)
    made = writer.post(OPEN, {"product_id": product, "commission_rate": 1000}).data
    assert made["open_collaboration"]["product_id"] == product


@pytest.mark.parametrize("commission", [99, 8001, None, "much"])
def test_open_collaboration_with_a_wrong_rate(writer: Caller, commission: Any) -> None:
    body = {"product_id": products(writer)[0], "commission_rate": commission}
    answer = writer.post(OPEN, body)
    assert (answer.status, answer.code) == (400, 36009004)


def test_settings_and_sample_rules_come_back(writer: Caller) -> None:
    settings = "/affiliate_seller/{}/open_collaboration_settings"
    wish = {"auto_add_product": {"enable": True, "commission_rate": 1200}}
    assert writer.post(settings.format("202405"), wish).code == 0
    assert writer.get(settings.format("202409")).data == wish
    rules = "/affiliate_seller/202410/open_collaborations/sample_rules"
    product = products(writer)[0]
    rule = {"activate_status": "ACTIVATE", "sample_quota": 7, "is_sample_time_unlimited": True}
    assert writer.post(rules, {"product_id": product, "sample_rule": rule}).code == 0
    found = writer.get(rules, {"product_ids": product}).data["sample_rules"][0]["sample_rule"]
    assert found["sample_quota"] == 7
    assert found["available_quantity"] <= 7


def test_stock_is_set_per_sku_and_failures_are_named_with_code_0(writer: Caller) -> None:
    product = writer.world.products[products(writer)[0]]
    place = {"warehouse_id": writer.shop.warehouse_id, "quantity": 321}
    path = f"/product/202309/products/{product.id}/inventory/update"
    body = {
        "skus": [
            {"id": product.skus[0].id, "inventory": [place]},
            {"id": "77", "inventory": [place]},
        ]
    }
    failed = writer.post(path, body).data["errors"]
    assert [one["detail"]["sku_id"] for one in failed] == ["77"]
    stock = writer.post("/product/202309/inventory/search", {"sku_ids": [product.skus[0].id]}).data[
        "inventory"
    ][0]["skus"][0]
    assert stock["total_available_quantity"] == 321


def test_price_of_the_wrong_currency_is_refused(writer: Caller) -> None:
    product = writer.world.products[products(writer)[0]]
    path = f"/product/202309/products/{product.id}/prices/update"
    sku = product.skus[0].id
    price = {"amount": "31.5", "currency": writer.shop.currency}
    assert writer.post(path, {"skus": [{"id": sku, "price": price}]}).code == 0
    wrong = writer.post(path, {"skus": [{"id": sku, "price": price | {"currency": "XXX"}}]})
    assert (wrong.status, wrong.code) == (400, 36009004)
    detail = writer.get(f"/product/202309/products/{product.id}").data
    assert detail["skus"][0]["price"]["tax_exclusive_price"] == "31.5"
