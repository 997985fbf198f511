"""Spend at risk: the ranked list and the month. Each for one client and, read-only, for all clients
of an agency."""

import calendar
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sparkops import clock
from sparkops.renewals.forms import StakeFilters
from sparkops.renewals.queries.stakes import by_day, on_day, stakes
from sparkops.renewals.tables import stakes_table
from sparkops.renewals.views.frame import stale, tabs, today_of, url_of
from sparkops.tenants.gate import client_view, may_of, portfolio_view
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar


@client_view(Permission.VIEW)
def at_risk(request: HttpRequest) -> HttpResponse:
    """What ends in the next days, most profit a day at stake first (N4)."""
    return _list(request)


@portfolio_view(Permission.VIEW)
def at_risk_of_all(request: HttpRequest) -> HttpResponse:
    """The same over all clients (AR8)."""
    return _list(request)


@client_view(Permission.VIEW)
def month(request: HttpRequest) -> HttpResponse:
    """A month with what ends on each day."""
    return _month(request)


@portfolio_view(Permission.VIEW)
def month_of_all(request: HttpRequest) -> HttpResponse:
    """The same over all clients (AR8)."""
    return _month(request)


def _list(request: HttpRequest) -> HttpResponse:
    now, client = clock.now(), getattr(request, "client", None)
    bar = FilterBar(StakeFilters, request.GET)
    rows = stakes(now)
    if day := bar.values.get("day"):
        rows = on_day(now, day, day)
    else:
        rows = rows.filter(ends_at__lt=now + timedelta(days=int(bar.values.get("ends", 30))))
    page = listing.ListPage(
        heading="Spend at risk",
        lede="What stops when a right to spend ends: most profit a day first.",
        noun="posts",
        table=stakes_table(of_all=client is None, now=now),
        rows=rows,
        bar=bar,
        empty=_empty(client),
        tabs=tabs(request, "at_risk"),
        actions=_actions(request),
        bulk=(),
        stale=stale(now),
    )
    return listing.show(request, page, may=may_of(request), now=now)


def _month(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    today = today_of(request, now)
    first = _first_day(request.GET.get("month", ""), today)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    found = by_day(now, weeks[0][0], weeks[-1][-1])
    here = url_of(request, "at_risk")
    context = {
        "now": now,
        "tabs": tabs(request, "calendar"),
        "stale": stale(now),
        "month": first,
        "today": today,
        "before": f"{first - timedelta(days=1):%Y-%m}",
        "after": f"{first + timedelta(days=31):%Y-%m}",
        "weekdays": calendar.day_abbr,
        "weeks": [
            [
                {
                    "day": day,
                    "inside": day.month == first.month,
                    "stake": found.get(day),
                    "url": f"{here}?day={day.isoformat()}",
                }
                for day in week
            ]
            for week in weeks
        ],
    }
    return pages.render(request, "renewals/calendar.html", context)


def _first_day(text: str, today: date) -> date:
    """The first of the month asked for; of this one when the address names none."""
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    # The calendar needs a day before and after the month.
    return asked if 2 < asked.year < 9998 else today.replace(day=1)


def _actions(request: HttpRequest) -> list[listing.Action]:
    client = getattr(request, "client", None)
    if client is None:
        return []
    kwargs = {"client": client.slug}
    return [
        listing.Action("Requests", reverse("renewals:runs", kwargs=kwargs), "send"),
        listing.Action("Messages", reverse("renewals:messages", kwargs=kwargs), "msg")
        if request.member.may(Permission.AUTHORIZATION_EDIT)  # type: ignore[attr-defined]
        else listing.Action("Authorizations", reverse("authorizations:list", kwargs=kwargs), "key"),
    ]


def _empty(client: Any) -> listing.Empty:
    url = reverse("authorizations:list", kwargs={"client": client.slug}) if client else ""
    return listing.Empty(
        "Nothing ends in this time",
        "Posts whose permission, usage terms or hold end soon appear here by themselves.",
        url,
        "Open authorizations" if url else "",
        "hourglass",
    )
