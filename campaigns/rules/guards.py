"""What a guard rule measures, and whether it holds (TA7, domain 3.7).

Complete days of the ad account decide, because a day that is not over is partial and restated for
days; only "everything so far" and the budget spent today include it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sparkops.money import ZERO

EVERYTHING = 0
"""The window from the first day on, today included."""
DECAY_DAYS = 3
HEALTHY_DAYS = 7
LEAST_IMPRESSIONS = 1000
"""Below it a rate is not enough data (domain 3.6)."""
HUNDRED = Decimal(100)
CENT = Decimal("0.01")
TENTH = Decimal("0.1")
"""TikTok takes a target ROAS with one decimal."""


class Metric(StrEnum):
    """What can be measured. Money in the ad account's currency; percentages as 12.5."""

    SPEND = "spend"
    CPA = "cpa"
    ROAS = "roas"
    RESULTS = "results"
    BUDGET_SPENT = "budget_spent"
    AGE = "age"
    FREQUENCY = "frequency"
    CTR = "ctr"
    CTR_DECAY = "ctr_decay"
    PROFIT = "profit"
    COVER = "cover"


class Op(StrEnum):
    """How a measure is held against its threshold."""

    ABOVE = "above"
    AT_LEAST = "at_least"
    BELOW = "below"
    AT_MOST = "at_most"


class Times(StrEnum):
    """What the number of a condition is multiplied by: profit's published bounds (PD11)."""

    NOTHING = ""
    BREAK_EVEN = "break_even_roas"
    MAX_CPA = "max_cpa"


@dataclass(frozen=True, slots=True)
class Condition:
    """`metric` `op` `value`, or `value` times a bound that profit published."""

    metric: Metric
    op: Op
    value: Decimal
    times: Times = Times.NOTHING

    def kept(self) -> dict[str, str]:
        """As a rule keeps it."""
        return {
            "metric": self.metric.value,
            "op": self.op.value,
            "value": str(self.value),
            "times": self.times.value,
        }


def conditions_from(kept: Sequence[Mapping[str, Any]]) -> tuple[Condition, ...]:
    """The conditions that a rule keeps."""
    return tuple(
        Condition(Metric(one["metric"]), Op(one["op"]), Decimal(one["value"]), Times(one["times"]))
        for one in kept
    )


@dataclass(frozen=True, slots=True)
class Numbers:
    """One ad account day of a target. `spend` and `revenue` (platform-attributed) are money."""

    spend: Decimal = ZERO
    revenue: Decimal = ZERO
    results: int = 0
    impressions: int = 0
    clicks: int = 0
    reach: int = 0

    def __add__(self, other: "Numbers") -> "Numbers":
        return Numbers(
            self.spend + other.spend,
            self.revenue + other.revenue,
            self.results + other.results,
            self.impressions + other.impressions,
            self.clicks + other.clicks,
            self.reach + other.reach,
        )


