"""The list of authorizations over all clients of an organization, read-only."""

from django.db.models import F
from django.http import HttpResponse

from authorizations.forms import AuthorizationsOfAllFilters
from authorizations.queries import add_shown, find_authorizations, listed, tab_filter
from authorizations.tables import ledger_table
from authorizations.views.ledger import ENDED, STREAMS, TABS
from sparkops import clock
from sparkops.landing.queries import stale_of_several
from sparkops.tenants.forms import chosen
from sparkops.tenants.gate import PortfolioRequest, may_of, portfolio_view
from sparkops.tenants.of_all import names_of, nothing
from sparkops.tenants.permissions import Permission
from sparkops.web import listing
from sparkops.web.filters import FilterBar
from sparkops.web.tables import over_clients


@portfolio_view(Permission.VIEW)
def authorizations_of_all(request: PortfolioRequest) -> HttpResponse:
    """Every permission of every client, the nearest end first. What is at stake is ranked over all
    clients on the page of spend at risk."""
    now, tab = clock.now(), request.GET.get("tab", "")
    bar = FilterBar(AuthorizationsOfAllFilters, request.GET, clients=request.portfolio)
    clients = chosen(request.portfolio, bar.values)
    rows = find_authorizations(listed().filter(tab_filter(tab, now)), bar.values, now)
    page = listing.ListPage(
        heading="Authorizations of all clients",
        lede="What may be used in ads, for whom, until when, and who has to act.",
        noun="authorizations",
        table=over_clients(ledger_table(None, ended=tab == ENDED), without=("kind",)),
        rows=rows.filter(client__in=clients).annotate(
            client__name=F("client__name"), client__slug=F("client__slug")
        ),
        bar=bar,
        empty=nothing(request, "authorizations", "key", tab),
        tabs=[
            listing.Tab(label, f"?tab={key}" if key else request.path, current=key == tab)
            for key, label in TABS
        ],
        clients=clients,
        stale=stale_of_several(STREAMS, names_of(request.portfolio)),
        # Days of clients in different zones have one name only in UTC.
        prepare=lambda shown: add_shown(shown, today=now.date(), now=now),
    )
    return listing.show(request, page, may=may_of(request), now=now)
