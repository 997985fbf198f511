"""Returns, refunds and cancellations (contract 5.5, 5.6). Refund amounts are positive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

from sparkops.tiktok.paging import Page
from sparkops.tiktok.shop.caller import UP_TO_50, Caller, Listing
from sparkops.tiktok.values import (
    Amount,
    Count,
    Flag,
    Maybe,
    Record,
    RequiredId,
    Text,
    TextId,
    UnixTime,
    known,
)

Role = Annotated[Text, known("BUYER", "SELLER", "OPERATOR", "SYSTEM")]


class RefundAmount(Record):
    """What goes back to the buyer; all positive."""

    currency: Text = ""
    refund_subtotal: Amount = None
    refund_shipping_fee: Amount = None
    refund_tax: Amount = None
    retail_delivery_fee: Amount = None
    buyer_service_fee: Amount = None
    refund_total: Amount = None


class ReturnDiscount(Record):
    currency: Text = ""
    product_seller_discount: Amount = None
    product_platform_discount: Amount = None
    shipping_fee_seller_discount: Amount = None
    shipping_fee_platform_discount: Amount = None


class ReturnShipping(Record):
    currency: Text = ""
    seller_paid_return_shipping_fee: Amount = None
    platform_paid_return_shipping_fee: Amount = None
    buyer_paid_return_shipping_fee: Amount = None


class ReturnLine(Record):
    return_line_item_id: TextId = ""
    order_line_item_id: TextId = ""
    sku_id: TextId = ""
    sku_name: Text = ""
    seller_sku: Text = ""
    product_name: Text = ""
    refund_amount: Maybe[RefundAmount] = None


# Money has moved only in these two.
REFUNDED_RETURN_STATUSES = frozenset(
    {"RETURN_OR_REFUND_REQUEST_SUCCESS", "RETURN_OR_REFUND_REQUEST_COMPLETE"}
)


class Return(Record):
    """A return or refund request (contract 5.5)."""

    return_id: RequiredId
    order_id: TextId = ""
    return_type: Annotated[Text, known("REFUND", "RETURN_AND_REFUND", "REPLACEMENT")] = ""
    return_status: Annotated[
        Text,
        known(
            *REFUNDED_RETURN_STATUSES,
            "RETURN_OR_REFUND_REQUEST_PENDING",
            "REFUND_OR_RETURN_REQUEST_REJECT",
            "AWAITING_BUYER_SHIP",
            "BUYER_SHIPPED_ITEM",
            "REJECT_RECEIVE_PACKAGE",
            "RETURN_OR_REFUND_REQUEST_CANCEL",
            "AWAITING_BUYER_RESPONSE",
            "REPLACEMENT_REQUEST_PENDING",
            "REPLACEMENT_REQUEST_REJECT",
            "REPLACEMENT_REQUEST_REFUND_SUCCESS",
            "REPLACEMENT_REQUEST_CANCEL",
            "REPLACEMENT_REQUEST_COMPLETE",
        ),
    ] = ""
    arbitration_status: Annotated[
        Text, known("IN_PROGRESS", "SUPPORT_BUYER", "SUPPORT_SELLER", "CLOSED")
    ] = ""
    role: Role = ""
    return_reason: Text = ""
    return_reason_text: Text = ""
    return_method: Text = ""
    shipment_type: Text = ""
    handover_method: Text = ""
    return_tracking_number: Text = ""
    create_time: UnixTime = None
    update_time: UnixTime = None
    refund_amount: Maybe[RefundAmount] = None
    discount_amount: list[ReturnDiscount] = []
    shipping_fee_amount: list[ReturnShipping] = []
    partial_refund: Flag = None
    can_buyer_keep_item: Flag = None
    pre_return_id: TextId = ""
    next_return_id: TextId = ""
    combined_return_id: TextId = ""
    return_line_items: list[ReturnLine] = []

    @property
    def money_moved(self) -> bool:
        """True once the buyer is being or has been refunded."""
        return self.return_status in REFUNDED_RETURN_STATUSES


class ReturnsPage(Record):
    return_orders: list[Return] = []
    next_page_token: Text = ""
    total_count: Count = None


class CancelLine(Record):
    cancel_line_item_id: TextId = ""
    order_line_item_id: TextId = ""
    sku_id: TextId = ""
    sku_name: Text = ""
    seller_sku: Text = ""
    product_name: Text = ""
    refund_amount: Maybe[RefundAmount] = None


class Cancellation(Record):
    """A cancellation request (contract 5.6)."""

    cancel_id: RequiredId
    order_id: TextId = ""
    cancel_type: Annotated[Text, known("CANCEL", "BUYER_CANCEL")] = ""
    cancel_status: Annotated[
        Text,
        known(
            "CANCELLATION_REQUEST_PENDING",
            "CANCELLATION_REQUEST_SUCCESS",
            "CANCELLATION_REQUEST_COMPLETE",
            # Both spellings of the withdrawn request are real.
            "CANCELLATION_REQUEST_CANCEL",
            "CANCELLATION_REQUEST_CANCELLED",
        ),
    ] = ""
    role: Role = ""
    cancel_reason: Text = ""
    cancel_reason_text: Text = ""
    refund_amount: Maybe[RefundAmount] = None
    cancel_line_items: list[CancelLine] = []
    create_time: UnixTime = None
    update_time: UnixTime = None


class CancellationsPage(Record):
    cancellations: list[Cancellation] = []
    next_page_token: Text = ""
    total_count: Count = None


RETURNS = Listing(
    "returns_search",
    ReturnsPage,
    Return,
    "return_orders",
    "a list of returns",
    sizes=range(10, 51),
    default_size=50,
)
CANCELLATIONS = Listing(
    "cancellations_search",
    CancellationsPage,
    Cancellation,
    "cancellations",
    "a list of cancellations",
    sizes=UP_TO_50,
    default_size=50,
)


class Returns:
    """Reads of returns and cancellations, oldest change first.

    Time filters are ``>=`` and ``<`` and take aware datetimes. Calls raise ``TikTokError``.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def search(
        self,
        *,
        update_time_ge: datetime | None = None,
        update_time_lt: datetime | None = None,
        order_ids: Sequence[str] = (),
        return_ids: Sequence[str] = (),
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[ReturnsPage, Return]]:
        """Returns and refunds by time of change, by order or by id."""
        body = {
            "update_time_ge": update_time_ge,
            "update_time_lt": update_time_lt,
            "order_ids": list(order_ids),
            "return_ids": list(return_ids),
        }
        query = {"sort_field": "update_time", "sort_order": "ASC"}
        return self._caller.pages(
            RETURNS, query=query, body=body, page_size=page_size, page_token=page_token
        )

    def cancellations(
        self,
        *,
        update_time_ge: datetime | None = None,
        update_time_lt: datetime | None = None,
        order_ids: Sequence[str] = (),
        cancel_ids: Sequence[str] = (),
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[CancellationsPage, Cancellation]]:
        """Cancellations by time of change, by order or by id."""
        body = {
            "update_time_ge": update_time_ge,
            "update_time_lt": update_time_lt,
            "order_ids": list(order_ids),
            "cancel_ids": list(cancel_ids),
        }
        query = {"sort_field": "update_time", "sort_order": "ASC"}
        return self._caller.pages(
            CANCELLATIONS, query=query, body=body, page_size=page_size, page_token=page_token
        )
