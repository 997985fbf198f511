"""Comparing profit of different currencies, for ranking only."""

from collections.abc import Mapping
from decimal import Decimal

COMMON = "USD"
BELOW = Decimal(10) ** 12
"""More than any profit a day: what sets rows of unknown profit below all others."""


def in_common(
    amount: Decimal | None, currency: str, rates: Mapping[tuple[str, str], Decimal]
) -> Decimal | None:
    """The amount in US dollars, to cents; None when it or a rate is not known.

    `rates` are units of the second currency per one of the first.
    """
    if amount is None or currency == COMMON:
        return amount
    if rate := rates.get((currency, COMMON)):
        return (amount * rate).quantize(Decimal("0.01"))
    if rate := rates.get((COMMON, currency)):
        return (amount / rate).quantize(Decimal("0.01"))
    return None


def rank(profit: Decimal | None, spend: Decimal | None) -> Decimal | None:
    """The place of a row, from amounts in US dollars: by profit a day; rows whose profit is not
    known stand below all others by spend a day, and rows of which neither is known last."""
    if profit is not None:
        return profit
    return None if spend is None else spend - BELOW
