"""The list of posts and a post's page."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse

from creators.forms import PostFilters
from creators.models import Post
from creators.queries import days_of_post, find_posts
from creators.tables import posts_table
from creators.views.panels import panel_urls
from sparkops import clock
from sparkops.clock import shop_day
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar

STREAMS = ("post_numbers",)
SHOWN = timedelta(days=30)


@client_view(Permission.VIEW)
def posts(request: HttpRequest) -> HttpResponse:
    """Every post, organic numbers in view."""
    now = clock.now()
    slug = request.client.slug  # type: ignore[attr-defined]
    bar = FilterBar(PostFilters, request.GET)
    page = listing.ListPage(
        heading="Posts",
        lede="What creators published, and what it sold.",
        noun="posts",
        table=posts_table(slug),
        rows=find_posts(bar.values, now),
        bar=bar,
        empty=listing.Empty(
            "No posts yet",
            "Posts arrive by themselves once the shop is connected.",
            reverse("connections:list", kwargs={"client": slug}),
            "Open connections",
            "video",
        ),
        stale=stale_sentences(STREAMS),
    )
    return listing.show(request, page, may=may_of(request), now=now)


@client_view(Permission.VIEW)
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """One post: numbers by day, organic and paid apart, and panels of other apps."""
    row = get_object_or_404(Post.objects.select_related("creator"), pk=pk)
    client = request.client  # type: ignore[attr-defined]
    days = days_of_post(row, shop_day(clock.now() - SHOWN, client.timezone))
    context = {
        "row": row,
        "days": days,
        "organic": [day.views for day in days],
        "paid": [day.paid_views for day in days],
        "products": list(row.product_links.select_related("product")),  # type: ignore[attr-defined]
        "launch_url": _launch_url(request, row),
        "panels": panel_urls(
            {
                "authorizations:post-panel": "Permissions on this post",
                "campaigns:post-ads": "Ads on this post",
            },
            client=client.slug,
            pk=row.pk,
        ),
    }
    return pages.render(request, "creators/post.html", context)


def _launch_url(request: HttpRequest, row: Post) -> str:
    if not request.member.may(Permission.CAMPAIGN_LAUNCH):  # type: ignore[attr-defined]
        return ""
    try:
        client = request.client  # type: ignore[attr-defined]
        return reverse("campaigns:launch", kwargs={"client": client.slug, "pk": row.pk})
    except NoReverseMatch:
        return ""
