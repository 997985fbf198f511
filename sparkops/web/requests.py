"""The request as a gated view sees it."""

from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    """A request after the middleware and the gate.

    `htmx` comes from HtmxMiddleware. `client` and `member` are set by the gate; the page kit does
    not know their types.
    """

    htmx: HtmxDetails
    client: Any
    member: Any


def address_of(request: HttpRequest) -> str | None:
    """Where a request comes from, None when that is no address.

    Behind a proxy it is what our proxy saw: the last entry of X-Forwarded-For. Entries before it
    are the sender's own words.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_TLS_PROXY:
        seen = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip() or seen
    try:
        return str(ip_address(seen))
    except ValueError:
        return None
