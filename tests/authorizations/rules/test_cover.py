"""N2, N3, AR4: the effective window, its limiting clock, and what covers a flight."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authorizations.rules.cover import Facts, Route, Term, Verdict, cover, limiting, windows
from authorizations.rules.spans import Clock, ClockKind, Span
from authorizations.rules.standing import standing

DAY0 = datetime(2026, 11, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return DAY0 + timedelta(days=number)


def code(
    starts: float = 0, ends: float | None = 60, *, key: str = "code", confirmed: bool = True,
    chain: str = "", blocked: str = "", kind: ClockKind = ClockKind.VIDEO_CODE,
) -> Route:  # fmt: skip
    end = None if ends is None else day(ends)
    return Route(key, kind, day(starts), end, confirmed, chain, blocked)


def mass(ends: float | None = None) -> Route:
    return code(0, ends, key="mass", kind=ClockKind.AFFILIATE_CREATIVE)


def term(ends: float | None, starts: float = 0, *, key: str = "terms") -> Term:
    return Term(key, day(starts), None if ends is None else day(ends))


def test_n2_the_earliest_of_all_clocks_is_the_limiting_one() -> None:
    def ends(**clocks: float) -> ClockKind | None:
        at = {"code": 60.0, "terms": 60.0, "hold": 60.0} | clocks
        facts = Facts((code(0, at["code"]),), (term(at["terms"]),), (term(at["hold"]),))
        return cover(facts, day(1), day(5)).limited_by.kind

    assert ends(code=20) is ClockKind.VIDEO_CODE
    assert ends(terms=20) is ClockKind.USAGE_TERMS
    assert ends(hold=20) is ClockKind.HOLD


def test_n2_collaboration_and_product_link_end_affiliate_permission_only() -> None:
    clocks = {"terms": (term(60),), "collaborations": (term(10, key="plan"),)}
    affiliate = cover(Facts((mass(),), **clocks), day(1), day(20))
    assert (affiliate.verdict, affiliate.limited_by.kind) == (
        Verdict.PARTLY, ClockKind.COLLABORATION,
    )  # fmt: skip
    assert cover(Facts((code(),), **clocks), day(1), day(20)).covered
    lost = Facts((mass(),), (term(60),), (), (term(60),), False, day(7))
    assert cover(lost, day(1), day(20)).limited_by.kind is ClockKind.PRODUCT_LINK
    never = Facts((mass(),), (term(60),), (), (term(60),), False)
    refused = cover(never, day(1), day(20))
    assert refused.verdict is Verdict.NOT_COVERED
    assert "no product link" in refused.sentence


def test_n2_several_routes_the_best_one_covers() -> None:
    facts = Facts((code(0, 10), mass()), (term(60),), (), (term(30, key="plan"),))
    found = cover(facts, day(1), day(25))
    assert (found.covered, found.window.kind) == (True, ClockKind.AFFILIATE_CREATIVE)
    assert limiting(facts, day(1)) == (day(30), found.limited_by)
    assert len(windows(facts)) == 2


def test_n2_what_stands_beside_a_permission_never_shortens_it() -> None:
    """N2, AR6: a code and a mass authorization in either order, the lost link of the one cuts
    nothing from the other; the clock that is named is that of what lasts longest."""
    ended = Term("plan", day(-9), day(3))
    of_post = code(0, 40, key="2", chain="post"), replace(mass(), key="1", chain="post")
    for routes in permutations(of_post):
        facts = Facts(routes, (term(60),), (), (ended,), False, day(2))
        found = cover(facts, day(5), day(20))
        assert (found.covered, found.limited_by) == (True, Clock(ClockKind.VIDEO_CODE, "2"))
        assert limiting(facts, day(5)) == (day(40), Clock(ClockKind.VIDEO_CODE, "2"))
    for routes in permutations((code(0, 9, key="2", chain="post"), of_post[1])):
        longer = Facts(routes, (term(60),), (), (term(30, key="plan"),))
        assert cover(longer, day(5), day(20)).limited_by == Clock(ClockKind.COLLABORATION, "plan")


def test_two_routes_that_only_cover_together_do_not_cover() -> None:
    """An ad runs under one identity, so it does not jump from a code to an account link."""
    facts = Facts((code(0, 10), code(10, 30, key="link", kind=ClockKind.ACCOUNT)), (term(60),))
    assert cover(facts, day(1), day(20)).verdict is Verdict.PARTLY


def test_ar5_generations_of_one_chain_cover_as_one() -> None:
    facts = Facts((code(0, 10, chain="c"), code(10, 30, key="next", chain="c")), (term(60),))
    assert cover(facts, day(1), day(20)).covered
    with_hole = Facts((code(0, 10, chain="c"), code(12, 30, key="next", chain="c")), (term(60),))
    gap = cover(with_hole, day(1), day(20)).gaps
    assert [(one.starts_at, one.ends_at) for one in gap] == [(day(10), day(12))]


def test_the_end_itself_is_outside_and_a_flight_up_to_it_is_covered() -> None:
    facts = Facts((code(0, 10),), (term(60),))
    assert cover(facts, day(0), day(10)).covered
    one_second = timedelta(seconds=1)
    assert not cover(facts, day(0), day(10) + one_second).covered
    assert not cover(facts, day(0) - one_second, day(10)).covered


def test_n3_a_flight_that_is_too_long_gets_two_ways_out() -> None:
    found = cover(Facts((code(0, 10),), (term(60),)), day(1), day(12.5))
    assert (found.verdict, found.shorten_to, found.request_days) == (Verdict.PARTLY, day(10), 3)
    assert found.sentence == (
        "The Spark code ends on 11 Nov 2026 00:00 UTC, before the flight does on "
        "13 Nov 2026 12:00 UTC. Shorten the flight to 11 Nov 2026 00:00 UTC, "
        "or ask for 3 more days."
    )


@pytest.mark.parametrize(
    "facts",
    [
        Facts((code(0, None),), (term(60),)),
        Facts((code(0, 60, confirmed=False),), (term(60),)),
        Facts((code(),), (term(None),)),
        Facts((code(),), (term(60),), (term(None, key="hold"),)),
        Facts((mass(),), (term(60),), (), (term(None, key="plan"),)),
    ],
    ids=["no end", "creator stated", "terms open", "hold open", "collaboration open"],
)
def test_ar4_an_unknown_end_is_unverified_and_never_forever(facts: Facts) -> None:
    found = cover(facts, day(1), day(5))
    assert found.verdict is Verdict.UNVERIFIED
    assert "unknown end never counts" in found.sentence
    assert limiting(facts, day(1)) == (None, None)


def test_an_account_link_without_an_end_is_ended_by_the_terms() -> None:
    facts = Facts((code(0, None, key="link", kind=ClockKind.ACCOUNT),), (term(30),))
    assert cover(facts, day(1), day(30)).limited_by.kind is ClockKind.USAGE_TERMS


def test_a_post_needs_both_a_route_and_terms() -> None:
    assert "Ask the creator for a Spark code" in cover(Facts(), day(1), day(2)).sentence
    without_terms = cover(Facts((code(),)), day(1), day(2))
    assert without_terms.verdict is Verdict.NOT_COVERED
    assert "The usage terms are missing." in without_terms.sentence


def test_a_revoked_route_does_not_cover_and_says_so() -> None:
    found = cover(Facts((code(blocked="It was revoked."),), (term(60),)), day(1), day(2))
    assert (found.verdict, "It was revoked." in found.sentence) == (Verdict.NOT_COVERED, True)


def test_cover_that_begins_later_names_the_part_that_is_open() -> None:
    found = cover(Facts((code(3, 60),), (term(60),)), day(1), day(5))
    assert [(gap.starts_at, gap.ends_at) for gap in found.gaps] == [(day(1), day(3))]
    assert (found.verdict, found.shorten_to) == (Verdict.PARTLY, None)


def test_a_flight_without_zone_or_length_is_a_fault() -> None:
    with pytest.raises(ValueError):
        cover(Facts(), day(2), day(2))
    with pytest.raises(ValueError):
        cover(Facts(), day(1).replace(tzinfo=None), day(2))


DAYS = st.integers(0, 12)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[int, int]:
    start = draw(DAYS)
    return start, start + draw(st.integers(1, 8))


@st.composite
def facts_of_days(draw: st.DrawFn) -> Facts:
    kinds = st.sampled_from([ClockKind.VIDEO_CODE, ClockKind.ACCOUNT, ClockKind.AFFILIATE_CREATIVE])
    routes = tuple(
        Route(str(at), draw(kinds), day(start), day(end), draw(st.booleans()), blocked="")
        for at, (start, end) in enumerate(draw(st.lists(pairs(), max_size=3)))
    )

    def terms(name: str) -> tuple[Term, ...]:
        return tuple(
            Term(f"{name}{at}", day(start), day(end))
            for at, (start, end) in enumerate(draw(st.lists(pairs(), max_size=2)))
        )

    lost = draw(st.none() | DAYS)
    return Facts(
        routes, terms("t"), terms("h"), terms("c"), lost is None,
        None if lost is None else day(lost),
    )  # fmt: skip


def held_by(route: Route, facts: Facts, moment: datetime) -> bool:
    """Cover of one moment, written the long way round."""

    def inside(terms: tuple[Term, ...]) -> bool:
        return any(one.starts_at <= moment < one.ends_at for one in terms)

    held = route.end_is_confirmed and route.starts_at <= moment < route.ends_at
    held = held and inside(facts.terms) and (not facts.holds or inside(facts.holds))
    if route.kind is ClockKind.AFFILIATE_CREATIVE:
        lost = facts.product_link_lost_at
        held = held and inside(facts.collaborations) and (lost is None or moment < lost)
    return held


@settings(deadline=None, max_examples=200)
@given(facts_of_days(), pairs(), st.booleans(), st.data())
def test_n2_the_order_of_rows_decides_nothing(
    facts: Facts, flight: tuple[int, int], is_one_chain: bool, data: st.DataObject
) -> None:
    """N2: in one chain or apart, in any order, with ends that often fall on the same day."""
    routes = [replace(one, chain="post" if is_one_chain else "") for one in facts.routes]
    first = replace(facts, routes=tuple(routes))
    second = Facts(
        tuple(data.draw(st.permutations(routes))),
        tuple(data.draw(st.permutations(facts.terms))),
        tuple(data.draw(st.permutations(facts.holds))),
        tuple(data.draw(st.permutations(facts.collaborations))),
        facts.has_product_link,
        facts.product_link_lost_at,
    )
    start, end = day(flight[0]), day(flight[1])
    assert cover(first, start, end) == cover(second, start, end)
    assert limiting(first, start) == limiting(second, start)
    assert standing(first, start) == standing(second, start)


@settings(deadline=None, max_examples=300)
@given(facts_of_days(), pairs())
def test_n2_a_flight_is_covered_exactly_when_one_route_covers_each_moment(
    facts: Facts, flight: tuple[int, int]
) -> None:
    moments = [day(number) for number in range(*flight)]
    expected = any(all(held_by(one, facts, at) for at in moments) for one in facts.routes)
    found = cover(facts, day(flight[0]), day(flight[1]))
    assert found.covered is expected
    assert bool(found.gaps) is not expected


@settings(deadline=None, max_examples=300)
@given(facts_of_days(), pairs())
def test_n3_shortening_to_the_offered_day_makes_it_covered(
    facts: Facts, flight: tuple[int, int]
) -> None:
    found = cover(facts, day(flight[0]), day(flight[1]))
    if found.shorten_to is not None:
        assert cover(facts, day(flight[0]), found.shorten_to).covered


@settings(deadline=None)
@given(facts_of_days())
def test_n2_windows_are_in_order_apart_and_never_endless(facts: Facts) -> None:
    for window in windows(facts):
        spans: tuple[Span, ...] = window.spans
        assert all(one.ends_at is not None and one.starts_at < one.ends_at for one in spans)
        assert all(a.ends_at < b.starts_at for a, b in zip(spans, spans[1:], strict=False))
