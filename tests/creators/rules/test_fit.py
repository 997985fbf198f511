"""Fit of a creator of the marketplace: the score, its reasons, and when there is none."""

from decimal import Decimal

import pytest

from creators.rules.fit import Facts, fit_of


def test_all_measures_make_the_score_and_each_says_why() -> None:
    """By hand: sales 30 of 40, reach 25 of 35, size 25 of 25, so 80 of 100."""
    fit = fit_of(Facts(10_000, Decimal(1_200), Decimal(2_500), 12_000, "USD"))
    assert fit.score == 80
    assert [(one.points, one.most) for one in fit.reasons] == [(30, 40), (25, 35), (25, 25)]
    assert [one.text for one in fit.reasons] == [
        "Sold at least 1,000 USD in 30 days.",
        "A video is seen by 12 % of the followers.",
        "As large as your creators who sell (12,000 followers).",
    ]


@pytest.mark.parametrize(
    ("facts", "score"),
    [
        (Facts(), None),
        (Facts(gmv=Decimal(50_000)), None),  # 40 of the 55 that must be known
        (Facts(1_000, Decimal(300)), None),  # 35
        (Facts(1_000, Decimal(300), Decimal(50_000)), 100),  # 75 of 75
        (Facts(1_000, Decimal(300), None, 1_000), 100),  # 60 of 60
        (Facts(1_000, Decimal(0), Decimal(0), 900_000), 0),
        (Facts(0, Decimal(300), Decimal(100)), None),  # no share of nobody
    ],
)
def test_what_is_unknown_neither_helps_nor_harms_and_too_little_has_no_score(
    facts: Facts, score: int | None
) -> None:
    assert fit_of(facts).score == score


@pytest.mark.parametrize(
    ("gmv", "points"),
    [("0", 0), ("99.99", 0), ("100", 15), ("999.99", 15), ("1000", 30), ("10000", 40)],
)
def test_sales_step_at_tiktoks_ranges(gmv: str, points: int) -> None:
    assert fit_of(Facts(gmv=Decimal(gmv))).reasons[0].points == points


@pytest.mark.parametrize(
    ("views", "points"),
    [(49, 0), (50, 15), (99, 15), (100, 25), (199, 25), (200, 35)],
)
def test_reach_steps_at_a_twentieth_a_tenth_and_a_fifth(views: int, points: int) -> None:
    assert fit_of(Facts(1_000, Decimal(views))).reasons[0].points == points


@pytest.mark.parametrize(
    ("own", "points"),
    [
        (1_000, 25),
        (2_000, 25),
        (500, 25),
        (2_001, 10),
        (5_000, 10),
        (200, 10),
        (5_001, 0),
        (199, 0),
    ],
)
def test_size_is_held_against_who_sells_already(own: int, points: int) -> None:
    assert fit_of(Facts(1_000, own_followers=own)).reasons[0].points == points
