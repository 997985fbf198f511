"""Lines over days or hours as the server's SVG: it prints, follows the theme, needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString

from sparkops.web import formats

HEIGHT = 90
STEP = 10
GRID = 3
MOST_LABELS = 5
_NICE = (1, 2, 3, 5, 6, 8, 10)


@dataclass(frozen=True)
class Series:
    """One line. `tone` names its colour in the style sheet: gmv, spend, net or prev."""

    tone: str
    label: str
    values: Sequence[Decimal | int]


@dataclass(frozen=True)
class Chart:
    """What parts/chart.html prints. `data` feeds the reading line of the page's script."""

    name: str
    label: str
    finding: str
    width: int
    paths: tuple[tuple[str, SafeString], ...]
    scale: tuple[str, ...]
    days: tuple[str, ...]
    series: tuple[Series, ...]
    data: dict[str, Any]
    step: str = "day"


def daily(
    name: str,
    label: str,
    finding: str,
    days: Sequence[date],
    series: Sequence[Series],
    *,
    currency: str = "",
) -> Chart:
    """Lines of one unit over consecutive `days`, at least one, from zero up.

    The unit is money where `currency` says of which; else a count. `name` is unique on the page;
    `finding` says in a sentence what the lines show.
    """
    texts = [f"{day:%b} {day.day}" for day in days]
    return _lines(name, label, finding, texts, series, currency)


def hourly(
    name: str, label: str, finding: str, series: Sequence[Series], currency: str = ""
) -> Chart:
    """The like over the 24 hours of a day; a line of today ends with the hour it is."""
    texts = [f"{hour:02}:00" for hour in range(24)]
    chart = _lines(name, label, finding, texts, series, currency)
    return replace(chart, step="hour")


def _lines(
    name: str,
    label: str,
    finding: str,
    texts: Sequence[str],
    series: Sequence[Series],
    currency: str,
) -> Chart:
    top = _ceiling(max((value for one in series for value in one.values), default=0))
    return Chart(
        name=name,
        label=label,
        finding=finding,
        width=max(STEP * (len(texts) - 1), 1),
        paths=tuple((one.tone, _path(one.values, top)) for one in series),
        scale=tuple(
            formats.money(Decimal(top) * step / GRID, currency, compact=True)
            if currency
            else formats.integer(top * step // GRID, compact=True)
            for step in range(GRID, -1, -1)
        ),
        days=tuple(_spread(texts)),
        series=tuple(series),
        data={
            "x": list(texts),
            "currency": currency,
            "series": [
                {"key": one.tone, "label": one.label, "values": [float(v) for v in one.values]}
                for one in series
            ],
        },
    )


def _path(values: Sequence[Decimal | int], top: int) -> SafeString:
    points = [
        f"{index * STEP} {HEIGHT - float(value) / top * HEIGHT:.1f}"
        for index, value in enumerate(values)
    ]
    if len(points) == 1:
        points.append(points[0].replace("0 ", "1 ", 1))
    return SafeString("M" + "L".join(points))


def _ceiling(highest: Decimal | int) -> int:
    """The end of the axis: a round number that three grid lines divide without a rest."""
    size = 1
    while True:
        for nice in _NICE:
            if nice * size * GRID >= highest:
                return nice * size * GRID
        size *= 10


def _spread(texts: Sequence[str]) -> list[str]:
    if len(texts) <= MOST_LABELS:
        return list(texts)
    last = len(texts) - 1
    return [texts[round(last * step / (MOST_LABELS - 1))] for step in range(MOST_LABELS)]
