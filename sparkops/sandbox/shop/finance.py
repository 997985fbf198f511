"""Statements, transactions, payments, withdrawals and unsettled orders (contract section 6)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sparkops.sandbox.world import Order, StatementLine, StatementTransaction
from sparkops.sandbox.world.settlement import (
    SETTLE_AFTER,
    Statement,
    combined,
    sale_lines,
    settled,
    statements,
    unsettled_orders,
)

from . import errors, fields, paging
from . import finance_fields as names
from .gate import Call
from .values import ZERO, amount, amounts, seconds, value_money

DEFAULT_PAGE = 20
LEAST_PAYOUT = Decimal(1)
WITHOUT_REVENUE = ("US", "GB")
PAYMENT_STATUSES = ("PAID", "FAILED", "PROCESSING")
WITHDRAWAL_TYPES = ("WITHDRAW", "SETTLE", "TRANSFER", "REVERSE")
# Fields that repeat another one: TikTok sends both, only the second counts.
REPEATED = {
    "affiliate_commission_amount_before_pit": "affiliate_commission_amount",
    "tiktok_shop_shipping_incentive_amount": "shipping_fee_discount_amount",
}
# Parts of a shipping field that are sent along with it.
SHIPPING_PARTS = {
    "actual_shipping_fee_amount": "fbm_shipping_cost_amount",
    "shipping_fee_discount_amount": "platform_shipping_fee_discount_amount",
}
Sections = Mapping[str, Mapping[str, Decimal]]


@dataclass(frozen=True)
class Payment:
    """A payout. Statements at or below zero wait and are netted in the next one above it."""

    statements: tuple[Statement, ...]

    @property
    def id(self) -> str:
        return self.statements[-1].payment_id

    @property
    def made_at(self) -> datetime:
        return self.statements[-1].payment_made_at

    @property
    def paid_at(self) -> datetime:
        return self.statements[-1].paid_at

    @property
    def settlement(self) -> Decimal:
        return sum((one.total for one in self.statements), ZERO)

    @property
    def reserve(self) -> Decimal:
        return sum((one.reserve for one in self.statements), ZERO)

    @property
    def total(self) -> Decimal:
        return self.settlement + self.reserve


def search_statements(call: Call) -> dict[str, Any]:
    fields.sort_field(call.query, ("statement_time",))
    status = call.query.get("payment_status", "")
    if status and status not in PAYMENT_STATUSES:
        raise errors.invalid_field("payment_status", f"must be of {', '.join(PAYMENT_STATUSES)}")
    paid_by = _payments_by_statement(call)
    found = [
        one
        for one in statements(call.world, call.shop.id, call.now)
        if fields.within(call.query, "statement_time", seconds(one.made_at))
        and status in ("", _payment_status(paid_by.get(one.id), call.now))
    ]
    rows, token = _page(call, found, lambda one: (seconds(one.made_at), one.id))
    return {
        "next_page_token": token,
        "statements": [_statement(call, one, paid_by.get(one.id)) for one in rows],
    }


def statement_transactions(call: Call) -> dict[str, Any]:
    fields.sort_field(call.query, ("order_create_time",))
    statement = _own_statement(call, call.params["statement_id"])
    rows, token = _page(call, statement.rows, lambda row: (seconds(row.order_created_at), row.id))
    return {
        "id": statement.id,
        "create_time": seconds(statement.made_at),
        "status": "SETTLED",
        "currency": call.shop.currency,
        "total_count": len(statement.rows),
        "next_page_token": token,
        "total_settlement_amount": amount(statement.total),
        "total_reserve_amount": amount(statement.reserve),
        "payable_amount": amount(statement.payable),
        "total_settlement_breakdown": {
            "total_revenue_amount": amount(statement.sum("revenue")),
            "total_shipping_cost_amount": amount(statement.sum("shipping_cost")),
            "total_fee_tax_amount": amount(statement.sum("fee_tax")),
            "total_adjustment_amount": amount(statement.sum("adjustment")),
        },
        "transactions": [_transaction(row) for row in rows],
    }


def order_transactions(call: Call) -> dict[str, Any]:
    """Settled rows of one order by SKU; the same SKU comes again for a refund."""
    order = call.world.orders.get(call.params["order_id"])
    if order is None or order.shop_id != call.shop.id or order.created_at > call.now:
        raise errors.no_such_order()
    rows = [row for row in _rows_of_order(call, order) if settled(row, call.now)]
    statement_ids = {
        row.id: one.id
        for one in statements(call.world, call.shop.id, call.now)
        for row in one.rows
        if row.order_id == order.id
    }
    parts = [
        _sku_transaction(lines, statement_ids[row.id], row.unlisted_fee if first else ZERO)
        for row in rows
        for first, lines in _by_sku(row.lines)
    ]
    return {
        "order_id": order.id,
        "order_create_time": seconds(order.created_at),
        "currency": order.currency,
        "total_count": len(parts),
        "revenue_amount": amount(sum((row.revenue for row in rows), ZERO)),
        "fee_and_tax_amount": amount(sum((row.fee_tax for row in rows), ZERO)),
        "shipping_cost_amount": amount(sum((row.shipping_cost for row in rows), ZERO)),
        "settlement_amount": amount(sum((row.settlement for row in rows), ZERO)),
        "sku_transactions": parts,
    }


def unsettled(call: Call) -> dict[str, Any]:
    """Estimates of paid orders that are in no statement yet; replaced as a whole on each read."""
    fields.sort_field(call.query, ("order_create_time",))
    found = [
        order
        for order in unsettled_orders(call.world, call.shop.id, call.now)
        if fields.within(call.query, "search_time", seconds(order.created_at))
    ]
    rows, token = _page(call, found, lambda order: (seconds(order.created_at), order.id))
    brand = call.world.brand_of_shop(call.shop.id)
    estimates = {order.id: combined(sale_lines(brand, order)) for order in found}
    totals = [_totals(sections) for sections in estimates.values()]
    return {
        "total_count": len(found),
        "next_page_token": token,
        "sum_est_settlement_amount": amount(sum((sum(parts, ZERO) for parts in totals), ZERO)),
        "sum_est_revenue_amount": amount(sum((parts[0] for parts in totals), ZERO)),
        "sum_est_fee_amount": amount(sum((parts[2] for parts in totals), ZERO)),
        "sum_est_adjustment_amount": "0",
        "transactions": [_estimate(call, order, estimates[order.id]) for order in rows],
    }


def search_payments(call: Call) -> dict[str, Any]:
    fields.sort_field(call.query, ("create_time",))
    found = [
        one
        for one in payments(call)
        if fields.within(call.query, "create_time", seconds(one.made_at))
    ]
    rows, token = _page(call, found, lambda one: (seconds(one.made_at), one.id))
    return {"next_page_token": token, "payments": [_payment(call, one) for one in rows]}


def withdrawals(call: Call) -> dict[str, Any]:
    """Money into (SETTLE) and out of (WITHDRAW) the shop's balance: two rows per payment."""
    types = fields.comma_list(call.query, "types")
    if not types:
        raise errors.missing_field("types")
    if any(kind not in WITHDRAWAL_TYPES for kind in types):
        raise errors.invalid_field("types", f"must be of {', '.join(WITHDRAWAL_TYPES)}")
    found = [
        row
        for one in payments(call)
        for row in _withdrawals(call, one)
        if row["type"] in types and fields.within(call.query, "create_time", row["create_time"])
    ]
    rows, token = _page(call, found, lambda row: (row["create_time"], row["id"]))
    return {"total_count": len(found), "next_page_token": token, "withdrawals": rows}


