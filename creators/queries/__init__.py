"""Reads of creators and posts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, Exists, Model, OuterRef, Prefetch, Q, QuerySet, Sum
from django.db.models.expressions import Combinable

from creators.models import (
    Creator,
    CreatorTag,
    Handle,
    Post,
    PostDay,
    PostProduct,
    PostTag,
    Sample,
)
from creators.rules.handles import plain_handle
from creators.rules.post_links import PostLink, read_link
from creators.rules.samples import OPEN, SampleState
from creators.rules.tags import plain_tag
from sparkops.audit.record import history
from sparkops.catalog.models import Product
from sparkops.clock import shop_day, shop_day_start

WINDOW_DAYS = 30
CHART_DAYS = 90
TOP = 3
NOBODY = "none"

_BY_CREATOR = """
WITH carried AS (
    SELECT p.client_id, p.creator_id, count(*) AS posts
      FROM creators_post p
     WHERE p.published_at >= %(since)s AND p.published_at < %(until)s
       AND EXISTS (SELECT 1 FROM creators_postproduct l WHERE l.post_id = p.id)
     GROUP BY p.client_id, p.creator_id),
ranked AS (
    SELECT k.client_id, k.creator_id, k.posts, c.handle, c.first_posted_at,
           row_number() OVER (PARTITION BY k.client_id ORDER BY k.posts DESC, c.handle) AS place
      FROM carried k LEFT JOIN creators_creator c ON c.id = k.creator_id)
SELECT client_id, count(creator_id), sum(posts)::int,
       count(*) FILTER (WHERE first_posted_at >= %(since)s),
       json_agg(json_build_array(creator_id, handle, posts) ORDER BY place)
           FILTER (WHERE place <= %(top)s AND creator_id IS NOT NULL)
  FROM ranked GROUP BY client_id
