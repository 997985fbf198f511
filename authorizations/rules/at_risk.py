"""Spend at risk: what stops when a permission ends, and the order to work in (AR8, N4).

Spend at risk is average daily spend over the last 7 days times the days without cover until the
planned end (domain 3.9).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

AVERAGE_DAYS = 7
HORIZON = timedelta(days=30)
"""How far ahead an ad without a planned end is counted."""

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class SpendDay:
    """What one day of the ad account cost."""

    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Asset:
    """A post that is live in one ad account. `days` need not be complete: a missing day is zero.

    `today` is the day in the account's zone, which is left out because it is not over.
    `covered_until` is the end of the effective window (now when it has none), `planned_end` of the
    flight, None when the ad has no end.
    """

    key: str
    currency: str
    days: tuple[SpendDay, ...]
    today: date
    covered_until: datetime
    planned_end: datetime | None


@dataclass(frozen=True, slots=True)
class AtRisk:
    """`per_day` and `amount` in `currency`, rounded to cents; `days` without cover, exact."""

    key: str
    currency: str
    per_day: Decimal
    days: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Ranked:
    """One place in the list. `in_common` is the amount in the common currency, None when no rate
    is known; such rows stand below the others, never at zero."""

    risk: AtRisk
    in_common: Decimal | None


def at_risk(asset: Asset, *, now: datetime, horizon: timedelta = HORIZON) -> AtRisk:
    """What this asset stands to stop spending, in its own currency."""
    per_day = average_per_day(asset.days, asset.today)
    end = asset.planned_end if asset.planned_end is not None else now + horizon
    open_time = max(end - max(asset.covered_until, now), timedelta(0))
    days = Decimal(open_time // timedelta(seconds=1)) / Decimal(86_400)
    return AtRisk(asset.key, asset.currency, _cents(per_day), days, _cents(per_day * days))


def average_per_day(days: Iterable[SpendDay], today: date) -> Decimal:
    """Spend of the last 7 complete days divided by 7, unrounded."""
    first = today - timedelta(days=AVERAGE_DAYS)
    spent = sum((one.amount for one in days if first <= one.day < today), Decimal(0))
    return spent / AVERAGE_DAYS


def ranked(
    risks: Iterable[AtRisk], *, currency: str, rates: Mapping[str, Decimal]
) -> tuple[Ranked, ...]:
    """The risks, the largest first, compared in `currency`.

    `rates` gives the price of one unit of another currency in `currency`.
    """
    rows = [Ranked(risk, _converted(risk, currency, rates)) for risk in risks]
    return tuple(sorted(rows, key=_order))


def _converted(risk: AtRisk, currency: str, rates: Mapping[str, Decimal]) -> Decimal | None:
    if risk.currency == currency:
        return risk.amount
    rate = rates.get(risk.currency)
    return None if rate is None else _cents(risk.amount * rate)


def _order(row: Ranked) -> tuple[bool, Decimal, Decimal, str]:
    amount = row.in_common if row.in_common is not None else row.risk.amount
    return row.in_common is None, -amount, -row.risk.per_day, row.risk.key


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)
