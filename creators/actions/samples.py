"""What becomes of samples: delivery, the due day, the post made with it, the state."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.urls import reverse

from creators.models import Post, Sample
from creators.rules.samples import (
    EXTENSION,
    OPEN,
    Published,
    SampleState,
    Waiting,
    due_day,
    fulfilled_by,
    grew_by_itself,
    state_of,
)
from sparkops.alerts.actions import raise_alert, resolve_alerts
from sparkops.audit.record import SYSTEM, Actor, record
from sparkops.catalog.models import Shop
from sparkops.clock import shop_day, shop_day_start
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.tenants.models import Client
from sparkops.tenants.permissions import Permission

MISSED_ALERT = "sample.missed"
_MOVING = (*OPEN, SampleState.UNKNOWN)
_WAITING = (SampleState.SHIPPED, SampleState.DELIVERED, SampleState.OVERDUE)
_GONE = (Post.Availability.DELETED, Post.Availability.PRIVATE)


def note_deliveries(delivered: Mapping[str, datetime], *, shop: Shop) -> int:
    """Deliveries of sample orders (order id to moment); the post is due 14 days later.

    The day is the shop's. Returns how many samples changed.
    """
    changed = []
    for sample in Sample.objects.filter(order_id__in=delivered):
        moment = delivered[sample.order_id]
        if sample.delivered_at != moment:
            sample.delivered_at = moment
            arrived = shop_day(moment, shop.timezone)
            sample.due_on = due_day(arrived, extended=sample.extended_at is not None)
            changed.append(sample)
    return Sample.objects.bulk_update(changed, ["delivered_at", "due_on"])


def note_extensions(sample_ids: Sequence[str], *, now: datetime) -> int:
    """Extra weeks that TikTok granted by itself, seen in words read at `now` (TikTok's ids)."""
    rows = Sample.objects.filter(
        sample_id__in=sample_ids, extended_at=None, post=None, delivered_at__isnull=False
    )
    found = [
        sample
        for sample in rows
        if sample.delivered_at
        and grew_by_itself(sample.fulfillment_status, sample.delivered_at, now)
    ]
    for sample in found:
        _extend(sample, by=SYSTEM, now=now, reason="TikTok still waits for the post.")
    return len(found)


def extend_sample(sample: Sample, *, by: Actor, now: datetime) -> None:
    """Move the due day by 7 days, once. Raises Refusal when nothing can be moved."""
    _may_change(sample)
    if sample.extended_at is not None:
        raise Refusal("extended", "This sample was extended before; TikTok grants one week, once.")
    _extend(sample, by=by, now=now)
    _settle_one(sample, now)


def shorten_sample(sample: Sample, *, by: Actor, now: datetime) -> None:
    """Take an extension back. Raises Refusal when there is none."""
    _may_change(sample)
    if sample.extended_at is None or sample.due_on is None:
        raise Refusal("not_extended", "This sample was not extended.")
    sample.extended_at, sample.due_on = None, sample.due_on - EXTENSION
    sample.save(update_fields=["extended_at", "due_on"])
    record("sample.shortened", sample, by=by, now=now, data={"due_on": sample.due_on.isoformat()})
    _settle_one(sample, now)


def _may_change(sample: Sample) -> None:
    if sample.due_on is None or sample.state not in (Sample.State.DELIVERED, Sample.State.OVERDUE):
        raise Refusal("not_waiting", "Only a delivered sample without a post has a day to move.")


def _extend(sample: Sample, *, by: Actor, now: datetime, reason: str = "") -> None:
    assert sample.due_on is not None
    before = sample.due_on
    sample.extended_at, sample.due_on = now, before + EXTENSION
    sample.save(update_fields=["extended_at", "due_on"])
    days = {"before": before.isoformat(), "after": sample.due_on.isoformat()}
    record("sample.extended", sample, by=by, now=now, reason=reason, data=days)
    resolve_alerts(sample, now=now, kinds=(MISSED_ALERT,))


def link_posts(*, shop: Shop) -> int:
    """Link posts that fulfil waiting samples of the shop's products; returns how many."""
    rows = Sample.objects.filter(
        post=None, delivered_at__isnull=False, due_on__isnull=False, product__shop=shop,
        state__in=[state.value for state in _WAITING],
    )  # fmt: skip
    waiting = [
        Waiting(one.pk, one.creator_id, one.product_id, one.delivered_at, one.due_on)
        for one in rows
        if one.product_id and one.delivered_at and one.due_on
    ]
    if not waiting:
        return 0
    posts = _published(waiting, shop.timezone)
    found = fulfilled_by(waiting, posts)
    changed = [Sample(pk=sample, post_id=post) for sample, post in found.items()]
    return Sample.objects.bulk_update(changed, ["post"], batch_size=1_000)


def _published(waiting: Sequence[Waiting], zone: str) -> list[Published]:
    """Public posts of the waiting creators with their linked products; taken ones are left out."""
    rows = (
        Post.objects.filter(
            creator_id__in={one.creator for one in waiting},
            published_at__gte=min(one.delivered_at for one in waiting),
            product_links__product_id__in={one.product for one in waiting},
            product_links__lost_at=None,
            samples=None,
        )
        .exclude(availability__in=_GONE)
        .values_list("pk", "creator_id", "published_at", "product_links__product_id")
    )
    products: defaultdict[tuple[int, int, datetime], set[int]] = defaultdict(set)
    for pk, creator, at, product in rows:
        assert creator is not None and at is not None
        products[pk, creator, at].add(product)
    return [
        Published(pk, creator, frozenset(linked), at, shop_day(at, zone))
        for (pk, creator, at), linked in products.items()
    ]


def settle_states(*, shop: Shop, now: datetime) -> int:
    """Bring the state of every sample that can still move up to now; returns how many changed.

    The day is that of the product's shop; a sample without a known product takes `shop`'s. People
    are told of a due day that passed while it was watched; what was over when it was first read
    is history.
    """
    changed = []
    moving = Sample.objects.filter(state__in=_MOVING).select_related("product__shop", "creator")
    for sample in moving:
        if _settle(sample, shop_day(now, _zone(sample, shop))):
            changed.append(sample)
    count = Sample.objects.bulk_update(changed, ["state"], batch_size=1_000)
    _tell(changed, shop, now)
    return count


def _settle_one(sample: Sample, now: datetime) -> None:
    shop = sample.product.shop if sample.product else Shop.objects.order_by("pk")[0]
    if _settle(sample, shop_day(now, shop.timezone)):
        sample.save(update_fields=["state"])
        _tell([sample], shop, now)


def _zone(sample: Sample, shop: Shop) -> str:
    return sample.product.shop.timezone if sample.product else shop.timezone


def _settle(sample: Sample, today: date) -> bool:
    before = sample.state
    sample.state = state_of(
        sample.status,
        sample.fulfillment_status,
        posted=sample.post_id is not None,
        due_on=sample.due_on,
        today=today,
    ).value
    return sample.state != before


def _tell(changed: Iterable[Sample], shop: Shop, now: datetime) -> None:
    rows = list(changed)
    late = [one for one in rows if one.state == Sample.State.OVERDUE and _was_watched(one, shop)]
    slug = Client.objects.get(pk=current_client_id()).slug if late else ""
    for sample in late:
        _raise_missed(sample, slug, now)
    for sample in rows:
        if sample.state != Sample.State.OVERDUE:
            resolve_alerts(sample, now=now, kinds=(MISSED_ALERT,))


def _was_watched(sample: Sample, shop: Shop) -> bool:
    if sample.due_on is None:
        return False
    over = shop_day_start(sample.due_on + timedelta(days=1), _zone(sample, shop))
    return sample.first_seen_at < over


def _raise_missed(sample: Sample, slug: str, now: datetime) -> None:
    assert sample.due_on is not None
    what = f"“{sample.product}”" if sample.product else "the product"
    raise_alert(
        MISSED_ALERT,
        f"{MISSED_ALERT}-{sample.pk}-{sample.due_on.isoformat()}",
        subject=sample,
        severity="warning",
        title=f"{sample.creator} has not posted with the sample",
        body=f"The post with {what} was due on {sample.due_on:%B} {sample.due_on.day}."
        " Remind the creator, or extend it if TikTok granted the extra week.",
        path=reverse("creators:sample", kwargs={"client": slug, "pk": sample.pk}),
        action_label="Open the sample",
        now=now,
        told=Permission.CREATOR_EDIT,
    )
