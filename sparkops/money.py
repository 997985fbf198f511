"""Decimal money: minor units (P1), rounding (P2), allocation (P3) and ratios.

Amounts are `Decimal` beside a three-letter currency code; a float never enters. Reading amounts
from text and printing them belong to the edges, not here.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

ZERO: Final = Decimal(0)
RATIO_STEP: Final = Decimal("0.0001")

_WHOLE_UNIT_CURRENCIES: Final = frozenset({"JPY", "VND", "KRW"})


def minor_digits(currency: str) -> int:
    """Digits after the point of one minor unit: 0 for JPY, VND and KRW, 2 otherwise (P1)."""
    return 0 if currency in _WHOLE_UNIT_CURRENCIES else 2


def round_money(amount: Decimal, currency: str) -> Decimal:
    """`amount` at the currency's minor unit, half away from zero (P2); never a negative zero."""
    step = Decimal(1).scaleb(-minor_digits(currency))
    return amount.quantize(step, rounding=ROUND_HALF_UP) + ZERO


def ratio(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """A quotient with 4 decimals, half away from zero; None without a positive denominator."""
    if denominator <= 0:
        return None
    return (numerator / denominator).quantize(RATIO_STEP, rounding=ROUND_HALF_UP) + ZERO


def allocate(total: Decimal, weights: Mapping[str, Decimal], currency: str) -> dict[str, Decimal]:
    """Split `total` over the keys of `weights` so that the shares sum to it exactly (P3).

    Every share is floored at the minor unit and the left-over units go to the largest remainders;
    ties to the larger weight, then to the smaller key. All weights zero count as equal weights.
    A negative total is split by magnitude. Keys keep the order of `weights`.

    Raises ValueError for no keys, a negative weight, or a total finer than the minor unit.
    """
    if not weights:
        raise ValueError("An amount can only be split over at least one key.")
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("An amount cannot be split over negative weights.")
    digits = minor_digits(currency)
    units = Fraction(abs(total)) * 10**digits
    if units.denominator != 1:
        raise ValueError(f"{total} {currency} is finer than the currency's smallest unit.")
    shares = _largest_remainder(int(units), weights)
    sign = -1 if total < 0 else 1
    return {key: Decimal(sign * share).scaleb(-digits) + ZERO for key, share in shares.items()}


def _largest_remainder(units: int, weights: Mapping[str, Decimal]) -> dict[str, int]:
    parts = {key: Fraction(weight) for key, weight in weights.items()}
    if not any(parts.values()):
        parts = dict.fromkeys(parts, Fraction(1))
    whole = sum(parts.values())
    exact = {key: units * part / whole for key, part in parts.items()}
    shares = {key: int(share) for key, share in exact.items()}
    by_claim = sorted(parts, key=lambda key: (shares[key] - exact[key], -parts[key], key))
    for key in by_claim[: units - sum(shares.values())]:
        shares[key] += 1
    return shares
