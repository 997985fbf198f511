"""Has a post earned paid distribution: gates, evidence, score, bands, recommendation."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from campaigns.rules.triage import Band, Earned, Verdict, judge
from campaigns.rules.triage_facts import Facts, Rule, facts_from, rule_from
from campaigns.rules.triage_scores import break_even_gpm

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RULE = Rule()
# 40,000 views, 1,400 USD: gpm 35.00. A margin of 31 % at a CPM of 8.00 needs 25.81 (domain 3.6).
GOOD = Facts(
    at=NOW,
    published_at=NOW - timedelta(days=6),
    availability="public",
    measured=True,
    views=40_000,
    likes=2_400,
    comments=300,
    shares=320,
    product_clicks=620,
    orders=41,
    gmv=Decimal("1400.00"),
    currency="USD",
    prior_posts=8,
    baseline_views=Decimal(20_000),
    shop_engagement=Decimal("0.031"),
    has_product=True,
    break_even_roas=1 / Decimal("0.31"),
    stock=900,
    units_per_day=Decimal(10),
    covered=True,
    cover_days=20,
    creator_known=True,
)


def of(**changes: Any) -> Verdict:
    return judge(replace(GOOD, **changes), RULE)


def result(found: Verdict, name: str) -> str:
    return next(gate.result.value for gate in found.gates if gate.name == name)


def test_the_break_even_is_that_of_the_handbook() -> None:
    """CPM 8.00 at a margin of 31 % before ads needs 25.81 per 1,000 views."""
    needed = break_even_gpm(RULE, 1 / Decimal("0.31"))
    assert needed.quantize(Decimal("0.01")) == Decimal("25.81")


def test_a_good_post_earns_it_and_every_gate_tells_value_threshold_and_result() -> None:
    """CT8: each rule's actual value, threshold and pass or fail."""
    found = of()
    assert (found.earned, found.score, found.band) == (Earned.EARNED, 100, Band.GREEN)
    told = {gate.name: (gate.value, gate.threshold, gate.result.value) for gate in found.gates}
    assert told["views"] == ("40,000", "at least 1,000", "pass")
    assert told["gpm"] == ("35.00 USD", "at least 25.81 USD", "pass")
    assert told["orders"] == ("41", "at least 3", "pass")
    assert told["engagement"] == ("7.6 %, 3,020 of 40,000", "at least 4.0 %", "pass")
    assert told["stock"] == ("45 days, 900 units", "at least 14 days at twice the rate", "pass")
    assert told["cover_left"] == ("20 days", "at least 3 days", "pass")
    assert all(gate.value and gate.threshold and gate.sentence for gate in found.gates)
    assert sum(gate.weight for gate in found.gates) == 100


@pytest.mark.parametrize(
    ("changes", "waits"),
    [
        ({"views": 999}, "views"),
        ({"measured": False}, "views"),
        ({"published_at": NOW - timedelta(hours=47)}, "age"),
        ({"published_at": None}, "age"),
        ({"stock": None}, "stock"),
        ({"creator_known": False, "covered": False}, "rights"),
    ],
)
def test_no_score_under_the_minimum_evidence(changes: dict[str, Any], waits: str) -> None:
    """U6: below the minimum evidence there is no score, and no band, only what is missing."""
    found = of(**changes)
    assert found.earned is Earned.NOT_YET
    assert result(found, waits) == "unknown"
    assert found.advice.step == "wait"
    if waits in ("views", "age"):
        assert (found.score, found.band) == (None, Band.NONE)


def test_bands_are_green_amber_and_red_at_their_edges() -> None:
    """U6: scores with bands. Without clicks, baseline and shares 60 points remain to be decided."""
    thin = {"product_clicks": 0, "prior_posts": 2}
    # 25 + 20 + 15 + 10 of 85 points: clicks count against it, the missing baseline does not.
    assert of(**thin).score == 82
    rule = replace(RULE, green_from=83, amber_from=82)
    assert judge(replace(GOOD, **thin), rule).band is Band.AMBER
    assert judge(replace(GOOD, **thin), replace(rule, green_from=82)).band is Band.GREEN
    assert judge(replace(GOOD, **thin), replace(rule, amber_from=83)).band is Band.RED


