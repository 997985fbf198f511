"""Names of lines and formulas for a reader."""

import re
from datetime import date

_GMV_MAX_ROW = re.compile(r"gmv-(?P<campaign>\d+)-(?P<day>\d{4}-\d\d-\d\d)-(?P<part>.+)")
_AD_ROW = re.compile(r"(?P<ad>\d+):(?P<day>\d{4}-\d\d-\d\d)")
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
    "ORDER": "Order",
    "GMV_PAYMENT_FOR_ADS": "Ads paid from shop money",
    "VIDEO": "A video",
    "LIVE": "A LIVE",
    "SHOP": "The creator's shop",
}


def tiktok_word(status: str) -> str:
    """What TikTok's status says, for a reader; a word nobody listed reads as plain text."""
    plain = status.replace("_", " ").strip().lower()
    return _TIKTOK.get(status.upper(), plain.capitalize())


def source_words(row: str) -> str:
    """What a ledger's source row of shared costs is, for a reader: `Ad 1803 on Nov 10, 2026`."""
    kind, _, name = row.partition("/")
    if found := _GMV_MAX_ROW.fullmatch(name):
        rest = ", beyond its posts" if found["part"] == "rest" else ""
        return f"GMV Max {found['campaign']} on {_day(found['day'])}{rest}"
    if kind == "ad" and (found := _AD_ROW.fullmatch(name)):
        return f"Ad {found['ad']} on {_day(found['day'])}"
    return f"{kind.capitalize()} {name}"


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day:%b} {day.day}, {day.year}"


def word(name: str) -> str:
    """A line's name for a reader."""
    return WORDS.get(name, name.replace("_", " ").capitalize())


def spoken(formula: str) -> str:
    """A formula of the tree in a reader's words: `Net revenue − Cost of goods`."""
    named = re.sub(r"[a-z_0-9]+", lambda found: word(found[0]).partition(",")[0], formula)
    return named.replace(" - ", f" {MINUS} ")
