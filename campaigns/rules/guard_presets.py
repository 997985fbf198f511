"""Rules to start with: our defaults of domain 3.7, every number to be changed by the client."""

from dataclasses import dataclass
from decimal import Decimal

from campaigns.rules.guards import EVERYTHING, Condition, Metric, Op, Times


@dataclass(frozen=True, slots=True)
class Preset:
    """A rule as a form starts with it. `level`, `action` and `mode` are the words of the model."""

    key: str
    name: str
    why: str
    action: str
    conditions: tuple[Condition, ...]
    window_days: int
    level: str = "ad"
    percent: Decimal | None = None
    every_hours: int = 24
    mode: str = "suggest"


def _at_least(metric: Metric, value: str, times: Times = Times.NOTHING) -> Condition:
    return Condition(metric, Op.AT_LEAST, Decimal(value), times)


def _below(metric: Metric, value: str, times: Times = Times.NOTHING) -> Condition:
    return Condition(metric, Op.BELOW, Decimal(value), times)


PRESETS = (
    Preset(
        "no_conversion",
        "Stop-loss: no conversion",
        "It spent twice what one order may cost, and nothing converted.",
        "pause",
        (_at_least(Metric.SPEND, "2", Times.MAX_CPA), _below(Metric.RESULTS, "1")),
        EVERYTHING,
    ),
    Preset(
        "cpa",
        "Stop-loss: CPA",
        "A result costs more than an order may cost.",
        "pause",
        (
            Condition(Metric.CPA, Op.ABOVE, Decimal(1), Times.MAX_CPA),
            Condition(Metric.RESULTS, Op.ABOVE, Decimal(0)),
        ),
        7,
    ),
    Preset(
        "break_even",
        "Below break-even",
        "Three days of ROAS under 0.8 of break-even, with enough spend to know.",
        "pause",
        (
            _below(Metric.ROAS, "0.8", Times.BREAK_EVEN),
            _at_least(Metric.SPEND, "3", Times.MAX_CPA),
        ),
        3,
    ),
    Preset(
        "loss",
        "Loses money",
        "After commission, fees and cost of goods its posts lost money for a week.",
        "pause",
        (_below(Metric.PROFIT, "0"), _at_least(Metric.SPEND, "3", Times.MAX_CPA)),
        7,
    ),
    Preset(
        "ramp",
        "Ramp: 20% more every 48 hours",
        "ROAS is above break-even, so the budget grows in steps that keep learning alive.",
        "budget",
        (_at_least(Metric.ROAS, "1", Times.BREAK_EVEN), _at_least(Metric.RESULTS, "3")),
        3,
        level="ad_group",
        percent=Decimal(20),
        every_hours=48,
    ),
    Preset(
        "fatigue",
        "Fatigue",
        "CTR fell by half and people see it again and again.",
        "notify",
        (_at_least(Metric.CTR_DECAY, "50"), _at_least(Metric.FREQUENCY, "2")),
        3,
        every_hours=72,
        mode="act",
    ),
    Preset(
        "budget_spent",
        "Budget nearly spent",
        "Nine tenths of the day's budget are gone.",
        "notify",
        (_at_least(Metric.BUDGET_SPENT, "90"),),
        EVERYTHING,
        level="ad_group",
        mode="act",
    ),
    Preset(
        "gmv_max",
        "GMV Max below break-even",
        "Its ROI is under break-even though it counts organic orders, so TikTok shall aim higher.",
        "target",
        (
            _below(Metric.ROAS, "1", Times.BREAK_EVEN),
            _at_least(Metric.SPEND, "3", Times.MAX_CPA),
        ),
        7,
        level="campaign",
        percent=Decimal(10),
        every_hours=72,
    ),
    Preset(
        "cover",
        "Cover ends soon",
        "Three days are left of the right to spend; the cover guard will pause the ad.",
        "notify",
        (_below(Metric.COVER, "72"), _at_least(Metric.COVER, "0")),
        EVERYTHING,
        mode="act",
    ),
)
BY_KEY = {one.key: one for one in PRESETS}
