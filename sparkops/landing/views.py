"""Connections and how fresh everything is."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.connections.models import Connection
from sparkops.landing.actions import read_again
from sparkops.landing.pages import any_running, connection_cards
from sparkops.tenants.gate import client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages


@client_view(Permission.VIEW)
def connections(request: HttpRequest) -> HttpResponse:
    """Every connection, its streams, what is late and why; refreshes itself while work goes on."""
    now = clock.now()
    cards = connection_cards(now=now)
    context = {
        "now": now,
        "cards": cards,
        "lost": [card for card in cards if card.connection.state == Connection.State.LOST],
        "working": any_running(cards),
        "may_connect": request.member.may(Permission.CONNECT),  # type: ignore[attr-defined]
        "kinds": Connection.Kind.choices,
    }
    return pages.render(
        request, "landing/connections.html", context, pieces={"connections": "connections"}
    )


@client_view(Permission.CONNECT)
@require_POST
def sync_now(request: HttpRequest) -> HttpResponse:
    """Make everything due; the workers take it up within a minute."""
    count = read_again(by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    response = HttpResponse(status=204)
    if count:
        return pages.toast(response, "Reading again. New numbers arrive within a minute or two.")
    return pages.toast(response, "There is nothing to read yet. Connect an account first.", "warn")
