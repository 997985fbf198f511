"""TA7, PD11: what guard rules measure, when they hold, and what they would have done."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from campaigns.rules.guard_presets import BY_KEY, PRESETS
from campaigns.rules.guards import (
    EVERYTHING,
    Bound,
    Condition,
    Facts,
    Metric,
    Numbers,
    Op,
    Times,
    changed_amount,
    conditions_from,
    evaluate,
    holds,
    replayed,
)

TODAY = date(2026, 9, 10)


def numbers(spend: str, *, results: int = 0, revenue: str = "0", clicks: int = 0) -> Numbers:
    """A day with 2,000 impressions on 800 people."""
    return Numbers(Decimal(spend), Decimal(revenue), results, 2000, clicks, 800)


def facts(
    *spends: str, roas: str = "2.5", cpa: str = "12", results: int = 0, clicks: int = 0
) -> Facts:
    """Days before today, the newest first; today itself spent 7."""
    days = {
        TODAY - timedelta(days=ago): numbers(one, results=results, clicks=clicks)
        for ago, one in enumerate(spends, 1)
    }
    days[TODAY] = numbers("7", results=results, clicks=clicks)
    bound = Bound(TODAY - timedelta(days=40), Decimal(roas), Decimal(cpa))
    return Facts(TODAY, days, Decimal(100), Decimal(50), (bound,))


@pytest.mark.parametrize(
    ("metric", "window", "expected"),
    [
        (Metric.SPEND, 3, "60"),  # 10 + 20 + 30: today is partial and left out
        (Metric.SPEND, EVERYTHING, "107"),  # and 40, and the 7 of today
        (Metric.RESULTS, 3, "6"),
        (Metric.CPA, 3, "10"),  # 60 / 6
        (Metric.ROAS, 3, "0.5"),  # three times 10 of revenue on 60
        (Metric.BUDGET_SPENT, 3, "14"),  # 7 of 50 today
        (Metric.AGE, 3, "100"),
        (Metric.FREQUENCY, 3, "2.5"),  # 6,000 impressions on 2,400 people
        (Metric.CTR, 3, "1"),  # 60 clicks on 6,000 impressions
    ],
)
def test_ta7_what_is_measured(metric: Metric, window: int, expected: str) -> None:
    """TA7: spend, CPA, ROAS, results, budget spent, age, frequency and CTR of complete days."""
    found = facts("10", "20", "30", "40", results=2, clicks=20)
    found = replace(
        found, days={day: replace(one, revenue=Decimal(10)) for day, one in found.days.items()}
    )
    [read] = evaluate([Condition(metric, Op.AT_LEAST, Decimal(expected))], found, window)
    assert read.measured == Decimal(expected)
    assert read.passed


def test_ta7_ctr_decay_is_held_against_the_healthy_week_before() -> None:
    """TA7: seven days at 2%, then three at 0.5%: down by 75%."""
    days = {
        TODAY - timedelta(days=ago): numbers("10", clicks=10 if ago <= 3 else 40)
        for ago in range(1, 11)
    }
    [read] = evaluate(
        [Condition(Metric.CTR_DECAY, Op.AT_LEAST, Decimal(50))], Facts(TODAY, days), 3
    )
    assert (read.measured, read.passed) == (Decimal(75), True)


def test_ta7_profit_after_all_costs_is_a_condition() -> None:
    """TA7: cm3 of the days of the window; unknown in another currency is no answer."""
    found = replace(
        facts("10"),
        profit={TODAY - timedelta(days=1): Decimal("-4.00"), TODAY: Decimal("-90")},
    )
    below = [Condition(Metric.PROFIT, Op.BELOW, Decimal(0))]
    [read] = evaluate(below, found, 7)
    assert (read.measured, read.passed) == (Decimal("-4.00"), True)
    assert holds(evaluate(below, replace(found, profit=None), 7)) is None


def test_pd11_published_bounds_are_thresholds_and_those_of_later_are_not_known_yet() -> None:
    """PD11: ROAS 2.0 fails 0.8 x 2.6 = 2.08; a bound published tomorrow decides nothing today."""
    found = facts("30", "30", "30", roas="2.6")
    found = replace(
        found,
        days={day: replace(one, revenue=one.spend * 2) for day, one in found.days.items()},
        bounds=(*found.bounds, Bound(TODAY + timedelta(days=1), Decimal("1.0"), Decimal(9))),
    )
    rule = [Condition(Metric.ROAS, Op.BELOW, Decimal("0.8"), Times.BREAK_EVEN)]
    [read] = evaluate(rule, found, 3)
    assert (read.threshold, read.passed) == (Decimal("2.08"), True)
    unpublished = evaluate(rule, replace(found, bounds=()), 3)
    assert holds(unpublished) is None


@pytest.mark.parametrize(
    ("preset", "found", "expected"),
    [
        ("no_conversion", facts("10", "10"), True),  # 27 spent, 2 x 12 allowed, nothing sold
        ("no_conversion", facts("10", "5"), False),  # 22
        ("no_conversion", facts("10", "10", results=1), False),
        ("cpa", facts("30", "30", results=2), True),  # 60 / 4 = 15 against 12
        ("cpa", facts("20", "20", results=2), False),  # 10
        ("cpa", facts("30", "30"), False),  # nothing converted: no_conversion's case
        ("break_even", facts("20", "20"), True),  # 40 spent of 3 x 12, ROAS 0
        ("break_even", facts("17", "17"), False),  # 34: too little to know
        ("ramp", facts("10", results=1), False),  # one result is not three
    ],
)
def test_ta7_presets(preset: str, found: Facts, expected: bool) -> None:
    """TA7: "no conversion" and "CPA" variants among them."""
    one = BY_KEY[preset]
    assert bool(holds(evaluate(one.conditions, found, one.window_days))) is expected


def test_every_preset_is_kept_and_read_back_unchanged() -> None:
    for one in PRESETS:
        assert conditions_from([condition.kept() for condition in one.conditions]) == one.conditions


def test_a_rule_without_conditions_never_holds() -> None:
    assert holds([]) is False


@pytest.mark.parametrize(
    ("percent", "ceilings", "expected"),
    [
        ("20", [], "60.00"),
        ("20", [Decimal(55), None], "55"),
        ("20", [Decimal(40)], "50"),  # a ceiling below what stands lowers nothing
        ("-50", [Decimal(40)], "25.00"),
    ],
)
def test_a_budget_grows_by_percent_under_every_ceiling(
    percent: str, ceilings: list[Decimal | None], expected: str
) -> None:
    assert changed_amount(Decimal(50), Decimal(percent), ceilings) == Decimal(expected)


def test_ta7_a_dry_run_tells_the_days_it_would_have_acted_with_its_rest_between() -> None:
    """TA7: 12 a day without a sale: everything so far passes 24 on the second day of five, and
    again once 48 hours are over."""
    one = BY_KEY["no_conversion"]
    found = facts(*["12"] * 5)
    hits = replayed(one.conditions, found, one.window_days, days=5, every_hours=48)
    # Spend up to and including the day: 12, 24 (hit), 36 (rest), 48 (hit), 60 (rest).
    assert [TODAY - day for day in hits] == [timedelta(days=4), timedelta(days=2)]
