"""Has a post earned paid distribution? Every gate with its value, threshold and result (CT8, N10).

Gates and defaults are those of domain 3.6; completion, saves and classified comments are not read
from TikTok yet, so no gate asks for them. Rates are ratios: 0.04 is 4 %.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from campaigns.rules.advice import Advice, advise
from campaigns.rules.triage_facts import Facts, Rule
from campaigns.rules.triage_gates import (
    UNDATED,
    Gate,
    Result,
    evidence_gates,
    hard_gates,
    launch_gates,
)
from campaigns.rules.triage_scores import score_gates

DECIDED_AT_LEAST = 60
"""Points of gates that must have data before a score is told at all (U6)."""


class Band(StrEnum):
    """How a score reads: green, amber, red; none while the evidence is too thin."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NONE = ""


class Earned(StrEnum):
    """The decision of domain 3.6."""

    EARNED = "earned"
    PROMISING = "promising"
    NOT_YET = "not_yet"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one post. `score` is None below the minimum evidence, never 0 for it (U6)."""

    earned: Earned
    score: int | None
    band: Band
    gates: tuple[Gate, ...]
    advice: Advice

    @property
    def failed(self) -> tuple[Gate, ...]:
        """Gates that did not pass."""
        return tuple(gate for gate in self.gates if gate.result is Result.FAIL)

    @property
    def waiting(self) -> tuple[Gate, ...]:
        """Gates that cannot be answered yet."""
        return tuple(gate for gate in self.gates if gate.result is Result.UNKNOWN)


def judge(facts: Facts, rule: Rule, *, dated: bool = False) -> Verdict:
    """Every gate of one post under one rule.

    With `dated` the facts are of a past day: what is kept without its history (stock, rights,
    whether the post was public) is not asked.
    """
    skipped: Collection[str] = UNDATED if dated else ()
    evidence = tuple(evidence_gates(facts, rule))
    hard = tuple(gate for gate in hard_gates(facts, rule) if gate.name not in skipped)
    scores = tuple(score_gates(facts, rule))
    last = tuple(gate for gate in launch_gates(facts, rule) if gate.name not in skipped)
    gates = (*evidence, *hard, *scores, *last)
    enough = all(gate.result is Result.PASS for gate in evidence)
    score = _score(scores) if enough else None
    band = _band(score, rule)
    earned = _earned(evidence, hard, scores, band)
    return Verdict(earned, score, band, gates, advise(earned.value, gates, facts))


def _score(gates: Iterable[Gate]) -> int | None:
    """Points reached of a hundred, over the gates that have data; None when those are too few."""
    decided = [gate for gate in gates if gate.points is not None]
    weight = sum(gate.weight for gate in decided)
    if weight < DECIDED_AT_LEAST:
        return None
    reached = sum((gate.points or Decimal(0) for gate in decided), Decimal(0))
    return int((100 * reached / weight).quantize(Decimal(1), ROUND_HALF_UP))


def _band(score: int | None, rule: Rule) -> Band:
    if score is None:
        return Band.NONE
    if score >= rule.green_from:
        return Band.GREEN
    return Band.AMBER if score >= rule.amber_from else Band.RED


def _earned(
    evidence: Iterable[Gate], hard: Iterable[Gate], scores: Iterable[Gate], band: Band
) -> Earned:
    """Sales decide: a post that is only popular is promising at best."""
    if any(gate.result is Result.FAIL for gate in hard):
        return Earned.REJECTED
    waits = any(gate.result is not Result.PASS for gate in (*evidence, *hard))
    if waits or band is Band.NONE:
        return Earned.NOT_YET
    sells = any(gate.result is Result.PASS for gate in scores if gate.name in ("gpm", "orders"))
    if band is Band.GREEN and sells:
        return Earned.EARNED
    return Earned.REJECTED if band is Band.RED else Earned.PROMISING
