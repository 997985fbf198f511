"""Seller Center's export of returns and refunds, in the shape the API answers with."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from profit.rules.uploads.cells import BadCell, Reader
from profit.rules.uploads.columns import Wanted
from profit.rules.uploads.exports import Taken, grouped, needed, seconds_of
from sparkops.money import ZERO, allocate
from sparkops.sheets.sheet import Row

RETURNS = (
    Wanted("return", "Return Order ID", ("return id", "refund id"), required=True),
    Wanted("order", "Order ID", ("order number",), required=True),
    Wanted("sku", "SKU ID", (), required=True),
    Wanted("type", "Return Type", ("request type",)),
    Wanted("status", "Return Status", ("status",), required=True),
    Wanted("quantity", "Return Quantity", ("quantity", "return qty")),
    Wanted("refund", "Refund Amount", ("refund subtotal", "refund subtotal after discounts"), True),
    Wanted("platform", "Platform Discount Refund", ("sku platform discount",)),
    Wanted("shipping", "Refund Shipping Fee", ("shipping fee refund",)),
    Wanted("label", "Return Shipping Fee Paid by Seller", ("return shipping fee",)),
    Wanted("requested", "Time Requested", ("created time", "request time"), required=True),
    Wanted("refunded", "Refund Time", ("time refunded", "updated time")),
)
_TYPES = {
    "refund": "REFUND",
    "refund only": "REFUND",
    "return and refund": "RETURN_AND_REFUND",
    "replacement": "REPLACEMENT",
}
_PAID_BACK = frozenset(
    {"completed", "complete", "refunded", "refund completed", "return completed", "success"}
)
_MOVED = "RETURN_OR_REFUND_REQUEST_COMPLETE"


def returns(rows: Sequence[Row], reader: Reader, *, zone: str, currency: str) -> Taken:
    """Returns whose money moved, a row per SKU; times are those of `zone`. Others say why not."""

    def one(key: str, lines: Sequence[Row]) -> dict[str, Any]:
        first = lines[0]
        _check_moved(reader.text(first, "status"))
        requested = seconds_of(reader, first, "requested", zone)
        if not requested:
            raise BadCell("The return has no time.")
        subtotal = _sum(reader, lines, "refund")
        record = {
            "return_id": key,
            "order_id": needed(reader, first, "order", "order"),
            "return_type": _type(reader.text(first, "type")),
            "return_status": _MOVED,
            "create_time": requested,
            "update_time": seconds_of(reader, first, "refunded", zone) or requested,
            "refund_amount": {
                "currency": currency,
                "refund_subtotal": str(subtotal),
                "refund_shipping_fee": str(_sum(reader, lines, "shipping")),
            },
            "shipping_fee_amount": [
                {
                    "currency": currency,
                    "seller_paid_return_shipping_fee": str(_sum(reader, lines, "label")),
                }
            ],
            "return_line_items": [
                unit for line in lines for unit in _units(reader, line, key, currency)
            ],
        }
        if any(reader.text(line, "platform") for line in lines):
            platform = str(_sum(reader, lines, "platform"))
            record["discount_amount"] = [
                {"currency": currency, "product_platform_discount": platform}
            ]
        return record

    return grouped(rows, reader, "return", one)


def _units(reader: Reader, line: Row, key: str, currency: str) -> list[dict[str, Any]]:
    """The API names every unit; an export gives what the whole line got back."""
    quantity = reader.number(line, "quantity") or 1
    ids = [f"{key}-{line.number}-{unit}" for unit in range(quantity)]
    parts = allocate(abs(reader.amount(line, "refund")), dict.fromkeys(ids, Decimal(1)), currency)
    return [
        {
            "return_line_item_id": unit,
            "sku_id": needed(reader, line, "sku", "SKU"),
            "refund_amount": {"currency": currency, "refund_subtotal": str(parts[unit])},
        }
        for unit in ids
    ]


def _sum(reader: Reader, lines: Sequence[Row], key: str) -> Decimal:
    return sum((abs(reader.amount(line, key)) for line in lines), ZERO)


def _check_moved(text: str) -> None:
    plain = text.casefold().replace("_", " ").strip()
    if plain not in _PAID_BACK and plain != _MOVED.casefold().replace("_", " "):
        raise BadCell(f"“{text[:40]}”: no money went back yet. Only completed returns count.")


def _type(text: str) -> str:
    plain = text.casefold().replace("_", " ").replace("/", " and ").strip()
    return _TYPES.get(" ".join(plain.split()), "REFUND")