def tax_information(call: Call) -> dict[str, Any]:
    return {"tax_information": {"region": call.shop.region, "is_tax_infomation_complete": True}}


def payments(call: Call) -> list[Payment]:
    """Every payout made by now, oldest first."""
    done: list[Payment] = []
    waiting: list[Statement] = []
    for statement in statements(call.world, call.shop.id, call.now):
        waiting.append(statement)
        if sum((one.payable for one in waiting), ZERO) >= LEAST_PAYOUT:
            done.append(Payment(tuple(waiting)))
            waiting = []
    return [one for one in done if one.made_at <= call.now]


def _payments_by_statement(call: Call) -> dict[str, Payment]:
    return {one.id: payment for payment in payments(call) for one in payment.statements}


def _payment_status(payment: Payment | None, now: datetime) -> str:
    return "PAID" if payment and payment.paid_at <= now else "PROCESSING"


def _statement(call: Call, one: Statement, payment: Payment | None) -> dict[str, Any]:
    status = _payment_status(payment, call.now)
    revenue = one.sum("revenue")
    return {
        "id": one.id,
        "statement_time": seconds(one.made_at),
        "currency": call.shop.currency,
        "settlement_amount": amount(one.total),
        "revenue_amount": "0" if call.shop.region in WITHOUT_REVENUE else amount(revenue),
        "net_sales_amount": amount(revenue),
        "shipping_cost_amount": amount(one.sum("shipping_cost")),
        "fee_amount": amount(one.sum("fee_tax")),
        "adjustment_amount": amount(one.sum("adjustment")),
        "payment_status": status,
        "payment_id": payment.id if payment else "",
        "payment_time": seconds(payment.paid_at) if payment and status == "PAID" else 0,
    }


