"""The list of authorizations."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from authorizations.forms import AuthorizationFilters
from authorizations.queries import (
    add_shown,
    find_authorizations,
    listed,
    ranked,
    tab_filter,
)
from authorizations.tables import ledger_table
from sparkops import clock
from sparkops.clock import shop_day
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing
from sparkops.web.filters import FilterBar

STREAMS = ("authorized_posts",)
EXPIRING, ENDED = "expiring", "ended"
TABS = (
    ("", "All"),
    ("usable", "Usable"),
    (EXPIRING, "Expiring"),
    ("waiting", "Waiting"),
    ("problems", "Problems"),
    (ENDED, "Ended lately"),
)


@client_view(Permission.VIEW)
def authorizations(request: HttpRequest) -> HttpResponse:
    """Every permission, the nearest end first; those that expire by what is at stake."""
    now = clock.now()
    client, member = request.client, request.member  # type: ignore[attr-defined]
    tab, today = request.GET.get("tab", ""), shop_day(now, client.timezone)
    bar = FilterBar(AuthorizationFilters, request.GET)
    rows = find_authorizations(listed().filter(tab_filter(tab, now)), bar.values, now)
    may_edit = member.may(Permission.AUTHORIZATION_EDIT)
    page = listing.ListPage(
        heading="Authorizations",
        lede="What we may use in ads, until when, and who has to act.",
        noun="authorizations",
        table=ledger_table(client.slug, by_stake=tab == EXPIRING, ended=tab == ENDED),
        rows=ranked(rows, today) if tab == EXPIRING else rows,
        bar=bar,
        empty=_empty(client.slug),
        tabs=_tabs(client.slug, tab),
        actions=_actions(client.slug, may_edit),
        bulk=_bulk(client.slug) if may_edit else (),
        stale=stale_sentences(STREAMS),
        prepare=lambda shown: add_shown(shown, today=today, now=now),
    )
    return listing.show(request, page, may=may_of(request), now=now)


def _actions(slug: str, may_edit: bool) -> list[listing.Action]:
    terms = reverse("authorizations:terms-list", kwargs={"client": slug})
    found = [_watchdog(slug), listing.Action("Usage terms", terms, "sign")]
    if may_edit:
        suite = reverse("authorizations:content-suite", kwargs={"client": slug})
        found.append(listing.Action("Content Suite", suite, "link"))
        url = reverse("authorizations:hand-in", kwargs={"client": slug})
        found.append(listing.Action("Hand in codes", url, "plus", primary=True))
    return found


def _watchdog(slug: str) -> listing.Action:
    url = reverse("authorizations:findings", kwargs={"client": slug})
    return listing.Action("Watchdog", url, "shield")


def _bulk(slug: str) -> list[listing.Action]:
    url = reverse("renewals:ask", kwargs={"client": slug})
    return [listing.Action("Ask creators…", url, "send", primary=True)]


def _empty(slug: str) -> listing.Empty:
    return listing.Empty(
        "No authorizations here",
        "Paste the codes that creators sent, or connect the ad account that has them.",
        reverse("authorizations:hand-in", kwargs={"client": slug}),
        "Hand in codes",
        "key",
    )


def _tabs(slug: str, current: str) -> list[listing.Tab]:
    here = reverse("authorizations:list", kwargs={"client": slug})
    return [
        listing.Tab(label, f"{here}?tab={key}" if key else here, current=key == current)
        for key, label in TABS
    ]
