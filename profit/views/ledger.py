"""Entries under a figure, and statements against their rows."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from profit.models import Statement
from profit.queries.groups import entries_of
from profit.tables import ENTRIES
from profit.views.asked import read
from sparkops import clock
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar

NAMES = ("account", "product", "creator", "post", "order")
STATEMENTS_SHOWN = 100


class EntryFilters(forms.Form):
    """One order's entries."""

    order = forms.CharField(label="Find an order id", required=False, max_length=32)


@client_view(Permission.VIEW)
def entries(request: HttpRequest) -> HttpResponse:
    """The rows that a figure is the sum of (PD1)."""
    now = clock.now()
    asked = read(request, now=now)
    if asked is None:
        return pages.render(request, "profit/no_shop.html")
    filters = {name: request.GET.get(name, "") for name in NAMES}
    slug = request.client.slug  # type: ignore[attr-defined]
    back = reverse("profit:overview", kwargs={"client": slug})
    page = listing.ListPage(
        heading="Ledger entries",
        lede="What a figure is made of. Entries are never changed; a correction is a new one.",
        noun="entries",
        table=ENTRIES,
        rows=entries_of(asked.shop, asked.basis, asked.period, filters),
        bar=FilterBar(EntryFilters, request.GET, search="order"),
        empty=listing.Empty(
            "No entries here", "Nothing was booked for this period.", back, "Open the P&L"
        ),
        actions=[listing.Action("P&L", f"{back}?{asked.query()}", "left")],
    )
    return listing.show(request, page, may=may_of(request), now=now)


@client_view(Permission.VIEW)
def statements(request: HttpRequest) -> HttpResponse:
    """Statements with the sum of their rows; unexplained cents are listed (PD9)."""
    rows = list(
        Statement.objects.select_related("shop").order_by("-statement_time")[:STATEMENTS_SHOWN]
    )
    for row in rows:
        row.difference = (  # type: ignore[attr-defined]
            None if row.rows_total is None else row.rows_total - row.settlement_amount
        )
    context = {"rows": rows, "stale": stale_sentences(("statements", "statement_lines"))}
    return pages.render(request, "profit/statements.html", context)