"""


@dataclass(frozen=True)
class TopCreator:
    """A creator with many posts of the period."""

    creator_id: int
    handle: str
    posts: int


@dataclass(frozen=True)
class PostedAnswer:
    """Creators who published a post with a product in a period, and their posts.

    `new_creators` had none before the period. The samples are those of today: `samples_due` are
    on their way or wait for a post, `samples_overdue` should have led to one by now.
    """

    creators: int
    posts: int
    all_creators: int
    new_creators: int = 0
    samples_due: int = 0
    samples_overdue: int = 0
    top: tuple[TopCreator, ...] = ()


def posted_answers(since: datetime, until: datetime) -> dict[int, PostedAnswer]:
    """The answer for [since, until) per client of the open scope, in three queries.

    Counted are posts with a product of the client linked: others are not for the shop. Posts
    whose creator is not known yet count as posts only.
    """
    posted = _posted(since, until)
    samples = _samples_by_client()
    everyone = Creator.objects.values_list("client_id").annotate(n=Count("id")).order_by()
    return {
        client_id: _posted_answer(
            posted.get(client_id, (0, 0, 0, ())), total, samples.get(client_id, (0, 0))
        )
        for client_id, total in everyone
    }


def _posted_answer(
    posted: tuple[Any, ...], everyone: int, samples: tuple[int, int]
) -> PostedAnswer:
    creators, posts, new, top = posted
    return PostedAnswer(
        creators=creators,
        posts=posts,
        all_creators=everyone,
        new_creators=new,
        samples_due=samples[0],
        samples_overdue=samples[1],
        top=tuple(TopCreator(*one) for one in top or ()),
    )


def _posted(since: datetime, until: datetime) -> dict[int, tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_BY_CREATOR, {"since": since, "until": until, "top": TOP})
        return {client_id: tuple(rest) for client_id, *rest in cursor.fetchall()}


def _samples_by_client() -> dict[int, tuple[int, int]]:
    overdue = Q(state=SampleState.OVERDUE.value)
    rows = (
        Sample.objects.filter(state__in=[state.value for state in OPEN])
        .values("client_id")
        .annotate(open=Count("id"), late=Count("id", filter=overdue))
        .order_by()
    )
    return {row["client_id"]: (row["open"] - row["late"], row["late"]) for row in rows}


def window(days: int, *, zone: str, now: datetime) -> tuple[datetime, datetime]:
    """The last `days` days of `zone`, today included: [start, end)."""
    today = shop_day(now, zone)
    return (
        shop_day_start(today - timedelta(days=days - 1), zone),
        shop_day_start(today + timedelta(days=1), zone),
    )


def _period(values: Mapping[str, Any], *, zone: str, now: datetime) -> Q:
    """What the filters `posted`, `since` and `until` ask of `published_at`; empty for nothing."""
    asked = Q()
    if str(values.get("posted", "")).isdigit():
        first, end = window(int(values["posted"]), zone=zone, now=now)
        asked &= Q(published_at__gte=first, published_at__lt=end)
    if since := values.get("since"):
        asked &= Q(published_at__gte=shop_day_start(since, zone))
    if until := values.get("until"):
        asked &= Q(published_at__lt=shop_day_start(until + timedelta(days=1), zone))
    return asked


def _linked() -> Exists:
    return Exists(PostProduct.objects.filter(post=OuterRef("pk")))


CREATOR_VIEWS = ("", "posted", "new", "samples", "overdue", "blocked")


def creators_of_view(view: str, *, zone: str, now: datetime) -> QuerySet[Creator]:
    """The rows behind a tab: all, posted in 30 days, new, with open samples, with overdue ones,
    blocked."""
    since, until = window(WINDOW_DAYS, zone=zone, now=now)
    if view == "posted":
        return _who_posted(Q(published_at__gte=since, published_at__lt=until))
    asked = {
        "new": Q(first_posted_at__gte=since, first_posted_at__lt=until),
        "samples": Q(samples_open__gt=0),
        "overdue": Q(samples_overdue__gt=0),
        "blocked": Q(blocked_at__isnull=False),
    }
    return _listed().filter(asked.get(view, Q()))


def _listed() -> QuerySet[Creator]:
    return Creator.objects.select_related("owner").prefetch_related("tags")


def _who_posted(period: Q) -> QuerySet[Creator]:
    posts = Post.objects.filter(period, _linked(), creator=OuterRef("pk"))
    return _listed().filter(Exists(posts))


def find_creators(
    rows: QuerySet[Creator], values: Mapping[str, Any], *, zone: str, now: datetime
) -> QuerySet[Creator]:
    """Apply the list's filters. A search is how a handle, a former handle or a name begins;
    `owner` a person's own id, or NOBODY."""
    if word := plain_handle(values.get("q", "")):
        former = Handle.objects.filter(creator=OuterRef("pk"), handle__startswith=word)
        begins = Q(handle__startswith=word) | Q(display_name__istartswith=word)
        rows = rows.filter(begins | Exists(former))
    if values.get("posted") == "no":
        rows = rows.filter(post_count=0)
    elif period := _period(values, zone=zone, now=now):
        rows = rows.filter(pk__in=_who_posted(period).values("pk"))
    if state := values.get("sample"):
        rows = rows.filter(Exists(Sample.objects.filter(creator=OuterRef("pk"), state=state)))
    if source := values.get("source"):
        rows = rows.filter(source=source)
    if tier := values.get("tier"):
        rows = rows.filter(tier=tier)
    if tag := plain_tag(values.get("tag", "")):
        rows = rows.filter(pk__in=CreatorTag.objects.filter(name=tag).values("creator_id"))
    if owner := values.get("owner"):
        rows = rows.filter(owner=None if owner == NOBODY else owner)
    return rows


POST_VIEWS = ("", "product", "paid", "gone")
_GONE = (Post.Availability.DELETED, Post.Availability.PRIVATE)


def posts_of_view(view: str) -> QuerySet[Post]:
    """The rows behind a tab: all, with a product of the shop, ever in paid, no longer public."""
    links = PostProduct.objects.select_related("product")
    rows = Post.objects.select_related("creator", "owner").prefetch_related(
        Prefetch("product_links", links), "tags"
    )
    if view == "product":
        return rows.filter(_linked())
    asked = {"paid": ~Q(paid_currency=""), "gone": Q(availability__in=_GONE)}
    return rows.filter(asked.get(view, Q()))


