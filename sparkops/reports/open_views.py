"""A report behind its link, without an account."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sparkops import clock
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.reports import actions
from sparkops.reports.models import Link
from sparkops.reports.views import as_pdf
from sparkops.tenants.actions import hashed
from sparkops.tenants.gate import public_view
from sparkops.tenants.models import Client
from sparkops.web import pages
from sparkops.web.limits import MINUTE, within
from sparkops.web.requests import address_of

CALLS_A_MINUTE, WRONG_A_MINUTE = 60, 30
TOO_OFTEN = Refusal(
    "too_often", "This was opened too often. Wait a minute, then open the link again."
)
WHY = "a signed, expiring, revocable link is the key; it shows one report and nothing else"


@public_view(WHY)
def report(request: HttpRequest, token: str) -> HttpResponse:
    """The report as a page."""

    def page(client: Client, link: Link) -> HttpResponse:
        context = {"report": link.report, "brand": client, "token": token, "link": link}
        with timezone.override(ZoneInfo(client.timezone)):
            return pages.render(request, "reports/open.html", context)

    return _opened(request, token, page)


@public_view(WHY)
def pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The report as PDF."""
    return _opened(request, token, lambda client, link: as_pdf(client, link.report))


def _opened(
    request: HttpRequest, token: str, answer: Callable[[Client, Link], HttpResponse]
) -> HttpResponse:
    try:
        client_id = actions.client_of(token)
        if not within(CALLS_A_MINUTE, f"report:{hashed(token)}", MINUTE):
            raise TOO_OFTEN
        with client_scope(client_id):
            client = Client.objects.get(pk=client_id)
            response = answer(client, actions.open_link(token, now=clock.now()))
    except Refusal as refusal:
        response = _refused(request, refusal)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    guessing = refusal.code == "no_link" and not within(
        WRONG_A_MINUTE, f"report-wrong:{address_of(request)}", MINUTE
    )
    if refusal.code == "too_often" or guessing:
        return pages.render(request, "refused.html", {"refusal": TOO_OFTEN}, status=429)
    return pages.refused(request, refusal)
