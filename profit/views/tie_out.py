"""From settlement rows to the bank: statements, reserve, payouts, and what nothing explains."""

from django.http import HttpRequest, HttpResponse

from profit.queries import tie_out as tie_outs
from profit.views.asked import read
from profit.views.frame import tabs_of
from sparkops import clock
from sparkops.landing.queries import stale_sentences
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

STREAMS = ("statements", "statement_lines", "payments")


@client_view(Permission.VIEW)
def tie_out(request: HttpRequest) -> HttpResponse:
    """Statements of the period against their rows and their payouts, cent by cent (PD9)."""
    asked = read(request, now=clock.now())
    if asked is None:
        return pages.render(request, "profit/no_shop.html")
    context = {
        "asked": asked,
        "tabs": tabs_of(request, asked, "tie-out"),
        "currency": asked.shop.currency,
        "stale": stale_sentences(STREAMS),
        "report": tie_outs.tie_out(asked.shop, asked.period),
    }
    return pages.render(request, "profit/tie_out.html", context)
