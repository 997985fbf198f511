"""A shop: its products, plans with creators, orders and money."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

ZERO = Decimal(0)


@dataclass
class Shop:
    """``cipher`` goes into ``shop_cipher``; ``code`` is the shop code people see.

    ``statement_errors``: statement day (``YYYY-MM-DD``) -> amount by which the statement's own
    total differs from its rows, the fault TikTok is known for. ``auto_add_rate``: new products
    join the open collaborations at this rate. ``sample_rules``: product id -> rule as sent.
    """

    id: str
    brand_key: str
    seller_id: str
    name: str
    region: str
    currency: str
    zone: str
    cipher: str
    code: str
    warehouse_id: str
    exclusive_advertiser_id: str = ""
    statement_errors: dict[str, Decimal] = field(default_factory=dict)
    auto_add_rate: Decimal | None = None
    sample_rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    deauthorized_at: datetime | None = None


@dataclass
class Sku:
    id: str
    seller_sku: str
    name: str
    price: Decimal
    stock: int


@dataclass
class Product:
    """``status`` is the word of the product API: ACTIVATE, SELLER_DEACTIVATED, DELETED, ..."""

    id: str
    shop_id: str
    title: str
    category: str
    created_at: datetime
    updated_at: datetime
    skus: list[Sku]
    status: str = "ACTIVATE"
    image_url: str = ""


@dataclass
class OpenCollaboration:
    """Commission rates are fractions (0.15 = 15 %)."""

    id: str
    shop_id: str
    product_id: str
    rate: Decimal
    shop_ads_rate: Decimal | None
    created_at: datetime
    ends_at: datetime | None = None


@dataclass
class TargetProduct:
    product_id: str
    rate: Decimal
    shop_ads_rate: Decimal | None = None
    next_rate: Decimal | None = None
    next_rate_at: datetime | None = None
    removed_at: datetime | None = None


@dataclass
class TargetCreator:
    creator_id: str
    invited_at: datetime
    accepted_at: datetime | None = None
    removed_at: datetime | None = None


@dataclass
class TargetCollaboration:
    id: str
    shop_id: str
    name: str
    message: str
    created_at: datetime
    updated_at: datetime
    ends_at: datetime
    products: list[TargetProduct]
    creators: list[TargetCreator]
    contact_email: str = ""
    has_free_sample: bool = True
    sample_approval_exempt: bool = False
    removed_at: datetime | None = None


@dataclass
class SampleApplication:
    """A creator's ask for a free unit. The moments tell the status; ``item_ids`` fulfil it.

    A moment in the future has not happened yet. ``rejected_at`` with ``reject_reason``;
    ``cancelled_status`` is one of the ``..._CANCELLED`` words.
    """

    id: str
    shop_id: str
    creator_id: str
    product_id: str
    sku_id: str
    commission_rate: Decimal
    created_at: datetime
    approve_by: datetime
    target_collaboration_id: str = ""
    approved_at: datetime | None = None
    ship_by: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    rejected_at: datetime | None = None
    reject_reason: str = ""
    cancelled_at: datetime | None = None
    cancelled_status: str = ""
    order_id: str = ""
    tracking_number: str = ""
    item_ids: list[str] = field(default_factory=list)


@dataclass
class Affiliate:
    """Which creator and post an order is credited to. ``ad_driven`` = won by an ad on the post.

    ``rate`` is the standard rate of the plan, ``shop_ads_rate`` its rate for ad-driven orders (the
    standard rate holds when it is None). ``content_type``: VIDEO, LIVE or PROMOTION_PAGE.
    """

    creator_id: str
    content_id: str
    content_type: str
    rate: Decimal
    shop_ads_rate: Decimal | None
    ad_driven: bool
    open_collaboration_id: str = ""
    target_collaboration_id: str = ""

    @property
    def paid_rate(self) -> Decimal:
        if self.ad_driven and self.shop_ads_rate is not None:
            return self.shop_ads_rate
        return self.rate


@dataclass
class OrderLine:
    """One unit. ``tax`` is sales tax on top (zero where prices include tax)."""

    id: str
    product_id: str
    product_name: str
    sku_id: str
    sku_name: str
    seller_sku: str
    original_price: Decimal
    seller_discount: Decimal
    platform_discount: Decimal
    tax: Decimal

    @property
    def item_revenue(self) -> Decimal:
        return self.original_price - self.seller_discount

    @property
    def sale_price(self) -> Decimal:
        return self.original_price - self.seller_discount - self.platform_discount


@dataclass
class Order:
    """All moments of an order's life, past and future; the clock decides what already happened.

    ``buyer_shipping`` is what the buyer pays, ``shipping_list`` the price before discounts,
    ``carrier_fee`` what the seller's shipment costs, ``carrier_subsidy`` what TikTok pays of that.
    """

    id: str
    shop_id: str
    currency: str
    user_id: str
    created_at: datetime
    lines: list[OrderLine]
    paid_at: datetime | None = None
    held_until: datetime | None = None
    rts_at: datetime | None = None
    collected_at: datetime | None = None
    delivered_at: datetime | None = None
    completed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    cancel_initiator: str = ""
    is_sample: bool = False
    tax_rate: Decimal = ZERO
    shipping_list: Decimal = ZERO
    shipping_seller_discount: Decimal = ZERO
    shipping_platform_discount: Decimal = ZERO
    shipping_tax: Decimal = ZERO
    carrier_fee: Decimal = ZERO
    carrier_subsidy: Decimal = ZERO
    affiliate: Affiliate | None = None
    tracking_number: str = ""
    city: str = ""
    settles_at: datetime | None = None

    @property
    def buyer_shipping(self) -> Decimal:
        return self.shipping_list - self.shipping_seller_discount - self.shipping_platform_discount

    @property
    def item_revenue(self) -> Decimal:
        return sum((line.item_revenue for line in self.lines), ZERO)

    def status(self, now: datetime) -> str:
        """The status word of the order API at that moment."""
        if self.cancelled_at and self.cancelled_at <= now:
            return "CANCELLED"
        if self.paid_at is None or now < self.paid_at:
            return "UNPAID"
        if self.held_until and now < self.held_until:
            return "ON_HOLD"
        steps = (
            (self.completed_at, "COMPLETED"),
            (self.delivered_at, "DELIVERED"),
            (self.collected_at, "IN_TRANSIT"),
            (self.rts_at, "AWAITING_COLLECTION"),
        )
        return next((word for at, word in steps if at and at <= now), "AWAITING_SHIPMENT")

    def updated_at(self, now: datetime) -> datetime:
        moments = (
            self.created_at,
            self.paid_at,
            self.held_until,
            self.rts_at,
            self.collected_at,
            self.delivered_at,
            self.completed_at,
            self.cancelled_at,
        )
        return max(moment for moment in moments if moment and moment <= now)


@dataclass
class Return:
    """A refund after delivery. Amounts are positive; money moved from ``completed_at`` on.

    ``item_refund`` is what the buyer gets back for the items, without tax on top;
    ``platform_discount_refund`` the platform's share of the same lines.
    """

    id: str
    order_id: str
    shop_id: str
    line_ids: list[str]
    created_at: datetime
    completed_at: datetime
    item_refund: Decimal
    platform_discount_refund: Decimal
    shipping_refund: Decimal
    tax_refund: Decimal
    reason: str
    reason_text: str
    return_type: str = "RETURN_AND_REFUND"
    rejected_at: datetime | None = None
    return_shipping_fee: Decimal = ZERO

    def status(self, now: datetime) -> str:
        if self.rejected_at and self.rejected_at <= now:
            return "REFUND_OR_RETURN_REQUEST_REJECT"
        if self.completed_at <= now:
            return "RETURN_OR_REFUND_REQUEST_COMPLETE"
        return "RETURN_OR_REFUND_REQUEST_PENDING"


@dataclass
class Cancellation:
    """A cancellation before shipment. ``cancel_type`` CANCEL or BUYER_CANCEL."""

    id: str
    order_id: str
    shop_id: str
    cancel_type: str
    created_at: datetime
    completed_at: datetime
    item_refund: Decimal
    shipping_refund: Decimal
    tax_refund: Decimal
    reason: str
    reason_text: str


@dataclass
class StatementLine:
    """One order line's part of a settled row: section -> field -> signed amount."""

    line_id: str
    sku_id: str
    product_id: str
    sku_name: str
    product_name: str
    sections: dict[str, dict[str, Decimal]]


