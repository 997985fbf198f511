"""What a rule would have launched, and whether that made money (N10)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from campaigns.rules.triage import Earned, judge
from campaigns.rules.triage_facts import Facts, Rule

OUTCOME_DAYS = 30
"""Profit counts from the day after the decision for this long."""


@dataclass(frozen=True, slots=True)
class Line:
    """A post that would have been launched on `day` with `score`, and what it made afterwards in
    `currency`; `profit` is None when the ledger holds nothing of it."""

    post_id: int
    post: str
    day: date
    score: int
    profit: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Summary:
    """`launched` posts, of which `profitable` made money, `lost` lost it, and of the rest the
    ledger holds nothing. `profits` are sums per currency."""

    launched: int
    profitable: int
    lost: int
    unknown: int
    profits: tuple[tuple[str, Decimal], ...]

    @property
    def sentence(self) -> str:
        """The answer as people say it."""
        return f"This rule would have launched {self.launched}, {self.profitable} profitable."


def first_earned(history: Iterable[tuple[date, Facts]], rule: Rule) -> tuple[date, int] | None:
    """The first day on which the post would have earned it, and its score then; oldest first."""
    for day, facts in history:
        found = judge(facts, rule, dated=True)
        if found.earned is Earned.EARNED and found.score is not None:
            return day, found.score
    return None


def outcome(results: Mapping[date, Decimal], launched: date, until: date) -> Decimal | None:
    """Profit of the days after `launched`, at most 30 and up to `until`; None without any entry."""
    last = min(launched + timedelta(days=OUTCOME_DAYS), until)
    after = [amount for day, amount in results.items() if launched < day <= last]
    return sum(after, Decimal(0)) if after else None


def summed(lines: Sequence[Line]) -> Summary:
    """Counts, and sums that are never mixed across currencies."""
    profits: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.profit is not None:
            profits[line.currency] += line.profit
    known = [line.profit for line in lines if line.profit is not None]
    profitable = sum(amount > 0 for amount in known)
    return Summary(
        len(lines),
        profitable,
        len(known) - profitable,
        len(lines) - len(known),
        tuple(sorted(profits.items())),
    )


def line_from(stored: Mapping[str, Any]) -> Line:
    """A line from JSON."""
    profit = stored["profit"]
    return Line(
        stored["post_id"],
        stored["post"],
        date.fromisoformat(stored["day"]),
        stored["score"],
        None if profit is None else Decimal(profit),
        stored["currency"],
    )
