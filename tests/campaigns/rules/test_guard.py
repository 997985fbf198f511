"""When a live ad must stop (AR6): inside the buffer, after a missed end, never for what holds."""

from datetime import UTC, datetime, timedelta

import pytest

from authorizations.rules.cover import Facts, Route, Term
from authorizations.rules.spans import ClockKind
from campaigns.rules.guard import stop_of

NOW = datetime(2026, 9, 10, 12, tzinfo=UTC)
BUFFER = timedelta(hours=24)


def facts(code: timedelta | None, terms: timedelta | None, *, confirmed: bool = True) -> Facts:
    """A code and usage terms that end so long after NOW; no terms when None."""
    begin = NOW - timedelta(days=60)
    route = Route(
        "1", ClockKind.VIDEO_CODE, begin, NOW + code if code is not None else None, confirmed, "p"
    )
    found = (Term("t", begin, NOW + terms),) if terms is not None else ()
    return Facts(routes=(route,), terms=found)


@pytest.mark.parametrize(
    ("code", "terms", "clock", "has_ended"),
    [
        (timedelta(hours=23), timedelta(days=30), ClockKind.VIDEO_CODE, False),
        (timedelta(hours=24), timedelta(days=30), ClockKind.VIDEO_CODE, False),
        (timedelta(days=30), timedelta(hours=1), ClockKind.USAGE_TERMS, False),
        (timedelta(days=30), timedelta(days=-3), ClockKind.USAGE_TERMS, True),
        (timedelta(days=-1), timedelta(days=30), ClockKind.VIDEO_CODE, True),
        (timedelta(0), timedelta(days=30), ClockKind.VIDEO_CODE, True),
    ],
)
def test_an_ad_stops_before_and_after_the_first_end(
    code: timedelta, terms: timedelta, clock: ClockKind, has_ended: bool
) -> None:
    stop = stop_of(facts(code, terms), now=NOW, buffer=BUFFER)
    assert stop is not None
    assert (stop.clock.kind, stop.has_ended) == (clock, has_ended)
    assert stop.ends_at == NOW + min(code, terms)


@pytest.mark.parametrize(
    "held",
    [
        facts(timedelta(hours=24, seconds=1), timedelta(days=30)),
        facts(timedelta(days=30), None),  # never covered: reported as spend, nothing ended
        facts(timedelta(days=-1), timedelta(days=30), confirmed=False),
        Facts(),
    ],
)
def test_what_holds_or_never_began_does_not_stop_an_ad(held: Facts) -> None:
    assert stop_of(held, now=NOW, buffer=BUFFER) is None


def test_the_longest_lasting_route_counts() -> None:
    near, far = facts(timedelta(hours=2), timedelta(days=40)), facts(timedelta(days=9), None)
    other = Route(
        "2", ClockKind.CONTENT_SUITE, NOW - timedelta(days=9), far.routes[0].ends_at, True, "q"
    )
    both = Facts(routes=(*near.routes, other), terms=near.terms)
    assert stop_of(both, now=NOW, buffer=BUFFER) is None


def test_a_renewal_that_follows_on_keeps_the_ad_running() -> None:
    first = facts(timedelta(hours=2), timedelta(days=40))
    renewal = Route(
        "2", ClockKind.VIDEO_CODE, NOW + timedelta(hours=2), NOW + timedelta(days=30), True, "p"
    )
    both = Facts(routes=(*first.routes, renewal), terms=first.terms)
    assert stop_of(both, now=NOW, buffer=BUFFER) is None


def test_the_sentence_names_the_clock_and_its_end() -> None:
    stop = stop_of(facts(timedelta(hours=-2), timedelta(days=3)), now=NOW, buffer=BUFFER)
    assert stop is not None
    assert stop.sentence == "The Spark code ended on 10 Sep 2026 10:00 UTC."
