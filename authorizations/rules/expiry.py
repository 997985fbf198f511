"""Which reminder of an end is due, exactly once per step and end (AR5, N5)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sparkops.clock import QuietHours

DEFAULT_STEPS = (21, 14, 7, 3, 1)
"""Days before the end; each client may have its own (domain 2.6)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One reminder of one end.

    `key` is the same for the same subject, step and end, and another when the end moves. `due_at`
    is when it is flagged; `notify_at` when the person may be told, which quiet hours put off but
    never past the end. All times are aware UTC.
    """

    key: str
    days: int
    ends_at: datetime
    due_at: datetime
    notify_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """`fire` is the one reminder to raise now, or None. `skipped` are steps whose day is past and
    that must be recorded as done without telling anybody: a nearer one says it all."""

    fire: Step | None
    skipped: tuple[Step, ...] = ()


def due(
    subject: str,
    ends_at: datetime | None,
    *,
    now: datetime,
    done: Collection[str],
    zone: ZoneInfo,
    steps: Sequence[int] = DEFAULT_STEPS,
    quiet: QuietHours | None = None,
) -> Due:
    """What to remind of now.

    `subject` names what ends (kind and row), `ends_at` is its effective end, `done` holds the keys
    already raised or skipped. Of several steps whose time has come only the nearest to the end
    fires; the others are skipped. After the end, or with an unknown end, nothing is due.
    """
    if ends_at is None or now >= ends_at:
        return Due(None)
    reached = [
        step
        for step in schedule(subject, ends_at, zone=zone, steps=steps, quiet=quiet)
        if step.due_at <= now
    ]
    if not reached:
        return Due(None)
    nearest = reached[-1]
    fire = None if nearest.key in done else nearest
    return Due(fire, tuple(step for step in reached[:-1] if step.key not in done))


def schedule(
    subject: str,
    ends_at: datetime,
    *,
    zone: ZoneInfo,
    steps: Sequence[int] = DEFAULT_STEPS,
    quiet: QuietHours | None = None,
) -> tuple[Step, ...]:
    """Every step of one end, the earliest first.

    A step is due at the end's time of day in the recipient's zone, that many calendar days before,
    so a change to summer time does not shift it.
    """
    return tuple(
        _step(subject, ends_at, days, zone, quiet)
        for days in sorted(set(steps), reverse=True)
        if days > 0
    )


def step_key(subject: str, days: int, ends_at: datetime) -> str:
    """What makes a reminder the same: subject, step and end."""
    return f"{subject}:{days}:{ends_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def next_due_at(steps: Sequence[Step], now: datetime) -> datetime | None:
    """When the next step comes, for lists and calendars; None when all have passed."""
    return next((step.due_at for step in steps if step.due_at > now), None)


def _step(
    subject: str, ends_at: datetime, days: int, zone: ZoneInfo, quiet: QuietHours | None
) -> Step:
    end = ends_at.astimezone(UTC)
    due_at = (end.astimezone(zone) - timedelta(days=days)).astimezone(UTC)
    return Step(
        step_key(subject, days, end), days, end, due_at, _after_quiet(due_at, end, zone, quiet)
    )


def _after_quiet(
    due_at: datetime, ends_at: datetime, zone: ZoneInfo, quiet: QuietHours | None
) -> datetime:
    """The first moment outside quiet hours; the due time itself when that would be too late."""
    later = due_at if quiet is None else quiet.after(due_at, zone)
    return later if later < ends_at else due_at
