"""The list of authorizations."""

from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from authorizations.forms import AuthorizationFilters
from authorizations.models import Authorization
from authorizations.queries import ledger, tab_filter
from authorizations.tables import ledger_table
from creators.rules.handles import plain_handle
from sparkops import clock
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing
from sparkops.web.filters import FilterBar

STREAMS = ("authorized_posts",)
TABS = (
    ("", "All"),
    ("usable", "Usable"),
    ("expiring", "Expiring"),
    ("waiting", "Waiting"),
    ("problems", "Problems"),
    ("ended", "Ended lately"),
)


@client_view(Permission.VIEW)
def authorizations(request: HttpRequest) -> HttpResponse:
    """Every permission, the nearest end first."""
    now = clock.now()
    client, member = request.client, request.member  # type: ignore[attr-defined]
    bar = FilterBar(AuthorizationFilters, request.GET)
    tab = request.GET.get("tab", "")
    here = reverse("authorizations:list", kwargs={"client": client.slug})
    hand_in = reverse("authorizations:hand-in", kwargs={"client": client.slug})
    actions = [listing.Action("Hand in codes", hand_in, "plus", primary=True)]
    page = listing.ListPage(
        heading="Authorizations",
        lede="What we may use in ads, until when, and who has to act.",
        noun="authorizations",
        table=ledger_table(client.slug),
        rows=_filtered(ledger().filter(tab_filter(tab, now)), bar.values),
        bar=bar,
        empty=listing.Empty(
            "No authorizations here",
            "Paste the codes that creators sent, or connect the ad account that has them.",
            hand_in,
            "Hand in codes",
            "key",
        ),
        tabs=[
            listing.Tab(label, f"{here}?tab={key}" if key else here, current=key == tab)
            for key, label in TABS
        ],
        actions=actions if member.may(Permission.AUTHORIZATION_EDIT) else [],
        stale=stale_sentences(STREAMS),
    )
    return listing.show(request, page, may=may_of(request), now=now)


def _filtered(rows: QuerySet[Authorization], values: dict[str, str]) -> QuerySet[Authorization]:
    if word := plain_handle(values.get("q", "")):
        rows = rows.filter(creator__handle__gte=word, creator__handle__lt=word + "\uffff")
    for name in ("state", "kind"):
        if values.get(name):
            rows = rows.filter(**{name: values[name]})
    if ends := values.get("ends"):
        now = clock.now()
        rows = rows.filter(ends_at__gte=now, ends_at__lt=now + timedelta(days=int(ends)))
    return rows
