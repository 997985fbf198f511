"""Where the creators of outreach came to, from what was read after they were contacted."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from creators.models import Post, PostProduct, Sample
from creators.rules.samples import SampleState
from sparkops.catalog.models import UnitCost
from sparkops.outreach.models import Recipient, Reply
from sparkops.outreach.rules.funnel import Funnel, Journey, funnel_of

GROUPS = {"outreach": "Outreach", "owner": "Owner", "segment": "Segment"}
SENT = {
    SampleState.SHIPPED.value,
    SampleState.DELIVERED.value,
    SampleState.OVERDUE.value,
    SampleState.POSTED.value,
    SampleState.GHOSTED.value,
}
_UNASKED = {SampleState.UNKNOWN.value}
_TO_DECIDE = timedelta(days=7)
"""From a creator's request for a sample to TikTok's limit for the answer (domain 5.4)."""


@dataclass(frozen=True)
class Line:
    """One group of outreach with its funnel; `outreach_id` when the group is one outreach."""

    name: str
    funnel: Funnel
    outreach_id: int | None = None


def contacted(since: datetime | None, until: datetime | None) -> QuerySet[Recipient]:
    """Recipients whose first message was sent in [since, until); None is open."""
    rows = Recipient.objects.filter(state=Recipient.State.SENT)
    if since is not None:
        rows = rows.filter(sent_at__gte=since)
    if until is not None:
        rows = rows.filter(sent_at__lt=until)
    return rows.select_related("outreach__segment")


def total(rows: Iterable[Recipient]) -> Funnel:
    """Every creator once, from the first contact on."""
    return funnel_of(_journeys(list(rows)).values())


def lines(rows: Iterable[Recipient], group: str) -> list[Line]:
    """The funnel per outreach, owner or segment, most contacted first. A creator in two groups
    counts in both."""
    by_name: dict[tuple[str, int | None], list[Recipient]] = {}
    for row in rows:
        by_name.setdefault(_group_of(row, group), []).append(row)
    facts = _Facts.read({row.creator_id for found in by_name.values() for row in found})
    found = [
        Line(name, funnel_of(_journeys(mine, facts).values()), pk)
        for (name, pk), mine in by_name.items()
    ]
    return sorted(found, key=lambda one: (-one.funnel.counts[0], one.name))


def _group_of(row: Recipient, group: str) -> tuple[str, int | None]:
    if group == "owner":
        return row.outreach.actor, None
    if group == "segment":
        return row.outreach.segment.name, None
    return row.outreach.name, row.outreach_id


@dataclass(frozen=True)
class _Facts:
    """Replies, samples, posts and unit costs of some creators. Five queries for any number."""

    replies: dict[int, list[datetime]]
    samples: dict[int, list[Sample]]
    posts: dict[int, list[Post]]
    costs: dict[int, list[UnitCost]]

    @classmethod
    def read(cls, creator_ids: set[int]) -> "_Facts":
        replies: dict[int, list[datetime]] = {}
        for creator_id, at in Reply.objects.filter(creator__in=creator_ids).values_list(
            "creator_id", "sent_at"
        ):
            replies.setdefault(creator_id, []).append(at)
        samples: dict[int, list[Sample]] = {}
        for sample in Sample.objects.filter(creator__in=creator_ids).order_by("pk"):
            samples.setdefault(sample.creator_id, []).append(sample)
        linked = PostProduct.objects.filter(post=OuterRef("pk"))
        posts: dict[int, list[Post]] = {}
        for post in Post.objects.filter(Exists(linked), creator__in=creator_ids):
            posts.setdefault(post.creator_id or 0, []).append(post)
        products = {one.product_id for found in samples.values() for one in found}
        costs: dict[int, list[UnitCost]] = {}
        rows = UnitCost.objects.filter(sku__product__in=products - {None}).select_related("sku")
        for cost in rows.order_by("effective_from", "pk"):
            costs.setdefault(cost.sku.product_id, []).append(cost)
        return cls(replies, samples, posts, costs)


def _journeys(rows: list[Recipient], facts: _Facts | None = None) -> dict[int, Journey]:
    """One journey per creator, from the earliest of the given contacts on."""
    first: dict[int, datetime] = {}
    for row in rows:
        if row.sent_at is not None:
            first[row.creator_id] = min(row.sent_at, first.get(row.creator_id, row.sent_at))
    facts = facts or _Facts.read(set(first))
    return {creator_id: _journey(creator_id, at, facts) for creator_id, at in first.items()}


def _journey(creator_id: int, since: datetime, facts: _Facts) -> Journey:
    samples = [one for one in facts.samples.get(creator_id, []) if _asked_at(one) >= since]
    posts = [
        one
        for one in facts.posts.get(creator_id, [])
        if one.published_at is not None and one.published_at >= since
    ]
    sent = [one for one in samples if one.state in SENT]
    costs = [_cost_of(one, facts) for one in sent]
    journey = Journey(
        replied=any(at >= since for at in facts.replies.get(creator_id, [])),
        asked=any(one.state not in _UNASKED for one in samples),
        sampled=bool(sent),
        posted=bool(posts),
        sold=any(one.orders for one in posts),
    )
    known = tuple(one for one in costs if one is not None)
    return replace(journey, costs=known, unpriced=len(costs) - len(known))


def _asked_at(sample: Sample) -> datetime:
    """When the creator asked. TikTok tells only until when to decide; what was asked long before
    the shop was connected is first seen much later."""
    if sample.approve_by is None:
        return sample.first_seen_at
    return min(sample.first_seen_at, sample.approve_by - _TO_DECIDE)


def _cost_of(sample: Sample, facts: _Facts) -> tuple[Decimal, str] | None:
    """The unit cost at the day the sample was asked for; TikTok does not tell which variant it
    is, so of several the dearest counts. None when no cost is known for that day."""
    day = _asked_at(sample).date()
    by_sku = {
        one.sku_id: one
        for one in facts.costs.get(sample.product_id or 0, [])
        if one.effective_from <= day
    }
    if not by_sku:
        return None
    dearest = max(by_sku.values(), key=lambda one: one.amount)
    return dearest.amount, dearest.currency
