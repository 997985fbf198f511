"""Chains of generations: what a later reading of TikTok means for the rows we have (N1, 2.6).

No row is overwritten. An extension is the same code with a later end, a renewal another code on
the same post; both make a new generation that takes the old one's place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from authorizations.rules.states import State


class Change(StrEnum):
    """What a reading is, seen from the newest generation."""

    SAME = "same"
    EXTENSION = "extension"
    NEW_CODE = "new_code"
    CORRECTION = "correction"
    OTHER_POST = "other_post"


@dataclass(frozen=True, slots=True)
class Generation:
    """One row of a chain. `code` is a fingerprint, "" for permissions without a code."""

    key: str
    number: int
    item_id: str
    code: str
    starts_at: datetime | None
    ends_at: datetime | None
    state: State


@dataclass(frozen=True, slots=True)
class Reading:
    """What TikTok lists now for the post, times confirmed by it. `code` is a fingerprint."""

    item_id: str
    code: str
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Renewal:
    """What to do with the chain.

    EXTENSION and NEW_CODE add a row with `number`. When it `leads`, the row `key` moves to
    `old_state`; when it does not (the present row lasts longer), the new row begins as superseded
    and `key` stays. CORRECTION gives the row `key` the reading's times. SAME and OTHER_POST change
    nothing.
    """

    change: Change
    key: str
    sentence: str
    number: int = 0
    leads: bool = False
    old_state: State | None = None


_WORKING = frozenset({State.VERIFIED, State.IN_USE, State.EXPIRING})


def leading(chain: Iterable[Generation]) -> Generation | None:
    """The generation that counts: the newest that no other has taken the place of."""
    ranked = sorted(chain, key=lambda one: (one.state is not State.SUPERSEDED, one.number))
    return ranked[-1] if ranked else None


def renewed(chain: Sequence[Generation], reading: Reading) -> Renewal:
    """What a reading means for a chain of at least one generation, all of one post.

    Raises ValueError when the chain is empty.
    """
    leader = leading(chain)
    if leader is None:
        raise ValueError("a chain has at least one generation")
    if reading.item_id != leader.item_id:
        sentence = (
            f"The code belongs to post {reading.item_id}, so it does not renew this authorization."
        )
        return Renewal(Change.OTHER_POST, leader.key, sentence)
    number = max(one.number for one in chain) + 1
    known = [one for one in chain if one.code == reading.code]
    if known:
        return _same_code(max(known, key=lambda one: one.number), leader, reading, number)
    return _new_code(leader, reading, number)


def _same_code(row: Generation, leader: Generation, reading: Reading, number: int) -> Renewal:
    before, after = row.ends_at, reading.ends_at
    if after is None or after == before:
        return Renewal(Change.SAME, row.key, "Nothing changed.")
    if before is None:
        return Renewal(Change.CORRECTION, row.key, f"TikTok confirmed the end: {_day(after)}.")
    if after < before:
        sentence = f"TikTok now gives an earlier end, {_day(after)} instead of {_day(before)}."
        return Renewal(Change.CORRECTION, row.key, sentence)
    sentence = f"Extended from {_day(before)} to {_day(after)}."
    return _added(Change.EXTENSION, leader, after, number, sentence)


def _new_code(leader: Generation, reading: Reading, number: int) -> Renewal:
    after = reading.ends_at
    until = f"until {_day(after)}" if after is not None else "its end is not known yet"
    sentence = f"A new code for the same post came, {until}."
    return _added(Change.NEW_CODE, leader, after, number, sentence)


def _added(
    change: Change, leader: Generation, after: datetime | None, number: int, sentence: str
) -> Renewal:
    """A new generation, which leads unless the present one works and lasts as long or longer."""
    end = leader.ends_at
    outlasts = leader.state in _WORKING and end is not None and (after is None or after <= end)
    if outlasts and end is not None:
        kept = f"{sentence} The present one lasts as long or longer, until {_day(end)}, and stays."
        return Renewal(change, leader.key, kept, number)
    # What worked was renewed; what never did, or was lost, was replaced.
    was_good = leader.state in _WORKING or leader.state is State.EXPIRED
    old_state = State.RENEWED if was_good else State.SUPERSEDED
    return Renewal(change, leader.key, sentence, number, leads=True, old_state=old_state)


def _day(moment: datetime) -> str:
    return f"{moment:%d %b %Y}"
