"""Money: rows, statements, orders and payments tie to the cent (contract 6.2 and 6.5)."""

from decimal import Decimal
from typing import Any

import pytest

from .caller import Caller, sample

BRANDS = ["lumen", "harbour", "kornblume"]
STATEMENTS = "/finance/202309/statements"
BY_TIME = {"sort_field": "statement_time", "page_size": 100}
CATALOG = sample("finance_field_catalog.json")
NOT_SUMMED = {
    (field["container"], field["field"])
    for field in CATALOG["fields"]
    if field["booking"] in ("informational", "component")
}
DAY = 24 * 3600


def number(text: str) -> Decimal:
    return Decimal(text)


def listed(row: dict[str, Any], container: str) -> Decimal:
    """Sum of the booked fields of a breakdown, after the catalogue."""
    fields = row
    for part in container.split("."):
        fields = fields[part]
    return sum(
        (
            number(value)
            for name, value in fields.items()
            if isinstance(value, str) and (container, name) not in NOT_SUMMED
        ),
        Decimal(0),
    )


def statements(caller: Caller) -> list[dict[str, Any]]:
    return caller.every("GET", STATEMENTS, "statements", BY_TIME)


def transactions(caller: Caller, statement_id: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    path = f"/finance/202501/statements/{statement_id}/statement_transactions"
    query = {"sort_field": "order_create_time", "page_size": 100}
    head = caller.get(path, query).data
    return head, caller.every("GET", path, "transactions", query)


@pytest.mark.parametrize("brand", BRANDS)
def test_rows_and_statements_add_up(reader: Caller, brand: str) -> None:
    caller = reader.of(brand)
    unlisted, wrong = set(), []
    for statement in statements(caller):
        head, rows = transactions(caller, statement["id"])
        assert head["total_count"] == len(rows)
        for row in rows:
            assert number(row["settlement_amount"]) == (
                number(row["revenue_amount"])
                + number(row["shipping_cost_amount"])
                + number(row["fee_tax_amount"])
                + number(row["adjustment_amount"])
            )
            assert listed(row, "revenue_breakdown") == number(row["revenue_amount"])
            assert listed(row, "shipping_cost_breakdown") == number(row["shipping_cost_amount"])
            fees = listed(row, "fee_tax_breakdown.fee") + listed(row, "fee_tax_breakdown.tax")
            if fees != number(row["fee_tax_amount"]):
                unlisted.add(number(row["fee_tax_amount"]) - fees)
        total = sum((number(row["settlement_amount"]) for row in rows), Decimal(0))
        assert head["total_settlement_amount"] == statement["settlement_amount"]
        assert number(head["payable_amount"]) == (
            number(head["total_settlement_amount"]) + number(head["total_reserve_amount"])
        )
        if total != number(head["total_settlement_amount"]):
            wrong.append(number(head["total_settlement_amount"]) - total)
        assert number(head["total_reserve_amount"]) == sum(
            (number(row["reserve_amount"]) for row in rows), Decimal(0)
        )
    # The seeded irregularities: a fee that is not itemised; one German statement that is off.
    assert unlisted <= {Decimal("-0.30")}
    assert wrong == ([Decimal("0.37")] if brand == "kornblume" else [])


@pytest.mark.parametrize("brand", BRANDS)
def test_order_rows_equal_the_order_view(reader: Caller, brand: str) -> None:
    caller = reader.of(brand)
    by_order: dict[str, Decimal] = {}
    for statement in statements(caller)[-25:]:
        for row in transactions(caller, statement["id"])[1]:
            if row["type"] == "ORDER":
                by_order.setdefault(row["order_id"], Decimal(0))
    everything: dict[str, Decimal] = dict.fromkeys(by_order, Decimal(0))
    for statement in statements(caller):
        for row in transactions(caller, statement["id"])[1]:
            if row["order_id"] in everything:
                everything[row["order_id"]] += number(row["settlement_amount"])
    for order_id in list(everything)[:60]:
        path = f"/finance/202501/orders/{order_id}/statement_transactions"
        view = caller.get(path).data
        parts = view["sku_transactions"]
        assert number(view["settlement_amount"]) == everything[order_id]
        assert sum(number(part["settlement_amount"]) for part in parts) == everything[order_id]
        for part in parts:
            assert number(part["settlement_amount"]) == (
                number(part["revenue_amount"])
                + number(part["shipping_cost_amount"])
                + number(part["fee_tax_amount"])
            )


def test_fees_are_negative_on_sales_and_come_back_on_refunds(reader: Caller) -> None:
    sales, refunds = [], []
    for statement in statements(reader):
        for row in transactions(reader, statement["id"])[1]:
            fee = number(row["fee_tax_breakdown"]["fee"]["referral_fee_amount"])
            if row["type"] == "ORDER" and number(row["revenue_amount"]) > 0:
                sales.append(fee)
            elif row["type"] == "ORDER":
                refunds.append(row)
    assert all(fee < 0 for fee in sales)
    assert refunds
    for row in refunds:
        fee = row["fee_tax_breakdown"]["fee"]
        back = number(fee["referral_fee_amount"])
        assert back > 0
        administration = number(fee["refund_administration_fee_amount"])
        assert -5 * row_lines(reader, row) <= administration <= 0


def row_lines(caller: Caller, row: dict[str, Any]) -> int:
    """The administration fee is capped at 5.00 per SKU, so per line at most."""
    return len(caller.world.orders[row["order_id"]].lines)


def test_adjustments_carry_their_amount_twice_and_no_order(reader: Caller) -> None:
    kinds = {one["type"] for one in CATALOG["transaction_types"]}
    seen = set()
    for statement in statements(reader):
        for row in transactions(reader, statement["id"])[1]:
            if row["type"] in ("ORDER", "RESERVE"):
                continue
            seen.add(row["type"])
            assert row["order_id"] == ""
            assert row["adjustment_id"]
            assert row["settlement_amount"] == row["adjustment_amount"] != "0"
    assert {"LOGISTICS_REIMBURSEMENT", "GMV_PAYMENT_FOR_ADS", "SAMPLE_SHIPPING_FEE"} <= seen
    assert seen & kinds


def test_reserve_is_withheld_and_released_outside_the_settlement(reader: Caller) -> None:
    found = [
        row
        for statement in statements(reader)
        for row in transactions(reader, statement["id"])[1]
        if row["type"] == "RESERVE"
    ]
    assert [row["reserve_status"] for row in found] == ["COLLECTED", "RELEASED"]
    assert sum(number(row["reserve_amount"]) for row in found) == 0
    for row in found:
        assert row["settlement_amount"] == "0"
        assert row["estimated_release_time"].isdecimal()


def test_statement_is_made_at_midnight_utc_and_filters_by_it(reader: Caller) -> None:
    rows = statements(reader)
    times = [row["statement_time"] for row in rows]
    assert all(time % DAY == 0 for time in times)
    assert times == sorted(set(times))
    assert times[-1] <= reader.world.now().timestamp()
    window = {"statement_time_ge": times[3], "statement_time_lt": times[6] + 1}
    found = reader.get(STATEMENTS, BY_TIME | window).data["statements"]
    assert [row["statement_time"] for row in found] == times[3:7]


@pytest.mark.parametrize("brand", BRANDS)
def test_payment_equals_its_statements(reader: Caller, brand: str) -> None:
    caller = reader.of(brand)
    by_payment: dict[str, Decimal] = {}
    for statement in statements(caller):
        if statement["payment_id"]:
            head = transactions(caller, statement["id"])[0]
            payment_id = statement["payment_id"]
            by_payment.setdefault(payment_id, Decimal(0))
            by_payment[payment_id] += number(head["payable_amount"])
        else:
            assert statement["payment_status"] == "PROCESSING"
            assert statement["payment_time"] == 0
    query = {"sort_field": "create_time", "page_size": 100}
    payments = caller.every("GET", "/finance/202605/payments", "payments", query)
    assert payments
    assert {row["id"]: number(row["amount"]["value"]) for row in payments} == by_payment
    for row in payments:
        assert number(row["payment_amount_before_exchange"]["value"]) == (
            number(row["settlement_amount"]["value"]) + number(row["reserve_amount"]["value"])
        )
        assert number(row["amount"]["value"]) >= 1


def test_payment_status_turns_later(writer: Caller) -> None:
    last = statements(writer)[-1]
    assert (last["payment_status"], last["payment_id"]) == ("PROCESSING", "")
    writer.control("clock", advance_seconds=6 * DAY)
    paid = next(one for one in statements(writer) if one["id"] == last["id"])
    assert paid["payment_status"] == "PAID"
    assert paid["settlement_amount"] == last["settlement_amount"]


def test_unsettled_sums_and_leaves_when_settled(writer: Caller) -> None:
    query = {"sort_field": "order_create_time", "page_size": 100}
    path = "/finance/202507/orders/unsettled"
    head = writer.get(path, query).data
    rows = writer.every("GET", path, "transactions", query)
    assert rows
    assert head["total_count"] == len(rows)
    for name in ("settlement", "revenue"):
        assert number(head[f"sum_est_{name}_amount"]) == sum(
            number(row[f"est_{name}_amount"]) for row in rows
        )
    for row in rows:
        delivered = row["unsettled_reason"] != "WAITING_FOR_PACKAGE_DELIVERY"
        assert ("order_delivery_time" in row) == delivered
    ids = {row["order_id"] for row in rows}
    settled = {
        row["order_id"]
        for statement in statements(writer)
        for row in transactions(writer, statement["id"])[1]
    }
    assert ids.isdisjoint(settled)
    writer.control("clock", advance_seconds=40 * DAY)
    later = writer.of(writer.brand).every("GET", path, "transactions", query)
    assert ids.isdisjoint(row["order_id"] for row in later)


def test_refund_now_lands_in_a_later_statement(writer: Caller) -> None:
    settled = [
        row
        for statement in statements(writer)
        for row in transactions(writer, statement["id"])[1]
        if row["type"] == "ORDER" and number(row["revenue_amount"]) > 0
    ]
    returned = {one.order_id for one in writer.world.returns.values()}
    order_id = next(r["order_id"] for r in settled if r["order_id"] not in returned)
    path = f"/finance/202501/orders/{order_id}/statement_transactions"
    before = writer.get(path).data
    writer.control("refund_order", order_id=order_id)
    assert writer.get(path).data == before
    writer.control("clock", advance_seconds=DAY)
    after = writer.get(path).data
    assert number(after["revenue_amount"]) == 0
    assert len(after["sku_transactions"]) == 2 * len(before["sku_transactions"])
    kept = sum(
        number(part["fee_tax_breakdown"]["fee"]["affiliate_commission_amount"])
        + number(part["fee_tax_breakdown"]["fee"]["affiliate_ads_commission_amount"])
        for part in after["sku_transactions"]
    )
    paid = sum(
        number(part["fee_tax_breakdown"]["fee"]["affiliate_commission_amount"])
        + number(part["fee_tax_breakdown"]["fee"]["affiliate_ads_commission_amount"])
        for part in before["sku_transactions"]
    )
    assert kept == paid


def test_withdrawals_by_type(reader: Caller) -> None:
    path = "/finance/202309/withdrawals"
    rows = reader.every("GET", path, "withdrawals", {"types": "SETTLE", "page_size": 100})
    assert {row["type"] for row in rows} == {"SETTLE"}
    assert {row["status"] for row in rows} == {"SUCCESS"}
    both = reader.every("GET", path, "withdrawals", {"types": "SETTLE,WITHDRAW", "page_size": 100})
    assert {row["type"] for row in both} == {"SETTLE", "WITHDRAW"}
    assert reader.every("GET", path, "withdrawals", {"types": "REVERSE"}) == []
