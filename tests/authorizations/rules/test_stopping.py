"""When a live ad must stop (AR6): inside the buffer, after a missed end, never for what holds."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizations.rules.cover import Facts, Route, Term, cover
from authorizations.rules.spans import ClockKind
from authorizations.rules.standing import standing
from authorizations.rules.stopping import LEAST_BUFFER, stop_of

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


def test_the_sentence_tells_utc_whatever_zone_the_end_is_counted_in() -> None:
    los_angeles = ZoneInfo("America/Los_Angeles")
    term = Term("t", NOW - timedelta(days=9), datetime(2026, 9, 11, tzinfo=los_angeles))
    held = Facts(routes=facts(timedelta(days=30), None).routes, terms=(term,))
    stop = stop_of(held, now=NOW, buffer=BUFFER)
    assert stop is not None
    assert stop.sentence == "The usage terms end on 11 Sep 2026 07:00 UTC."


def test_the_sentence_names_the_clock_and_its_end() -> None:
    stop = stop_of(facts(timedelta(hours=-2), timedelta(days=3)), now=NOW, buffer=BUFFER)
    assert stop is not None
    assert stop.sentence == "The Spark code ended on 10 Sep 2026 10:00 UTC."


BEGIN = NOW - timedelta(days=60)
MINUTES = st.integers(-7 * 24 * 60, 60 * 24 * 60).map(lambda count: timedelta(minutes=count))
SKEWS = st.integers(-3600, 3600).map(lambda count: timedelta(seconds=count))
BUFFERS = st.integers(0, 168).map(lambda count: timedelta(hours=count))
LATE = st.integers(0, 30 * 24 * 60).map(lambda count: timedelta(minutes=count))


@st.composite
def covered_posts(draw: st.DrawFn) -> tuple[Facts, datetime]:
    """What covers a post, with every clock there is, and when the last of its cover ends."""
    codes = draw(st.lists(MINUTES, max_size=3))
    terms, hold, plan = (NOW + draw(MINUTES) for _clock in range(3))
    routes = [
        Route(f"c{at}", ClockKind.VIDEO_CODE, BEGIN, NOW + end, True, f"c{at}")
        for at, end in enumerate(codes)
    ]
    ends = [NOW + end for end in codes]
    if draw(st.booleans()):
        routes.append(Route("link", ClockKind.ACCOUNT, BEGIN, None, True, "link"))
        ends.append(terms)
    if draw(st.booleans()) or not routes:
        routes.append(Route("mass", ClockKind.AFFILIATE_CREATIVE, BEGIN, None, True, "mass"))
        ends.append(plan)
    facts = Facts(
        routes=tuple(routes),
        terms=(Term("t", BEGIN, terms),),
        holds=(Term("h", BEGIN, hold),),
        collaborations=(Term("p", BEGIN, plan),),
    )
    return facts, max(min(end, terms, hold) for end in ends)


@given(post=covered_posts(), buffer=BUFFERS, late=LATE, skew=SKEWS)
def test_ar6_no_worker_lets_an_ad_run_after_the_end_however_late_or_wrong_its_clock(
    post: tuple[Facts, datetime], buffer: timedelta, late: timedelta, skew: timedelta
) -> None:
    """AR6: from the effective end on, a worker that comes back after any outage, with a clock up
    to an hour wrong either way, says pause and why; and nothing counts as covered."""
    facts, over = post
    moment = over + late
    stop = stop_of(facts, now=moment + skew, buffer=buffer)
    assert stop is not None
    assert stop.ends_at <= over
    assert stop.clock.name.split()[-1] in stop.sentence
    assert not standing(facts, moment).covered
    assert not cover(facts, moment, moment + timedelta(seconds=1)).covered


@given(post=covered_posts(), buffer=BUFFERS, skew=SKEWS)
def test_ar6_an_ad_is_paused_at_the_buffer_and_not_before(
    post: tuple[Facts, datetime], buffer: timedelta, skew: timedelta
) -> None:
    """AR6: the reason names the clock that ends first; a wrong clock pauses an hour early at
    most."""
    facts, over = post
    margin = max(buffer, LEAST_BUFFER)
    if over - margin < BEGIN:
        return
    at = stop_of(facts, now=over - margin, buffer=buffer)
    assert at is not None
    assert (at.ends_at, at.has_ended) == (over, False)
    early = over - margin - LEAST_BUFFER - timedelta(seconds=1) + skew
    assert early < BEGIN or stop_of(facts, now=early, buffer=buffer) is None


@given(post=covered_posts(), begins=MINUTES, lasts=st.integers(1, 60 * 24 * 60))
def test_ar6_a_flight_that_may_be_launched_ends_by_itself_before_the_cover_does(
    post: tuple[Facts, datetime], begins: timedelta, lasts: int
) -> None:
    """AR6: with every worker away, TikTok's own schedule stops the ad: no flight that the gate
    lets through outlasts the cover."""
    facts, over = post
    starts_at = NOW + begins
    ends_at = starts_at + timedelta(minutes=lasts)
    assert ends_at <= over or not cover(facts, starts_at, ends_at).covered
