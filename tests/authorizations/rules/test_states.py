"""AR1: the states and only the listed moves, each with actor, time and reason."""

from datetime import UTC, datetime, timedelta

import pytest

from authorizations.rules.states import (
    LABELS,
    MOVES,
    USABLE,
    State,
    due_state,
    is_allowed,
    is_final,
    move,
)
from sparkops.errors import Refusal

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_ar1_the_states_are_those_of_the_ledger() -> None:
    assert {state.value for state in State} == {
        "draft", "requested", "submitted", "verified", "in_use", "expiring", "renewed", "expired",
        "revoked", "post_unavailable", "rejected", "superseded",
    }  # fmt: skip
    assert set(MOVES) == set(State) == set(LABELS)


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_ar1_only_listed_moves_are_possible(before: State, after: State) -> None:
    if is_allowed(before, after):
        made = move(before, after, at=NOW, actor=" Ana ", reason="asked on the phone")
        assert (made.before, made.after, made.at, made.actor) == (before, after, NOW, "Ana")
    else:
        with pytest.raises(Refusal) as refused:
            move(before, after, at=NOW, actor="Ana", reason="asked on the phone")
        assert refused.value.code == "transition_not_allowed"


def test_ar1_the_road_from_draft_to_renewed() -> None:
    road = [
        State.DRAFT, State.REQUESTED, State.SUBMITTED, State.VERIFIED, State.IN_USE,
        State.EXPIRING, State.RENEWED,
    ]  # fmt: skip
    assert all(is_allowed(one, after) for one, after in zip(road, road[1:], strict=False))
    assert {state for state in State if is_final(state)} == {State.RENEWED, State.SUPERSEDED}


def test_ar1_what_ended_never_becomes_usable_again() -> None:
    for ended in (State.EXPIRED, State.REVOKED, State.RENEWED, State.SUPERSEDED):
        assert not USABLE & set(MOVES[ended])


@pytest.mark.parametrize(("actor", "reason"), [("", "why"), ("Ana", "  ")])
def test_ar1_a_move_needs_actor_and_reason(actor: str, reason: str) -> None:
    with pytest.raises(Refusal, match="who changes"):
        move(State.DRAFT, State.REQUESTED, at=NOW, actor=actor, reason=reason)


def test_a_refusal_says_what_is_possible() -> None:
    with pytest.raises(Refusal, match="can become: renewed, superseded"):
        move(State.EXPIRED, State.IN_USE, at=NOW, actor="Ana", reason="x")


@pytest.mark.parametrize(
    ("state", "days", "in_use", "expected"),
    [
        (State.VERIFIED, 60, False, State.VERIFIED),
        (State.VERIFIED, 60, True, State.IN_USE),
        (State.IN_USE, 60, False, State.VERIFIED),
        (State.IN_USE, 21, True, State.EXPIRING),
        (State.EXPIRING, 30, True, State.IN_USE),
        (State.EXPIRING, 0, True, State.EXPIRED),
        (State.SUBMITTED, 0, False, State.EXPIRED),
        (State.SUBMITTED, 5, False, State.SUBMITTED),
        (State.POST_UNAVAILABLE, -1, False, State.EXPIRED),
        (State.REVOKED, -1, False, State.REVOKED),
        (State.RENEWED, -1, False, State.RENEWED),
    ],
)
def test_time_and_use_ask_for_a_state_that_is_always_a_listed_move(
    state: State, days: int, in_use: bool, expected: State
) -> None:
    due = due_state(state, ends_at=NOW + timedelta(days=days), now=NOW, in_use=in_use)
    assert due is expected
    assert due is state or is_allowed(state, due)


def test_ar4_an_unknown_end_never_expires_and_never_gets_near() -> None:
    assert due_state(State.SUBMITTED, ends_at=None, now=NOW, in_use=False) is State.SUBMITTED
