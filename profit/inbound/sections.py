"""A settlement row's sections as they are stored, with what their totals hold beyond them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from profit.rules.statement_fields import FINAL_AT_ZERO, Section, residuals
from sparkops.money import ZERO
from sparkops.tiktok.shop.finance import Breakdown, FeeTax

COMPONENTS = "components"
CONTEXT = "context"
UNREADABLE = "unreadable"


def stored_fields(
    *, revenue: Breakdown, shipping: Breakdown, fee_tax: FeeTax, context: Breakdown | None = None
) -> dict[str, Any]:
    """JSON of a row: per section the non-zero amounts as text, and zeros that are final.

    `components` and `context` are kept to be shown, never summed; `unreadable` as it came.
    """
    sections = {
        Section.REVENUE: revenue,
        Section.SHIPPING: shipping,
        Section.FEE: fee_tax.fee,
        Section.TAX: fee_tax.tax,
    }
    stored: dict[str, Any] = {
        section.value: {
            name: str(amount)
            for name, amount in part.amounts.items()
            if amount != ZERO or name in FINAL_AT_ZERO
        }
        for section, part in sections.items()
    }
    stored[COMPONENTS] = _nonzero(shipping.components)
    stored[CONTEXT] = _nonzero(context.amounts) if context else {}
    broken = {
        f"{section}.{name}": str(value)
        for section, part in sections.items()
        for name, value in part.unreadable.items()
    }
    if broken:
        stored[UNREADABLE] = broken
    return stored


def unlisted(
    stored: Mapping[str, Any],
    *,
    revenue: Decimal | None,
    shipping: Decimal | None,
    fee_tax: Decimal | None,
) -> dict[str, Any]:
    """JSON of what the section totals hold beyond the listed lines: amount and unknown names."""
    amounts = {
        section: {name: Decimal(amount) for name, amount in stored[section.value].items()}
        for section in Section
    }
    found = residuals(amounts, {"revenue": revenue, "shipping": shipping, "fee_tax": fee_tax})
    return {one.total: {"amount": str(one.amount), "fields": list(one.unknown)} for one in found}


def _nonzero(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: str(amount) for name, amount in amounts.items() if amount != ZERO}
