"""Whether we may spend behind a post for a time, by what, and which clock ends it first (N2, N3).

The effective window is the time that one platform permission and the usage terms and the hold all
cover; an affiliate authorization also needs its collaboration and the product link (domain 2.1,
2.7). The list, the launch gate, the guard, alerts and reports all ask here.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import ceil

from authorizations.rules.spans import Clock, ClockKind, Span, common, joined, missing, span

OPEN_ENDED = frozenset({ClockKind.ACCOUNT, ClockKind.AFFILIATE_CREATIVE})
"""Permissions that TikTok gives without an end: they last until they are switched off, which is
noticed by reading them again. The other clocks must then set the end."""

_RANK = {
    ClockKind.VIDEO_CODE: 0,
    ClockKind.CONTENT_SUITE: 1,
    ClockKind.ACCOUNT: 2,
    ClockKind.AFFILIATE_CREATIVE: 3,
}


@dataclass(frozen=True, slots=True)
class Route:
    """One platform permission on the post, one generation of it.

    `kind` is one of the four permission kinds. `end_is_confirmed` is True when TikTok itself
    reported the times; what a creator stated does not count. `blocked` is "" or why it cannot be
    used now ("It was revoked on 3 Nov."). Generations of one `chain` and kind follow each other
    without a new identity, so an ad runs through them. Kinds never do: each has clocks of its own.
    """

    key: str
    kind: ClockKind
    starts_at: datetime | None
    ends_at: datetime | None
    end_is_confirmed: bool
    chain: str = ""
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A clock with dates: usage terms, a hold, a collaboration. `ends_at` None is unknown."""

    key: str
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that decides cover of one post, as read at one moment. Times are aware UTC.

    `holds` may be empty: no hold sets no end (the launch gate asks for one). `product_link_lost_at`
    is None while the link is there; `has_product_link` False with no time means it never was.
    """

    routes: tuple[Route, ...] = ()
    terms: tuple[Term, ...] = ()
    holds: tuple[Term, ...] = ()
    collaborations: tuple[Term, ...] = ()
    has_product_link: bool = True
    product_link_lost_at: datetime | None = None


class Verdict(StrEnum):
    """The answer for a flight."""

    COVERED = "covered"
    PARTLY = "partly"
    UNVERIFIED = "unverified"
    NOT_COVERED = "not_covered"


@dataclass(frozen=True, slots=True)
class Window:
    """When one route may be used. Empty `spans` with `unverified` says an end is not known.

    `unverified` and `absent` are sentences about what is not known and what is not there.
    """

    chain: str
    kind: ClockKind
    keys: tuple[str, ...]
    spans: tuple[Span, ...]
    unverified: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    def at(self, moment: datetime) -> Span | None:
        """The span that holds the moment, else the next one to come, else None."""
        ahead = [one for one in self.spans if one.ends_at is None or one.ends_at > moment]
        return ahead[0] if ahead else None


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of a flight without cover, and the clock that leaves it open (None: nothing there)."""

    starts_at: datetime
    ends_at: datetime
    clock: Clock | None


@dataclass(frozen=True, slots=True)
class Cover:
    """The answer for one flight [from, to).

    `window` is the best route's, None when there is none. `limited_by` is the clock that ends it
    first. With `shorten_to` the flight could end there instead; `request_days` is how many more
    whole days the limiting clock would need. `sentence` says all of it to a person.
    """

    verdict: Verdict
    sentence: str
    window: Window | None = None
    gaps: tuple[Gap, ...] = ()
    limited_by: Clock | None = None
    ends_at: datetime | None = None
    shorten_to: datetime | None = None
    request_days: int | None = None

    @property
    def covered(self) -> bool:
        """Whether every moment of the flight is covered."""
        return self.verdict is Verdict.COVERED


