"""The states of an authorization and the only moves between them (AR1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sparkops.errors import Refusal


class State(StrEnum):
    """Where one generation of a permission stands."""

    DRAFT = "draft"
    REQUESTED = "requested"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    IN_USE = "in_use"
    EXPIRING = "expiring"
    RENEWED = "renewed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    POST_UNAVAILABLE = "post_unavailable"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


LABELS = {
    State.DRAFT: "draft",
    State.REQUESTED: "requested",
    State.SUBMITTED: "handed in",
    State.VERIFIED: "verified",
    State.IN_USE: "in use",
    State.EXPIRING: "expiring",
    State.RENEWED: "renewed",
    State.EXPIRED: "expired",
    State.REVOKED: "revoked",
    State.POST_UNAVAILABLE: "post unavailable",
    State.REJECTED: "rejected",
    State.SUPERSEDED: "superseded",
}

USABLE = frozenset({State.VERIFIED, State.IN_USE, State.EXPIRING})
"""The states in which TikTok has confirmed the permission and nothing has ended it."""

EXPIRING_WINDOW = timedelta(days=21)
"""The longest usual reminder step: within it a permission counts as expiring."""

_REPLACED = "another generation or route took its place"
_ENDED = {
    State.EXPIRED: "its end passed",
    State.REVOKED: "the creator switched it off or deleted the code",
    State.POST_UNAVAILABLE: "the post was deleted, hidden or taken down",
    State.SUPERSEDED: _REPLACED,
}

# What may follow each state, and what such a move means.
MOVES: dict[State, dict[State, str]] = {
    State.DRAFT: {
        State.REQUESTED: "the creator was asked",
        State.SUBMITTED: "a code came without being asked for",
        State.VERIFIED: "TikTok already lists the permission",
        State.REJECTED: "it is not wanted any more",
        State.SUPERSEDED: _REPLACED,
    },
    State.REQUESTED: {
        State.SUBMITTED: "the creator handed in a code",
        State.VERIFIED: "TikTok lists the permission",
        State.REJECTED: "the creator declined or the request was withdrawn",
        State.POST_UNAVAILABLE: _ENDED[State.POST_UNAVAILABLE],
        State.SUPERSEDED: _REPLACED,
    },
    State.SUBMITTED: {
        State.VERIFIED: "TikTok confirmed it with start and end",
        State.REJECTED: "TikTok refused it",
        **_ENDED,
    },
    State.VERIFIED: {
        State.IN_USE: "an ad uses it",
        State.EXPIRING: "its end is near",
        State.RENEWED: "the next generation took over",
        **_ENDED,
    },
    State.IN_USE: {
        State.VERIFIED: "no ad uses it any more",
        State.EXPIRING: "its end is near",
        State.RENEWED: "the next generation took over",
        **_ENDED,
    },
    State.EXPIRING: {
        State.VERIFIED: "TikTok corrected the end to a later day",
        State.IN_USE: "TikTok corrected the end to a later day, and an ad uses it",
        State.RENEWED: "the next generation took over",
        **_ENDED,
    },
    State.EXPIRED: {
        State.RENEWED: "the creator extended it after its end",
        State.SUPERSEDED: _REPLACED,
    },
    State.REVOKED: {State.SUPERSEDED: _REPLACED},
    State.POST_UNAVAILABLE: {
        State.VERIFIED: "the post is public again",
        State.EXPIRED: _ENDED[State.EXPIRED],
        State.REVOKED: _ENDED[State.REVOKED],
        State.SUPERSEDED: _REPLACED,
    },
    State.REJECTED: {
        State.REQUESTED: "the creator was asked again",
        State.SUBMITTED: "another code was handed in",
        State.SUPERSEDED: _REPLACED,
    },
    State.RENEWED: {},
    State.SUPERSEDED: {},
}


@dataclass(frozen=True, slots=True)
class Move:
    """One change of state with everything the record needs."""

    before: State
    after: State
    at: datetime
    actor: str
    reason: str


def move(before: State, after: State, *, at: datetime, actor: str, reason: str) -> Move:
    """The change, if it is one of `MOVES`.

    `actor` is who did it (a member's name, "TikTok", "SparkOps"), `reason` why. Raises Refusal
    "transition_not_allowed" or "transition_without_reason".
    """
    if not reason.strip() or not actor.strip():
        raise Refusal("transition_without_reason", "Say who changes the authorization and why.")
    if after not in MOVES[before]:
        raise Refusal("transition_not_allowed", _refusal(before, after))
    return Move(before, after, at, actor.strip(), reason.strip())


def is_allowed(before: State, after: State) -> bool:
    """Whether a button for this move may be shown."""
    return after in MOVES[before]


def is_final(state: State) -> bool:
    """Whether nothing can follow."""
    return not MOVES[state]


def due_state(
    state: State,
    *,
    ends_at: datetime | None,
    now: datetime,
    in_use: bool,
    window: timedelta = EXPIRING_WINDOW,
) -> State:
    """The state that time and use ask for; the given one when neither changes it.

    `ends_at` is the end TikTok confirmed; unknown changes nothing. `in_use` says whether an ad that
    is not ended uses the permission. `window` is the longest reminder step.
    """
    if state not in USABLE:
        has_ended = ends_at is not None and now >= ends_at
        waits = state in (State.SUBMITTED, State.POST_UNAVAILABLE)
        return State.EXPIRED if has_ended and waits else state
    if ends_at is not None and now >= ends_at:
        return State.EXPIRED
    if ends_at is not None and now >= ends_at - window:
        return State.EXPIRING
    return State.IN_USE if in_use else State.VERIFIED


def _refusal(before: State, after: State) -> str:
    possible = [LABELS[state] for state in MOVES[before]]
    if not possible:
        return f"This authorization is {LABELS[before]} and stays so. Start a new one."
    ways = ", ".join(possible)
    return (
        f"An authorization that is {LABELS[before]} cannot become {LABELS[after]}. "
        f"It can become: {ways}."
    )
