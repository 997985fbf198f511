"""What a step of the cadence does about one end: write, wait, or hand over to a person (N5)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from authorizations.rules.expiry import due, schedule
from sparkops.clock import QuietHours


class Act(StrEnum):
    """What is to be done now."""

    NOTHING = "nothing"
    WAIT = "wait"
    WRITE = "write"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class Turn:
    """`days` names the step that `act` is about; `missed` are steps a nearer one stands for."""

    act: Act
    days: int = 0
    missed: tuple[int, ...] = ()


def turn(
    subject: str,
    ends_at: datetime,
    *,
    now: datetime,
    done: Collection[int],
    unanswered: int,
    limit: int,
    zone: ZoneInfo,
    steps: Sequence[int],
    quiet: QuietHours,
) -> Turn:
    """The turn of one permission.

    `done` are the steps that were dealt with for this very end, `unanswered` the messages about it.
    Quiet hours are in the recipient's `zone`; a person is told at any hour.
    """
    keys = {
        one.key
        for one in schedule(subject, ends_at, zone=zone, steps=steps, quiet=quiet)
        if one.days in done
    }
    found = due(subject, ends_at, now=now, done=keys, zone=zone, steps=steps, quiet=quiet)
    missed = tuple(one.days for one in found.skipped)
    if found.fire is None:
        return Turn(Act.NOTHING, missed=missed)
    if unanswered >= limit:
        return Turn(Act.HAND_OVER, found.fire.days, missed)
    if now < found.fire.notify_at:
        return Turn(Act.WAIT, found.fire.days, missed)
    return Turn(Act.WRITE, found.fire.days, missed)
