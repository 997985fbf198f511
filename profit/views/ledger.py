"""Entries under a figure, and statements against their rows."""

from django import forms
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from profit.forms import BASES
from profit.models import Entry, Statement
from profit.queries.entries import entries_of
from profit.queries.statements import rows_of, statements_with_difference, tie_outs
from profit.rules.facts import Basis
from profit.rules.words import word
from profit.tables import ENTRIES
from profit.views.asked import read
from profit.views.frame import crumbs_to, tabs_of
from sparkops import clock
from sparkops.landing.queries import stale_sentences
from sparkops.money import ZERO
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar
from sparkops.web.formats import money
from sparkops.web.keyset import Order, paginate

NAMES = ("account", "product", "creator", "post", "order", "campaign", "source")
KEPT = (*(name for name in NAMES if name != "order"), "shop", "days", "basis")
BASIS_WORDS = {
    basis: label.lower() for basis, label in ((Basis(word), name) for word, name in BASES)
}
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
    rows = entries_of(asked.shop, asked.basis, asked.period, filters)
    slug = request.client.slug  # type: ignore[attr-defined]
    back = reverse("profit:overview", kwargs={"client": slug})
    page = listing.ListPage(
        heading="Ledger entries",
        lede=f"{asked.days_in_words}, {BASIS_WORDS[asked.basis]}. Entries are never changed; a"
        " correction is a new one.",
        noun="entries",
        table=ENTRIES,
        rows=rows,
        bar=FilterBar(EntryFilters, request.GET, search="order", keep=KEPT),
        figures=_figures(rows, filters, asked.shop.currency),
        empty=listing.Empty(
            "No entries here", "Nothing was booked for this period.", back, "Open the P&L"
        ),
        crumbs=listing.crumbs(("Profit", f"{back}?{asked.query()}"), "Ledger entries"),
    )
    return listing.show(request, page, may=may_of(request), now=now)


def _figures(rows: QuerySet[Entry], filters: dict[str, str], currency: str) -> list[dict[str, str]]:
    """What the entries of one line sum to, so that it can be held against the figure (PD1)."""
    if not filters["account"]:
        return []
    found = rows.aggregate(total=Sum("amount"))["total"]
    shown = money(found or ZERO, currency)
    return [{"label": word(filters["account"]), "value": shown, "note": "the sum of these entries"}]


@client_view(Permission.VIEW)
def statements(request: HttpRequest) -> HttpResponse:
    """Statements with the sum of their rows; unexplained cents are listed (PD9)."""
    rows = statements_with_difference().order_by("-statement_time", "-pk")[:STATEMENTS_SHOWN]
    asked = read(request, now=clock.now())
    context = {
        "rows": rows,
        "tabs": tabs_of(request, asked, "statements") if asked else [],
        "stale": stale_sentences(("statements", "statement_lines")),
    }
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
