"""How well a creator of the marketplace fits a shop, from 0 to 100, with the reasons.

The thresholds are our own convention. Each measure that is known counts with its points; a score
is their share of what these measures could have given, so that a gap neither helps nor harms.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

MINIMUM = 55
"""Of 100 points this many must be decidable; else there is no score."""

_SALES = ((10_000, 40), (1_000, 30), (100, 15), (0, 0))
_REACH = ((Decimal("0.20"), 35), (Decimal("0.10"), 25), (Decimal("0.05"), 15), (Decimal(0), 0))
SALES, REACH, SIZE = 40, 35, 25


@dataclass(frozen=True)
class Facts:
    """What is known of a creator; None is unknown. `gmv` is the least of 30 days in the currency
    of the shop, `views` the mean of a video. `own_followers` is the median of those creators who
    sell for the client."""

    followers: int | None = None
    views: Decimal | None = None
    gmv: Decimal | None = None
    own_followers: int | None = None
    currency: str = ""


@dataclass(frozen=True)
class Reason:
    """One measure: `points` of `most`, and why in a sentence."""

    points: int
    most: int
    text: str


@dataclass(frozen=True)
class Fit:
    """`score` is None when too little is known; `reasons` are the measures that are."""

    score: int | None
    reasons: tuple[Reason, ...]


def fit_of(facts: Facts) -> Fit:
    """The score and its reasons, the strongest first."""
    reasons = sorted(_reasons(facts), key=lambda one: -one.points)
    most = sum(one.most for one in reasons)
    if most < MINIMUM:
        return Fit(None, tuple(reasons))
    return Fit(round(100 * sum(one.points for one in reasons) / most), tuple(reasons))


def _reasons(facts: Facts) -> Iterator[Reason]:
    if facts.gmv is not None:
        least, points = next(step for step in _SALES if facts.gmv >= step[0])
        amount = f"at least {least:,}" if least else "under 100"
        yield Reason(points, SALES, f"Sold {amount} {facts.currency} in 30 days.")
    if facts.views is not None and facts.followers:
        share = facts.views / facts.followers
        points = next(points for least, points in _REACH if share >= least)
        yield Reason(points, REACH, f"A video is seen by {share * 100:.0f} % of the followers.")
    if facts.followers and facts.own_followers:
        yield _size(facts.followers, facts.own_followers)


def _size(followers: int, own: int) -> Reason:
    """Within half to twice the size of who sells for the client already, or within a fifth to
    five times."""
    low, high = sorted((followers, own))
    if high <= 2 * low:
        return Reason(SIZE, SIZE, f"As large as your creators who sell ({own:,} followers).")
    word = "larger" if followers > own else "smaller"
    points = 10 if high <= 5 * low else 0
    return Reason(points, SIZE, f"Much {word} than your creators who sell ({own:,} followers).")
