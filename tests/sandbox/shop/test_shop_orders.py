"""Orders, returns, cancellations and products: formulas, filters and pages."""

from decimal import Decimal
from typing import Any

import pytest

from .caller import Caller

SEARCH = "/order/202309/orders/search"


def number(text: str) -> Decimal:
    return Decimal(text)


@pytest.mark.parametrize("brand", ["lumen", "harbour", "kornblume"])
def test_payment_follows_the_formulas(reader: Caller, brand: str) -> None:
    found = reader.of(brand).post(SEARCH, {"create_time_ge": 1}, {"page_size": 100}).data
    for order in found["orders"]:
        paid = {k: number(v) for k, v in order["payment"].items() if k != "currency"}
        assert paid["sub_total"] == (
            paid["original_total_product_price"]
            - paid["seller_discount"]
            - paid["platform_discount"]
        )
        assert paid["shipping_fee"] == (
            paid["original_shipping_fee"]
            - paid["shipping_fee_seller_discount"]
            - paid["shipping_fee_platform_discount"]
        )
        assert paid["total_amount"] == (
            paid["sub_total"] + paid["shipping_fee"] + paid["tax"] + paid["retail_delivery_fee"]
        )
        lines = order["line_items"]
        assert paid["sub_total"] == sum(number(line["sale_price"]) for line in lines)
        for line in lines:
            assert number(line["sale_price"]) == (
                number(line["original_price"])
                - number(line["seller_discount"])
                - number(line["platform_discount"])
            )


def test_pages_hold_every_order_once_and_in_order(reader: Caller) -> None:
    query = {"page_size": 37, "sort_field": "update_time", "sort_order": "ASC"}
    rows = reader.every("POST", SEARCH, "orders", query, {"create_time_ge": 1})
    times = [row["update_time"] for row in rows]
    assert times == sorted(times)
    expected = {
        order.id
        for order in reader.world.orders.values()
        if order.shop_id == reader.shop.id and order.created_at <= reader.world.now()
    }
    assert len(rows) == len(expected)
    assert {row["id"] for row in rows} == expected


def test_default_order_is_newest_first(reader: Caller) -> None:
    rows = reader.post(SEARCH, {"create_time_ge": 1}, {"page_size": 50}).data["orders"]
    times = [row["create_time"] for row in rows]
    assert times == sorted(times, reverse=True)


def test_page_token_dies_with_its_filter(reader: Caller) -> None:
    token = reader.post(SEARCH, {"create_time_ge": 1}, {"page_size": 5}).data["next_page_token"]
    query = {"page_size": 5, "page_token": token}
    assert reader.post(SEARCH, {"create_time_ge": 1}, query).code == 0
    other_filter = reader.post(SEARCH, {"create_time_ge": 2}, query)
    assert (other_filter.status, other_filter.code) == (400, 36009004)
    invented = reader.post(SEARCH, {"create_time_ge": 1}, query | {"page_token": "AAAA"})
    assert (invented.status, invented.code) == (400, 36009004)


def test_time_filters_include_the_start_and_exclude_the_end(reader: Caller) -> None:
    rows = reader.post(SEARCH, {"create_time_ge": 1}, {"page_size": 100}).data["orders"]
    newest, oldest = rows[0]["create_time"], rows[-1]["create_time"]
    window = {"create_time_ge": oldest, "create_time_lt": newest}
    found = reader.every("POST", SEARCH, "orders", {"page_size": 100}, window)
    times = {row["create_time"] for row in found}
    assert oldest in times
    assert newest not in times


def test_status_filter(reader: Caller) -> None:
    for status in ("COMPLETED", "CANCELLED", "IN_TRANSIT"):
        found = reader.post(SEARCH, {"order_status": status}, {"page_size": 20}).data["orders"]
        assert found
        assert {row["status"] for row in found} == {status}
    refused = reader.post(SEARCH, {"order_status": "LOST"}, {"page_size": 20})
    assert (refused.status, refused.code) == (400, 36009004)