@dataclass
class StatementTransaction:
    """A settled row. It belongs to the statement of the UTC day of ``settled_at``.

    ``sections``: "revenue", "shipping", "fee", "tax" hold the fields that are summed (signed);
    "supplementary" and "shipping_supplementary" only explain. ``adjustment`` is set on rows that
    are not ORDER; ``reserve`` stays outside the settlement. ``unlisted_fee`` is part of the fee
    total without being listed.
    """

    id: str
    shop_id: str
    type: str
    settled_at: datetime
    order_id: str = ""
    order_created_at: datetime | None = None
    sections: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    lines: list[StatementLine] = field(default_factory=list)
    adjustment: Decimal = ZERO
    adjustment_id: str = ""
    adjustment_order_id: str = ""
    reserve: Decimal = ZERO
    reserve_id: str = ""
    reserve_status: str = ""
    associated_order_id: str = ""
    release_at: datetime | None = None
    unlisted_fee: Decimal = ZERO

    def section(self, name: str) -> Decimal:
        return sum(self.sections.get(name, {}).values(), ZERO)

    @property
    def revenue(self) -> Decimal:
        return self.section("revenue")

    @property
    def shipping_cost(self) -> Decimal:
        return self.section("shipping")

    @property
    def fee_tax(self) -> Decimal:
        return self.section("fee") + self.section("tax") + self.unlisted_fee

    @property
    def settlement(self) -> Decimal:
        return self.revenue + self.shipping_cost + self.fee_tax + self.adjustment


@dataclass
class OutreachQuota:
    """The weekly contact quota of a shop. ``follower_cap`` 0 = none."""

    shop_id: str
    gmv_tier: int
    quota: int
    follower_cap: int
    week_starts_at: datetime
    contacted_creator_ids: list[str] = field(default_factory=list)


@dataclass
class Conversation:
    id: str
    shop_id: str
    creator_id: str
    created_at: datetime
    unread_count: int = 0
    status: str = ""


@dataclass
class Message:
    """``content`` is JSON text as on the wire. ``from_creator`` tells the direction."""

    id: str
    conversation_id: str
    index: int
    type: str
    content: str
    created_at: datetime
    from_creator: bool


@dataclass
class WebhookSubscription:
    shop_id: str
    event_type: str
    address: str
    created_at: datetime
    updated_at: datetime


@dataclass
class WebhookDelivery:
    """One try to deliver an event. ``status`` is the HTTP status or 0 without an answer."""

    notification_id: str
    shop_id: str
    type: int
    address: str
    body: str
    at: datetime
    status: int = 0
    data: dict[str, Any] = field(default_factory=dict)
