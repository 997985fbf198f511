"""When a live ad must stop because the right to spend behind its post ends or has ended (AR6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from authorizations.rules.cover import Facts, windows
from authorizations.rules.spans import Clock


@dataclass(frozen=True, slots=True)
class Stop:
    """The end of cover that makes an ad stop now, and the clock that sets it."""

    ends_at: datetime
    clock: Clock
    has_ended: bool

    @property
    def sentence(self) -> str:
        """For a person; pages show the reader's zone beside it."""
        verb = "ended" if self.has_ended else "ends"
        return f"{_capital(self.clock.name)} {verb} on {self.ends_at:%d %b %Y %H:%M} UTC."


def stop_of(facts: Facts, *, now: datetime, buffer: timedelta) -> Stop | None:
    """Why an ad on the post must not run now, or None.

    The longest-lasting route counts. A route that holds without an end of its own never stops an
    ad. What was never covered at all does not stop one either: nothing ended (it is reported as
    spend outside cover instead).
    """
    held = [window.at(now) for window in windows(facts)]
    ahead = [one for one in held if one is not None and one.holds(now)]
    if any(one.ends_at is None for one in ahead):
        return None
    ends = [(one.ends_at, one.ends_by) for one in ahead if one.ends_at is not None]
    if not ends:
        ends = [
            (one.ends_at, one.ends_by)
            for window in windows(facts)
            for one in window.spans
            if one.ends_at is not None and one.ends_at <= now
        ]
    if not ends:
        return None
    end, clock = max(ends, key=lambda one: one[0])
    return Stop(end, clock, end <= now) if end - buffer <= now else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
