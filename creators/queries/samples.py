"""Reads of samples."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from creators.models import Creator, Handle, Post, Sample, SamplePolicy, SampleReminder
from creators.queries import WINDOW_DAYS, window
from creators.rules.handles import plain_handle
from creators.rules.samples import MISSED, SampleState, Standing
from sparkops.catalog.models import Product, Shop
from sparkops.connections.models import Connection

MESSAGES_SCOPE = "seller.affiliate_messages.write"
SAMPLE_VIEWS: Mapping[str, Sequence[SampleState]] = {
    "": (),
    "decide": (SampleState.REQUESTED,),
    "way": (SampleState.APPROVED, SampleState.SHIPPED),
    "due": (SampleState.DELIVERED,),
    "overdue": (SampleState.OVERDUE,),
    "posted": (SampleState.POSTED,),
    "never": (SampleState.GHOSTED,),
}


def samples_of_view(view: str) -> QuerySet[Sample]:
    """The rows behind a tab: all, to decide, on the way, waiting for a post, overdue, posted,
    never posted."""
    rows = Sample.objects.select_related("creator", "product__shop", "post", "reminder")
    states = SAMPLE_VIEWS.get(view, ())
    return rows.filter(state__in=[state.value for state in states]) if states else rows


def find_samples(rows: QuerySet[Sample], values: Mapping[str, Any]) -> QuerySet[Sample]:
    """Apply the list's filters. `q` is how a handle begins, also a former one, or an id."""
    if word := values.get("q", "").strip():
        rows = rows.filter(Q(creator__in=_called(word)) | Q(sample_id=word))
    if product := values.get("product"):
        titled = Product.objects.filter(title__icontains=product)
        rows = rows.filter(product__in=titled)
    return rows


def _called(word: str) -> QuerySet[Creator]:
    begins = plain_handle(word)
    former = Handle.objects.filter(handle__startswith=begins).values("creator_id")
    return Creator.objects.filter(Q(handle__startswith=begins) | Q(pk__in=former))


def standings(creators: Collection[int], *, zone: str, now: datetime) -> dict[int, Standing]:
    """How creators (own ids) did with this brand's samples, and their posts of 30 days. Two
    queries."""
    missed = Q(state__in=[state.value for state in MISSED])
    samples = (
        Sample.objects.filter(creator_id__in=creators)
        .values("creator_id")
        .annotate(
            posted=Count("pk", filter=Q(state=SampleState.POSTED.value)),
            missed=Count("pk", filter=missed),
        )
        .order_by()
    )
    since, until = window(WINDOW_DAYS, zone=zone, now=now)
    posts = dict(
        Post.objects.filter(
            creator_id__in=creators, published_at__gte=since, published_at__lt=until
        )
        .values_list("creator_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    found = {row["creator_id"]: (row["posted"], row["missed"]) for row in samples}
    return {one: Standing(*found.get(one, (0, 0)), posts.get(one, 0)) for one in creators}


def policy_of_client() -> SamplePolicy:
    """The client's rules for samples, or the defaults, unsaved, while nobody has decided."""
    return SamplePolicy.objects.first() or SamplePolicy()


def messaging_shop_of(sample: Sample) -> Shop | None:
    """The shop that may write about a sample: its product's, when connected with that right."""
    shops = Shop.objects.filter(
        connection__state=Connection.State.ACTIVE,
        connection__scopes__contains=[MESSAGES_SCOPE],
    )
    if sample.product:
        shops = shops.filter(pk=sample.product.shop_id)
    return shops.order_by("pk").first()


def first_shop() -> Shop | None:
    """The shop whose day counts for samples without a known product."""
    return Shop.objects.order_by("pk").first()


def known_reminders(creator_id: int) -> set[str]:
    """TikTok's ids of the reminders a creator got."""
    rows = SampleReminder.objects.filter(sample__creator=creator_id).exclude(message_id="")
    return set(rows.values_list("message_id", flat=True))


def reminder_of(sample: Sample) -> SampleReminder | None:
    """The sample's one reminder."""
    return getattr(sample, "reminder", None)
