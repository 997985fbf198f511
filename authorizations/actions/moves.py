"""The only writer of an authorization's state."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Least

from authorizations.models import Authorization, Transition
from authorizations.rules import states
from sparkops.audit.record import Actor, Note, record_all

END_STATES = frozenset({"expired", "revoked", "post_unavailable"})
"""They end a permission although something may follow."""


@dataclass(frozen=True)
class Step:
    """A row, the state it should take, and why. The row is what the database holds now."""

    row: Authorization
    after: str
    reason: str


def begin(authorization: Authorization, *, by: Actor, now: datetime, reason: str) -> None:
    """Save a new authorization and note how it began."""
    authorization.created_at = now
    authorization.save()
    _note(authorization, "", by, now, reason)


def begin_all(
    authorizations: Sequence[Authorization], *, by: Actor, now: datetime, reason: str
) -> None:
    """Save many new authorizations of one state, like `begin` for each. Three queries."""
    for one in authorizations:
        one.created_at = now
    Authorization.objects.bulk_create(authorizations)
    _note_all([(one, "", reason) for one in authorizations], by, now)


def move(
    authorization: Authorization, after: str, *, by: Actor, now: datetime, reason: str
) -> None:
    """Change the state; raises Refusal when the rules allow no such move."""
    before = states.State(authorization.state)
    if before == after:
        return
    states.move(before, states.State(after), at=now, actor=by.label, reason=reason)
    authorization.state = after
    if _ends(after):
        authorization.ended_at = _ended_at(authorization, after, now)
    authorization.save()
    _note(authorization, before.value, by, now, reason)


def move_if_allowed(
    authorization: Authorization, after: str, *, by: Actor, now: datetime, reason: str
) -> bool:
    """Like `move`, but leaves the row alone when the rules allow no such move."""
    before = states.State(authorization.state)
    if before == after or not states.is_allowed(before, states.State(after)):
        return False
    move(authorization, after, by=by, now=now, reason=reason)
    return True


def move_all(steps: Sequence[Step], *, by: Actor, now: datetime) -> int:
    """Many moves in a few statements for any number; returns how many rows moved.

    The rows must be locked. Moves that the rules do not allow are left out, as `move_if_allowed`
    does. Only what a move changes is written.
    """
    taken = [(one, one.row.state) for one in steps if _is_allowed(one)]
    rows_of: dict[str, list[int]] = defaultdict(list)
    for step, _ in taken:
        rows_of[step.after].append(step.row.pk)
        step.row.state = step.after
        if _ends(step.after):
            step.row.ended_at = _ended_at(step.row, step.after, now)
    for after, ids in rows_of.items():
        _write(after, ids, now)
    _note_all(
        [(step.row, before, step.reason) for step, before in taken],
        by,
        now,
    )
    return len(taken)


def _is_allowed(step: Step) -> bool:
    before, after = states.State(step.row.state), states.State(step.after)
    return before != after and states.is_allowed(before, after)


def _write(after: str, ids: Sequence[int], now: datetime) -> None:
    rows = Authorization.objects.filter(pk__in=ids)
    if after == states.State.EXPIRED:
        rows.update(state=after, ended_at=Least("ends_at", now))
    elif _ends(after):
        rows.update(state=after, ended_at=now)
    else:
        rows.update(state=after)


def _ends(after: str) -> bool:
    return states.is_final(states.State(after)) or after in END_STATES


def _ended_at(authorization: Authorization, after: str, now: datetime) -> datetime:
    """An end that was read is the end, however late it was noticed."""
    if after == states.State.EXPIRED and authorization.ends_at is not None:
        return min(authorization.ends_at, now)
    return now


def _note(authorization: Authorization, before: str, by: Actor, now: datetime, reason: str) -> None:
    _note_all([(authorization, before, reason)], by, now)


def _note_all(moved: Sequence[tuple[Authorization, str, str]], by: Actor, now: datetime) -> None:
    """Row, state before and reason of each move, in both histories."""
    Transition.objects.bulk_create(
        [
            Transition(
                authorization=row,
                before=before,
                after=row.state,
                at=now,
                actor=by.label,
                reason=reason,
            )
            for row, before, reason in moved
        ]
    )
    notes = [
        Note(
            f"authorization.{row.state}",
            row,
            reason=reason,
            data={"before": before, "after": row.state},
        )
        for row, before, reason in moved
    ]
    record_all(notes, by=by, now=now)
