"""Spans of time, each boundary with the clock that sets it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class ClockKind(StrEnum):
    """What can begin or end the right to spend behind a post (N2)."""

    VIDEO_CODE = "video_code"
    ACCOUNT = "account"
    AFFILIATE_CREATIVE = "affiliate_creative"
    CONTENT_SUITE = "content_suite"
    USAGE_TERMS = "usage_terms"
    HOLD = "hold"
    COLLABORATION = "collaboration"
    PRODUCT_LINK = "product_link"


CLOCK_NAMES = {
    ClockKind.VIDEO_CODE: "the Spark code",
    ClockKind.ACCOUNT: "the account link",
    ClockKind.AFFILIATE_CREATIVE: "the affiliate authorization",
    ClockKind.CONTENT_SUITE: "the Content Suite authorization",
    ClockKind.USAGE_TERMS: "the usage terms",
    ClockKind.HOLD: "the no-delete hold",
    ClockKind.COLLABORATION: "the collaboration",
    ClockKind.PRODUCT_LINK: "the product link",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """One thing with an end. `key` is the row it comes from, "" when it has none."""

    kind: ClockKind
    key: str = ""

    @property
    def name(self) -> str:
        """As a sentence names it."""
        return CLOCK_NAMES[self.kind]

    def does(self, verb: str) -> str:
        """The name with what it does: "the Spark code ends", "the usage terms end"."""
        return f"{self.name} {verb if self.kind is ClockKind.USAGE_TERMS else f'{verb}s'}"


@dataclass(frozen=True, slots=True)
class Span:
    """From `starts_at` to before `ends_at`. None is unbounded on that side: a start before anything
    was recorded, or the end of a clock that has none of its own. The clocks set the boundaries."""

    starts_at: datetime | None
    ends_at: datetime | None
    starts_by: Clock
    ends_by: Clock

    def holds(self, moment: datetime) -> bool:
        """Whether the moment is inside; the end itself is outside."""
        return _start(self) <= moment < _end(self)


_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def span(clock: Clock, starts_at: datetime | None, ends_at: datetime | None) -> Span:
    """The span of one clock."""
    return Span(starts_at, ends_at, clock, clock)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in as few spans as possible, in order; touching ones become one."""
    result: list[Span] = []
    for one in sorted((one for one in spans if _start(one) < _end(one)), key=_in_order):
        last = result[-1] if result else None
        if last is None or _start(one) > _end(last):
            result.append(one)
        elif _end(one) > _end(last):
            result[-1] = Span(last.starts_at, one.ends_at, last.starts_by, one.ends_by)
    return tuple(result)


def common(first: Sequence[Span], second: Sequence[Span]) -> tuple[Span, ...]:
    """The time in both; each boundary keeps the clock that is the tighter one."""
    return joined(met for one in first for other in second if (met := _met(one, other)) is not None)


def missing(
    starts_at: datetime, ends_at: datetime, have: Sequence[Span]
) -> list[tuple[datetime, datetime]]:
    """The parts of a flight that no span holds, in order."""
    gaps: list[tuple[datetime, datetime]] = []
    at = starts_at
    for one in joined(have):
        if at >= ends_at:
            break
        if _start(one) > at:
            gaps.append((at, min(_start(one), ends_at)))
        at = max(at, _end(one))
    if at < ends_at:
        gaps.append((at, ends_at))
    return gaps


def _met(one: Span, other: Span) -> Span | None:
    later = one if _start(one) >= _start(other) else other
    sooner = one if _end(one) <= _end(other) else other
    if _start(later) >= _end(sooner):
        return None
    return Span(later.starts_at, sooner.ends_at, later.starts_by, sooner.ends_by)


def _in_order(one: Span) -> tuple[datetime, datetime, ClockKind, str]:
    """By time, then by clock: equal spans are told apart by nothing else."""
    return _start(one), _end(one), one.ends_by.kind, one.ends_by.key


def _start(one: Span) -> datetime:
    return one.starts_at or _FIRST


def _end(one: Span) -> datetime:
    return one.ends_at or _LAST
