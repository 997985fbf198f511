"""Which sample requests are approved by themselves: thresholds, a price limit and caps (TS3).

A request that misses a threshold by a little, says nothing about one, or meets a used-up cap goes
to a person. One that misses by more is not approved and waits for a person's no.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

NEARLY_FULL, FULL = 80, 100
"""Percent of the monthly quota at which the owner is told."""


class Verdict(StrEnum):
    """What the rules say of a request."""

    APPROVE = "approve"
    REVIEW = "review"
    SHORT = "short"


@dataclass(frozen=True)
class Criteria:
    """A client's thresholds; None asks for nothing. Rates and `margin` are fractions, amounts in
    `currency`. `margin` is how far a threshold may be missed to count as borderline."""

    currency: str
    min_followers: int | None = None
    min_gmv: Decimal | None = None
    min_fulfilment: Decimal | None = None
    min_posts: int | None = None
    max_price: Decimal | None = None
    margin: Decimal = Decimal("0.10")
    day_cap: int | None = None
    week_cap: int | None = None
    month_quota: int | None = None


@dataclass(frozen=True)
class Request:
    """What is known of a request. `gmv` and `price` are None when unknown or in another currency;
    `obstacle` is TikTok's reason why it cannot be approved at all."""

    sample: int
    followers: int | None = None
    gmv: Decimal | None = None
    fulfilment: Decimal | None = None
    posts: int | None = None
    price: Decimal | None = None
    obstacle: str = ""


@dataclass(frozen=True)
class Used:
    """Approvals of the client's present day, week (from Monday) and month."""

    day: int = 0
    week: int = 0
    month: int = 0

    def one_more(self) -> "Used":
        return replace(self, day=self.day + 1, week=self.week + 1, month=self.month + 1)


@dataclass(frozen=True)
class Check:
    """One condition with what was found; `result` is ok, near, short, unknown or full."""

    name: str
    result: str
    value: str
    threshold: str


@dataclass(frozen=True)
class Decision:
    """What the rules say of one request, and why."""

    sample: int
    verdict: Verdict
    checks: tuple[Check, ...]


LABELS = {
    "obstacle": "TikTok lets it be approved",
    "followers": "Followers",
    "gmv": "GMV, 30 d, TikTok",
    "fulfilment": "Fulfilment, TikTok",
    "posts": "Posts, 30 d",
    "price": "Price of the unit",
    "day_cap": "Approvals of the day",
    "week_cap": "Approvals of the week",
    "month_quota": "Approvals of the month",
}
"""What people call the conditions."""


def decide(requests: Iterable[Request], criteria: Criteria, used: Used) -> list[Decision]:
    """A decision for each request in the given order, which is who is served first: an approval
    uses up the caps of those after it."""
    decisions = []
    for one in requests:
        decision = _decide(one, criteria, used)
        if decision.verdict is Verdict.APPROVE:
            used = used.one_more()
        decisions.append(decision)
    return decisions


def _decide(request: Request, criteria: Criteria, used: Used) -> Decision:
    checks = (*_merits(request, criteria), *_caps(criteria, used))
    results = {check.result for check in checks}
    if "short" in results:
        verdict = Verdict.SHORT
    elif results <= {"ok"}:
        verdict = Verdict.APPROVE
    else:
        verdict = Verdict.REVIEW
    return Decision(request.sample, verdict, checks)


def _merits(request: Request, criteria: Criteria) -> Iterator[Check]:
    if request.obstacle:
        yield Check("obstacle", "short", request.obstacle, "")
    wanted: Sequence[tuple[str, Decimal | int | None, Decimal | int | None]] = (
        ("followers", request.followers, criteria.min_followers),
        ("gmv", request.gmv, criteria.min_gmv),
        ("fulfilment", request.fulfilment, criteria.min_fulfilment),
        ("posts", request.posts, criteria.min_posts),
    )
    for name, value, least in wanted:
        if least is not None:
            yield _check(name, value, least, Decimal(least) * (1 - criteria.margin), sign=1)
    if criteria.max_price is not None:
        most = criteria.max_price
        yield _check("price", request.price, most, most * (1 + criteria.margin), sign=-1)


def _check(
    name: str, value: Decimal | int | None, bound: Decimal | int, far: Decimal, *, sign: int
) -> Check:
    """`sign` 1 asks for at least `bound`, -1 for at most; beyond `far` it is missed clearly."""
    if value is None:
        return Check(name, "unknown", "", str(bound))
    if (value - bound) * sign >= 0:
        result = "ok"
    else:
        result = "near" if (value - far) * sign >= 0 else "short"
    return Check(name, result, str(value), str(bound))


def _caps(criteria: Criteria, used: Used) -> Iterator[Check]:
    limits = (
        ("day_cap", used.day, criteria.day_cap),
        ("week_cap", used.week, criteria.week_cap),
        ("month_quota", used.month, criteria.month_quota),
    )
    for name, count, limit in limits:
        if limit is not None:
            yield Check(name, "ok" if count < limit else "full", str(count), str(limit))


def periods(today: date) -> tuple[date, date, date]:
    """First days of today's day, week (Monday) and month."""
    return today, today - timedelta(days=today.weekday()), today.replace(day=1)


def told_at(used: int, quota: int | None) -> list[int]:
    """The marks (80, 100 percent) that `used` of `quota` has reached."""
    if not quota:
        return []
    return [mark for mark in (NEARLY_FULL, FULL) if used * 100 >= mark * quota]