def _own_statement(call: Call, statement_id: str) -> Statement:
    for one in statements(call.world, call.shop.id, call.now):
        if one.id == statement_id:
            return one
    raise errors.invalid_field("statement_id", "does not name a statement of this shop")


def _page(
    call: Call, rows: Sequence[Any], position: Callable[[Any], tuple[int, str]]
) -> tuple[list[Any], str]:
    return paging.page(
        rows,
        size=fields.page_size(call.query, default=DEFAULT_PAGE),
        token=fields.page_token(call.query),
        query=call.page_key(),
        position=position,
        descending=fields.descending(call.query, default="ASC"),
    )


def _transaction(row: StatementTransaction) -> dict[str, Any]:
    return {
        "id": row.id,
        "type": row.type,
        "order_id": row.order_id,
        "order_create_time": seconds(row.order_created_at),
        "adjustment_id": row.adjustment_id,
        "adjustment_order_id": row.adjustment_order_id,
        "settlement_amount": amount(row.settlement),
        "revenue_amount": amount(row.revenue),
        "revenue_breakdown": _filled(names.REVENUE, row.sections.get("revenue", {})),
        "shipping_cost_amount": amount(row.shipping_cost),
        "shipping_cost_breakdown": _shipping(row.sections),
        "fee_tax_amount": amount(row.fee_tax),
        "fee_tax_breakdown": _fee_tax(row.sections),
        "adjustment_amount": amount(row.adjustment),
        "supplementary_component": _filled(names.CONTEXT, row.sections.get("supplementary", {})),
        "reserve_id": row.reserve_id,
        "reserve_amount": amount(row.reserve),
        "reserve_status": row.reserve_status,
        "associated_order_id": row.associated_order_id,
        "estimated_release_time": str(seconds(row.release_at)) if row.release_at else "",
    }


def _sku_transaction(
    lines: Sequence[StatementLine], statement_id: str, unlisted_fee: Decimal
) -> dict[str, Any]:
    sections = combined(list(lines))
    revenue, shipping, fee_tax = _totals(sections)
    fee_tax += unlisted_fee
    return {
        "sku_id": lines[0].sku_id,
        "sku_name": lines[0].sku_name,
        "product_name": lines[0].product_name,
        "quantity": str(len(lines)),
        "statement_id": statement_id,
        "settlement_amount": amount(revenue + shipping + fee_tax),
        "revenue_amount": amount(revenue),
        "revenue_breakdown": _filled(names.REVENUE, sections.get("revenue", {})),
        "fee_tax_amount": amount(fee_tax),
        "fee_tax_breakdown": _fee_tax(sections),
        "shipping_cost_amount": amount(shipping),
        "shipping_cost_breakdown": _shipping(sections),
    }


def _by_sku(lines: Iterable[StatementLine]) -> Iterable[tuple[bool, list[StatementLine]]]:
    """Units of one SKU together, the first group marked."""
    groups: dict[str, list[StatementLine]] = {}
    for line in lines:
        groups.setdefault(line.sku_id, []).append(line)
    for index, group in enumerate(groups.values()):
        yield index == 0, group


def _rows_of_order(call: Call, order: Order) -> list[StatementTransaction]:
    def index() -> dict[str, list[StatementTransaction]]:
        by_order: dict[str, list[StatementTransaction]] = {}
        for row in call.world.statement_rows.values():
            if row.type == "ORDER":
                by_order.setdefault(row.order_id, []).append(row)
        return by_order

    rows = call.world.derived("statement rows by order", index).get(order.id, [])
    return sorted(rows, key=lambda row: (row.settled_at, row.id))


