"""The timeline of a creator: the newest for the creator's page, and all of it with filters."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from creators.models import Creator
from sparkops import clock
from sparkops.clock import shop_day, shop_day_start
from sparkops.home.forms import StoryFilters
from sparkops.home.story import Span, figures_of, story_of
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages
from sparkops.web.filters import FilterBar
from sparkops.web.tables import with_query

NEWEST = 12


@client_view(Permission.VIEW)
def story(request: ClientRequest, pk: int) -> HttpResponse:
    """Messages, samples, posts, terms, permissions, ads and money of a creator, any span (CT7)."""
    row, now = get_object_or_404(Creator, pk=pk), clock.now()
    bar = FilterBar(StoryFilters, request.GET)
    span = _span(bar.values, request.client.timezone, now)
    found = story_of(
        row,
        request.client.slug,
        span,
        kind=bar.values.get("kind", ""),
        cursor=request.GET.get("cursor", ""),
    )
    context = {
        "now": now,
        "row": row,
        "bar": bar,
        "events": found.events,
        "figures": figures_of(row, span),
        "next_url": with_query(request.GET, cursor=found.next) if found.next else "",
        "first_url": with_query(request.GET, cursor=None) if request.GET.get("cursor") else "",
    }
    return pages.render(request, "home/creator_story.html", context, pieces={"list": "rows"})


@client_view(Permission.VIEW)
def newest(request: ClientRequest, pk: int) -> HttpResponse:
    """The newest of the timeline, for the creator's page."""
    row = get_object_or_404(Creator, pk=pk)
    found = story_of(row, request.client.slug, Span(None, None, request.client.timezone))
    context = {"now": clock.now(), "row": row, "events": found.events[:NEWEST]}
    return pages.render(request, "home/creator_newest.html", context)


def _span(values: dict[str, Any], zone: str, now: datetime) -> Span:
    """Chosen days; a day that is chosen beats the period."""
    since = until = None
    if str(values.get("days", "")).isdigit():
        first = shop_day(now, zone) - timedelta(days=int(values["days"]) - 1)
        since = shop_day_start(first, zone)
    if day := values.get("since"):
        since = shop_day_start(day, zone)
    if day := values.get("until"):
        until = shop_day_start(day + timedelta(days=1), zone)
    return Span(since, until, zone)