def windows(facts: Facts) -> tuple[Window, ...]:
    """The effective window of every chain of one kind, the plainest kind first.

    Each is on its own, and the order of `facts.routes` decides nothing: not which clocks apply,
    and not which clock is named when two windows end at once.
    """
    chains: dict[tuple[int, str, ClockKind], list[Route]] = defaultdict(list)
    for route in sorted(facts.routes, key=lambda route: route.key):
        chains[_RANK[route.kind], route.chain or route.key, route.kind].append(route)
    return tuple(
        _window(chain, kind, chains[rank, chain, kind], facts)
        for rank, chain, kind in sorted(chains)
    )


def limiting(facts: Facts, now: datetime) -> tuple[datetime | None, Clock | None]:
    """When the right to spend that holds now (or begins next) ends, and the clock that ends it.

    (None, None) when nothing covers, or an end is not known. The longest-lasting route counts,
    the plainest of those that end at once.
    """
    ends = [
        (found.ends_at, found.ends_by)
        for window in windows(facts)
        if (found := window.at(now)) is not None and found.ends_at is not None
    ]
    return max(ends, key=lambda end: end[0]) if ends else (None, None)


def cover(facts: Facts, starts_at: datetime, ends_at: datetime) -> Cover:
    """Whether a flight from `starts_at` to before `ends_at` is covered, by the best route.

    The best is one that covers it all, else the one that covers longest from the start. Raises
    ValueError when the flight is empty or its times have no zone.
    """
    if starts_at.tzinfo is None or ends_at.tzinfo is None or starts_at >= ends_at:
        raise ValueError("a flight needs aware times and must begin before it ends")
    if not facts.routes:
        return Cover(
            Verdict.NOT_COVERED,
            "No authorization for this post. Ask the creator for a Spark code.",
            gaps=(Gap(starts_at, ends_at, None),),
        )
    best = min(windows(facts), key=lambda window: _worth(window, starts_at, ends_at))
    gaps = _gaps(best, starts_at, ends_at)
    if not gaps:
        return _covered(best, starts_at)
    if best.unverified and not best.spans:
        known = " ".join((*best.unverified, *best.absent))
        sentence = f"{known} An unknown end never counts as cover."
        return Cover(Verdict.UNVERIFIED, sentence, best, gaps)
    return _uncovered(best, gaps, starts_at, ends_at)


def _window(chain: str, kind: ClockKind, routes: Sequence[Route], facts: Facts) -> Window:
    """The chain's own time, cut by every clock that applies to its kind."""
    unverified: list[str] = []
    absent: list[str] = []
    spans = joined(_route_spans(routes, unverified, absent))
    spans = common(spans, _term_spans(ClockKind.USAGE_TERMS, facts.terms, unverified, absent))
    if facts.holds:
        spans = common(spans, _term_spans(ClockKind.HOLD, facts.holds, unverified, absent))
    if kind is ClockKind.AFFILIATE_CREATIVE:
        own = _term_spans(ClockKind.COLLABORATION, facts.collaborations, unverified, absent)
        spans = common(common(spans, own), _product_link_span(facts, absent))
    keys = tuple(route.key for route in routes)
    return Window(chain, kind, keys, spans, tuple(unverified), tuple(absent))


def _route_spans(routes: Sequence[Route], unverified: list[str], absent: list[str]) -> list[Span]:
    spans = []
    for route in routes:
        clock = Clock(route.kind, route.key)
        if route.blocked:
            absent.append(route.blocked)
        elif not route.end_is_confirmed:
            unverified.append(f"TikTok has not confirmed when {clock.does('end')}.")
        elif route.ends_at is None and route.kind not in OPEN_ENDED:
            unverified.append(f"TikTok gave no end of {clock.name}.")
        else:
            spans.append(span(clock, route.starts_at, route.ends_at))
    return spans


def _term_spans(
    kind: ClockKind, terms: Sequence[Term], unverified: list[str], absent: list[str]
) -> tuple[Span, ...]:
    name = Clock(kind).name
    if not terms:
        verb = "are" if kind is ClockKind.USAGE_TERMS else "is"
        absent.append(f"{name.capitalize()} {verb} missing.")
    if any(term.ends_at is None for term in terms):
        unverified.append(f"The end of {name} is not known.")
    return joined(
        span(Clock(kind, term.key), term.starts_at, term.ends_at)
        for term in terms
        if term.ends_at is not None
    )


