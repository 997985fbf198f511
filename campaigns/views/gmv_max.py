"""GMV Max: the path on which TikTok Shop sales are advertised."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from campaigns.forms import DayRange
from campaigns.queries import ads_by_state, gmv_max_campaigns, gmv_max_posts
from campaigns.tables import gmv_max_table
from campaigns.views.frame import GMV_MAX, length_of, tabs_of_ads
from sparkops import clock
from sparkops.clock import shop_day
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import pages
from sparkops.web.filters import FilterBar
from sparkops.web.keyset import paginate

STREAMS = ("gmv_max_campaigns", "gmv_max_days")


@client_view(Permission.VIEW)
def gmv_max(request: HttpRequest) -> HttpResponse:
    """GMV Max campaigns and the posts they spend on, with claims kept apart from sales."""
    now = clock.now()
    client = request.client  # type: ignore[attr-defined]
    bar = FilterBar(DayRange, request.GET)
    last = shop_day(now, client.timezone)
    first = last - timedelta(days=length_of(bar.values) - 1)
    table, may = gmv_max_table(), may_of(request)
    sort = table.sort(request.GET.get("sort"), may)
    found = paginate(gmv_max_campaigns(first, last), sort.order, request.GET.get("cursor"))
    context = {
        "now": now,
        "bar": bar,
        "days": length_of(bar.values),
        "tabs": tabs_of_ads(client.slug, request.GET, GMV_MAX, ads_by_state()),
        "table": table.bind(found, query=request.GET, sort=sort, may=may, now=now),
        "posts": gmv_max_posts(first, last),
        "stale": stale_sentences(STREAMS),
    }
    return pages.render(request, "campaigns/gmv_max.html", context)