def listed_posts(rows: QuerySet[Post]) -> QuerySet[Post, Any]:
    """The rows as mappings of what a list of posts shows, with the titles of the products that
    are linked and the names of the tags: models of a page of posts, their creators, links,
    products and tags were a third of its time."""
    links = PostProduct.objects.filter(post=OuterRef("pk"), lost_at=None).order_by("pk")
    tags = PostTag.objects.filter(post=OuterRef("pk")).order_by("name")
    return rows.prefetch_related(None).values(
        "pk", "item_id", "caption", "availability", "published_at", "views", "orders", "gmv",
        "currency", "paid_views", "paid_spend", "paid_currency", "measured_at", "creator__handle",
        "owner__name", "owner__email",
        products=ArraySubquery(links.values("product__title")),
        tag_names=ArraySubquery(tags.values("name")),
    )  # fmt: skip


def find_posts(
    rows: QuerySet[Post], values: Mapping[str, Any], *, zone: str, now: datetime
) -> QuerySet[Post]:
    """Apply the list's filters. `q` is a link, an id, words of a caption or product, or an @name.

    `creator` is a whole handle, current or former; `owner` a person's own id, or NOBODY.
    """
    if word := values.get("q", "").strip():
        rows = rows.filter(_found(word))
    if handle := plain_handle(values.get("creator", "")):
        # Their keys first: with the question inside, Postgres walks through every post by date.
        rows = rows.filter(creator__in=list(_called(handle).values_list("pk", flat=True)))
    if availability := values.get("availability"):
        rows = rows.filter(availability=availability)
    if tag := plain_tag(values.get("tag", "")):
        rows = rows.filter(pk__in=PostTag.objects.filter(name=tag).values("post_id"))
    if owner := values.get("owner"):
        rows = rows.filter(owner=None if owner == NOBODY else owner)
    return rows.filter(_period(values, zone=zone, now=now))


def _called(handle: str) -> QuerySet[Creator]:
    return Creator.objects.filter(
        Q(handle=handle) | Exists(Handle.objects.filter(creator=OuterRef("pk"), handle=handle))
    )


def _found(word: str) -> Q | Combinable:
    link = read_link(word)
    if isinstance(link, PostLink):
        return Q(item_id=link.item_id)
    begins = Q(creator__handle__startswith=plain_handle(word))
    if word.startswith("@"):
        return begins
    found = begins | Q(caption__icontains=word) | Q(item_id__startswith=word)
    # A client has few products: without one of that name no post has to be asked for its links.
    products = list(Product.objects.filter(title__icontains=word).values_list("pk", flat=True))
    if not products:
        return found
    return found | Exists(PostProduct.objects.filter(post=OuterRef("pk"), product__in=products))


@dataclass(frozen=True)
class Sold:
    """What a creator's posts sold in the period, in one currency."""

    currency: str
    gmv: Any
    orders: int


def sold_lately(creator: Creator, *, today: date) -> list[Sold]:
    """GMV and orders of the last 30 days per currency, most first; never added across them."""
    rows = (
        PostDay.objects.filter(
            post__creator=creator,
            day__gt=today - timedelta(days=WINDOW_DAYS),
            day__lte=today,
        )
        .exclude(currency="")
        .values("currency")
        .annotate(sum_gmv=Sum("gmv"), sum_orders=Sum("orders"))
        .order_by("-sum_gmv", "currency")
    )
    return [Sold(row["currency"], row["sum_gmv"], row["sum_orders"]) for row in rows]


def samples_of(creator: Creator, limit: int = 50) -> list[Sample]:
    """The creator's samples, newest first."""
    rows = Sample.objects.filter(creator=creator).select_related("product__shop", "post__creator")
    return list(rows.order_by("-first_seen_at", "-pk")[:limit])


def edits_of(subject: Model, limit: int = 20) -> list[Any]:
    """What people and SparkOps changed about it, newest first."""
    return list(history(subject)[:limit])


def days_of_post(post: Post, *, since: date) -> list[PostDay]:
    """Dated snapshots of a post, oldest first (CT5). Days without any number have no row."""
    return list(PostDay.objects.filter(post=post, day__gte=since).order_by("day"))
