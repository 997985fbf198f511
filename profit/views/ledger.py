"""Entries under a figure, and statements against their rows."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from profit.models import Statement
from profit.queries.groups import entries_of
from profit.queries.statements import rows_of, statements_with_difference, tie_outs
from profit.tables import ENTRIES
from profit.views.asked import read
from profit.views.frame import crumbs_to
from sparkops import clock
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar
from sparkops.web.keyset import Order, paginate

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
    rows = statements_with_difference().order_by("-statement_time", "-pk")[:STATEMENTS_SHOWN]
    context = {"rows": rows, "stale": stale_sentences(("statements", "statement_lines"))}
    return pages.render(request, "profit/statements.html", context)


@client_view(Permission.VIEW)
def statement(request: HttpRequest, statement_id: str) -> HttpResponse:
    """One statement: what ties and what does not, and all its rows."""
    row = get_object_or_404(Statement.objects.select_related("shop"), statement_id=statement_id)
    page = paginate(rows_of(row), Order("pk"), request.GET.get("cursor"))
    context = {
        "row": row,
        "crumbs": crumbs_to(request, "statements", row.statement_id),
        "ties": tie_outs(row),
        "page": page,
    }
    return pages.render(request, "profit/statement.html", context)
