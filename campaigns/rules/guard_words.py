"""Guard conditions and what was measured, in words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from campaigns.rules.guards import EVERYTHING, Metric, Op, Times

METRICS = {
    Metric.SPEND: "Spend",
    Metric.CPA: "Cost per result",
    Metric.ROAS: "Platform ROAS",
    Metric.RESULTS: "Results",
    Metric.BUDGET_SPENT: "Day's budget spent",
    Metric.AGE: "Age",
    Metric.FREQUENCY: "Frequency",
    Metric.CTR: "CTR",
    Metric.CTR_DECAY: "CTR lost since its best week",
    Metric.PROFIT: "Profit after all costs (CM3)",
    Metric.COVER: "Time left of the right to spend",
}
OPS = {
    Op.ABOVE: "above",
    Op.AT_LEAST: "at least",
    Op.BELOW: "below",
    Op.AT_MOST: "at most",
}
TIMES = {
    Times.NOTHING: "as it is",
    Times.BREAK_EVEN: "times the break-even ROAS",
    Times.MAX_CPA: "times the most an order may cost",
}
WINDOWS = (
    (EVERYTHING, "everything so far"),
    (1, "yesterday"),
    (3, "last 3 days"),
    (7, "last 7 days"),
    (14, "last 14 days"),
    (30, "last 30 days"),
)
MINUS = "\N{MINUS SIGN}"
UNITS = {
    Metric.BUDGET_SPENT: "%",
    Metric.CTR: "%",
    Metric.CTR_DECAY: "%",
    Metric.AGE: " hours",
    Metric.COVER: " hours",
}
MONEY = frozenset({Metric.SPEND, Metric.CPA, Metric.PROFIT})


def condition_words(kept: Mapping[str, Any]) -> str:
    """A condition as a person reads it: "Spend at least 2 times the most an order may cost"."""
    metric, times = Metric(kept["metric"]), Times(kept["times"])
    amount = _plain(kept["value"])
    amount += f" {TIMES[times]}" if times else UNITS.get(metric, "")
    return f"{METRICS[metric]} {OPS[Op(kept['op'])]} {amount}"


def rule_words(conditions: Sequence[Mapping[str, Any]]) -> str:
    """All conditions of a rule in one sentence."""
    return " and ".join(condition_words(one) for one in conditions)


def measured_words(kept: Mapping[str, Any], currency: str) -> str:
    """What was measured for a condition, with its unit; money in `currency`."""
    metric = Metric(kept["metric"])
    if kept["measured"] is None:
        return "not known"
    return _with_unit(metric, kept["measured"], currency)


def threshold_words(kept: Mapping[str, Any], currency: str) -> str:
    """What it was held against."""
    if kept["threshold"] is None:
        return "profit has published no bound"
    words = _with_unit(Metric(kept["metric"]), kept["threshold"], currency)
    return f"{OPS[Op(kept['op'])]} {words}"


def _with_unit(metric: Metric, number: str, currency: str) -> str:
    if metric in MONEY:
        return f"{Decimal(number):,.2f} {currency}".replace("-", MINUS)
    return f"{_plain(number)}{UNITS.get(metric, '')}"


def _plain(number: str) -> str:
    rounded = Decimal(number).quantize(Decimal("0.01")).normalize()
    return f"{rounded:,f}".replace("-", MINUS)
