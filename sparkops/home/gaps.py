"""What falls between the five answers (N18): five lists of rows that someone has to act on.

Every list is a queryset of the open client's rows, so that its page filters, sorts and exports it
like any other list, and Today counts exactly what the page shows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.urls import reverse

from authorizations.models import Authorization
from authorizations.queries import (
    USABLE_WORDS,
    add_shown,
    facts_of,
    find_authorizations,
    listed,
)
from authorizations.rules.standing import standing
from authorizations.tables import ledger_table
from campaigns.models import Ad, GmvMaxDay
from campaigns.queries import FRESH_DAYS, ads_with_numbers, find_ads
from campaigns.queries import add_standings as add_cover
from campaigns.tables import ads_table
from creators.models import Post, PostDayResult
from creators.queries import find_posts, listed_posts, posts_of_view, window
from creators.tables import posts_table
from sparkops.clock import shop_day
from sparkops.renewals.models import Ask
from sparkops.tenants.models import Client
from sparkops.web.keyset import Count, capped_count
from sparkops.web.tables import Table

DAYS = 30
GONE = (Post.Availability.DELETED, Post.Availability.PRIVATE)
RUNS = (Ad.State.LIVE, Ad.State.IN_REVIEW)
WRITTEN = (Ask.State.SENT, Ask.State.COPY)


@dataclass(frozen=True)
class Gap:
    """One list. `rows` are those of the open client; `find` applies the search of its bar;
    `prepare` adds to rows what their table reads."""

    key: str
    label: str
    lede: str
    noun: str
    icon: str
    table: Callable[[str], Table]
    rows: Callable[[Client, datetime], QuerySet[Any]]
    find: Callable[[QuerySet[Any], Mapping[str, Any], Client, datetime], QuerySet[Any]]
    prepare: Callable[[Sequence[Any], Client, datetime], None] | None = None


@dataclass(frozen=True)
class GapCount:
    """A gap with how many rows it holds now, and the page with exactly these rows."""

    gap: Gap
    count: Count
    url: str


def posted_not_asked(client: Client, now: datetime) -> QuerySet[Post]:
    """Public posts of the last 30 days with a product, of which no permission was ever asked,
    handed in or listed, and whose creator's account is not linked."""
    first, end = window(DAYS, zone=client.timezone, now=now)
    known = Authorization.objects.filter(post=OuterRef("pk"))
    linked = Authorization.objects.filter(
        post=None, kind="account", creator=OuterRef("creator"), state__in=USABLE_WORDS
    )
    rows = posts_of_view("product").filter(published_at__gte=first, published_at__lt=end)
    return rows.exclude(availability__in=GONE).filter(~Exists(known), ~Exists(linked))


def asked_not_answered(_client: Client, _now: datetime) -> QuerySet[Authorization, Any]:
    """Open requests, and permissions whose creator was asked about an end that still stands."""
    written = Ask.objects.filter(
        authorization=OuterRef("pk"), ends_at=OuterRef("ends_at"), state__in=WRITTEN
    )
    later = Authorization.objects.filter(
        post=OuterRef("post"), generation__gt=OuterRef("generation")
    )
    silent = Q(state__in=USABLE_WORDS) & Q(Exists(written)) & ~Q(Exists(later))
    return listed().filter(Q(state="requested") | silent)


def authorized_not_live(_client: Client, now: datetime) -> QuerySet[Post]:
    """Posts with a permission that TikTok confirmed, without an ad that runs or is in review and
    without cost in GMV Max in the last three days."""
    usable = Authorization.objects.filter(post=OuterRef("pk"), state__in=USABLE_WORDS)
    runs = Ad.objects.filter(post=OuterRef("pk"), state__in=RUNS)
    spends = GmvMaxDay.objects.filter(
        post=OuterRef("pk"), cost__gt=0, day__gte=(now - timedelta(days=FRESH_DAYS)).date()
    )
    return posts_of_view("").filter(Exists(usable), ~Exists(runs), ~Exists(spends))


