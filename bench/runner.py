"""Measures, their lines and goals, and how ours and the reference take turns."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from bench.clocks import Clock, by_time
from bench.stage import Stage

COLUMNS = ("name", "ours", "reference", "ratio", "goal", "ok")
WIDTHS = (46, 16, 16, 10, 10, 3)


@dataclass(frozen=True)
class Line:
    """One comparison: two series taken in turns. `unit` is ms, MB, rows/s or requests/s.

    The ratio is ours by the reference, of medians. `holds` says whether it reaches `goal`; None
    where no goal is set.
    """

    name: str
    ours: Sequence[float]
    reference: Sequence[float]
    unit: str
    goal: str = "none"
    holds: Callable[["Line"], bool] | None = None

    @property
    def ratio(self) -> float:
        return median(self.ours) / median(self.reference)

    @property
    def ok(self) -> str:
        if self.holds is None:
            return "-"
        return "yes" if self.holds(self) else "no"

    @property
    def text(self) -> str:
        """The line as it is printed."""
        return _row(
            self.name,
            f"{_number(median(self.ours))} {self.unit}",
            f"{_number(median(self.reference))} {self.unit}",
            _number(self.ratio),
            self.goal,
            self.ok,
        )


@dataclass(frozen=True)
class Measure:
    """One thing that is measured: `run` gives its lines. `name` is its file's."""

    name: str
    run: Callable[[Stage], Iterator[Line]]


def at_most(ratio: float) -> Callable[[Line], bool]:
    """A goal for costs."""
    return lambda line: line.ratio <= ratio


def at_least(ratio: float) -> Callable[[Line], bool]:
    """A goal for speeds."""
    return lambda line: line.ratio >= ratio


def in_turns(
    *sides: Callable[[], object], rounds: int, warm: bool = True
) -> tuple[list[float], ...]:
    """Milliseconds of each side, A B A B, after one round that does not count."""
    series: tuple[list[float], ...] = tuple([] for _ in sides)
    for number in range(rounds + warm):
        for side, times in zip(sides, series, strict=True):
            spent = milliseconds(side)
            if number >= warm:
                times.append(spent)
    return series


_clock: list[Clock] = [by_time]


def count_by(clock: Clock) -> None:
    """Measure by this clock from now on."""
    _clock[0] = clock


def milliseconds(side: Callable[[], object]) -> float:
    """How long one call takes, by the chosen clock."""
    clock = _clock[0]
    begin = clock()
    side()
    return (clock() - begin) * 1000


def header() -> str:
    """The names of the columns."""
    return _row(*COLUMNS)


def _row(*cells: str) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)]
    return ", ".join(padded).rstrip()


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
