"""Orders (contract 5.1 to 5.4)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from sparkops.sandbox.world import Order, OrderLine

from . import errors, fields, paging
from .gate import Call
from .values import ZERO, amount, amounts, happened, seconds

STATUSES = (
    "UNPAID",
    "ON_HOLD",
    "AWAITING_SHIPMENT",
    "PARTIALLY_SHIPPING",
    "AWAITING_COLLECTION",
    "IN_TRANSIT",
    "DELIVERED",
    "COMPLETED",
    "CANCELLED",
)
SHIPPING_TYPES = ("TIKTOK", "SELLER")
# Order words and what the packages of such an order are called.
PACKAGE_STATUSES = {
    "AWAITING_SHIPMENT": "TO_FULFILL",
    "AWAITING_COLLECTION": "PROCESSING",
    "IN_TRANSIT": "FULFILLING",
    "DELIVERED": "COMPLETED",
    "COMPLETED": "COMPLETED",
    "CANCELLED": "CANCELLED",
}
MOST_IDS = 50
WITHOUT_BUYER = ("UNPAID", "ON_HOLD")


def visible(call: Call) -> list[Order]:
    """The shop's orders that exist by now."""
    return [
        order
        for order in call.world.orders.values()
        if order.shop_id == call.shop.id and order.created_at <= call.now
    ]


def search(call: Call) -> dict[str, Any]:
    size = fields.page_size(call.query)
    sort = fields.sort_field(call.query, ("create_time", "update_time"), required=False)
    descending = fields.descending(call.query, default="DESC")
    found = [order for order in visible(call) if _matches(call, order)]

    def position(order: Order) -> tuple[int, str]:
        moment = order.updated_at(call.now) if sort == "update_time" else order.created_at
        return seconds(moment), order.id

    shown, token = paging.page(
        found,
        size=size,
        token=fields.page_token(call.query),
        query=call.page_key(),
        position=position,
        descending=descending,
    )
    return {
        "total_count": len(found),
        "next_page_token": token,
        "orders": [order_object(call, order) for order in shown],
    }


def detail(call: Call) -> dict[str, Any]:
    """Up to 50 orders by id; ids of other shops are left out."""
    ids = fields.comma_list(call.query, "ids", most=MOST_IDS)
    if not ids:
        raise errors.missing_field("ids")
    found = [order for one in dict.fromkeys(ids) if (order := own(call, one))]
    return {
        "total_count": len(found),
        "orders": [order_object(call, order) for order in found],
    }


def price_detail(call: Call) -> dict[str, Any]:
    """Prices of one order, whole and per line."""
    order = own(call, call.params["order_id"])
    if order is None:
        raise errors.no_such_order()
    prices = _prices(order, order.lines)
    return {
        "currency": order.currency,
        **prices,
        "line_items": [
            {"id": line.id, "currency": order.currency, **_prices(order, [line], shipping=False)}
            for line in order.lines
        ],
    }


def order_object(call: Call, order: Order) -> dict[str, Any]:
    """An order as the search and the detail call send it; what has not happened is left out."""
    now = call.now
    status = order.status(now)
    data: dict[str, Any] = {
        "id": order.id,
        "status": status,
        "create_time": seconds(order.created_at),
        "update_time": seconds(order.updated_at(now)),
        "order_type": "NORMAL",
        "fulfillment_type": "FULFILLMENT_BY_SELLER",
        "shipping_type": "TIKTOK",
        "is_sample_order": order.is_sample,
        "is_cod": False,
        "is_on_hold_order": status == "ON_HOLD",
        "is_replacement_order": False,
        "is_exchange_order": False,
        "is_buyer_request_cancel": False,
        "payment_method_name": "CCDC",
        "warehouse_id": call.shop.warehouse_id,
        "tracking_number": order.tracking_number if happened(order.rts_at, now) else "",
        "payment": _payment(order),
        "line_items": [_line(call, order, line, status) for line in order.lines],
        "packages": [{"id": _package_id(order)}],
    }
    data |= _times(order, call)
    if happened(order.cancelled_at, now):
        data["cancel_reason"] = order.cancel_reason
        data["cancellation_initiator"] = order.cancel_initiator
    if status not in WITHOUT_BUYER:
        data |= _buyer(call, order)
    return data


def _matches(call: Call, order: Order) -> bool:
    body = call.body
    status = fields.text(body, "order_status")
    if status and status not in STATUSES:
        raise errors.invalid_field("order_status", f"must be one of {', '.join(STATUSES)}")
    shipping = fields.text(body, "shipping_type")
    if shipping and shipping not in SHIPPING_TYPES:
        raise errors.invalid_field("shipping_type", "must be TIKTOK or SELLER")
    warehouses = fields.texts(body, "warehouse_ids", most=100)
    buyer = fields.text(body, "buyer_user_id")
    return (
        fields.within(body, "create_time", seconds(order.created_at))
        and fields.within(body, "update_time", seconds(order.updated_at(call.now)))
        and (not status or order.status(call.now) == status)
        and (not shipping or shipping == "TIKTOK")
        and (not warehouses or call.shop.warehouse_id in warehouses)
        and (not buyer or order.user_id == buyer)
        and not fields.flag(body, "is_buyer_request_cancel", default=False)
    )


def own(call: Call, order_id: str) -> Order | None:
    """The shop's order of that id, if it exists by now."""
    order = call.world.orders.get(order_id)
    if order and order.shop_id == call.shop.id and order.created_at <= call.now:
        return order
    return None


