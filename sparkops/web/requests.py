"""The request as a gated view sees it."""

import secrets
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

Answer = Callable[[HttpRequest], HttpResponseBase]


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


def told_apart(answer: Answer) -> Answer:
    """Middleware: log lines of a request carry its own id, and nothing of the request that the
    thread answered before."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=secrets.token_hex(6))
        return answer(request)

    return middleware
