"""Which requests are approved by themselves (TS3)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from creators.rules.approval import (
    Criteria,
    Decision,
    Request,
    Used,
    Verdict,
    decide,
    periods,
    told_at,
)

CRITERIA = Criteria(
    currency="USD",
    min_followers=5_000,
    min_gmv=Decimal("1000"),
    min_fulfilment=Decimal("0.80"),
    min_posts=4,
    max_price=Decimal("30"),
)
GOOD = Request(1, 5_000, Decimal("1000"), Decimal("0.80"), 4, Decimal("30"))


def one(**changes: object) -> Decision:
    return decide([replace(GOOD, **changes)], CRITERIA, Used())[0]


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.APPROVE),
        # 10 % below the threshold is borderline, more falls short.
        ({"followers": 4_500}, Verdict.REVIEW),
        ({"followers": 4_499}, Verdict.SHORT),
        ({"gmv": Decimal("900")}, Verdict.REVIEW),
        ({"gmv": Decimal("899.99")}, Verdict.SHORT),
        ({"fulfilment": Decimal("0.72")}, Verdict.REVIEW),
        ({"fulfilment": Decimal("0.71")}, Verdict.SHORT),
        ({"posts": 3}, Verdict.SHORT),
        ({"price": Decimal("33")}, Verdict.REVIEW),
        ({"price": Decimal("33.01")}, Verdict.SHORT),
        ({"price": None}, Verdict.REVIEW),
        ({"gmv": None}, Verdict.REVIEW),
        ({"obstacle": "OUT_OF_STOCK"}, Verdict.SHORT),
        # Clearly short in one thing is short, however good the rest.
        ({"followers": 4_900, "price": Decimal("99")}, Verdict.SHORT),
    ],
)
def test_ts3_thresholds_approve_borderline_goes_to_review(
    changes: dict[str, object], verdict: Verdict
) -> None:
    """TS3: a price cap and thresholds; borderline cases go to review."""
    assert one(**changes).verdict is verdict


def test_rules_that_ask_for_nothing_approve() -> None:
    assert decide([Request(1)], Criteria("USD"), Used())[0].verdict is Verdict.APPROVE


@pytest.mark.parametrize(
    ("caps", "used", "approved"),
    [
        ({"day_cap": 2}, Used(), [1, 2]),
        ({"day_cap": 2}, Used(day=1, week=1, month=1), [1]),
        ({"week_cap": 3, "day_cap": 9}, Used(day=0, week=1, month=7), [1, 2]),
        ({"month_quota": 10}, Used(day=0, week=0, month=10), []),
        ({"day_cap": 0}, Used(), []),
    ],
)
def test_ts3_caps_serve_who_comes_first_and_send_the_rest_to_review(
    caps: dict[str, int], used: Used, approved: list[int]
) -> None:
    """TS3: day, week and quota caps approve exactly the expected set."""
    requests = [replace(GOOD, sample=number) for number in (1, 2, 3)]
    found = decide(requests, replace(CRITERIA, **caps), used)
    assert [one.sample for one in found if one.verdict is Verdict.APPROVE] == approved
    assert {one.verdict for one in found if one.sample not in approved} <= {Verdict.REVIEW}


def test_who_falls_short_uses_up_no_cap() -> None:
    requests = [replace(GOOD, sample=1, followers=10), replace(GOOD, sample=2)]
    found = decide(requests, replace(CRITERIA, day_cap=1), Used())
    assert [one.verdict for one in found] == [Verdict.SHORT, Verdict.APPROVE]


def test_a_decision_names_every_condition_with_value_and_threshold() -> None:
    found = {check.name: check for check in one(followers=4_600).checks}
    assert (found["followers"].result, found["followers"].value) == ("near", "4600")
    assert found["followers"].threshold == "5000"
    assert set(found) == {"followers", "gmv", "fulfilment", "posts", "price"}


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    # November 20, 2026 is a Friday.
    assert periods(date(2026, 11, 20)) == (
        date(2026, 11, 20), date(2026, 11, 16), date(2026, 11, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("used", "quota", "marks"),
    [(7, 10, []), (8, 10, [80]), (10, 10, [80, 100]), (3, 3, [80, 100]), (2, 3, []), (5, None, [])],
)
def test_ts3_the_marks_of_the_quota(used: int, quota: int | None, marks: list[int]) -> None:
    """TS3: 80 % and 100 %."""
    assert told_at(used, quota) == marks
