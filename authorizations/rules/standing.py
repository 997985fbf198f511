"""How the right to spend behind an ad's post stands at a moment, for lists and pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from authorizations.rules.cover import Facts, windows
from authorizations.rules.spans import Clock, Span


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether something covers the post at the moment `at`, and when that ends or ended.

    `ends_at` is None while a route without an end of its own holds, and when nothing ever covered.
    `clock` is what sets the end.
    """

    at: datetime
    covered: bool
    ends_at: datetime | None = None
    clock: Clock | None = None


def standing(facts: Facts, now: datetime) -> Standing:
    """The longest-lasting route that holds; without one, the end that came last."""
    spans = [span for window in windows(facts) for span in window.spans]
    held = [span for span in spans if span.holds(now)]
    if any(span.ends_at is None for span in held):
        return Standing(now, True)
    last = _latest(held)
    if last is not None:
        return Standing(now, True, last.ends_at, last.ends_by)
    past = _latest(span for span in spans if span.ends_at is not None and span.ends_at <= now)
    if past is not None:
        return Standing(now, False, past.ends_at, past.ends_by)
    return Standing(now, False)


def _latest(spans: Iterable[Span]) -> Span | None:
    ended = [(span.ends_at, span) for span in spans if span.ends_at is not None]
    return max(ended, key=lambda one: one[0])[1] if ended else None
