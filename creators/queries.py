"""Reads of creators and posts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from creators.models import Creator, Post, PostDay
from creators.rules.handles import plain_handle

WINDOW_DAYS = 30


@dataclass(frozen=True)
class PostedAnswer:
    """Creators who published a post in the last 30 days, and their posts."""

    creators: int
    posts: int
    all_creators: int


def posted_answers(since: datetime, until: datetime) -> dict[int, PostedAnswer]:
    """The answer per client of the open scope, in two queries.

    Counted are posts with a product of the client linked: others are not for the shop.
    """
    in_range = Q(published_at__gte=since, published_at__lt=until)
    posts = {
        row["client_id"]: row
        for row in Post.objects.filter(in_range, product_links__isnull=False)
        .values("client_id")
        .annotate(creators=Count("creator_id", distinct=True), posts=Count("id", distinct=True))
    }
    everyone = dict(
        Creator.objects.values_list("client_id").annotate(total=Count("id")).order_by("client_id")
    )
    return {
        client_id: PostedAnswer(
            posts.get(client_id, {}).get("creators", 0),
            posts.get(client_id, {}).get("posts", 0),
            total,
        )
        for client_id, total in everyone.items()
    }


def creators_with_numbers() -> QuerySet[Creator]:
    """Creators with their posts, last post, and views and GMV to date."""
    posts = Post.objects.filter(creator=OuterRef("pk")).order_by().values("creator")
    return Creator.objects.annotate(
        posts_count=Coalesce(Subquery(posts.annotate(n=Count("pk")).values("n")), 0),
        last_post_at=Subquery(posts.annotate(last=Max("published_at")).values("last")),
        views_total=Coalesce(Subquery(posts.annotate(n=Sum("views")).values("n")), 0),
        gmv_total=Subquery(posts.annotate(n=Sum("gmv")).values("n")),
        currency=Subquery(
            Post.objects.filter(creator=OuterRef("pk"))
            .exclude(currency="")
            .order_by("-published_at")
            .values("currency")[:1]
        ),
    )


def find_creators(
    rows: QuerySet[Creator], values: dict[str, str], now: datetime
) -> QuerySet[Creator]:
    """Apply the list's filters; a search is a prefix of the handle, so an index serves it."""
    if word := plain_handle(values.get("q", "")):
        rows = rows.filter(handle__gte=word, handle__lt=word + "\uffff")
    posted = values.get("posted")
    if posted == "no":
        rows = rows.filter(posts__isnull=True)
    elif posted:
        since = now - timedelta(days=int(posted))
        recent = Post.objects.filter(published_at__gte=since, product_links__isnull=False)
        rows = rows.filter(pk__in=recent.values("creator_id"))
    return rows


def find_posts(values: dict[str, str], now: datetime) -> QuerySet[Post]:
    """Posts behind the list's filters."""
    rows = Post.objects.select_related("creator")
    if word := plain_handle(values.get("q", "")):
        rows = rows.filter(creator__handle__gte=word, creator__handle__lt=word + "\uffff")
    if posted := values.get("posted"):
        rows = rows.filter(published_at__gte=now - timedelta(days=int(posted)))
    if availability := values.get("availability"):
        rows = rows.filter(availability=availability)
    return rows


def days_of_post(post: Post, since: date) -> list[PostDay]:
    """Dated snapshots of a post, oldest first (CT5)."""
    return list(PostDay.objects.filter(post=post, day__gte=since).order_by("day"))
