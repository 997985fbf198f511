"""N3, TA4, AR4: a launch is refused with every reason, its value and its threshold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from authorizations.rules.cover import Facts, Route, Term, cover
from authorizations.rules.room import Room
from authorizations.rules.spans import ClockKind
from campaigns.rules.launch import Gate, Plan, Policy, PostFacts, gate

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
POST = PostFacts("public", 31.0, False, "WITH_FULL_AUTHORIZATION", True)
PLAN = Plan(NOW, NOW + timedelta(days=14), Decimal(50), None, "USD", "USD", Room(12, 10_000))
POLICY = Policy(
    min_daily_budget=Decimal(20), max_daily_budget=Decimal(100), max_total_budget=Decimal(1000)
)


def judged(
    *, plan: Plan = PLAN, post: PostFacts = POST, days: float | None = 30, confirmed: bool = True,
    policy: Policy = POLICY,
) -> Gate:  # fmt: skip
    end = None if days is None else NOW + timedelta(days=days)
    route = Route("code", ClockKind.VIDEO_CODE, NOW - timedelta(days=1), end, confirmed)
    terms = Term("terms", NOW - timedelta(days=1), NOW + timedelta(days=90))
    flight = (plan.starts_at, max(plan.ends_at, plan.starts_at + timedelta(seconds=1)))
    answer = cover(Facts((route,), (terms,)), *flight)
    return gate(plan, post, answer, now=NOW, policy=policy)


def refused(found: Gate) -> list[str]:
    return [check.name for check in found.refusals]


def test_a_good_plan_is_allowed_and_every_check_shows_value_and_threshold() -> None:
    found = judged()
    assert found.allowed
    assert all(check.value and check.threshold and check.sentence for check in found.checks)


def test_n3_a_flight_longer_than_the_cover_is_refused_with_two_ways_out() -> None:
    found = judged(days=10)
    assert refused(found) == ["cover"]
    assert (found.shorten_to, found.request_days) == (NOW + timedelta(days=10), 4)
    assert "ask for 4 more days" in found.refusals[0].sentence


def test_n3_a_flight_up_to_the_very_end_is_allowed_but_told_that_it_stops_early() -> None:
    found = judged(days=14)
    assert found.allowed
    assert "stops_early" in [check.name for check in found.warnings]
    assert refused(judged(days=14 - 1 / 86_400)) == ["cover"]


@pytest.mark.parametrize(("days", "confirmed"), [(None, True), (30, False)])
def test_ar4_an_unverified_end_cannot_launch(days: float | None, confirmed: bool) -> None:
    assert {"end_known", "cover"} <= set(refused(judged(days=days, confirmed=confirmed)))


def test_cover_with_too_few_days_left_is_refused() -> None:
    short = replace(PLAN, ends_at=NOW + timedelta(days=2))
    assert refused(judged(plan=short, days=2.5)) == ["days_left"]
    assert judged(plan=short, days=3).allowed


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"availability": "private"}, "post_public"),
        ({"availability": "deleted"}, "post_public"),
        ({"availability": "unknown"}, "post_public"),
        ({"availability": "NEW_WORD"}, "post_public"),
        ({"duration_seconds": 600.5}, "duration"),
        ({"duration_seconds": None}, "duration"),
        ({"music": "AUTHORIZATION_MISSING"}, "music"),
        ({"music": ""}, "music"),
        ({"music": "NEW_WORD"}, "music"),
        ({"hold_accepted": False}, "hold"),
    ],
)
def test_the_post_must_be_fit(change: dict[str, object], name: str) -> None:
    assert refused(judged(post=replace(POST, **change))) == [name]  # type: ignore[arg-type]


def test_ten_minutes_and_photo_posts_pass() -> None:
    assert judged(post=replace(POST, duration_seconds=600.0)).allowed
    assert judged(post=replace(POST, duration_seconds=None, is_photo=True)).allowed
    assert judged(post=replace(POST, availability="ads_only", music="WITHOUT_SONG_ID")).allowed


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"daily_budget": Decimal(20)}, "daily_minimum"),
        ({"daily_budget": Decimal(0)}, "daily_minimum"),
        ({"daily_budget": Decimal("71.43"), "total_budget": None}, "total_cap"),
        ({"daily_budget": Decimal(101), "total_budget": Decimal(900)}, "daily_cap"),
        ({"total_budget": Decimal("1000.01")}, "total_cap"),
        ({"currency": "EUR"}, "budget_currency"),
        ({"room": Room(10_000, 10_000)}, "account_room"),
        ({"starts_at": NOW - timedelta(hours=13)}, "flight"),
        ({"starts_at": NOW + timedelta(days=2), "ends_at": NOW + timedelta(days=1)}, "flight"),
    ],
)
def test_budget_caps_and_schedule(change: dict[str, object], name: str) -> None:
    assert refused(judged(plan=replace(PLAN, **change))) == [name]  # type: ignore[arg-type]


def test_without_caps_no_cap_refuses() -> None:
    rich = replace(PLAN, daily_budget=Decimal(1_000_000))
    assert judged(plan=rich, policy=Policy()).allowed


def test_ta4_the_three_locks_are_told() -> None:
    text = " ".join(check.sentence for check in judged().warnings)
    for words in ("caption cannot be edited", "post is public", "un-authorized before"):
        assert words in text
