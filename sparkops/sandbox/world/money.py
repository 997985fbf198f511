"""Rounding and splitting amounts the way the platform's own books do.

Half away from zero, at two decimals (all demo currencies have two); splits by largest remainder.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal(0)


def cents(amount: Decimal) -> Decimal:
    """Rounded half away from zero to two decimals."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def split(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """``amount`` over ``weights``, cent by cent, so that the parts sum up exactly.

    Left-over cents go to the largest remainders, ties to the larger weight, then to the earlier
    place. Without any weight the parts are equal.
    """
    if not weights:
        return []
    total = sum(weights, ZERO)
    shares = list(weights) if total else [Decimal(1)] * len(weights)
    total = total or Decimal(len(weights))
    units = int(cents(abs(amount)) / CENT)
    exact = [units * share / total for share in shares]
    parts = [int(value) for value in exact]
    order = sorted(range(len(parts)), key=lambda i: (-(exact[i] - parts[i]), -shares[i], i))
    for index in order[: units - sum(parts)]:
        parts[index] += 1
    sign = -1 if amount < 0 else 1
    return [sign * part * CENT for part in parts]


def text(amount: Decimal) -> str:
    """The shortest plain decimal text: 24, 18.5, -0.29."""
    plain = f"{amount:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in {"-0", ""} else plain