def _totals(sections: Sections) -> tuple[Decimal, Decimal, Decimal]:
    """Revenue, shipping and fee with tax."""
    revenue, shipping, fee, tax = (
        sum(sections.get(name, {}).values(), ZERO) for name in ("revenue", "shipping", "fee", "tax")
    )
    return revenue, shipping, fee + tax


def _estimate(call: Call, order: Order, sections: Sections) -> dict[str, Any]:
    revenue, shipping, fee_tax = _totals(sections)
    fee = sections.get("fee", {})
    delivered = (
        order.delivered_at if order.delivered_at and order.delivered_at <= call.now else None
    )
    data = {
        "id": f"7562{order.id[4:]}",
        "type": "ORDER",
        "status": "UNSETTLED",
        "currency": order.currency,
        "order_id": order.id,
        "order_create_time": seconds(order.created_at),
        "estimated_settlement": f"{SETTLE_AFTER.days} days after delivery",
        "unsettled_reason": "WAITING_FOR_PACKAGE_DELIVERY",
        "est_revenue_amount": amount(revenue),
        "revenue_breakdown": _filled(names.REVENUE[:4], sections.get("revenue", {})),
        "est_shipping_cost_amount": amount(shipping),
        "shipping_cost_breakdown": _shipping(sections),
        "est_fee_tax_amount": amount(fee_tax),
        "fee_tax_breakdown": {
            "fee": {
                **_fee_tax(sections)["fee"],
                "affiliate_commission_before_pit_amount": amount(
                    fee.get("affiliate_commission_amount", ZERO)
                ),
            },
            "tax": {**_fee_tax(sections)["tax"], "sales_tax_amount": "0"},
        },
        "est_adjustment_amount": "0",
        "est_settlement_amount": amount(revenue + shipping + fee_tax),
    }
    if delivered:
        data["order_delivery_time"] = seconds(delivered)
        data["estimated_settlement"] = str(seconds(order.settles_at or delivered + SETTLE_AFTER))
        data["unsettled_reason"] = "SETTLEMENT_IN_PROGRESS"
    return data


def _payment(call: Call, one: Payment) -> dict[str, Any]:
    currency = call.shop.currency
    return {
        "id": one.id,
        "status": _payment_status(one, call.now),
        "create_time": seconds(one.made_at),
        "paid_time": seconds(one.paid_at) if one.paid_at <= call.now else 0,
        "bank_account": f"***********{call.shop.id[-4:]}",
        "amount": value_money(one.total, currency),
        "settlement_amount": value_money(one.settlement, currency),
        "reserve_amount": value_money(one.reserve, currency),
        "payment_amount_before_exchange": value_money(one.total, currency),
        "exchange_rate": "1.000000",
    }


def _withdrawals(call: Call, one: Payment) -> list[dict[str, Any]]:
    moments = [("SETTLE", one.made_at, timedelta(0)), ("WITHDRAW", one.made_at, timedelta(hours=1))]
    rows = []
    for kind, made_at, delay in moments:
        if made_at + delay > call.now:
            continue
        done = kind == "SETTLE" or one.paid_at <= call.now
        rows.append(
            {
                "id": f"{'3460' if kind == 'SETTLE' else '3461'}{one.id[4:]}",
                "type": kind,
                "amount": amount(one.total),
                "currency": call.shop.currency,
                "status": "SUCCESS" if done else "PROCESSING",
                "create_time": seconds(made_at + delay),
            }
        )
    return rows


def _shipping(sections: Sections) -> dict[str, Any]:
    shipping = _repeated(sections.get("shipping", {}))
    parts = {
        part: shipping[name] for name, part in SHIPPING_PARTS.items() if shipping.get(name)
    } | dict(sections.get("shipping_supplementary", {}))
    return {
        **_filled(names.SHIPPING, shipping),
        "supplementary_component": _filled(names.SHIPPING_PARTS, parts),
    }


def _fee_tax(sections: Sections) -> dict[str, dict[str, str]]:
    return {
        "fee": _filled(names.FEE, _repeated(sections.get("fee", {}))),
        "tax": _filled(names.TAX, sections.get("tax", {})),
    }


def _repeated(values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    copies = {copy: values[name] for copy, name in REPEATED.items() if name in values}
    return {**values, **copies}


def _filled(order: Sequence[str], values: Mapping[str, Decimal]) -> dict[str, str]:
    """Every known field, zero where nothing was booked, and fields nobody has heard of yet."""
    return amounts({**dict.fromkeys(order, ZERO), **values})
