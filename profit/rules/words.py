"""Names of lines and formulas for a reader."""

import re

MINUS = "\N{MINUS SIGN}"
WORDS = {
    "gmv": "GMV",
    "refunded_item_revenue": "Refunds",
    "shipping_revenue": "Shipping paid by buyers",
    "output_vat": "Output VAT",
    "net_revenue": "Net revenue",
    "cogs": "Cost of goods",
    "cm1": "CM1, product margin",
    "referral_fee": "TikTok referral fee",
    "cm2": "CM2, after platform and logistics",
    "affiliate_commission": "Creator commission",
    "cm_before_ads": "CM before ads",
    "custom_cost": "Custom costs",
    "cm3": "CM3, after marketing",
    "net_profit": "Net profit",
}


# TikTok's words of orders, statements, payouts and affiliate orders (contract 5 and 6).
_TIKTOK = {
    "UNPAID": "Not paid yet",
    "ON_HOLD": "On hold",
    "AWAITING_SHIPMENT": "To be shipped",
    "PARTIALLY_SHIPPING": "Partly shipped",
    "AWAITING_COLLECTION": "Waiting for pick-up",
    "IN_TRANSIT": "On its way",
    "DELIVERED": "Delivered",
    "COMPLETED": "Completed",
    "CANCELLED": "Cancelled",
    "PAID": "Paid out",
    "PROCESSING": "Not paid out yet",
    "FAILED": "Payout failed",
    "AWAITING PAYMENT": "Waiting for payment",
    "TO-SETTLE": "To be settled",
    "SETTLED": "Settled",
    "REFUNDED": "Refunded",
    "FROZEN": "Frozen",
    "INELIGIBLE": "No commission",
}


def tiktok_word(status: str) -> str:
    """What TikTok's status says, for a reader; a word nobody listed reads as plain text."""
    plain = status.replace("_", " ").strip().lower()
    return _TIKTOK.get(status.upper(), plain.capitalize())


def word(name: str) -> str:
    """A line's name for a reader."""
    return WORDS.get(name, name.replace("_", " ").capitalize())


def spoken(formula: str) -> str:
    """A formula of the tree in a reader's words: `Net revenue − Cost of goods`."""
    named = re.sub(r"[a-z_0-9]+", lambda found: word(found[0]).partition(",")[0], formula)
    return named.replace(" - ", f" {MINUS} ")
