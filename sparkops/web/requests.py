"""The request as a gated view sees it."""

from typing import Any

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
