"""Seller Center's export of statements with their rows, in the shape the API answers with.

A fee in a column that nobody knows is not lost: it stays in the row's total, is booked as other
platform fee and told, as one that the API names and we do not.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from profit.rules.statement_fields import KNOWN_ROWS, ORDER_ROW, Section
from profit.rules.uploads.cells import BadCell, Reader
from profit.rules.uploads.columns import Wanted
from profit.rules.uploads.exports import Taken, grouped, needed, seconds_of
from sparkops.money import ZERO
from sparkops.sheets.sheet import Row

_FIELDS: tuple[tuple[Section, Wanted], ...] = (
    (
        Section.REVENUE,
        Wanted("subtotal_before_discount_amount", "Subtotal before discounts", ("gross sales",)),
    ),
    (Section.REVENUE, Wanted("seller_discount_amount", "Seller discounts", ("seller discount",))),
    (
        Section.REVENUE,
        Wanted(
            "refund_subtotal_before_discount_amount",
            "Refund subtotal before seller discounts",
            ("refund subtotal before discounts", "gross sales refund"),
        ),
    ),
    (
        Section.REVENUE,
        Wanted(
            "seller_discount_refund_amount",
            "Refund of seller discounts",
            ("seller discount refund", "seller discounts refund"),
        ),
    ),
    (
        Section.SHIPPING,
        Wanted(
            "actual_shipping_fee_amount",
            "Actual shipping fee",
            ("tiktok shop shipping fee", "seller shipping fee"),
        ),
    ),
    (
        Section.SHIPPING,
        Wanted(
            "shipping_fee_discount_amount",
            "Platform shipping fee discount",
            ("shipping fee discount", "shipping fee subsidy"),
        ),
    ),
    (
        Section.SHIPPING,
        Wanted(
            "customer_paid_shipping_fee_amount",
            "Customer-paid shipping fee",
            ("customer paid shipping fee", "customer shipping fee"),
        ),
    ),
    (Section.SHIPPING, Wanted("return_shipping_fee_amount", "Return shipping fee", ())),
    (Section.FEE, Wanted("transaction_fee_amount", "Transaction fee", ())),
    (Section.FEE, Wanted("referral_fee_amount", "Referral fee", ())),
    (
        Section.FEE,
        Wanted(
            "platform_commission_amount",
            "TikTok Shop commission fee",
            ("platform commission", "commission fee"),
        ),
    ),
    (Section.FEE, Wanted("refund_administration_fee_amount", "Refund administration fee", ())),
    (
        Section.FEE,
        Wanted("affiliate_commission_amount", "Affiliate commission", ("creator commission",)),
    ),
    (
        Section.FEE,
        Wanted(
            "affiliate_ads_commission_amount",
            "Affiliate Shop Ads commission",
            ("shop ads commission", "affiliate ads commission"),
        ),
    ),
    (
        Section.FEE,
        Wanted("affiliate_partner_commission_amount", "Affiliate partner commission", ()),
    ),
    (Section.FEE, Wanted("smart_promotion_fee_amount", "Smart promotion fee", ())),
    (Section.TAX, Wanted("vat_amount", "VAT", ("vat amount",))),
)
STATEMENTS = (
    Wanted("statement", "Statement ID", (), required=True),
    Wanted("date", "Statement Date", ("statement time", "order settled time"), required=True),
    Wanted("type", "Type", ("transaction type",), required=True),
    Wanted(
        "id",
        "Order/adjustment ID",
        ("order adjustment id", "order id", "adjustment id"),
        required=True,
    ),
    Wanted("related", "Related order ID", ("associated order id",)),
    Wanted("created", "Order created time", ("order created date",)),
    Wanted("payment", "Payment ID", ("payout id",)),
    Wanted("paid", "Payment status", ("payout status",)),
    Wanted("settlement", "Total settlement amount", ("settlement amount",), required=True),
    Wanted("revenue_total", "Total revenue", ("net sales", "revenue")),
    Wanted("shipping_total", "Total shipping", ("shipping", "shipping cost")),
    Wanted("fee_total", "Total fees", ("fees", "total fees and taxes")),
    Wanted("adjustment", "Adjustment amount", ("adjustments",)),
    Wanted("reserve", "Reserve amount", ("reserve",)),
    *(wanted for _, wanted in _FIELDS),
)
_SALES = frozenset({"order", "refund", "sale"})
_TYPES = {
    "gmv payment for tiktok ads": "GMV_PAYMENT_FOR_ADS",
    "chargeback": "CHARGE_BACK",
    "co-funded creator rewards": "COFUNDED_CREATOR_REWARDS",
}
_LONGEST_TYPE = 60


def statements(rows: Sequence[Row], reader: Reader, *, zone: str, currency: str) -> Taken:
    """Statements with all their rows; what a statement settles is the sum of its rows.

    `zone` is that of order times; a statement's date begins in UTC, as TikTok's statements do.
    """

    def one(key: str, lines: Sequence[Row]) -> dict[str, Any]:
        found = [_row(reader, line, zone) for line in lines]
        return {
            "id": key,
            "statement_time": _statement_time(reader, lines[0]),
            "currency": currency,
            "payment_id": reader.text(lines[0], "payment"),
            "payment_status": reader.text(lines[0], "paid").upper(),
            "settlement_amount": _total(found, "settlement_amount"),
            "total_reserve_amount": _total(found, "reserve_amount"),
            "transactions": found,
        }

    return grouped(rows, reader, "statement", one)


def _row(reader: Reader, line: Row, zone: str) -> dict[str, Any]:
    kind = _type(needed(reader, line, "type", "type"))
    own_id, related = reader.text(line, "id"), reader.text(line, "related")
    settlement = reader.amount(line, "settlement")
    sections = _sections(reader, line)
    revenue = _stated(reader, line, "revenue_total", sections, Section.REVENUE)
    shipping = _stated(reader, line, "shipping_total", sections, Section.SHIPPING)
    is_order = kind == ORDER_ROW
    left = settlement - revenue - shipping
    adjustment = reader.amount(line, "adjustment") if _holds(reader, line, "adjustment") else None
    if adjustment is None:
        adjustment = ZERO if is_order else left
    fees = reader.amount(line, "fee_total") if _holds(reader, line, "fee_total") else None
    return {
        "type": kind,
        "order_id": own_id if is_order else "",
        "adjustment_id": "" if is_order else own_id,
        "adjustment_order_id": "" if is_order else related,
        "order_create_time": seconds_of(reader, line, "created", zone),
        "settlement_amount": str(settlement),
        "revenue_amount": str(revenue),
        "revenue_breakdown": sections[Section.REVENUE],
        "shipping_cost_amount": str(shipping),
        "shipping_cost_breakdown": sections[Section.SHIPPING],
        "fee_tax_amount": str(left - adjustment if fees is None else fees),
        "fee_tax_breakdown": {"fee": sections[Section.FEE], "tax": sections[Section.TAX]},
        "adjustment_amount": str(adjustment),
        "reserve_amount": str(reader.amount(line, "reserve")),
    }


def _sections(reader: Reader, line: Row) -> dict[Section, dict[str, str]]:
    """Amounts by TikTok's own names; an empty cell says nothing, a zero that it settled as zero."""
    found: dict[Section, dict[str, str]] = {section: {} for section in Section}
    for section, wanted in _FIELDS:
        if _holds(reader, line, wanted.key):
            found[section][wanted.key] = str(reader.amount(line, wanted.key))
    return found


def _stated(
    reader: Reader,
    line: Row,
    key: str,
    sections: dict[Section, dict[str, str]],
    section: Section,
) -> Decimal:
    """The section's total as the file states it, else the sum of its fields."""
    if _holds(reader, line, key):
        return reader.amount(line, key)
    return sum((Decimal(amount) for amount in sections[section].values()), ZERO)


def _holds(reader: Reader, line: Row, key: str) -> bool:
    return bool(reader.text(line, key))


def _total(rows: Sequence[dict[str, Any]], name: str) -> str:
    return str(sum((Decimal(row[name]) for row in rows), ZERO))


def _statement_time(reader: Reader, line: Row) -> int:
    moment = reader.moment(line, "date")
    if moment is None:
        raise BadCell("The statement has no date.")
    return int(datetime(moment.year, moment.month, moment.day, tzinfo=UTC).timestamp())


def _type(text: str) -> str:
    """TikTok's word for a kind of row; one that nobody knows stays as it is, and is told."""
    plain = " ".join(text.casefold().replace("_", " ").split())
    if plain in _SALES:
        return ORDER_ROW
    word = _TYPES.get(plain, plain.upper().replace(" ", "_"))
    return word if word in KNOWN_ROWS else text[:_LONGEST_TYPE]
