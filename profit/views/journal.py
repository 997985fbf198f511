"""A month as a journal for an accounting program."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from profit.forms import JournalForm
from profit.queries.closing import close_of, month_books, month_period, posted_here
from profit.rules.journal import Layout, journal, laid_out
from profit.views.asked import read
from sparkops import clock
from sparkops.clock import shop_day, zone_or_utc
from sparkops.money import ZERO
from sparkops.tenants.gate import client_view, may_of
from sparkops.tenants.permissions import Permission
from sparkops.web import listing, pages


@client_view(Permission.VIEW)
def month_journal(request: HttpRequest) -> HttpResponse:
    """The month's accounts as debits and credits, on the basis of events, and as a file."""
    now = clock.now()
    asked = read(request, now=now)
    if asked is None:
        return pages.render(request, "profit/no_shop.html")
    shop = asked.shop
    before = shop_day(now, zone_or_utc(shop.timezone)).replace(day=1) - timedelta(days=1)
    form = JournalForm(request.GET or {"month": f"{before:%Y-%m}", "shop": shop.pk})
    values = form.cleaned_data if form.is_valid() else {}
    month = month_period((values.get("month") or before).replace(day=1))
    pnl = month_books(shop, month.first)
    lines = journal(pnl)
    close = close_of(shop, month.first)
    if kind := listing.asked_export(request, may_of(request)):
        layout = Layout(values.get("layout") or Layout.GENERIC.value)
        headers, rows = laid_out(
            lines,
            layout,
            on=month.last,
            name=f"{shop}, {month.first:%B %Y}{'' if close else ' (not closed yet)'}",
            number=f"SPARK-{month.first:%Y%m}-{shop.pk}",
            currency=shop.currency,
        )
        return listing.as_file(f"journal-{month.first:%Y-%m}-{layout}", headers, rows, kind=kind)
    context = {
        "form": form,
        "shop": shop,
        "month": month,
        "lines": lines,
        "debits": sum((line.debit for line in lines), ZERO),
        "credits": sum((line.credit for line in lines), ZERO),
        "pnl": pnl,
        "close": close,
        "adjustments": posted_here(shop, month.first).count(),
        "currency": shop.currency,
        **listing.export_urls(request, may_of(request)),
    }
    return pages.render(request, "profit/journal.html", context)
