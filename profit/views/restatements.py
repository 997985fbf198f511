"""What moved since a person last looked, and why (PD2, N13)."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from profit.actions.restating import mark_seen
from profit.forms import RestatementFilters
from profit.queries.restatements import (
    find_restatements,
    looking_since,
    moved_since,
    seen_until,
)
from profit.tables import restatements_table
from profit.views.asked import read
from profit.views.frame import tabs_of
from sparkops import clock
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar


@client_view(Permission.VIEW)
def restatements(request: HttpRequest) -> HttpResponse:
    """Restatements with the sentence of each month that moved."""
    now = clock.now()
    asked = read(request, now=now)
    if asked is None:
        return pages.render(request, "profit/no_shop.html")
    bar = FilterBar(RestatementFilters, request.GET, search="order")
    wish = bar.values.get("since", "")
    since = _since(wish, looking_since(request.user, now=now), now)  # type: ignore[arg-type]
    here = reverse("profit:restatements", kwargs={"client": request.client.slug})  # type: ignore[attr-defined]
    page = listing.ListPage(
        heading="Restated",
        lede="Amounts that were booked before and changed since. Net is CM3, before agency fees;"
        " new sales are not restatements.",
        noun="restatements",
        table=restatements_table(request.client.slug),  # type: ignore[attr-defined]
        rows=find_restatements(bar.values, since),
        bar=bar,
        tabs=tabs_of(request, asked, "restatements"),
        empty=listing.Empty(
            "Nothing was restated",
            "Everything that was booked by then still stands as it was.",
            f"{here}?since=all",
            "See all restatements",
            "checkc",
        ),
        above="profit/moved.html",
        extra={
            "moved": moved_since(since),
            "since": since,
            "looked": not wish and seen_until(request.user) is not None,  # type: ignore[arg-type]
            "until": now.isoformat(),
        },
    )
    return listing.show(request, page, may=may_of(request), now=now)


@client_view(Permission.VIEW)
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Start the next "since you last looked" at the moment the page was drawn."""
    now = clock.now()
    until = _moment(request.POST.get("until", "")) or now
    mark_seen(request.user, until=min(until, now))  # type: ignore[arg-type]
    messages.success(request, "Noted. Next time you see what moved from here on.")
    return pages.redirect(request, "profit:restatements", client=request.client.slug)  # type: ignore[attr-defined]


def _since(asked: str, looked: datetime, now: datetime) -> datetime | None:
    if asked == "all":
        return None
    return now - timedelta(days=int(asked)) if asked else looked


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
