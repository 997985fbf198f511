"""Creators who are like a client's best ones, by value (cm3 per sample and month, domain 5.7).

Our own convention: the best are at most ten with a value above zero. A candidate is held against
the span of each trait among them; within it the trait fits in full, up to half its low or twice
its high end by half.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

BEST = 10
FEWEST_BEST = 3
FEWEST_TRAITS = 2


@dataclass(frozen=True)
class Traits:
    """What is known of a creator; None is unknown. `gmv` is of 30 days in the shop's currency,
    `views` the mean of a video."""

    followers: int | None = None
    views: Decimal | None = None
    gmv: Decimal | None = None
    region: str = ""


@dataclass(frozen=True)
class Span:
    """From the lowest to the highest value of a trait among the best."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Model:
    """What the best have in common; a trait that fewer than three of them tell is left out."""

    spans: Mapping[str, Span]
    regions: frozenset[str]


@dataclass(frozen=True)
class Likeness:
    """`score` is 0 to 100; the reasons are sentences, what fits best first."""

    score: int
    reasons: tuple[str, ...]


_NAMES: Mapping[str, tuple[str, Callable[[Traits], Decimal | int | None]]] = {
    "followers": ("followers", lambda one: one.followers),
    "views": ("views of a video", lambda one: one.views),
    "gmv": ("GMV in 30 days", lambda one: one.gmv),
}


def best_of(values: Mapping[int, Decimal | None]) -> list[int]:
    """The ids of the best by value, the highest first; only values above zero count."""
    good = [(value, key) for key, value in values.items() if value is not None and value > 0]
    return [key for _, key in sorted(good, key=lambda one: (-one[0], one[1]))[:BEST]]


def model_of(best: Sequence[Traits]) -> Model | None:
    """What the best have in common; None for fewer than three of them."""
    if len(best) < FEWEST_BEST:
        return None
    spans = {}
    for name, (_, read) in _NAMES.items():
        known = [Decimal(value) for value in map(read, best) if value]
        if len(known) >= FEWEST_BEST:
            spans[name] = Span(min(known), max(known))
    return Model(spans, frozenset(one.region for one in best if one.region))


def likeness(model: Model, candidate: Traits) -> Likeness | None:
    """How like the best a candidate is; None when fewer than two traits can be compared."""
    found = list(_compared(model, candidate))
    if len(found) < FEWEST_TRAITS:
        return None
    ranked = sorted(found, key=lambda one: -one[0])
    score = sum((part for part, _ in found), Decimal(0)) * 100 / len(found)
    return Likeness(round(score), tuple(text for _, text in ranked))


def _compared(model: Model, candidate: Traits) -> Iterable[tuple[Decimal, str]]:
    for name, (label, read) in _NAMES.items():
        span, value = model.spans.get(name), read(candidate)
        if span is not None and value is not None:
            yield _held_against(span, Decimal(value), label)
    if candidate.region and model.regions:
        is_same = candidate.region in model.regions
        yield (
            Decimal(int(is_same)),
            f"{'Same' if is_same else 'Another'} market: {candidate.region}.",
        )


def _held_against(span: Span, value: Decimal, label: str) -> tuple[Decimal, str]:
    said = f"{value:,.0f} {label}; your best have {span.low:,.0f} to {span.high:,.0f}."
    if span.low <= value <= span.high:
        return Decimal(1), said
    if span.low / 2 <= value <= span.high * 2:
        return Decimal("0.5"), said
    return Decimal(0), said