def _product_link_span(facts: Facts, absent: list[str]) -> tuple[Span, ...]:
    clock = Clock(ClockKind.PRODUCT_LINK)
    lost = facts.product_link_lost_at
    if not facts.has_product_link:
        absent.append("The post has no product link.")
        if lost is None:
            return ()
    return (span(clock, None, lost),)


def _worth(
    window: Window, starts_at: datetime, ends_at: datetime
) -> tuple[bool, float, float, bool, int]:
    """Smaller is better: covers all, lasts longest from the start, leaves least open, can still
    be verified, is the plainest kind."""
    gaps = missing(starts_at, ends_at, window.spans)
    held = next((one for one in window.spans if one.holds(starts_at)), None)
    until = held.ends_at if held is not None and held.ends_at is not None else starts_at
    uncovered = sum((end - start).total_seconds() for start, end in gaps)
    rank = _RANK[window.kind]
    return bool(gaps), -until.timestamp(), uncovered, not window.unverified, rank


def _gaps(window: Window, starts_at: datetime, ends_at: datetime) -> tuple[Gap, ...]:
    return tuple(
        Gap(start, end, _clock_of_gap(window, start, end))
        for start, end in missing(starts_at, ends_at, window.spans)
    )


def _clock_of_gap(window: Window, start: datetime, end: datetime) -> Clock | None:
    """The clock that ran out at the gap's start, else the one that begins only at its end."""
    for one in reversed(window.spans):
        if one.ends_at is not None and one.ends_at <= start:
            return one.ends_by
    return next((one.starts_by for one in window.spans if one.starts_at == end), None)


def _covered(window: Window, starts_at: datetime) -> Cover:
    found = window.at(starts_at)
    if found is None or found.ends_at is None:
        raise AssertionError("a covered flight lies in a span with an end")
    return Cover(
        Verdict.COVERED,
        f"Covered until {_day(found.ends_at)}; {found.ends_by.does('end')} first.",
        window,
        limited_by=found.ends_by,
        ends_at=found.ends_at,
    )


def _uncovered(
    window: Window, gaps: tuple[Gap, ...], starts_at: datetime, ends_at: datetime
) -> Cover:
    first = gaps[0]
    begins_covered = first.starts_at > starts_at
    if begins_covered and len(gaps) == 1:
        days = ceil((ends_at - first.starts_at) / timedelta(days=1))
        told = first.clock.does("end") if first.clock else "the cover ends"
        return Cover(
            Verdict.PARTLY,
            f"{told[0].upper()}{told[1:]} on {_day(first.starts_at)}, before the flight does "
            f"on {_day(ends_at)}. Shorten the flight to {_day(first.starts_at)}, or ask for "
            f"{days} more {'day' if days == 1 else 'days'}.",
            window,
            gaps,
            limited_by=first.clock,
            ends_at=first.starts_at,
            shorten_to=first.starts_at,
            request_days=days,
        )
    is_partly = bool(missing(starts_at, ends_at, window.spans) != [(starts_at, ends_at)])
    return Cover(
        Verdict.PARTLY if is_partly else Verdict.NOT_COVERED,
        _gap_sentence(window, first),
        window,
        gaps,
        limited_by=first.clock,
        ends_at=first.starts_at if begins_covered else None,
        shorten_to=first.starts_at if begins_covered else None,
    )


def _gap_sentence(window: Window, gap: Gap) -> str:
    extra = " ".join((*window.absent, *window.unverified))
    text = f"Not covered from {_day(gap.starts_at)} to {_day(gap.ends_at)}"
    if gap.clock is not None:
        text += f": {gap.clock.does('leave')} it open"
    return f"{text}. {extra}".strip()


def _day(moment: datetime) -> str:
    """A moment as the sentence shows it; pages show the reader's zone beside it."""
    return f"{moment.astimezone(UTC):%d %b %Y %H:%M} UTC"
