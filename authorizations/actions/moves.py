"""The only writer of an authorization's state."""

from datetime import datetime

from authorizations.models import Authorization, Transition
from authorizations.rules import states
from sparkops.audit.record import Actor, record


def begin(authorization: Authorization, *, by: Actor, now: datetime, reason: str) -> None:
    """Save a new authorization and note how it began."""
    authorization.created_at = now
    authorization.save()
    _note(authorization, "", by, now, reason)


def move(
    authorization: Authorization, after: str, *, by: Actor, now: datetime, reason: str
) -> None:
    """Change the state; raises Refusal when the rules allow no such move."""
    before = states.State(authorization.state)
    if before == after:
        return
    states.move(before, states.State(after), at=now, actor=by.label, reason=reason)
    authorization.state = after
    if states.is_final(states.State(after)) or after in {"expired", "revoked", "post_unavailable"}:
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


def _ended_at(authorization: Authorization, after: str, now: datetime) -> datetime:
    """An end that was read is the end, however late it was noticed."""
    if after == states.State.EXPIRED and authorization.ends_at is not None:
        return min(authorization.ends_at, now)
    return now


def _note(authorization: Authorization, before: str, by: Actor, now: datetime, reason: str) -> None:
    Transition.objects.create(
        authorization=authorization,
        before=before,
        after=authorization.state,
        at=now,
        actor=by.label,
        reason=reason,
    )
    record(
        f"authorization.{authorization.state}",
        authorization,
        by=by,
        now=now,
        reason=reason,
        data={"before": before, "after": authorization.state},
    )
