"""When a live ad must stop because the right to spend behind its post ends or has ended (AR6)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from authorizations.rules.cover import Facts
from authorizations.rules.spans import Clock
from authorizations.rules.standing import standing

LEAST_BUFFER = timedelta(hours=1)
"""However short a client's buffer, this is more than machines' and TikTok's clocks differ."""


def ahead(buffer: timedelta) -> timedelta:
    """How long before the end of cover ads are paused, under a client's buffer."""
    return max(buffer, LEAST_BUFFER)


def pause_at(ends_at: datetime, buffer: timedelta) -> datetime:
    """When ads on a post are paused whose cover ends at `ends_at`."""
    return ends_at - ahead(buffer)


@dataclass(frozen=True, slots=True)
class Stop:
    """The end of cover that makes an ad stop now, and the clock that sets it."""

    ends_at: datetime
    clock: Clock
    has_ended: bool

    @property
    def sentence(self) -> str:
        """For a person; pages show the reader's zone beside it."""
        told = f"{self.clock.name} ended" if self.has_ended else self.clock.does("end")
        return f"{_capital(told)} on {self.ends_at.astimezone(UTC):%d %b %Y %H:%M} UTC."


def stop_of(facts: Facts, *, now: datetime, buffer: timedelta) -> Stop | None:
    """Why an ad on the post must not run now, or None.

    The longest-lasting route counts. A route that holds without an end of its own never stops an
    ad. What was never covered at all does not stop one either: nothing ended (it is reported as
    spend outside cover instead). It looks at the moment alone, so a worker that comes back late
    stops what an earlier one would have stopped.
    """
    found = standing(facts, now)
    if found.ends_at is None or found.clock is None or pause_at(found.ends_at, buffer) > now:
        return None
    return Stop(found.ends_at, found.clock, not found.covered)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
