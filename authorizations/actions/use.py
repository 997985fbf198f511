"""Whether ads use a permission, and what time does to it."""

from collections.abc import Collection
from datetime import datetime

from authorizations.actions.moves import move_if_allowed
from authorizations.models import Authorization
from authorizations.rules.states import USABLE, State, due_state
from sparkops.audit.record import SYSTEM

REASONS = {
    State.IN_USE: "An ad uses it.",
    State.VERIFIED: "No ad uses it any more.",
    State.EXPIRING: "Its end is near.",
    State.EXPIRED: "Its end has passed.",
}


def note_use(post_ids: Collection[int], *, now: datetime) -> int:
    """Tell the ledger which posts have ads that are not over; returns how many rows moved."""
    usable = [state.value for state in (State.VERIFIED, State.IN_USE)]
    moved = 0
    for row in Authorization.objects.filter(state__in=usable).exclude(post=None):
        moved += settle(row, in_use=row.post_id in post_ids, now=now)
    return moved


def settle(row: Authorization, *, in_use: bool, now: datetime) -> bool:
    """Move a row to the state that time and use ask for."""
    after = due_state(State(row.state), ends_at=row.ends_at, now=now, in_use=in_use)
    if after == row.state:
        return False
    return move_if_allowed(row, after.value, by=SYSTEM, now=now, reason=REASONS[after])


def usable_states() -> list[str]:
    """The words of the states in which a permission can be used."""
    return sorted(state.value for state in USABLE)
