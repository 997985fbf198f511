"""Exchange rates by day (P27)."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sparkops.money import round_money


@dataclass(frozen=True, slots=True, kw_only=True)
class FxRate:
    """`rate` units of `quote` per one unit of `base` on `day`."""

    day: date
    base: str
    quote: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class FxRates:
    """Dated rates. A day without a rate takes the latest earlier one: banks publish no rate on
    weekends and holidays."""

    rates: tuple[FxRate, ...] = ()
    _by_pair: Mapping[tuple[str, str], tuple[list[date], list[Decimal]]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        by_pair: dict[tuple[str, str], dict[date, Decimal]] = {}
        for row in self.rates:
            by_pair.setdefault((row.base, row.quote), {})[row.day] = row.rate
        series = {pair: _series(days) for pair, days in by_pair.items()}
        object.__setattr__(self, "_by_pair", series)

    def rate(self, base: str, quote: str, day: date) -> Decimal | None:
        """Units of `quote` per one `base` on `day`; None when no rate is known by then."""
        if base == quote:
            return Decimal(1)
        days, rates = self._by_pair.get((base, quote), ([], []))
        at = bisect_right(days, day)
        return rates[at - 1] if at else None

    def convert(self, amount: Decimal, base: str, quote: str, day: date) -> Decimal | None:
        """P27: `amount` in `quote`, rounded after conversion; None when the rate is missing."""
        rate = self.rate(base, quote, day)
        return None if rate is None else round_money(amount * rate, quote)


def _series(by_day: dict[date, Decimal]) -> tuple[list[date], list[Decimal]]:
    days = sorted(by_day)
    return days, [by_day[day] for day in days]
