"""Orders and their prices (contract 5.1 - 5.4). Money is in each record's ``currency``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Literal

from sparkops.tiktok.paging import Page
from sparkops.tiktok.shop.caller import Caller, Listing
from sparkops.tiktok.values import (
    Amount,
    Count,
    Flag,
    Maybe,
    RateFraction,
    Record,
    RequiredId,
    Text,
    TextId,
    UnixTime,
    known,
)

MAX_ORDER_IDS = 50

# Buyers' names, addresses and tax ids: the product has no use for them.
PERSONAL_FIELDS = frozenset(
    {"buyer_email", "buyer_message", "cpf", "cpf_name", "recipient_address"}
)

OrderStatus = Annotated[
    Text,
    known(
        "UNPAID",
        "ON_HOLD",
        "AWAITING_SHIPMENT",
        "PARTIALLY_SHIPPING",
        "AWAITING_COLLECTION",
        "IN_TRANSIT",
        "DELIVERED",
        "COMPLETED",
        "CANCELLED",
    ),
]
SortField = Literal["create_time", "update_time"]


class ItemTax(Record):
    tax_type: Text = ""
    tax_amount: Amount = None
    tax_rate: RateFraction = None


class BundlePart(Record):
    """A SKU inside a virtual bundle; the cost of goods comes from these."""

    product_id: TextId = ""
    sku_id: TextId = ""
    seller_sku: Text = ""
    sku_count: Count = None


class LineItem(Record):
    """One unit, not one SKU. ``sale_price`` = original - seller_discount - platform_discount."""

    id: RequiredId
    sku_id: TextId = ""
    product_id: TextId = ""
    seller_sku: Text = ""
    product_name: Text = ""
    sku_name: Text = ""
    sku_type: Text = ""
    sku_image: Text = ""
    currency: Text = ""
    original_price: Amount = None
    sale_price: Amount = None
    seller_discount: Amount = None
    platform_discount: Amount = None
    item_tax: list[ItemTax] = []
    display_status: Text = ""
    package_id: TextId = ""
    package_status: Text = ""
    tracking_number: Text = ""
    shipping_provider_id: TextId = ""
    shipping_provider_name: Text = ""
    rts_time: UnixTime = None
    is_gift: Flag = None
    gift_retail_price: Amount = None
    cancel_reason: Text = ""
    cancel_user: Text = ""
    combined_listing_skus: list[BundlePart] = []
    retail_delivery_fee: Amount = None
    small_order_fee: Amount = None


class Payment(Record):
    """What the buyer pays. US amounts exclude tax; ``total_amount`` includes it."""

    currency: Text = ""
    total_amount: Amount = None
    sub_total: Amount = None
    original_total_product_price: Amount = None
    seller_discount: Amount = None
    platform_discount: Amount = None
    original_shipping_fee: Amount = None
    shipping_fee: Amount = None
    shipping_fee_seller_discount: Amount = None
    shipping_fee_platform_discount: Amount = None
    shipping_fee_cofunded_discount: Amount = None
    tax: Amount = None
    product_tax: Amount = None
    shipping_fee_tax: Amount = None
    retail_delivery_fee: Amount = None
    buyer_service_fee: Amount = None
    small_order_fee: Amount = None
    handling_fee: Amount = None
    item_insurance_fee: Amount = None
    shipping_insurance_fee: Amount = None
    payment_platform_discount: Amount = None


class Package(Record):
    id: TextId = ""


class Order(Record):
    """An order of search or detail (contract 5.3)."""

    id: RequiredId
    status: OrderStatus = ""
    create_time: UnixTime = None
    update_time: UnixTime = None
    paid_time: UnixTime = None
    rts_time: UnixTime = None
    collection_time: UnixTime = None
    delivery_time: UnixTime = None
    cancel_time: UnixTime = None
    order_type: Annotated[
        Text, known("NORMAL", "PRE_ORDER", "MADE_TO_ORDER", "BACK_ORDER", "ZERO_LOTTERY")
    ] = ""
    is_sample_order: Flag = None
    is_replacement_order: Flag = None
    replaced_order_id: TextId = ""
    is_exchange_order: Flag = None
    exchange_source_order_id: TextId = ""
    is_on_hold_order: Flag = None
    is_cod: Flag = None
    is_buyer_request_cancel: Flag = None
    fulfillment_type: Annotated[
        Text,
        known(
            "FULFILLMENT_BY_SELLER",
            "FULFILLMENT_BY_TIKTOK",
            "FULFILLMENT_BY_DILAYANI_TOKOPEDIA",
        ),
    ] = ""
    shipping_type: Annotated[Text, known("TIKTOK", "SELLER")] = ""
    payment_method_name: Text = ""
    user_id: TextId = ""
    cancel_reason: Text = ""
    cancellation_initiator: Text = ""
    tracking_number: Text = ""
    warehouse_id: TextId = ""
    room_id: TextId = ""
    packages: list[Package] = []
    payment: Maybe[Payment] = None
    line_items: list[LineItem] = []


class OrdersPage(Record):
    orders: list[Order] = []
    next_page_token: Text = ""
    total_count: Count = None


class PriceLine(Record):
    """Prices of an order line, or of the whole order (contract 5.4)."""

    id: TextId = ""
    currency: Text = ""
    sku_list_price: Amount = None
    sku_sale_price: Amount = None
    subtotal: Amount = None
    subtotal_deduction_seller: Amount = None
    subtotal_deduction_platform: Amount = None
    shipping_list_price: Amount = None
    shipping_sale_price: Amount = None
    shipping_fee_deduction_seller: Amount = None
    shipping_fee_deduction_platform: Amount = None
    voucher_deduction_seller: Amount = None
    voucher_deduction_platform: Amount = None
    subtotal_tax_amount: Amount = None
    tax_amount: Amount = None
    tax_rate: RateFraction = None
    net_price_amount: Amount = None
    cod_fee: Amount = None
    payment: Amount = None
    total: Amount = None


class PriceDetail(PriceLine):
    """Prices of an order with its lines."""

    line_items: list[PriceLine] = []


ORDERS = Listing(
    "orders_search", OrdersPage, Order, "orders", "an order list", withheld=PERSONAL_FIELDS
)
ORDER_DETAILS = Listing(
    "orders_detail", OrdersPage, Order, "orders", "orders", withheld=PERSONAL_FIELDS
)


class Orders:
    """Reads of orders.

    Time filters are ``>=`` and ``<`` and take aware datetimes. Sorted oldest change first, so an
    interrupted walk can go on where it was. Calls raise ``TikTokError``.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def search(
        self,
        *,
        update_time_ge: datetime | None = None,
        update_time_lt: datetime | None = None,
        create_time_ge: datetime | None = None,
        create_time_lt: datetime | None = None,
        order_status: str | None = None,
        sort_field: SortField = "update_time",
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[OrdersPage, Order]]:
        """Orders by time of change or creation."""
        body = {
            "update_time_ge": update_time_ge,
            "update_time_lt": update_time_lt,
            "create_time_ge": create_time_ge,
            "create_time_lt": create_time_lt,
            "order_status": order_status,
        }
        query = {"sort_field": sort_field, "sort_order": "ASC"}
        return self._caller.pages(
            ORDERS, query=query, body=body, page_size=page_size, page_token=page_token
        )

    def details(self, order_ids: Sequence[str]) -> Page[OrdersPage, Order]:
        """Up to 50 orders by id."""
        if not 1 <= len(order_ids) <= MAX_ORDER_IDS:
            raise ValueError(f"ask for 1 to {MAX_ORDER_IDS} orders at once")
        return self._caller.page(ORDER_DETAILS, query={"ids": list(order_ids)})

    def price_detail(self, order_id: str) -> PriceDetail:
        """How the price of an order and its lines came about."""
        return self._caller.record(PriceDetail, "a price detail", "order_price_detail", order_id)
