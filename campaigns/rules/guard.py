"""When a live ad must stop because the right to spend behind its post ends or has ended (AR6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from authorizations.rules.cover import Facts
from authorizations.rules.spans import Clock
from campaigns.rules.standing import standing


@dataclass(frozen=True, slots=True)
class Stop:
    """The end of cover that makes an ad stop now, and the clock that sets it."""

    ends_at: datetime
    clock: Clock
    has_ended: bool

    @property
    def sentence(self) -> str:
        """For a person; pages show the reader's zone beside it."""
        verb = "ended" if self.has_ended else "will end"
        return f"{_capital(self.clock.name)} {verb} on {self.ends_at:%d %b %Y %H:%M} UTC."


def stop_of(facts: Facts, *, now: datetime, buffer: timedelta) -> Stop | None:
    """Why an ad on the post must not run now, or None.

    The longest-lasting route counts. A route that holds without an end of its own never stops an
    ad. What was never covered at all does not stop one either: nothing ended (it is reported as
    spend outside cover instead).
    """
    found = standing(facts, now)
    if found.ends_at is None or found.clock is None or found.ends_at - buffer > now:
        return None
    return Stop(found.ends_at, found.clock, not found.covered)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
