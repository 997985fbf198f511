"""The door of the creator's page: a secret in the address instead of an account.

A link that was never ours, has ended or was revoked gets one and the same answer, which names
nobody. No cookie is needed: in-app browsers often refuse them. What a stranger's page could make
a creator's browser send lacks the secret, so there is nothing for a CSRF token to protect.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from authorizations.models import CreatorLink
from authorizations.rules.wording import Sentences, chosen, sentences
from sparkops import clock
from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from sparkops.portal.queries import client_of
from sparkops.tenants.actions import hashed
from sparkops.tenants.gate import stamp
from sparkops.tenants.models import Client
from sparkops.web.limits import MINUTE, within
from sparkops.web.requests import address_of

CALLS_A_MINUTE = 120
WRONG_A_MINUTE = 30
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


@dataclass(frozen=True)
class Guest:
    """The creator behind a link, for as long as one request lasts."""

    token: str
    link: CreatorLink
    client: Client
    actor: Actor
    words: Sentences
    address: str | None
    now: datetime

    def url(self, name: str = "page", **query: str) -> str:
        """An address of this page in the language that is spoken."""
        asked = urlencode({"lang": self.words.language, **query})
        return f"{reverse(f'portal:{name}', kwargs={'token': self.token})}?{asked}"


View = Callable[..., HttpResponse]


def guest_view(view: View) -> Callable[..., HttpResponseBase]:
    """A view of the creator's page, which runs in the scope of the link's client."""

    @functools.wraps(view)
    def gated(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        response = _answer(request, token, view, kwargs)
        for name, value in HEADERS.items():
            response.headers[name] = value
        # Django logs the address of whatever is refused, and this address is a secret.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response

    return stamp(csrf_exempt(gated), "public:a signed link of one creator to one post")


def _answer(request: HttpRequest, token: str, view: View, kwargs: dict[str, Any]) -> HttpResponse:
    digest, address = hashed(token), address_of(request)
    client = client_of(token, digest)
    if client is None:
        allowed = within(WRONG_A_MINUTE, f"wrong:{address}", MINUTE)
        return _dead(request) if allowed else _too_often(request)
    if not within(CALLS_A_MINUTE, f"calls:{digest}", MINUTE):
        return _too_often(request)
    now = clock.now()
    with client_scope(client.pk):
        link = CreatorLink.objects.select_related("creator", "post__creator", "template").get(
            secret_hash=digest
        )
        if not link.works(now):
            return _dead(request)
        return view(request, _guest(request, token, link, client, address, now), **kwargs)


def _guest(
    request: HttpRequest,
    token: str,
    link: CreatorLink,
    client: Client,
    address: str | None,
    now: datetime,
) -> Guest:
    wanted = request.GET.get("lang", "") or link.language
    words = sentences(chosen(wanted, request.headers.get("Accept-Language", "")))
    return Guest(token, link, client, Actor(f"{link.creator} (by link)"), words, address, now)


def _dead(request: HttpRequest) -> HttpResponse:
    return _plain(request, "dead", 404)


def _too_often(request: HttpRequest) -> HttpResponse:
    return _plain(request, "often", 429)


def _plain(request: HttpRequest, what: str, status: int) -> HttpResponse:
    words = sentences(chosen("", request.headers.get("Accept-Language", "")))
    context = {"head": words[f"{what}_head"], "text": words[f"{what}_text"], "words": words}
    return HttpResponse(render_to_string("portal/plain.html", context), status=status)