def test_too_few_gates_with_data_give_no_score() -> None:
    """U6: 40 of 100 points without data are too many."""
    found = of(prior_posts=0, break_even_roas=None)
    assert found.score == 100
    few = of(prior_posts=0, break_even_roas=None, product_clicks=3, views=2_000)
    assert (few.score, few.earned) == (None, Earned.NOT_YET)


@pytest.mark.parametrize(
    ("changes", "failed"),
    [
        ({"published_at": NOW - timedelta(days=31)}, "freshness"),
        ({"availability": "deleted"}, "availability"),
        ({"availability": "private"}, "availability"),
        ({"has_product": False}, "product"),
        ({"stock": 279}, "stock"),
        ({"stock": 0}, "stock"),
    ],
)
def test_a_hard_gate_rejects_whatever_the_score(changes: dict[str, Any], failed: str) -> None:
    found = of(**changes)
    assert found.earned is Earned.REJECTED
    assert failed in [gate.name for gate in found.failed]
    assert found.score == 100


def test_a_post_that_is_only_popular_is_promising_at_best() -> None:
    popular = of(orders=2, gmv=Decimal(900))
    assert popular.band is Band.GREEN
    assert popular.earned is Earned.PROMISING


def test_few_clicks_are_not_enough_data_where_even_a_good_post_would_have_few() -> None:
    assert result(of(views=2_000, product_clicks=5), "product_ctr") == "unknown"
    assert result(of(views=5_000, product_clicks=5), "product_ctr") == "fail"


def test_no_baseline_below_five_earlier_posts() -> None:
    found = of(prior_posts=4)
    assert result(found, "view_ratio") == "unknown"
    assert "4 earlier posts" in next(g.sentence for g in found.gates if g.name == "view_ratio")


def test_amounts_in_another_currency_are_not_compared() -> None:
    assert result(of(currency="EUR"), "gpm") == "unknown"


@pytest.mark.parametrize(
    ("changes", "route", "step"),
    [
        ({}, "gmv_max", "launch"),
        ({"covered": False}, "gmv_max", "ask_rights"),
        ({"cover_days": 2}, "gmv_max", "ask_rights"),
        ({"cover_days": None}, "gmv_max", "launch"),
        ({"orders": 1, "gmv": Decimal(40)}, "spark", "wait"),
        ({"availability": "deleted"}, "in_feed", "leave"),
        ({"views": 10}, "", "wait"),
        ({"stock": 0, "orders": 0, "gmv": Decimal(0)}, "", "leave"),
    ],
)
def test_the_recommendation_has_a_reason_and_a_next_step(
    changes: dict[str, Any], route: str, step: str
) -> None:
    found = of(**changes).advice
    assert (found.route, found.step) == (route, step)
    assert found.reason and found.why


def test_a_past_day_is_not_asked_what_has_no_history() -> None:
    past = replace(GOOD, availability="deleted", stock=None, covered=False, creator_known=False)
    found = judge(past, RULE, dated=True)
    assert found.earned is Earned.EARNED
    assert {"availability", "stock", "rights", "cover_left"}.isdisjoint(
        gate.name for gate in found.gates
    )


def test_facts_and_rules_survive_json() -> None:
    stored = {
        name: value.isoformat()
        if isinstance(value, datetime)
        else str(value)
        if isinstance(value, Decimal)
        else value
        for name, value in asdict(GOOD).items()
    }
    assert facts_from(stored) == GOOD
    rule = replace(RULE, gpm_factor=Decimal("1.2"), min_views=500)
    assert rule_from({"gpm_factor": "1.2", "min_views": 500}) == rule
