"""What the fields of a settlement row mean (contract 6.2 to 6.6): what is summed, and as what.

TikTok sends over a hundred money fields per row. A `line` is part of its section's total. An
informational field repeats or describes money booked elsewhere; adding it counts twice. Parts of a
`supplementary_component` are never summed. What a section's total holds beyond its lines is its
residual: a fee nobody listed yet, booked and shown, never dropped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from profit.rules.facts import SettledType
from sparkops.money import ZERO

ROUNDING = Decimal("0.05")


class Section(StrEnum):
    """A section of a row. Fees and taxes together make up one total."""

    REVENUE = "revenue"
    SHIPPING = "shipping"
    FEE = "fee"
    TAX = "tax"


_LINES: dict[tuple[Section, str], tuple[str, ...]] = {
    (Section.REVENUE, "gross_sales"): ("subtotal_before_discount_amount",),
    (Section.REVENUE, "seller_discount"): ("seller_discount_amount",),
    (Section.REVENUE, "refund"): (
        "refund_subtotal_before_discount_amount",
        "seller_discount_refund_amount",
        "refund_cod_service_fee_amount",
    ),
    (Section.REVENUE, "other_income"): (
        "cod_service_fee_amount",
        "distant_item_fee_amount",
    ),
    (Section.SHIPPING, "shipping_cost"): (
        "actual_shipping_fee_amount",
        "replacement_shipping_fee_amount",
        "exchange_shipping_fee_amount",
        "signature_confirmation_fee_amount",
        "shipping_insurance_fee_amount",
        "seller_self_shipping_service_fee_amount",
        "fbt_free_shipping_fee_amount",
        "international_leg_logistics_amount",
        "distant_shipping_fee_amount",
        "shipping_app_service_fee_amount",
        "logistics_service_fee",
    ),
    (Section.SHIPPING, "shipping_subsidy"): (
        "shipping_fee_discount_amount",
        "failed_delivery_subsidy_amount",
        "free_return_subsidy_amount",
        "shipping_fee_guarantee_reimbursement",
        "fbt_fulfillment_fee_reimbursement_amount",
        "fbt_overall_merchant_subsidy",
        "fbt_key_merchant_subsidy",
        "sfr_reimbursement",
    ),
    (Section.SHIPPING, "shipping_income"): ("customer_paid_shipping_fee_amount",),
    (Section.SHIPPING, "return_shipping"): (
        "return_shipping_fee_amount",
        "return_shipping_fee_paid_buyer_amount",
        "return_shipping_label_fee_amount",
    ),
    (Section.FEE, "marketplace_fee"): (
        "platform_commission_amount",
        "referral_fee_amount",
        "refund_administration_fee_amount",
        "dynamic_commission_amount",
        "fee_per_item_sold_amount",
        "vn_fix_infrastructure_fee",
        "mall_service_fee_amount",
        "platform_semi_managed_commission_fee",
        "platform_semi_managed_commission_fee_tax",
        "tsp_commission_amount",
        "seller_growth_fee_amount",
        "platform_special_service_fee_amount",
        "installation_service_fee",
    ),
    (Section.FEE, "payment_fee"): (
        "transaction_fee_amount",
        "credit_card_handling_fee_amount",
        "seller_paylater_handling_fee_amount",
        "dt_handling_fee_amount",
    ),
    (Section.FEE, "creator_commission"): (
        "affiliate_commission_amount",
        "cofunded_creator_bonus_amount",
        "affiliate_commission_deposit",
        "affiliate_commission_release",
        "external_affiliate_marketing_fee_amount",
    ),
    (Section.FEE, "creator_ads_commission"): (
        "affiliate_ads_commission_amount",
        "cps_shop_ads_commission_tax_amount",
    ),
    (Section.FEE, "partner_commission"): ("affiliate_partner_commission_amount",),
    (Section.FEE, "partner_ads_commission"): ("tap_shop_ads_commission",),
    (Section.FEE, "ad_fee_in_settlement"): (
        "gmv_max_ad_fee_amount",
        "gmv_max_coupon_fee",
    ),
    (Section.FEE, "promotion_fee"): (
        "brand_amplification_program_commission",
        "brand_amplification_program_fee_tax",
        "brand_campaign_fee",
        "brand_campaign_fee_tax",
        "category_led_campaign_fee_amount",
        "category_led_campaign_fee_tax_amount",
        "campaign_period_fee_cfp_amount",
        "campaign_period_fee_cfp_tax_amount",
        "campaign_period_fee_sp_amount",
        "campaign_period_fee_sp_tax_amount",
        "campaign_resource_fee",
        "smart_promotion_fee_amount",
        "cofunded_promotion_service_fee_amount",
        "voucher_xtra_service_fee_amount",
        "flash_sales_service_fee_amount",
        "bonus_cashback_service_fee_amount",
        "live_specials_fee_amount",
        "pre_order_service_fee_amount",
    ),
    (Section.FEE, "shipping_program_fee"): (
        "sfp_service_fee_amount",
        "shipping_fee_guarantee_service_fee",
    ),
    (Section.FEE, "shipping_cost"): ("failed_delivery_shipping_fee",),
    (Section.FEE, "return_shipping"): ("buyer_fault_return_shipping_fee",),
    (Section.FEE, "other_fee"): (
        "insurance_fee",
        "shipping_insurance_fee_tax_amount",
        "epr_pob_service_fee_amount",
    ),
    (Section.TAX, "tax"): (
        "vat_amount",
        "local_vat_amount",
        "import_vat_amount",
        "customs_duty_amount",
        "customs_clearance_amount",
        "anti_dumping_duty_amount",
        "gst_amount",
        "sst_amount",
        "pit_amount",
        "isr_amount",
        "iva_amount",
        "cedular_tax",
        "sales_tax_referral_fee_amount",
        "smart_promotion_fee_tax_amount",
    ),
}
_INFORMATIONAL: dict[Section, frozenset[str]] = {
    Section.SHIPPING: frozenset(
        {
            "tiktok_shop_shipping_incentive_amount",
        }
    ),
    Section.FEE: frozenset(
        {
            "affiliate_commission_amount_before_pit",
            "affiliate_commission_before_pit_amount",
            "affiliate_commission_before_pit",
            "pit_withheld_from_ads_commission_amount",
            "retail_delivery_fee_amount",
            "retail_delivery_fee_payment_amount",
            "retail_delivery_fee_refund_amount",
        }
    ),
    Section.TAX: frozenset(
        {
            "sales_tax_amount",
            "sales_tax_payment_amount",
            "sales_tax_refund_amount",
        }
    ),
}
GROUPS: Mapping[tuple[Section, str], str] = {
    (section, name): group for (section, group), names in _LINES.items() for name in names
}

SALE = (Section.REVENUE, "subtotal_before_discount_amount")
REFUND = (Section.REVENUE, "refund_subtotal_before_discount_amount")
REFUNDED_DISCOUNT = (Section.REVENUE, "seller_discount_refund_amount")
BUYER_SHIPPING = (Section.SHIPPING, "customer_paid_shipping_fee_amount")

_TYPE_BY_FIELD = {
    "referral_fee_amount": SettledType.REFERRAL_FEE,
    "platform_commission_amount": SettledType.REFERRAL_FEE,
    "dynamic_commission_amount": SettledType.REFERRAL_FEE,
    "refund_administration_fee_amount": SettledType.REFUND_ADMIN_FEE,
}
_TYPE_BY_GROUP = {
    "creator_commission": SettledType.AFFILIATE_COMMISSION,
    "creator_ads_commission": SettledType.AFFILIATE_COMMISSION,
    "partner_commission": SettledType.AFFILIATE_COMMISSION,
    "partner_ads_commission": SettledType.AFFILIATE_COMMISSION,
    "shipping_cost": SettledType.FULFILMENT_COST,
    "shipping_subsidy": SettledType.FULFILMENT_COST,
    "shipping_program_fee": SettledType.FULFILMENT_COST,
    "return_shipping": SettledType.RETURN_SHIPPING_COST,
    "marketplace_fee": SettledType.OTHER_PLATFORM_FEE,
    "payment_fee": SettledType.OTHER_PLATFORM_FEE,
    "promotion_fee": SettledType.OTHER_PLATFORM_FEE,
    "other_fee": SettledType.OTHER_PLATFORM_FEE,
    "other_income": SettledType.OTHER_PLATFORM_FEE,
    "tax": SettledType.OTHER_PLATFORM_FEE,
}
# Fields in which a zero says something: that this was settled as nothing.
FINAL_AT_ZERO = frozenset(
    {
        *_TYPE_BY_FIELD,
        "affiliate_commission_amount",
        "affiliate_ads_commission_amount",
        BUYER_SHIPPING[1],
    }
)
ADS_IN_SETTLEMENT = "ad_fee_in_settlement"

ORDER_ROW = "ORDER"
RESERVE_ROW = "RESERVE"
# P17: an explicit later change of a creator's commission on one order.
COMMISSION_ROWS = frozenset({"AFFILIATE_COMMISSION_ADJUSTMENT"})
KNOWN_ROWS = COMMISSION_ROWS | frozenset(
    {
        "ORDER",
        "RESERVE",
        "LOGISTICS_REIMBURSEMENT",
        "PLATFORM_REIMBURSEMENT",
        "PLATFORM_COMPENSATION",
        "PLATFORM_PENALTY",
        "PLATFORM_COMMISSION_ADJUSTMENT",
        "PLATFORM_COMMISSION_COMPENSATION",
        "PROMOTION_ADJUSTMENT",
        "REBATE",
        "CHARGE_BACK",
        "CUSTOMER_SERVICE_COMPENSATION",
        "DEDUCTIONS_INCURRED_BY_SELLER",
        "GMV_PAYMENT_FOR_ADS",
        "COFUNDED_CREATOR_REWARDS",
        "SHIPPING_FEE_ADJUSTMENT",
        "SHIPPING_FEE_COMPENSATION",
        "SHIPPING_FEE_REBATE",
        "SAMPLE_SHIPPING_FEE",
        "FBT_WAREHOUSE_SERVICE_FEE",
        "SELLER_MISSION_REWARD",
        "STAMP_DUTY",
        "NET_EARNINGS_BALANCE",
        "BILL_PAYMENT_(NEGATIVE_BALANCE)",
        "Violation fee (settlement fee)",
        "Violation fee (credit card)",
        "Bill payment (negative balance)",
        "Sales proceed (negative balance)",
        "Bill deduction for negative balance",
        "OTHER_ADJUSTMENT",
    }
)

Amounts = Mapping[Section, Mapping[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Residual:
    """What a total holds beyond its listed lines, and the unknown fields that may explain it."""

    total: str
    amount: Decimal
    unknown: tuple[str, ...]


def settled_type(section: Section, name: str, *, ads_reported: bool) -> SettledType | None:
    """What a field settles; None for sales, refunds, buyer-paid shipping and what is not summed.

    Ads charged inside a settlement are a fee only where no ad account reports their cost (6.4).
    """
    group = GROUPS.get((section, name))
    if group == ADS_IN_SETTLEMENT:
        return None if ads_reported else SettledType.OTHER_PLATFORM_FEE
    return _TYPE_BY_FIELD.get(name) or _TYPE_BY_GROUP.get(group or "")


def line_sum(amounts: Amounts, *sections: Section) -> Decimal:
    """The sum of the fields that make up these sections' totals."""
    return sum(
        (
            amount
            for section in sections
            for name, amount in amounts.get(section, {}).items()
            if (section, name) in GROUPS
        ),
        ZERO,
    )


def residuals(amounts: Amounts, totals: Mapping[str, Decimal | None]) -> list[Residual]:
    """What is more than rounding; `totals` by `revenue`, `shipping` and `fee_tax`."""
    parts = {
        "revenue": (Section.REVENUE,),
        "shipping": (Section.SHIPPING,),
        "fee_tax": (Section.FEE, Section.TAX),
    }
    found = []
    for total, sections in parts.items():
        stated = totals.get(total)
        if stated is None:
            continue
        amount = stated - line_sum(amounts, *sections)
        if abs(amount) >= ROUNDING:
            found.append(Residual(total, amount, _unknown(amounts, sections)))
    return found


def _unknown(amounts: Amounts, sections: tuple[Section, ...]) -> tuple[str, ...]:
    return tuple(
        name
        for section in sections
        for name, amount in amounts.get(section, {}).items()
        if amount != ZERO
        and (section, name) not in GROUPS
        and name not in _INFORMATIONAL.get(section, frozenset())
    )
