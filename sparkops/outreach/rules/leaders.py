"""Leaderboards: what each creator, product or group did in a period, held against the one before.

Amounts are in one shop's currency. The value of a creator is cm3 per sample and month (domain 5.7);
a month is 30 days.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

MONTH = Decimal(30)
MOST = 200
"""So many are listed; the rest is one line, so that the list adds up."""

ZERO = Decimal(0)
RANKED = {
    "creator": "Creators",
    "product": "Products",
    "owner": "Owners",
    "segment": "Segments",
    "outreach": "Outreach",
}
GROUPS_OF_CREATORS = ("owner", "segment", "outreach")
SHOWN_FIGURES = {
    "gmv": ("GMV", "money"),
    "cm3": ("Profit (cm3)", "money"),
    "value": ("cm3 per sample and month", "money"),
    "orders": ("Orders from posts", "count"),
    "posts": ("Posts", "count"),
    "views": ("Organic views", "count"),
    "samples": ("Samples sent", "count"),
}
"""Label of each figure, and whether it is money or a count."""


@dataclass(frozen=True)
class Deeds:
    """What somebody did in a period; `samples` are those that were sent."""

    gmv: Decimal = ZERO
    cm3: Decimal = ZERO
    orders: int = 0
    posts: int = 0
    views: int = 0
    samples: int = 0

    def __add__(self, other: "Deeds") -> "Deeds":
        return Deeds(
            **{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)}
        )


def value_of(deeds: Deeds, days: int) -> Decimal | None:
    """cm3 per sample and month; None without a sample."""
    if not deeds.samples or days <= 0:
        return None
    return (deeds.cm3 / deeds.samples * MONTH / days).quantize(Decimal("0.01"))


FIGURES: Mapping[str, Callable[[Deeds, int], Decimal | int | None]] = {
    "gmv": lambda deeds, days: deeds.gmv,
    "cm3": lambda deeds, days: deeds.cm3,
    "value": value_of,
    "orders": lambda deeds, days: deeds.orders,
    "posts": lambda deeds, days: deeds.posts,
    "views": lambda deeds, days: deeds.views,
    "samples": lambda deeds, days: deeds.samples,
}
"""The figure of somebody in a period of so many days."""


@dataclass(frozen=True)
class Line:
    """A place in the ranking. `place` is None for the rest and for what belongs to nobody;
    `place_before` for who was not in the ranking. `change` is the share by which the figure grew,
    None where the earlier one is not above zero."""

    key: str
    now: Decimal | int | None
    before: Decimal | int | None
    place: int | None = None
    place_before: int | None = None
    deeds: Deeds = Deeds()

    @property
    def change(self) -> Decimal | None:
        if self.now is None or self.before is None or self.before <= 0:
            return None
        return Decimal(self.now - self.before) / Decimal(self.before)


def ranking(
    now: Mapping[str, Deeds],
    before: Mapping[str, Deeds],
    figure: str,
    *,
    days: int,
    last: Iterable[str] = (),
) -> tuple[list[Line], Line | None]:
    """Lines by `figure`, highest first, equal ones by key, and the line of all beyond `MOST`.

    Who has no figure has no place. The keys `last` stand at the end without one, unless they have
    nothing in both periods: what belongs to nobody.
    """
    measure, ends = FIGURES[figure], list(last)
    places, places_before = _places(now, measure, days, ends), _places(before, measure, days, ends)
    lines = [
        _line(key, now, before, measure, days, places.get(key), places_before.get(key))
        for key in [*places, *ends]
    ]
    lines = [one for one in lines if one.place is not None or one.now or one.before]
    shown = [one for one in lines if one.place is None or one.place <= MOST]
    rest = [one.key for one in lines if one.place is not None and one.place > MOST]
    if not rest:
        return shown, None
    whole = {"": _sum(now, rest)}, {"": _sum(before, rest)}
    return shown, _line("", *whole, measure, days, None, None)


def _places(
    deeds: Mapping[str, Deeds],
    measure: Callable[[Deeds, int], Decimal | int | None],
    days: int,
    without: list[str],
) -> dict[str, int]:
    figures = {key: measure(one, days) for key, one in deeds.items() if key not in without}
    ranked = sorted(
        ((figure, key) for key, figure in figures.items() if figure),
        key=lambda one: (-one[0], one[1]),
    )
    return {key: number for number, (_, key) in enumerate(ranked, start=1)}


def _line(
    key: str,
    now: Mapping[str, Deeds],
    before: Mapping[str, Deeds],
    measure: Callable[[Deeds, int], Decimal | int | None],
    days: int,
    place: int | None,
    place_before: int | None,
) -> Line:
    mine, earlier = now.get(key, Deeds()), before.get(key, Deeds())
    return Line(key, measure(mine, days), measure(earlier, days), place, place_before, mine)


def _sum(deeds: Mapping[str, Deeds], keys: Iterable[str]) -> Deeds:
    return sum((deeds.get(key, Deeds()) for key in keys), Deeds())
