"""GMV Max: the path on which TikTok Shop sales are advertised."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from authorizations.queries import facts_of
from authorizations.rules.standing import standing
from campaigns.actions import gmv_max as actions
from campaigns.forms import DayRange
from campaigns.models import Campaign
from campaigns.queries import (
    ads_by_state,
    campaigns_for_post,
    gmv_max_campaigns,
    gmv_max_posts,
)
from campaigns.tables import gmv_max_table
from campaigns.views.frame import GMV_MAX, length_of, tabs_of_ads
from creators.models import Post
from sparkops import clock
from sparkops.clock import shop_day
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import ClientRequest, client_view, may_of
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
        "may_launch": may(Permission.CAMPAIGN_LAUNCH),
    }
    return pages.render(request, "campaigns/gmv_max.html", context)


@client_view(Permission.CAMPAIGN_LAUNCH)
def post_choices(request: ClientRequest, pk: int) -> HttpResponse:
    """The campaigns of the post's shops, and whether they use it (TA6)."""
    post = get_object_or_404(Post.objects.select_related("creator"), pk=pk)
    now = clock.now()
    context = {
        "now": now,
        "post": post,
        "rows": campaigns_for_post(pk),
        "standing": standing(facts_of([pk])[pk], now),
    }
    return pages.render(request, "campaigns/post_gmv_max.html", context)


@client_view(Permission.CAMPAIGN_LAUNCH)
@require_POST
def choose(request: ClientRequest, pk: int, campaign: int, word: str) -> HttpResponse:
    """Put the post into a campaign, or take it out."""
    post = get_object_or_404(Post, pk=pk)
    row = get_object_or_404(Campaign.objects.select_related("ad_account"), pk=campaign)
    actions.choose_post(row, post, included=word == "include", by=request.actor, now=clock.now())
    messages.success(request, "It is sent to TikTok, which shows it after about 20 minutes.")
    return pages.redirect(request, "campaigns:post-gmv-max", client=request.client.slug, pk=pk)
