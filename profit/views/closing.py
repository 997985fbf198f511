"""Months: closing one, reopening it, and what came after a close."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from profit.actions.closing import close_month, reopen_month
from profit.queries.closing import booked_months, posted_elsewhere
from profit.queries.month_report import month_report
from profit.rules.closing import month_named
from profit.rules.month_report import as_pdf
from profit.tables import ENTRIES
from profit.views.asked import Asked, read
from profit.views.frame import tabs_of
from profit.views.ledger import EntryFilters
from sparkops import clock
from sparkops.clock import shop_day, zone_or_utc
from sparkops.errors import Refusal
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages
from sparkops.web.filters import FilterBar


@client_view(Permission.VIEW)
def months(request: HttpRequest) -> HttpResponse:
    """The months of a shop, which of them are closed, and what came after."""
    now = clock.now()
    asked = read(request, now=now)
    if asked is None:
        return pages.render(request, "profit/no_shop.html")
    member = request.member  # type: ignore[attr-defined]
    context = {
        "asked": asked,
        "tabs": tabs_of(request, asked, "months"),
        "months": booked_months(asked.shop, shop_day(now, zone_or_utc(asked.shop.timezone))),
        "currency": asked.shop.currency,
        "may_export": member.may(Permission.EXPORT),
        "may_close": member.may(Permission.COST_EDIT),
        "may_reopen": member.may(Permission.MONTH_REOPEN),
    }
    return pages.render(request, "profit/months.html", context)


@client_view(Permission.VIEW)
def later(request: HttpRequest, month: str) -> HttpResponse:
    """The entries of a month that came after its close, each as posted."""
    now = clock.now()
    asked = read(request, now=now)
    if asked is None:
        return pages.render(request, "profit/no_shop.html")
    first = _month(month)
    slug = request.client.slug  # type: ignore[attr-defined]
    back = reverse("profit:months", kwargs={"client": slug})
    rows = posted_elsewhere(asked.shop, first).select_related("product", "creator", "post")
    bar = FilterBar(EntryFilters, request.GET, search="order")
    if bar.values.get("order"):
        rows = rows.filter(order_id__startswith=bar.values["order"])
    page = listing.ListPage(
        heading=f"Adjustments to {first:%B %Y}",
        lede="What came after the month was closed. The closed month stays as it was signed; these"
        " amounts are posted in the first month that was open.",
        noun="entries",
        table=ENTRIES,
        rows=rows,
        bar=bar,
        empty=listing.Empty(
            "Nothing came later", "The month stands as it was closed.", back, "All months"
        ),
        actions=[listing.Action("Months", f"{back}?{asked.query()}", "left")],
    )
    return listing.show(request, page, may=may_of(request), now=now)


@client_view(Permission.EXPORT)
def report(request: HttpRequest, month: str) -> HttpResponse:
    """The month as a PDF that prints well."""
    now = clock.now()
    asked, first = _asked(request, now), _month(month)
    printed = as_pdf(month_report(asked.shop, first), made_at=now, made_by=request.actor.label)  # type: ignore[attr-defined]
    return HttpResponse(
        printed,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="profit-{first:%Y-%m}.pdf"'},
    )


@client_view(Permission.COST_EDIT)
@require_POST
def close(request: HttpRequest, month: str) -> HttpResponse:
    """Close a month as it stands."""
    now = clock.now()
    asked, first = _asked(request, now), _month(month)
    try:
        close_month(asked.shop, first, **_who(request, now))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{first:%B %Y} is closed. What comes later is an adjustment.")
    return _back(request, asked)


@client_view(Permission.MONTH_REOPEN)
@require_POST
def reopen(request: HttpRequest, month: str) -> HttpResponse:
    """Reopen a month, with a reason."""
    now = clock.now()
    asked, first = _asked(request, now), _month(month)
    may, reason = request.member.may, request.POST.get("reason", "")  # type: ignore[attr-defined]
    try:
        reopen_month(asked.shop, first, reason, may=may, **_who(request, now))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{first:%B %Y} is open again.")
    return _back(request, asked)


def _month(text: str) -> date:
    try:
        return month_named(text)
    except ValueError:
        raise Http404 from None


def _asked(request: HttpRequest, now: datetime) -> Asked:
    asked = read(request, now=now)
    if asked is None:
        raise Http404
    return asked


def _who(request: HttpRequest, now: datetime) -> dict[str, Any]:
    return {"by": request.actor, "now": now}  # type: ignore[attr-defined]


def _back(request: HttpRequest, asked: Asked) -> HttpResponse:
    slug = request.client.slug  # type: ignore[attr-defined]
    back = reverse("profit:months", kwargs={"client": slug})
    return pages.redirect(request, f"{back}?{asked.query()}")
