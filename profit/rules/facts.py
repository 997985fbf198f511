"""What is known before a rule is applied. Frozen; amounts are Decimal in the named currency.

Ids are TikTok's, as text. An instant is aware and in UTC. A day is the shop's day unless the
field says otherwise. A rate is a fraction (0.15 is 15 %).
"""

from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import StrEnum

from sparkops.money import ZERO


class Basis(StrEnum):
    """Which day a row counts on (P6)."""

    ORDER = "order"
    EVENT = "event"
    SETTLEMENT = "settlement"


class Stage(StrEnum):
    """How final an amount is: our estimate, on its way through TikTok, or final."""

    ESTIMATED = "estimated"
    PROCESSING = "processing"
    SETTLED = "settled"


class RefundStage(StrEnum):
    BEFORE_SHIPMENT = "before_shipment"
    AFTER_SHIPMENT = "after_shipment"


class FeeBase(StrEnum):
    """What a referral fee is a share of (P11)."""

    ITEM_REVENUE = "item_revenue"
    ITEM_REVENUE_PLUS_SHIPPING = "item_revenue_plus_shipping"


class CommissionBase(StrEnum):
    """What an affiliate commission is a share of (P14)."""

    CUSTOMER_ITEM_PAYMENT = "customer_item_payment"
    ITEM_REVENUE = "item_revenue"


class PaymentKind(StrEnum):
    """How a payment to a creator is recognised (P22)."""

    FLAT_FEE = "flat_fee"
    BONUS = "bonus"
    USAGE_FEE = "usage_fee"
    RENEWAL_FEE = "renewal_fee"
    RETAINER = "retainer"


class AgencyFeeKind(StrEnum):
    FIXED = "fixed"
    PERCENT_OF_GMV = "percent_of_gmv"
    PERCENT_OF_NET_REVENUE = "percent_of_net_revenue"
    PERCENT_OF_AD_SPEND = "percent_of_ad_spend"


class SettledType(StrEnum):
    """The amounts of an order line that a statement can settle (P18, 6.8).

    `other_platform_fee` holds what a statement charges and no rule estimates.
    """

    REFERRAL_FEE = "referral_fee"
    REFUND_ADMIN_FEE = "refund_admin_fee"
    AFFILIATE_COMMISSION = "affiliate_commission"
    FULFILMENT_COST = "fulfilment_cost"
    RETURN_SHIPPING_COST = "return_shipping_cost"
    OTHER_PLATFORM_FEE = "other_platform_fee"


