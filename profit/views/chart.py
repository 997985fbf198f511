"""The trend as a drawing: geometry on the server, reading lines by the page's own script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from profit.rules.pnl import Pnl
from sparkops.money import ZERO
from sparkops.web import formats

WIDTH, HEIGHT, STEPS = 900, 180, 3
# (class of the line, label, field of the P&L)
SERIES = (("gmv", "GMV", "gmv"), ("spend", "Net ad cost", "net_ad_cost"), ("net", "CM3", "cm3"))
Series = Sequence[tuple[str, str, str]]
LABELS = 6


@dataclass(frozen=True)
class Chart:
    """Lines over days. `paths` are (class, d); `grid` and `labels` say where and what."""

    paths: tuple[tuple[str, str], ...]
    grid: tuple[tuple[int, str], ...]
    base: int
    labels: tuple[str, ...]
    summary: str
    data: dict[str, Any]


def chart(
    days: Sequence[tuple[date, Pnl]],
    currency: str,
    series: Series = SERIES,
    earlier: Sequence[tuple[date, Pnl]] = (),
) -> Chart | None:
    """The trend of a period; None where there is no line to draw.

    With the days of the period before, the first series is drawn for them too, day under day.
    """
    values = {key: [getattr(pnl, field) for _, pnl in days] for key, _, field in series}
    if len(earlier) == len(days) and series:
        _, label, field = series[0]
        values["prev"] = [getattr(pnl, field) for _, pnl in earlier]
        series = [*series, ("prev", f"{label}, period before", field)]
    low = min((min(line) for line in values.values() if line), default=ZERO)
    high = max((max(line) for line in values.values() if line), default=ZERO)
    if len(days) < 2 or low == high:
        return None
    low, high = min(low, ZERO), max(high, ZERO)
    step = _round_step((high - low) / STEPS)
    bottom = (low / step).to_integral_value(rounding="ROUND_FLOOR") * step
    top = (high / step).to_integral_value(rounding=ROUND_CEILING) * step
    span = top - bottom

    def y(amount: Decimal) -> Decimal:
        return (top - amount) / span * HEIGHT

    marks = [top - step * count for count in range(int(span / step) + 1)]
    return Chart(
        paths=tuple((key, _path(values[key], y)) for key, _, _ in series),
        grid=tuple((int(y(mark)), formats.money(mark, currency, compact=True)) for mark in marks),
        base=int(y(ZERO)),
        labels=_labels([day for day, _ in days]),
        summary=_summary(days, currency),
        data={
            "x": [f"{day:%a, %b} {day.day}" for day, _ in days],
            "currency": currency,
            "series": [
                {"key": key, "label": label, "values": [float(one) for one in values[key]]}
                for key, label, _ in series
            ],
        },
    )


def _round_step(rough: Decimal) -> Decimal:
    """The next of 1, 2, 2.5 or 5 times a power of ten."""
    power = Decimal(1).scaleb(rough.adjusted())
    factors = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
    return next(power * factor for factor in factors if power * factor >= rough)


def _path(values: Sequence[Decimal], y: Any) -> str:
    step = Decimal(WIDTH) / (len(values) - 1)
    points = (f"{step * at:.1f} {y(value):.1f}" for at, value in enumerate(values))
    return "M" + "L".join(points)


def _labels(days: Sequence[date]) -> tuple[str, ...]:
    last = len(days) - 1
    at = sorted({round(last * part / (LABELS - 1)) for part in range(LABELS)})
    return tuple(f"{days[one]:%b} {days[one].day}" for one in at)


def _summary(days: Sequence[tuple[date, Pnl]], currency: str) -> str:
    best = max(days, key=lambda one: one[1].gmv)
    losing = sum(pnl.cm3 < 0 for _, pnl in days)
    return (
        f"GMV peaked at {formats.money(best[1].gmv, currency)} on {best[0]:%B} {best[0].day}. "
        f"CM3 was below zero on {formats.plural(losing, 'day')}. Arrow keys read each day."
    )