def live_not_covered(client: Client, now: datetime) -> QuerySet[Ad]:
    """Live ads on a post that nothing covers now (N2), for want of a permission or of terms."""
    live = Ad.objects.filter(state=Ad.State.LIVE).exclude(post=None)
    facts = facts_of(set(live.values_list("post_id", flat=True)))
    bare = [post for post, known in facts.items() if not standing(known, now).covered]
    return _ads(client, now).filter(state=Ad.State.LIVE, post__in=bare)


def live_losing_money(client: Client, now: datetime) -> QuerySet[Ad]:
    """Live ads on a post whose CM3 of the last 30 days by order date is below zero in the ledger.

    Ad spend and commission are in it. Shops of one client may have different currencies, and one
    shop's loss is not made good by another's profit.
    """
    first = shop_day(now, client.timezone) - timedelta(days=DAYS - 1)
    lost = (
        PostDayResult.objects.filter(post=OuterRef("post"), day__gte=first)
        .order_by()
        .values("post", "shop")
        .annotate(total=Sum("cm3"))
        .filter(total__lt=0)
    )
    return _ads(client, now).filter(Exists(lost), state=Ad.State.LIVE)


def _ads(client: Client, now: datetime) -> QuerySet[Ad]:
    today = shop_day(now, client.timezone)
    return ads_with_numbers(today - timedelta(days=DAYS - 1), today)


def _find_posts(
    rows: QuerySet[Post], values: Mapping[str, Any], client: Client, now: datetime
) -> QuerySet[Post, Any]:
    return listed_posts(find_posts(rows, values, zone=client.timezone, now=now))


def _find_rights(
    rows: QuerySet[Authorization, Any], values: Mapping[str, Any], _client: Client, now: datetime
) -> QuerySet[Authorization, Any]:
    return find_authorizations(rows, values, now)


def _find_ads(
    rows: QuerySet[Ad], values: Mapping[str, Any], _client: Client, _now: datetime
) -> QuerySet[Ad]:
    return find_ads(rows, values)


def _stand(rows: Sequence[Any], client: Client, now: datetime) -> None:
    add_shown(rows, today=shop_day(now, client.timezone), now=now)


def _cover(rows: Sequence[Any], _client: Client, now: datetime) -> None:
    add_cover(rows, now)


GAPS = (
    Gap(
        "posted-not-asked",
        "Posted, not asked",
        "Public posts of the last 30 days with a product of the shop. Nobody asked for a permission"
        " yet.",
        "posts",
        "video",
        posts_table,
        posted_not_asked,
        _find_posts,
    ),
    Gap(
        "asked-not-answered",
        "Asked, not answered",
        "The creator was asked, and neither a code nor a later end has come.",
        "requests",
        "send",
        ledger_table,
        asked_not_answered,
        _find_rights,
        _stand,
    ),
    Gap(
        "authorized-not-live",
        "Authorized, not live",
        "TikTok confirms the permission, but no ad runs on the post and GMV Max spends nothing on"
        " it.",
        "posts",
        "key",
        posts_table,
        authorized_not_live,
        _find_posts,
    ),
    Gap(
        "live-not-covered",
        "Live, not covered",
        "These ads run although nothing covers their post now.",
        "ads",
        "shield",
        ads_table,
        live_not_covered,
        _find_ads,
        _cover,
    ),
    Gap(
        "live-losing-money",
        "Live, losing money",
        "These ads run on posts that lost money in the last 30 days, after fees, commission and ad"
        " spend.",
        "ads",
        "dollar",
        ads_table,
        live_losing_money,
        _find_ads,
        _cover,
    ),
)
BY_KEY = {gap.key: gap for gap in GAPS}


def gap_counts(client: Client, *, now: datetime) -> list[GapCount]:
    """The five lists of the open client with what each holds now."""
    return [
        GapCount(gap, capped_count(gap.rows(client, now)), gap_url(client, gap)) for gap in GAPS
    ]


def gap_url(client: Client, gap: Gap) -> str:
    """The page of a gap of a client."""
    return reverse("home:gap", kwargs={"client": client.slug, "key": gap.key})
