"""Whether ads use a permission, and what time does to it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from authorizations.actions.moves import Step, move_all
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
    rows = Authorization.objects.filter(state__in=usable).exclude(post=None).order_by("pk")
    rows = rows.only("kind", "state", "post", "code_mask", "ends_at", "ended_at")
    return settle(rows.select_for_update(), used=post_ids, now=now)


def settle(rows: Iterable[Authorization], *, used: Collection[int], now: datetime) -> int:
    """Move locked rows to the states that time and use ask for; returns how many moved.

    `used` are posts that ads use.
    """
    steps = []
    for row in rows:
        state = State(row.state)
        after = due_state(state, ends_at=row.ends_at, now=now, in_use=row.post_id in used)
        if after != state:
            steps.append(Step(row, after.value, REASONS[after]))
    return move_all(steps, by=SYSTEM, now=now)


def usable_states() -> list[str]:
    """The words of the states in which a permission can be used."""
    return sorted(state.value for state in USABLE)
