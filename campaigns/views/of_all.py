"""The list of ads over all clients of an organization, read-only."""

from datetime import timedelta

from django.http import HttpResponse

from campaigns.forms import AdsOfAllFilters
from campaigns.queries import add_standings, ads_by_state, ads_with_numbers, find_ads, totals_of
from campaigns.tables import ads_table
from campaigns.views.ads import STREAMS
from campaigns.views.frame import figures_of, length_of, states_of, tabs_of_states
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
def ads_of_all(request: PortfolioRequest) -> HttpResponse:
    """Every ad of every client with its numbers of the chosen days, the newest first: money of
    different currencies has no order."""
    now, tab = clock.now(), request.GET.get("tab", "")
    bar = FilterBar(AdsOfAllFilters, request.GET, clients=request.portfolio)
    clients = chosen(request.portfolio, bar.values)
    # Today of clients in different zones has one name only in UTC.
    today = now.date()
    first = today - timedelta(days=length_of(bar.values) - 1)
    asked = {**bar.values, "states": states_of(tab)}
    rows = find_ads(ads_with_numbers(first, today), asked).filter(client__in=clients)
    page = listing.ListPage(
        heading="Ads of all clients",
        lede="What runs in paid for whom, in the currency and the days of each ad account.",
        noun="ads",
        table=over_clients(ads_table(None), default_sort="-created"),
        rows=rows.select_related("ad_account", "post__creator", "ad_group__campaign", "client"),
        bar=bar,
        empty=nothing(request, "ads", "mega", tab),
        tabs=tabs_of_states(request.path, request.GET, tab, ads_by_state()),
        clients=clients,
        figures=figures_of(totals_of(rows, first, today)),
        stale=stale_of_several(STREAMS, names_of(request.portfolio)),
        prepare=lambda shown: add_standings(shown, now),
    )
    return listing.show(request, page, may=may_of(request), now=now)
