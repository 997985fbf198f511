"""Returns and cancellations (contract 5.5 and 5.6)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sparkops.sandbox.world import Cancellation, OrderLine, Return
from sparkops.sandbox.world.money import split

from . import errors, fields, paging
from .gate import Call
from .values import ZERO, amount, amounts, seconds

RETURN_TYPES = ("REFUND", "RETURN_AND_REFUND", "REPLACEMENT")
CANCEL_TYPES = ("CANCEL", "BUYER_CANCEL")


def search_returns(call: Call) -> dict[str, Any]:
    size = fields.page_size(call.query, least=10, most=50, default=10)
    sort = fields.sort_field(call.query, ("create_time", "update_time"), required=False)
    found = [
        one
        for one in call.world.returns.values()
        if one.shop_id == call.shop.id and one.created_at <= call.now and _return_fits(call, one)
    ]

    def position(one: Return) -> tuple[int, str]:
        moment = one.created_at if sort == "create_time" else return_updated_at(one, call.now)
        return seconds(moment), one.id

    shown, token = paging.page(
        found,
        size=size,
        token=fields.page_token(call.query),
        query=call.page_key(),
        position=position,
        descending=fields.descending(call.query, default="ASC"),
    )
    return {
        "total_count": len(found),
        "next_page_token": token,
        "return_orders": [_return_object(call, one) for one in shown],
    }


def search_cancellations(call: Call) -> dict[str, Any]:
    size = fields.page_size(call.query, most=50, default=10)
    sort = fields.sort_field(call.query, ("create_time", "update_time"), required=False)
    found = [
        one
        for one in call.world.cancellations.values()
        if one.shop_id == call.shop.id
        and one.created_at <= call.now
        and _cancellation_fits(call, one)
    ]

    def position(one: Cancellation) -> tuple[int, str]:
        moment = one.created_at if sort == "create_time" else _cancel_updated_at(one, call.now)
        return seconds(moment), one.id

    shown, token = paging.page(
        found,
        size=size,
        token=fields.page_token(call.query),
        query=call.page_key(),
        position=position,
        descending=fields.descending(call.query, default="ASC"),
    )
    return {
        "total_count": len(found),
        "next_page_token": token,
        "cancellations": [_cancellation_object(call, one) for one in shown],
    }


def return_updated_at(one: Return, now: datetime) -> datetime:
    """The last moment something happened to a return."""
    moments = (one.created_at, one.rejected_at, one.completed_at)
    return max(moment for moment in moments if moment and moment <= now)


def _return_fits(call: Call, one: Return) -> bool:
    body = call.body
    ids, orders = fields.texts(body, "return_ids"), fields.texts(body, "order_ids")
    types, statuses = fields.texts(body, "return_types"), fields.texts(body, "return_status")
    if any(kind not in RETURN_TYPES for kind in types):
        raise errors.invalid_field("return_types", f"must be one of {', '.join(RETURN_TYPES)}")
    buyers = fields.texts(body, "buyer_user_ids")
    return (
        (not ids or one.id in ids)
        and (not orders or one.order_id in orders)
        and (not types or one.return_type in types)
        and (not statuses or one.status(call.now) in statuses)
        and (not buyers or call.world.orders[one.order_id].user_id in buyers)
        and not fields.texts(body, "arbitration_status")
        and fields.within(body, "create_time", seconds(one.created_at))
        and fields.within(body, "update_time", seconds(return_updated_at(one, call.now)))
    )


def _return_object(call: Call, one: Return) -> dict[str, Any]:
    order = call.world.orders[one.order_id]
    lines = [line for line in order.lines if line.id in one.line_ids]
    currency = order.currency
    is_return = one.return_type == "RETURN_AND_REFUND"
    return {
        "return_id": one.id,
        "order_id": one.order_id,
        "return_type": one.return_type,
        "return_status": one.status(call.now),
        "role": "BUYER",
        "return_reason": one.reason,
        "return_reason_text": one.reason_text,
        "return_method": "PLATFORM_SHIPPED" if is_return else "",
        "shipment_type": "PLATFORM" if is_return else "",
        "handover_method": "DROP_OFF" if is_return else "",
        "can_buyer_keep_item": not is_return,
        "create_time": seconds(one.created_at),
        "update_time": seconds(return_updated_at(one, call.now)),
        "refund_amount": _refund(currency, one.item_refund, one.shipping_refund, one.tax_refund),
        "discount_amount": [
            {
                "currency": currency,
                **amounts(
                    {
                        "product_seller_discount": ZERO,
                        "product_platform_discount": one.platform_discount_refund,
                        "shipping_fee_seller_discount": ZERO,
                        "shipping_fee_platform_discount": ZERO,
                    }
                ),
            }
        ],
        "shipping_fee_amount": [
            {
                "currency": currency,
                "buyer_paid_return_shipping_fee": "0",
                "platform_paid_return_shipping_fee": "0",
                "seller_paid_return_shipping_fee": amount(one.return_shipping_fee),
            }
        ],
        "return_line_items": [
            {"return_line_item_id": f"4035{line.id[4:]}", **part}
            for line, part in _line_refunds(currency, lines, one.item_refund, one.tax_refund)
        ],
    }


def _cancellation_fits(call: Call, one: Cancellation) -> bool:
    body = call.body
    ids, orders = fields.texts(body, "cancel_ids"), fields.texts(body, "order_ids")
    types, statuses = fields.texts(body, "cancel_types"), fields.texts(body, "cancel_status")
    if any(kind not in CANCEL_TYPES for kind in types):
        raise errors.invalid_field("cancel_types", f"must be one of {', '.join(CANCEL_TYPES)}")
    buyers = fields.texts(body, "buyer_user_ids")
    return (
        (not ids or one.id in ids)
        and (not orders or one.order_id in orders)
        and (not types or one.cancel_type in types)
        and (not statuses or _cancel_status(one, call.now) in statuses)
        and (not buyers or call.world.orders[one.order_id].user_id in buyers)
        and fields.within(body, "create_time", seconds(one.created_at))
        and fields.within(body, "update_time", seconds(_cancel_updated_at(one, call.now)))
    )


def _cancellation_object(call: Call, one: Cancellation) -> dict[str, Any]:
    order = call.world.orders[one.order_id]
    return {
        "cancel_id": one.id,
        "order_id": one.order_id,
        "cancel_type": one.cancel_type,
        "cancel_status": _cancel_status(one, call.now),
        "role": "BUYER" if one.cancel_type == "BUYER_CANCEL" else "SELLER",
        "cancel_reason": one.reason,
        "cancel_reason_text": one.reason_text,
        "create_time": seconds(one.created_at),
        "update_time": seconds(_cancel_updated_at(one, call.now)),
        "refund_amount": _refund(
            order.currency, one.item_refund, one.shipping_refund, one.tax_refund
        ),
        "cancel_line_items": [
            {"cancel_line_item_id": f"4036{line.id[4:]}", **part}
            for line, part in _line_refunds(
                order.currency, order.lines, one.item_refund, one.tax_refund
            )
        ],
    }


def _cancel_status(one: Cancellation, now: datetime) -> str:
    done = one.completed_at <= now
    return "CANCELLATION_REQUEST_COMPLETE" if done else "CANCELLATION_REQUEST_PENDING"


def _cancel_updated_at(one: Cancellation, now: datetime) -> datetime:
    return one.completed_at if one.completed_at <= now else one.created_at


def _refund(currency: str, items: Decimal, shipping: Decimal, tax: Decimal) -> dict[str, str]:
    return {
        "currency": currency,
        **amounts(
            {
                "refund_subtotal": items,
                "refund_shipping_fee": shipping,
                "refund_tax": tax,
                "retail_delivery_fee": ZERO,
                "buyer_service_fee": ZERO,
                "refund_total": items + shipping + tax,
            }
        ),
    }


def _line_refunds(
    currency: str, lines: Sequence[OrderLine], items: Decimal, tax: Decimal
) -> list[tuple[OrderLine, dict[str, Any]]]:
    """The refund of each line: the whole split by what the buyer paid for it."""
    weights = [line.sale_price for line in lines]
    parts = zip(lines, split(items, weights), split(tax, weights), strict=True)
    return [
        (
            line,
            {
                "order_line_item_id": line.id,
                "sku_id": line.sku_id,
                "sku_name": line.sku_name,
                "seller_sku": line.seller_sku,
                "product_name": line.product_name,
                "refund_amount": {
                    "currency": currency,
                    **amounts(
                        {
                            "refund_subtotal": item_part,
                            "refund_shipping_fee": ZERO,
                            "refund_tax": tax_part,
                            "refund_total": item_part + tax_part,
                        }
                    ),
                },
            },
        )
        for line, item_part, tax_part in parts
    ]
