"""AR5, N1: renewal by extension and by new code both keep one chain."""

from datetime import UTC, datetime, timedelta

import pytest

from authorizations.rules.renewal import Change, Generation, Reading, leading, renewed
from authorizations.rules.states import State, is_allowed

START = datetime(2026, 11, 1, tzinfo=UTC)
ITEM = "7450000000000000123"


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def row(
    key: str = "one", *, number: int = 1, code: str = "A", ends: int | None = 30,
    state: State = State.IN_USE,
) -> Generation:  # fmt: skip
    end = None if ends is None else day(ends)
    return Generation(key, number, ITEM, code, START, end, state)


def reading(code: str = "A", ends: int | None = 30, item: str = ITEM) -> Reading:
    return Reading(item, code, START, None if ends is None else day(ends))


def test_ar5_the_same_code_with_a_later_end_is_an_extension() -> None:
    found = renewed([row()], reading(ends=60))
    assert (found.change, found.number, found.leads) == (Change.EXTENSION, 2, True)
    assert (found.key, found.old_state) == ("one", State.RENEWED)
    assert found.sentence == "Extended from 01 Dec 2026 to 31 Dec 2026."


def test_ar5_another_code_on_the_same_post_is_the_next_generation() -> None:
    found = renewed([row(state=State.EXPIRING)], reading("B", 60))
    assert (found.change, found.number, found.old_state) == (Change.NEW_CODE, 2, State.RENEWED)


def test_an_expired_code_can_be_extended_or_replaced() -> None:
    for answer in (reading(ends=60), reading("B", 60)):
        assert renewed([row(state=State.EXPIRED)], answer).old_state is State.RENEWED


def test_a_new_code_after_a_loss_supersedes() -> None:
    for state in (State.REVOKED, State.REJECTED, State.POST_UNAVAILABLE, State.SUBMITTED):
        assert renewed([row(state=state)], reading("B", 60)).old_state is State.SUPERSEDED


def test_a_new_code_that_ends_sooner_does_not_replace_one_that_works() -> None:
    for ends in (20, 30, None):
        found = renewed([row()], reading("B", ends))
        assert (found.change, found.leads, found.old_state) == (Change.NEW_CODE, False, None)
    assert "stays" in found.sentence


def test_the_same_reading_changes_nothing_and_a_missing_end_is_no_news() -> None:
    assert renewed([row()], reading()).change is Change.SAME
    assert renewed([row()], reading(ends=None)).change is Change.SAME


def test_ar4_a_confirmed_or_earlier_end_corrects_the_row() -> None:
    assert renewed([row(ends=None)], reading(ends=30)).change is Change.CORRECTION
    earlier = renewed([row()], reading(ends=20))
    assert (earlier.change, "earlier" in earlier.sentence) == (Change.CORRECTION, True)


def test_a_code_of_another_post_renews_nothing() -> None:
    found = renewed([row()], reading("B", 60, "7450000000000000999"))
    assert (found.change, "7450000000000000999" in found.sentence) == (Change.OTHER_POST, True)


def test_the_chain_goes_on_from_the_row_that_counts() -> None:
    kept = row(ends=90)
    beside = row("two", number=2, code="B", ends=60, state=State.SUPERSEDED)
    assert leading([kept, beside]) == kept
    assert renewed([kept, beside], reading("B", 60)).change is Change.SAME
    grown = renewed([kept, beside], reading("B", 120))
    assert (grown.change, grown.number, grown.key) == (Change.EXTENSION, 3, "one")
    assert leading([]) is None
    with pytest.raises(ValueError):
        renewed([], reading())


@pytest.mark.parametrize("state", [state for state in State if state is not State.RENEWED])
def test_ar1_every_renewal_is_a_listed_move(state: State) -> None:
    for answer in (reading(ends=60), reading("B", 60), reading("B", 10)):
        found = renewed([row(state=state)], answer)
        if found.old_state is not None and state is not State.SUPERSEDED:
            assert is_allowed(state, found.old_state)
