"""Reads of samples."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from creators.models import (
    Creator,
    Handle,
    Post,
    Sample,
    SampleAnswer,
    SamplePolicy,
    SampleReminder,
)
from creators.queries import WINDOW_DAYS, window
from creators.rules.approval import Criteria, Request, Used, periods
from creators.rules.handles import plain_handle
from creators.rules.samples import MISSED, SampleState, Standing
from sparkops.catalog.models import Product, Shop, Sku
from sparkops.clock import shop_day, shop_day_start
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
    going = SampleAnswer.objects.filter(sample=OuterRef("pk"), state=SampleAnswer.State.WAITING)
    rows = Sample.objects.select_related("creator", "product__shop", "post", "reminder").annotate(
        going=Exists(going)
    )
    states = SAMPLE_VIEWS.get(view, ())
    return rows.filter(state__in=[state.value for state in states]) if states else rows


def find_samples(rows: QuerySet[Sample], values: Mapping[str, Any]) -> QuerySet[Sample]:
    """Apply the list's filters. `q` is how a handle begins, also a former one, or an id."""
    if word := values.get("q", "").strip():
        rows = rows.filter(Q(creator__in=_called(word)) | Q(sample_id=word))
    if product := values.get("product"):
        titled = Product.objects.filter(title__icontains=product)
        rows = rows.filter(product__in=titled)
    if verdict := values.get("verdict"):
        rows = rows.filter(verdict=verdict, state=SampleState.REQUESTED.value)
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


ANSWERED = (SampleAnswer.State.WAITING, SampleAnswer.State.DONE)


def undecided() -> QuerySet[Sample]:
    """Requests without an answer that counts, those whose time runs out first before others."""
    counts = SampleAnswer.objects.filter(sample=OuterRef("pk"), state__in=ANSWERED)
    return (
        Sample.objects.filter(~Exists(counts), state=SampleState.REQUESTED.value)
        .select_related("creator", "product__shop")
        .order_by(F("approve_by").asc(nulls_last=True), "first_seen_at", "pk")
    )


def approvals(zone: str, now: datetime) -> Used:
    """Approvals of the day, week and month of `zone`, by the rules or by hand, that stand."""
    starts = [shop_day_start(day, zone) for day in periods(shop_day(now, zone))]
    rows = SampleAnswer.objects.filter(
        word=SampleAnswer.Word.APPROVE, state__in=ANSWERED, answered_at__gte=min(starts)
    )
    day, week, month = (Count("pk", filter=Q(answered_at__gte=start)) for start in starts)
    return Used(**rows.aggregate(day=day, week=week, month=month))


def requests_of(
    samples: Sequence[Sample], criteria: Criteria, *, zone: str, now: datetime
) -> list[Request]:
    """What the rules look at, in the order of `samples`. Three queries."""
    standing = standings({one.creator_id for one in samples}, zone=zone, now=now)
    prices = _prices(samples, criteria.currency)
    return [
        Request(
            sample=one.pk,
            followers=one.creator.follower_count,
            gmv=one.creator_gmv if one.creator_gmv_currency == criteria.currency else None,
            fulfilment=one.creator_fulfilment,
            posts=standing[one.creator_id].posts_30d,
            price=prices.get(one.pk),
            obstacle=", ".join(one.obstacles) or _closed(one),
        )
        for one in samples
    ]


def _closed(sample: Sample) -> str:
    return "TikTok does not say why" if sample.is_approvable is False else ""


def _prices(samples: Sequence[Sample], currency: str) -> dict[int, Decimal]:
    """Price of the asked variant in `currency`; of the dearest one where TikTok names none."""
    rows = Sku.objects.filter(
        product__in={one.product_id for one in samples}, currency=currency, price__isnull=False
    ).values_list("product_id", "sku_id", "price")
    by_sku: dict[str, Decimal] = {}
    dearest: dict[int, Decimal] = {}
    for product, sku, price in rows:
        assert price is not None
        by_sku[sku] = price
        dearest[product] = max(price, dearest.get(product, price))
    found = {}
    for one in samples:
        price = by_sku.get(one.sku_id) if one.sku_id else dearest.get(one.product_id or 0)
        if price is not None:
            found[one.pk] = price
    return found


def criteria_of(policy: SamplePolicy, currency: str) -> Criteria:
    """The thresholds of a policy; `currency` is the client's where the policy names none."""
    return Criteria(
        currency=policy.currency or currency,
        min_followers=policy.min_followers,
        min_gmv=policy.min_gmv,
        min_fulfilment=policy.min_fulfilment,
        min_posts=policy.min_posts,
        max_price=policy.max_price,
        margin=policy.margin,
        day_cap=policy.day_cap,
        week_cap=policy.week_cap,
        month_quota=policy.month_quota,
    )


def answer_of(sample: Sample) -> SampleAnswer | None:
    """The newest answer to a request."""
    return SampleAnswer.objects.filter(sample=sample).order_by("-pk").first()
