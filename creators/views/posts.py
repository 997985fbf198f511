"""The list of posts and a post's page."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse

from creators.forms import PostFilters
from creators.models import Post, PostDay
from creators.queries import (
    CHART_DAYS,
    POST_VIEWS,
    days_of_post,
    edits_of,
    find_posts,
    listed_posts,
    posts_of_view,
)
from creators.tables import AVAILABILITY_TONES, posts_table
from creators.views.creators import footer
from creators.views.panels import panel_urls
from creators.views.timeline import changes
from sparkops import clock
from sparkops.clock import days_of, shop_day
from sparkops.landing.queries import Freshness, freshness
from sparkops.tenants.gate import ClientRequest, client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import people_who_may
from sparkops.web import charts, formats, listing, pages
from sparkops.web.filters import FilterBar

STREAMS = ("post_numbers",)
LABELS = dict(
    zip(POST_VIEWS, ("All", "With a product", "Ever in paid", "No longer public"), strict=True)
)


@client_view(Permission.VIEW)
def posts(request: ClientRequest) -> HttpResponse:
    """Every post; organic and paid numbers apart."""
    now = clock.now()
    people = people_who_may(request.client, Permission.VIEW)
    bar = FilterBar(PostFilters, request.GET, people=people)
    view = request.GET.get("view", "")
    read = freshness(STREAMS)
    page = listing.ListPage(
        heading="Posts",
        lede="What creators published, what it sold, and what ads added to it.",
        noun="posts",
        table=posts_table(request.client.slug),
        rows=listed_posts(
            find_posts(posts_of_view(view), bar.values, zone=request.client.timezone, now=now)
        ),
        bar=bar,
        empty=_nothing(request, view, read),
        tabs=listing.view_tabs(request.path, view, LABELS, posts_of_view),
        actions=[listing.Action("To decide", _url(request, "creators:review"), "help")],
        bulk=_bulk(request),
        stale=read.sentences,
        extra={"freshness": footer(request, read)},
    )
    return listing.show(request, page, may=may_of(request), now=now)


def _url(request: ClientRequest, name: str) -> str:
    return reverse(name, kwargs={"client": request.client.slug})


def _bulk(request: ClientRequest) -> list[listing.Action]:
    """What can be done with chosen posts, or with all that match (CT9)."""
    client, found = {"client": request.client.slug}, []
    if request.member.may(Permission.CREATOR_EDIT):
        url = reverse("creators:post-batch", kwargs=client)
        found.append(listing.Action("Tag or assign…", url, "tag"))
    if request.member.may(Permission.AUTHORIZATION_EDIT):
        urls = panel_urls({"renewals:request-rights": "Request rights…"}, **client)
        found += [listing.Action(one["label"], one["url"], "key", primary=True) for one in urls]
    return found


@client_view(Permission.VIEW)
def post(request: ClientRequest, pk: int) -> HttpResponse:
    """One post: numbers by day, organic and paid apart, and panels of other apps."""
    row = get_object_or_404(posts_of_view(""), pk=pk)
    now = clock.now()
    today = shop_day(now, request.client.timezone)
    days = days_of_post(row, since=today - timedelta(days=CHART_DAYS - 1))
    read = freshness(STREAMS)
    context = {
        "now": now,
        "row": row,
        "tone": AVAILABILITY_TONES.get(row.availability, ""),
        "days": days[::-1],
        "chart": _chart(days),
        "products": list(row.product_links.all()),
        "edits": changes(edits_of(row)),
        "launch_url": _launch_url(request, row),
        "stale": read.sentences,
        "freshness": footer(request, read),
        "panels": _panels(request, row),
    }
    return pages.render(request, "creators/post.html", context)


def _nothing(request: ClientRequest, view: str, read: Freshness) -> listing.Empty:
    slug = request.client.slug
    everything = reverse("creators:posts", kwargs={"client": slug})
    connections = reverse("connections:list", kwargs={"client": slug})
    if view:
        return listing.Empty("No posts here", "No post is in this view.", everything, "All posts")
    text = "The shop's analytics list no posts of creators yet."
    if not read.synced:
        text = "Posts arrive by themselves. The first read takes a few minutes."
    return listing.Empty("No posts yet", text, connections, "Open connections", "video")


def _chart(days: Sequence[PostDay]) -> charts.Chart | None:
    if not days:
        return None
    by_day = {one.day: one for one in days}
    every = days_of(days[0].day, days[-1].day)

    def values(name: str) -> list[int]:
        return [getattr(by_day[day], name) if day in by_day else 0 for day in every]

    organic, paid = values("views"), values("paid_views")
    return charts.daily(
        "post-views",
        "Views by day, organic and paid apart",
        _finding(every, sum(organic), sum(paid)),
        every,
        (
            charts.Series("gmv", "Organic views", organic),
            charts.Series("spend", "Paid views", paid),
        ),
    )


def _finding(days: Sequence[date], organic: int, paid: int) -> str:
    first, last = (f"{day:%b} {day.day}" for day in (days[0], days[-1]))
    return (
        f"From {first} to {last}: {formats.integer(organic)} organic and"
        f" {formats.integer(paid)} paid views."
    )


def _panels(request: ClientRequest, row: Post) -> list[dict[str, str]]:
    names = {
        "campaigns:post-verdict": "Has it earned paid",
        "authorizations:post-panel": "Permissions on this post",
        "campaigns:post-ads": "Ads on this post",
        "profit:post-card": "What this post made",
    }
    return panel_urls(names, client=request.client.slug, pk=row.pk)


def _launch_url(request: ClientRequest, row: Post) -> str:
    if not request.member.may(Permission.CAMPAIGN_LAUNCH):
        return ""
    try:
        return reverse("campaigns:launch", kwargs={"client": request.client.slug, "pk": row.pk})
    except NoReverseMatch:
        return ""
