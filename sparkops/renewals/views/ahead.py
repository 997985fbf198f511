"""The next 30 days if nobody acts: what pauses, loses money and is owed (N22), for one client and,
read-only, for all clients of an agency."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sparkops import clock
from sparkops.renewals.forms import AheadFilters
from sparkops.renewals.models import Ahead
from sparkops.renewals.queries.ahead import (
    Money,
    Total,
    days_ahead,
    lines,
    together,
    totals_by_client,
)
from sparkops.renewals.tables import ahead_table
from sparkops.renewals.views.frame import stale, tabs, today_of, url_of
from sparkops.tenants.gate import client_view, may_of, portfolio_view
from sparkops.tenants.permissions import Permission
from sparkops.web import formats, listing
from sparkops.web.filters import FilterBar

NOTES = {
    Ahead.Kind.PAUSES: ("Pauses", "right to spend ends", "rights to spend end"),
    Ahead.Kind.LOSES: ("Loses money", "post loses money", "posts lose money"),
    Ahead.Kind.OWED: ("Is owed", "payment", "payments"),
}


@client_view(Permission.VIEW)
def ahead(request: HttpRequest) -> HttpResponse:
    """The next thirty days of a client."""
    return _ahead(request)


@portfolio_view(Permission.VIEW)
def ahead_of_all(request: HttpRequest) -> HttpResponse:
    """The same over all clients, with a line per client."""
    return _ahead(request)


def _ahead(request: HttpRequest) -> HttpResponse:
    now, client = clock.now(), getattr(request, "client", None)
    bar = FilterBar(AheadFilters, request.GET)
    running, days = days_ahead(now, today_of(request, now))
    ending = sum(one.stake.posts for one in days)
    by_client = totals_by_client()
    here = url_of(request, "ahead")
    page = listing.ListPage(
        heading="The next 30 days if nobody acts",
        lede=f"The right to spend ends for {formats.plural(ending, 'post')}.",
        noun="lines",
        table=ahead_table(of_all=client is None),
        rows=_found(bar.values),
        bar=bar,
        empty=listing.Empty(
            "Nothing lies ahead",
            "No right to spend ends, no live post loses money and nothing is owed in 30 days.",
            icon="check",
        ),
        tabs=tabs(request, "ahead"),
        stale=stale(now),
        figures=_figures(here, running, together(by_client)),
        above="renewals/ahead.html",
        extra={
            "days": [(one, f"{here}?day={one.day.isoformat()}") for one in days],
            "clients": [] if client else _clients(request, by_client),
        },
    )
    return listing.show(request, page, may=may_of(request), now=now)


def _found(values: dict[str, Any]) -> Any:
    rows = lines()
    if kind := values.get("kind"):
        rows = rows.filter(kind=kind)
    if day := values.get("day"):
        # What loses money does so on every day of its span.
        rows = rows.filter(day__lte=day, until__gte=day)
    return rows


def _figures(here: str, running: Money, totals: dict[str, Total]) -> list[dict[str, Any]]:
    """A figure per kind and currency, each with the lines of its kind behind it."""
    figures = _of_each_currency("Ad spend a day now", running, "behind what is permitted")
    for kind, (label, one, many) in NOTES.items():
        total = totals.get(kind.value, Total())
        note = formats.plural(total.count, one, many)
        if total.unknown and kind is Ahead.Kind.OWED:
            note += f", {total.unknown} without a known amount"
        figures += _of_each_currency(label, total.money, note, f"{here}?kind={kind}")
    return figures


def _of_each_currency(label: str, money: Money, note: str, href: str = "") -> list[dict[str, Any]]:
    if not money:
        return [{"label": label, "value": "—", "note": note, "href": href}]
    named = [
        (f"{label}, {currency}" if len(money) > 1 else label, formats.money(amount, currency))
        for currency, amount in sorted(money.items())
    ]
    return [{"label": name, "value": value, "note": note, "href": href} for name, value in named]


def _clients(
    request: HttpRequest, by_client: dict[int, dict[str, Total]]
) -> list[tuple[Any, str, list[Total]]]:
    """Each client with its page and the totals of each kind."""
    return [
        (
            one,
            reverse("renewals:next-30-days", kwargs={"client": one.slug}),
            [by_client.get(one.pk, {}).get(kind.value, Total()) for kind in NOTES],
        )
        for one in request.portfolio  # type: ignore[attr-defined]
    ]