def _times(order: Order, call: Call) -> dict[str, int]:
    moments = {
        "paid_time": order.paid_at,
        "rts_time": order.rts_at,
        "collection_time": order.collected_at,
        "delivery_time": order.delivered_at,
        "cancel_time": order.cancelled_at,
    }
    cancelled = order.cancelled_at
    return {
        name: seconds(moment)
        for name, moment in moments.items()
        if moment
        and moment <= call.now
        and not (cancelled and name != "cancel_time" and moment > cancelled)
    }


def _buyer(call: Call, order: Order) -> dict[str, Any]:
    return {
        "user_id": order.user_id,
        "buyer_email": f"{order.user_id}@scs.example",
        "recipient_address": {
            "full_address": order.city,
            "name": "S*** B***",
            "region_code": call.shop.region,
            "district_info": [{"address_level_name": "City", "address_name": order.city}],
        },
    }


def _payment(order: Order) -> dict[str, str]:
    lines = [_as_sold(order, line) for line in order.lines]
    sub_total = sum((line.sale_price for line in lines), ZERO)
    product_tax = sum((line.tax for line in lines), ZERO)
    tax = product_tax + order.shipping_tax
    return {
        "currency": order.currency,
        **amounts(
            {
                "original_total_product_price": sum((o.original_price for o in lines), ZERO),
                "seller_discount": sum((line.seller_discount for line in lines), ZERO),
                "platform_discount": sum((line.platform_discount for line in lines), ZERO),
                "sub_total": sub_total,
                "original_shipping_fee": order.shipping_list,
                "shipping_fee_seller_discount": order.shipping_seller_discount,
                "shipping_fee_platform_discount": order.shipping_platform_discount,
                "shipping_fee_cofunded_discount": ZERO,
                "shipping_fee": order.buyer_shipping,
                "product_tax": product_tax,
                "shipping_fee_tax": order.shipping_tax,
                "tax": tax,
                "retail_delivery_fee": ZERO,
                "buyer_service_fee": ZERO,
                "small_order_fee": ZERO,
                "payment_platform_discount": ZERO,
                "total_amount": sub_total + order.buyer_shipping + tax,
            }
        ),
    }


def _as_sold(order: Order, line: OrderLine) -> OrderLine:
    """A free sample is listed at zero, not at its price with a discount of all of it."""
    if not order.is_sample:
        return line
    return replace(line, original_price=ZERO, seller_discount=ZERO, platform_discount=ZERO)


def _line(call: Call, order: Order, line: OrderLine, status: str) -> dict[str, Any]:
    line = _as_sold(order, line)
    data: dict[str, Any] = {
        "id": line.id,
        "product_id": line.product_id,
        "product_name": line.product_name,
        "sku_id": line.sku_id,
        "sku_name": line.sku_name,
        "seller_sku": line.seller_sku,
        "sku_type": "NORMAL",
        "currency": order.currency,
        "original_price": amount(line.original_price),
        "seller_discount": amount(line.seller_discount),
        "platform_discount": amount(line.platform_discount),
        "sale_price": amount(line.sale_price),
        "display_status": status,
        "package_id": _package_id(order),
        "package_status": PACKAGE_STATUSES.get(status, "TO_FULFILL"),
        "tracking_number": order.tracking_number if happened(order.rts_at, call.now) else "",
        "is_gift": False,
        "gift_retail_price": amount(_list_price(call, line) if order.is_sample else ZERO),
        "item_tax": [
            {
                "tax_type": "SALES_TAX",
                "tax_amount": amount(line.tax),
                "tax_rate": amount(order.tax_rate),
            }
        ],
    }
    if status == "CANCELLED":
        data["cancel_reason"] = order.cancel_reason
        data["cancel_user"] = order.cancel_initiator
    return data


def _prices(order: Order, lines: list[OrderLine], *, shipping: bool = True) -> dict[str, str]:
    whole = ZERO if not shipping else Decimal(1)
    sale = sum((line.sale_price for line in lines), ZERO)
    tax = sum((line.tax for line in lines), ZERO) + whole * order.shipping_tax
    total = sale + tax + whole * order.buyer_shipping
    return amounts(
        {
            "sku_list_price": sum((line.original_price for line in lines), ZERO),
            "sku_sale_price": sale,
            "subtotal_deduction_seller": sum((line.seller_discount for line in lines), ZERO),
            "subtotal_deduction_platform": sum((line.platform_discount for line in lines), ZERO),
            "shipping_list_price": whole * order.shipping_list,
            "shipping_sale_price": whole * order.buyer_shipping,
            "shipping_fee_deduction_seller": whole * order.shipping_seller_discount,
            "shipping_fee_deduction_platform": whole * order.shipping_platform_discount,
            "voucher_deduction_seller": ZERO,
            "voucher_deduction_platform": ZERO,
            "subtotal_tax_amount": sum((line.tax for line in lines), ZERO),
            "tax_amount": tax,
            "tax_rate": order.tax_rate,
            "net_price_amount": sale,
            "cod_fee": ZERO,
            "payment": total,
            "total": total,
        }
    )


def _list_price(call: Call, line: OrderLine) -> Decimal:
    product = call.world.products.get(line.product_id)
    skus = product.skus if product else []
    return next((sku.price for sku in skus if sku.id == line.sku_id), line.original_price)


def _package_id(order: Order) -> str:
    return f"1153{order.id[4:]}"