def test_detail_equals_the_search_and_leaves_out_foreign_orders(reader: Caller) -> None:
    rows = reader.post(SEARCH, {"create_time_ge": 1}, {"page_size": 2}).data["orders"]
    foreign = next(o.id for o in reader.world.orders.values() if o.shop_id != reader.shop.id)
    ids = ",".join([rows[0]["id"], foreign, rows[1]["id"]])
    assert reader.get("/order/202507/orders", {"ids": ids}).data["orders"] == rows


def test_price_detail_adds_up(reader: Caller) -> None:
    order = reader.post(SEARCH, {"order_status": "COMPLETED"}, {"page_size": 1}).data["orders"][0]
    path = f"/order/202407/orders/{order['id']}/price_detail"
    detail = reader.get(path).data
    assert detail["payment"] == order["payment"]["total_amount"]
    lines = detail["line_items"]
    assert number(detail["sku_sale_price"]) == sum(number(one["sku_sale_price"]) for one in lines)


def test_samples_are_orders_at_zero_with_their_retail_price(reader: Caller) -> None:
    rows = reader.every("POST", SEARCH, "orders", {"page_size": 100}, {"create_time_ge": 1})
    samples = [row for row in rows if row["is_sample_order"]]
    assert samples
    for row in samples:
        assert row["payment"]["original_total_product_price"] == "0"
        assert all(number(line["gift_retail_price"]) > 0 for line in row["line_items"])


def test_ids_are_text_and_times_are_numbers(reader: Caller) -> None:
    order = reader.post(SEARCH, {"order_status": "COMPLETED"}, {"page_size": 1}).data["orders"][0]
    assert isinstance(order["id"], str)
    assert isinstance(order["create_time"], int)
    assert order["create_time"] < order["delivery_time"] <= order["update_time"]


@pytest.mark.parametrize("brand", ["lumen", "harbour", "kornblume"])
def test_refund_is_the_sum_of_its_lines(reader: Caller, brand: str) -> None:
    path = "/return_refund/202602/returns/search"
    rows = reader.of(brand).every("POST", path, "return_orders", {"page_size": 50}, None)
    assert rows
    for row in rows:
        total = row["refund_amount"]
        parts: Any = [line["refund_amount"] for line in row["return_line_items"]]
        assert number(total["refund_subtotal"]) == sum(number(p["refund_subtotal"]) for p in parts)
        assert number(total["refund_tax"]) == sum(number(p["refund_tax"]) for p in parts)
        assert number(total["refund_total"]) == (
            number(total["refund_subtotal"])
            + number(total["refund_shipping_fee"])
            + number(total["refund_tax"])
        )


def test_cancellations_belong_to_cancelled_orders(reader: Caller) -> None:
    path = "/return_refund/202602/cancellations/search"
    rows = reader.every("POST", path, "cancellations", {"page_size": 50}, None)
    assert rows
    done = [row for row in rows if row["cancel_status"] == "CANCELLATION_REQUEST_COMPLETE"]
    for row in done[:20]:
        order = reader.get("/order/202507/orders", {"ids": row["order_id"]}).data["orders"][0]
        assert order["status"] == "CANCELLED"
        assert order["cancel_time"] >= order["create_time"]


def test_product_search_by_sku_and_inventory_agree(reader: Caller) -> None:
    product = reader.post("/product/202502/products/search", None, {"page_size": 1}).data[
        "products"
    ][0]
    sku = product["skus"][0]
    found = reader.post(
        "/product/202502/products/search", {"sku_ids": [sku["id"]]}, {"page_size": 10}
    ).data["products"]
    assert [one["id"] for one in found] == [product["id"]]
    stock = reader.post("/product/202309/inventory/search", {"sku_ids": [sku["id"]]}).data
    row = stock["inventory"][0]["skus"][0]
    assert row["total_available_quantity"] == sku["inventory"][0]["quantity"]
    detail = reader.get(f"/product/202309/products/{product['id']}").data
    assert detail["title"] == product["title"]


def test_deleted_product_has_no_detail(writer: Caller) -> None:
    product = next(p for p in writer.world.products.values() if p.shop_id == writer.shop.id)
    writer.control("set_stock", product_id=product.id, status="DELETED")
    assert writer.get(f"/product/202309/products/{product.id}").code == 36009004
    listed = writer.post("/product/202502/products/search", {"status": "ALL"}, {"page_size": 50})
    assert product.id not in {one["id"] for one in listed.data["products"]}
