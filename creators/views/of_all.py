"""The lists of creators and posts over all clients of an organization, read-only."""

from django.db.models import F
from django.http import HttpResponse

from creators.forms.of_all import CreatorsOfAllFilters, PostsOfAllFilters
from creators.queries import (
    creators_of_view,
    find_creators,
    find_posts,
    listed_posts,
    posts_of_view,
)
from creators.tables import creators_table, posts_table
from creators.views.creators import LABELS as CREATOR_LABELS
from creators.views.creators import STREAMS as CREATOR_STREAMS
from creators.views.posts import LABELS as POST_LABELS
from creators.views.posts import STREAMS as POST_STREAMS
from sparkops import clock
from sparkops.landing.queries import stale_of_several
from sparkops.tenants.forms import chosen
from sparkops.tenants.gate import PortfolioRequest, may_of, portfolio_view
from sparkops.tenants.of_all import names_of, nothing
from sparkops.tenants.permissions import Permission
from sparkops.web import listing
from sparkops.web.filters import FilterBar
from sparkops.web.tables import over_clients

# The days of clients in different zones have one name only in UTC.
ZONE = "UTC"


@portfolio_view(Permission.VIEW)
def creators_of_all(request: PortfolioRequest) -> HttpResponse:
    """Every creator of every client. Who posts for two of them stands in two rows: what one
    client knows of a creator is not the other's."""
    now, view = clock.now(), request.GET.get("view", "")
    bar = FilterBar(CreatorsOfAllFilters, request.GET, clients=request.portfolio)
    clients = chosen(request.portfolio, bar.values)
    rows = find_creators(
        creators_of_view(view, zone=ZONE, now=now), bar.values, zone=ZONE, now=now
    ).filter(client__in=clients)
    page = listing.ListPage(
        heading="Creators of all clients",
        lede="Who posts for whom, what it sold, and who still owes a post.",
        noun="creators",
        table=over_clients(creators_table(None), without=("owner",)),
        rows=rows.select_related("owner", "client"),
        bar=bar,
        empty=nothing(request, "creators", "users", view),
        tabs=listing.view_tabs(
            request.path,
            view,
            CREATOR_LABELS,
            lambda key: creators_of_view(key, zone=ZONE, now=now),
        ),
        clients=clients,
        stale=stale_of_several(CREATOR_STREAMS, names_of(request.portfolio)),
    )
    return listing.show(request, page, may=may_of(request), now=now)


@portfolio_view(Permission.VIEW)
def posts_of_all(request: PortfolioRequest) -> HttpResponse:
    """Every post for every client."""
    now, view = clock.now(), request.GET.get("view", "")
    bar = FilterBar(PostsOfAllFilters, request.GET, clients=request.portfolio)
    clients = chosen(request.portfolio, bar.values)
    rows = find_posts(posts_of_view(view), bar.values, zone=ZONE, now=now)
    listed = listed_posts(rows.filter(client__in=clients))
    page = listing.ListPage(
        heading="Posts of all clients",
        lede="What creators published for whom, what it sold, and what ads added to it.",
        noun="posts",
        table=over_clients(posts_table(None), without=("owner",)),
        rows=listed.annotate(client__name=F("client__name"), client__slug=F("client__slug")),
        bar=bar,
        empty=nothing(request, "posts", "video", view),
        tabs=listing.view_tabs(request.path, view, POST_LABELS, posts_of_view),
        clients=clients,
        stale=stale_of_several(POST_STREAMS, names_of(request.portfolio)),
    )
    return listing.show(request, page, may=may_of(request), now=now)
