"""How the right behind an ad stands at a moment."""

from datetime import UTC, datetime, timedelta

from authorizations.rules.cover import Facts, Route, Term
from authorizations.rules.spans import ClockKind
from authorizations.rules.standing import Standing, standing
from authorizations.rules.stopping import stop_of

NOW = datetime(2026, 9, 10, 18, tzinfo=UTC)
DAY = timedelta(days=1)


def facts(*ends: timedelta | None, terms_end: timedelta = 90 * DAY) -> Facts:
    """One Spark code or, for None, one account link without an end, per entry of `ends`."""
    return Facts(
        routes=tuple(
            Route(
                key=str(number),
                kind=ClockKind.VIDEO_CODE if end is not None else ClockKind.ACCOUNT,
                starts_at=NOW - 30 * DAY,
                ends_at=NOW + end if end is not None else None,
                end_is_confirmed=True,
                chain=str(number),
                blocked="",
            )
            for number, end in enumerate(ends)
        ),
        terms=(Term("t", NOW - 30 * DAY, NOW + terms_end),),
        holds=(),
        has_product_link=False,
    )


def test_the_route_that_lasts_longest_counts() -> None:
    found = standing(facts(5 * DAY, 20 * DAY), NOW)
    assert found.covered
    assert found.ends_at == NOW + 20 * DAY
    assert found.clock is not None
    assert found.clock.kind is ClockKind.VIDEO_CODE


def test_terms_that_end_before_the_code_set_the_end() -> None:
    found = standing(facts(20 * DAY, terms_end=3 * DAY), NOW)
    assert found.ends_at == NOW + 3 * DAY
    assert found.clock is not None
    assert found.clock.kind is ClockKind.USAGE_TERMS


def test_what_has_ended_names_its_last_end_and_is_no_cover() -> None:
    found = standing(facts(-9 * DAY, -2 * DAY), NOW)
    assert not found.covered
    assert found.ends_at == NOW - 2 * DAY


def test_the_end_itself_is_not_covered_any_more() -> None:
    assert not standing(facts(timedelta()), NOW).covered


def test_a_link_without_an_end_is_limited_by_the_terms() -> None:
    assert standing(facts(5 * DAY, None, terms_end=20 * DAY), NOW).ends_at == NOW + 20 * DAY


def test_what_was_never_covered_has_no_end() -> None:
    assert standing(facts(), NOW) == Standing(NOW, False)


def test_an_ad_stops_at_the_buffer_and_not_before() -> None:
    buffer = timedelta(hours=24)
    assert stop_of(facts(timedelta(hours=25)), now=NOW, buffer=buffer) is None
    stop = stop_of(facts(timedelta(hours=24)), now=NOW, buffer=buffer)
    assert stop is not None
    assert not stop.has_ended
    ended = stop_of(facts(-DAY), now=NOW, buffer=buffer)
    assert ended is not None
    assert ended.has_ended
    assert stop_of(facts(), now=NOW, buffer=buffer) is None