@dataclass(frozen=True, slots=True)
class Bound:
    """What profit published on a day for the products behind a target (PD11)."""

    as_of: date
    break_even_roas: Decimal | None
    max_cpa: Decimal | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a target on the account's day `today`.

    `bounds` are oldest first. `counts_organic`: the revenue holds organic orders (GMV Max), so that
    a ROAS above break-even proves nothing. `profit` is cm3 by day of its posts in the account's
    currency, None where the ledger's currency is another. `cover_hours` is the time left of the
    right to spend.
    """

    today: date
    days: Mapping[date, Numbers] = field(default_factory=dict)
    age_hours: Decimal | None = None
    budget_a_day: Decimal | None = None
    bounds: Sequence[Bound] = ()
    counts_organic: bool = False
    profit: Mapping[date, Decimal] | None = None
    cover_hours: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """One condition on one target: `passed` is None while there is not enough data."""

    condition: Condition
    measured: Decimal | None
    threshold: Decimal | None
    passed: bool | None

    def kept(self) -> dict[str, Any]:
        """As the log keeps it."""
        return {
            **self.condition.kept(),
            "measured": _text(self.measured),
            "threshold": _text(self.threshold),
            "passed": self.passed,
        }


def evaluate(conditions: Sequence[Condition], facts: Facts, window_days: int) -> list[Read]:
    """Every condition with what was measured; a rule holds when `holds` says so."""
    return [_read(one, facts, window_days) for one in conditions]


def holds(reads: Sequence[Read]) -> bool | None:
    """Whether all hold; None when none fails but some lack data. A rule without any never does."""
    if not reads or any(one.passed is False for one in reads):
        return False
    return None if any(one.passed is None for one in reads) else True


def replayed(
    conditions: Sequence[Condition], facts: Facts, window_days: int, *, days: int, every_hours: int
) -> list[date]:
    """On which of the last `days` complete days a rule would have acted, with its rest between.

    Only what was known by then counts: numbers, profit and published bounds of earlier days. Cover
    has no history, so a condition on it is never met; a budget is taken as it is today.
    """
    hits: list[date] = []
    rest = timedelta(hours=every_hours)
    for ago in range(days, 0, -1):
        day = facts.today - timedelta(days=ago)
        if hits and day - hits[-1] < rest:
            continue
        then = replace(facts, today=day, age_hours=_earlier(facts.age_hours, ago), cover_hours=None)
        if holds(evaluate(conditions, then, window_days)):
            hits.append(day)
    return hits


def _earlier(age_hours: Decimal | None, days: int) -> Decimal | None:
    return None if age_hours is None else age_hours - 24 * days


def changed_amount(
    before: Decimal, percent: Decimal, ceilings: Sequence[Decimal | None], step: Decimal = CENT
) -> Decimal:
    """A budget, bid or target after a change by `percent`, in whole steps, under every ceiling.

    A ceiling below what stands does not lower a raise: it only keeps it from happening.
    """
    wanted = (before * (HUNDRED + percent) / HUNDRED).quantize(step)
    known = [one for one in ceilings if one is not None]
    if percent > 0 and known:
        wanted = max(before, min(wanted, *known)).quantize(step)
    return wanted


def _read(condition: Condition, facts: Facts, window_days: int) -> Read:
    measured = _measure(condition.metric, facts, window_days)
    threshold = _threshold(condition, facts)
    if measured is None or threshold is None or _proves_nothing(condition, facts):
        return Read(condition, measured, threshold, None)
    passed = {
        Op.ABOVE: measured > threshold,
        Op.AT_LEAST: measured >= threshold,
        Op.BELOW: measured < threshold,
        Op.AT_MOST: measured <= threshold,
    }[condition.op]
    return Read(condition, measured, threshold, passed)


def _proves_nothing(condition: Condition, facts: Facts) -> bool:
    """Whether organic orders could make the condition hold: they only ever raise the ROAS."""
    is_bound = condition.metric is Metric.ROAS and condition.times is Times.BREAK_EVEN
    return facts.counts_organic and is_bound and condition.op in (Op.ABOVE, Op.AT_LEAST)


def _threshold(condition: Condition, facts: Facts) -> Decimal | None:
    if condition.times is Times.NOTHING:
        return condition.value
    known = [one for one in facts.bounds if one.as_of <= facts.today]
    if not known:
        return None
    newest = known[-1]
    is_roas = condition.times is Times.BREAK_EVEN
    bound = newest.break_even_roas if is_roas else newest.max_cpa
    return None if bound is None else condition.value * bound


def _measure(metric: Metric, facts: Facts, window_days: int) -> Decimal | None:
    if metric in _STANDING:
        return _STANDING[metric](facts)
    if metric is Metric.PROFIT:
        return _profit(facts, window_days)
    return _rate(metric, _sum(facts, _window(facts.today, window_days)))


def _rate(metric: Metric, total: Numbers) -> Decimal | None:
    if metric is Metric.SPEND:
        return total.spend
    if metric is Metric.RESULTS:
        return Decimal(total.results)
    if metric is Metric.CPA:
        return total.spend / total.results if total.results else None
    if metric is Metric.ROAS:
        return total.revenue / total.spend if total.spend else None
    if metric is Metric.FREQUENCY:
        return Decimal(total.impressions) / total.reach if total.reach else None
    return _ctr(total)


def _ctr(total: Numbers) -> Decimal | None:
    """In percent; None for too few impressions."""
    if total.impressions < LEAST_IMPRESSIONS:
        return None
    return HUNDRED * total.clicks / total.impressions


def _budget_spent(facts: Facts) -> Decimal | None:
    """Percent of the day's budget that is spent today."""
    if not facts.budget_a_day:
        return None
    return HUNDRED * facts.days.get(facts.today, Numbers()).spend / facts.budget_a_day


def _ctr_decay(facts: Facts) -> Decimal | None:
    """How many percent CTR of the last three complete days lies below that of the seven before."""
    late = _ctr(_sum(facts, _window(facts.today, DECAY_DAYS)))
    healthy = _ctr(_sum(facts, _window(facts.today - timedelta(days=DECAY_DAYS), HEALTHY_DAYS)))
    if late is None or not healthy:
        return None
    return HUNDRED * (healthy - late) / healthy


def _profit(facts: Facts, window_days: int) -> Decimal | None:
    if facts.profit is None:
        return None
    first, last = _window(facts.today, window_days)
    return sum((cm3 for day, cm3 in facts.profit.items() if first <= day <= last), ZERO)


_STANDING = {
    Metric.AGE: lambda facts: facts.age_hours,
    Metric.COVER: lambda facts: facts.cover_hours,
    Metric.BUDGET_SPENT: _budget_spent,
    Metric.CTR_DECAY: _ctr_decay,
}


def _window(today: date, days: int) -> tuple[date, date]:
    if days == EVERYTHING:
        return date.min, today
    return today - timedelta(days=days), today - timedelta(days=1)


def _sum(facts: Facts, window: tuple[date, date]) -> Numbers:
    first, last = window
    return sum((one for day, one in facts.days.items() if first <= day <= last), Numbers())


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number.quantize(Decimal("0.0001")))