SPARK = "spark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A shop; `timezone` is an IANA name. `vat_rate` is set where prices include VAT (P10)."""

    shop_id: str
    market: str
    timezone: str
    currency: str
    vat_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One product of an order. `unit_price` is the list price per unit; discounts are line totals.

    `commission_rate` is what the creator earns on it, None without a creator's claim;
    `referral_rate` overrides the fee rule's rate, for a category with its own.
    """

    line_id: str
    product_id: str
    quantity: int
    unit_price: Decimal
    seller_discount: Decimal = ZERO
    platform_discount: Decimal = ZERO
    commission_rate: Decimal | None = None
    referral_rate: Decimal | None = None
    sku_id: str | None = None

    @property
    def item_revenue(self) -> Decimal:
        """P7: list value less what the seller gave away."""
        return self.unit_price * self.quantity - self.seller_discount

    @property
    def customer_item_payment(self) -> Decimal:
        """P7: what the buyer paid for the item."""
        return self.item_revenue - self.platform_discount


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One basket, in the shop's currency. Order-level amounts are split over its lines (P8)."""

    order_id: str
    created_at: datetime
    lines: tuple[Line, ...]
    creator_id: str | None = None
    post_id: str | None = None
    source: str = "unknown"
    is_sample: bool = False
    commission_settled_on: date | None = None
    shipping_paid_by_customer: Decimal = ZERO
    shipping_credited_to_seller: bool = True
    sales_tax: Decimal = ZERO
    fulfilment_cost: Decimal = ZERO
    stage: Stage = Stage.ESTIMATED
    settled_on: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money given back on one line, in the shop's currency (P9)."""

    refund_id: str
    order_id: str
    line_id: str
    at: datetime
    stage: RefundStage = RefundStage.AFTER_SHIPMENT
    quantity: int = 0
    customer_item_refund: Decimal = ZERO
    platform_discount_refund: Decimal = ZERO
    shipping_refund: Decimal = ZERO
    restocked_quantity: int = 0
    return_shipping_cost: Decimal = ZERO

    @property
    def item_refund(self) -> Decimal:
        """P9: what leaves item revenue."""
        return self.customer_item_refund + self.platform_discount_refund


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledAmount:
    """What a statement finally charged, as a positive cost in the shop's currency (P18).

    Rows of the same order, line and type add up. Without a line the amount belongs to the whole
    order and is split over its lines by item revenue.
    """

    order_id: str
    line_id: str | None
    type: SettledType
    amount: Decimal
    settled_on: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionAdjustment:
    """A later change of an order's commission; positive is more cost (P17)."""

    adjustment_id: str
    order_id: str
    on: date
    amount: Decimal
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A platform adjustment with the seller's sign (P26). Without an order it is unattributed."""

    adjustment_id: str
    on: date
    type: str
    amount: Decimal
    currency: str
    order_id: str | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralFeeRule:
    """P11: the platform's share from `effective_from` (inclusive) until the next rule."""

    effective_from: date
    rate: Decimal
    base: FeeBase = FeeBase.ITEM_REVENUE_PLUS_SHIPPING
    version: str = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAdminFeeRule:
    """P13: share of a referral fee given back that the platform keeps, capped per line."""

    effective_from: date
    rate_of_referral_fee: Decimal
    cap_per_line: Decimal | None = None
    version: str = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRules:
    """The dated fee rules of one shop; their order does not matter."""

    referral: tuple[ReferralFeeRule, ...] = ()
    refund_admin: tuple[RefundAdminFeeRule, ...] = ()
    commission_base: CommissionBase = CommissionBase.CUSTOMER_ITEM_PAYMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCost:
    """Cost of one unit of a SKU or a product from `effective_from` (inclusive) (P19)."""

    item_id: str
    effective_from: date
    amount: Decimal
    currency: str
    version: str = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    post_id: str
    creator_id: str | None = None
    product_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdRow:
    """One reported day of an ad; `day` is the ad account's day at its fixed `offset` (P5).

    `campaign_kind` is a word of the glossary; only `spark` is checked for cover (P28).
    `non_recoverable_tax` is zero where tax on ads can be reclaimed (P23).
    """

    row_id: str
    day: date
    ad_account_id: str
    offset: timezone
    campaign_kind: str
    campaign_id: str
    cost: Decimal
    currency: str
    credit_used: Decimal = ZERO
    non_recoverable_tax: Decimal = ZERO
    platform_gross_revenue: Decimal = ZERO
    ad_id: str | None = None
    post_id: str | None = None
    product_id: str | None = None
    promoted_products: tuple[str, ...] = ()
    stage: Stage = Stage.SETTLED
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatorPayment:
    """Money owed to a creator outside TikTok. A payment on one date has equal start and end."""

    payment_id: str
    kind: PaymentKind
    amount: Decimal
    currency: str
    starts_on: date
    ends_on: date
    creator_id: str | None = None
    post_id: str | None = None
    product_id: str | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomCost:
    """A cost that a person named (PD1); of the shop, or of a product, a creator, or both."""

    cost_id: str
    name: str
    amount: Decimal
    currency: str
    starts_on: date
    ends_on: date
    product_id: str | None = None
    creator_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A unit sent to a creator (P21). `shipping_cost` is in the shop's currency."""

    sample_id: str
    product_id: str
    quantity: int
    shipped_on: date
    shipping_cost: Decimal = ZERO
    creator_id: str | None = None
    post_id: str | None = None
    sku_id: str | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFee:
    """What the agency charges for a period (P26), in the report currency."""

    fee_id: str
    kind: AgencyFeeKind
    amount: Decimal = ZERO
    rate: Decimal = ZERO
    minimum: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """Platform permission of a post. `ends_at` None is unknown, never forever."""

    authorization_id: str
    post_id: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRights:
    """Contractual permission of a post; both days included."""

    usage_rights_id: str
    post_id: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days of a report, both included."""

    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """Everything that decides the entries of one order; rows of other orders are refused."""

    order: Order
    refunds: tuple[Refund, ...] = ()
    settled: tuple[SettledAmount, ...] = ()
    commission_adjustments: tuple[CommissionAdjustment, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
