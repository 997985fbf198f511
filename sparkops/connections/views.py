"""Connecting an account through TikTok's consent page, and disconnecting it."""

import hmac
import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from sparkops import clock
from sparkops.connections import actions
from sparkops.connections.models import Connection
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.tenants.gate import client_view, enter_client, member_view, unscoped_client_view
from sparkops.tenants.permissions import Permission
from sparkops.tiktok.ads.oauth import consent_url
from sparkops.tiktok.shop.oauth import authorize_url
from sparkops.web import pages

PENDING = "connecting"
MAX_PENDING = 8


@client_view(Permission.CONNECT)
@require_POST
def start(request: HttpRequest, kind: str) -> HttpResponse:
    """Send the person to TikTok's consent page. The state is theirs, for this client, for once."""
    state = secrets.token_urlsafe(24)
    waiting: list[dict[str, str]] = request.session.get(PENDING, [])
    slug = request.client.slug  # type: ignore[attr-defined]
    entry = {"state": state, "client": slug, "kind": kind, "back": _back(request, slug)}
    request.session[PENDING] = [*waiting, entry][-MAX_PENDING:]
    return pages.redirect(request, _consent_page(kind, state))


@member_view
def returned(request: HttpRequest, kind: str) -> HttpResponse:
    """Come back from the consent page: exchange the code and store the connection."""
    pending = _take_pending(request, kind)
    if pending is None:
        raise Refusal(
            "unknown_state",
            "This return from TikTok does not belong to a connection you started here, or it was"
            " used before. Open Connections and press Connect again.",
        )
    enter_client(request, pending["client"], Permission.CONNECT)
    code = request.GET.get("auth_code") or request.GET.get("code") or ""
    target = pending["back"]
    if not code:
        messages.warning(request, "Nothing was connected: TikTok's page was left without consent.")
        return pages.redirect(request, target)
    connect = actions.connect_ads if kind == Connection.Kind.ADS else actions.connect_shop
    client_id, by = request.client.pk, request.actor  # type: ignore[attr-defined]
    try:
        connection = connect(client_id, code, by=by, now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{connection.label} is connected. Reading starts in a moment.")
    return pages.redirect(request, target)


@client_view(Permission.CONNECT)
def confirm_disconnect(request: HttpRequest, connection: int) -> HttpResponse:
    """The question before a connection is ended."""
    found = get_object_or_404(Connection, pk=connection)
    return pages.render(request, "connections/disconnect.html", {"connection": found})


@unscoped_client_view(Permission.CONNECT)
@require_http_methods(["POST"])
def disconnect(request: HttpRequest, connection: int) -> HttpResponse:
    """End a connection. Its data stays."""
    client = request.client  # type: ignore[attr-defined]
    with client_scope(client.pk):
        found = get_object_or_404(Connection, pk=connection)
    actions.disconnect(client.pk, found.pk, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    messages.success(request, f"{found.label} is disconnected. What was read before is kept.")
    return pages.redirect(request, "connections:list", client=client.slug)


def _back(request: HttpRequest, slug: str) -> str:
    """Where to return: the page of the same client that was asked for, else its connections."""
    back = request.POST.get("back", "")
    if back.startswith(f"/c/{slug}/") and url_has_allowed_host_and_scheme(back, None):
        return back
    return reverse("connections:list", kwargs={"client": slug})


def _consent_page(kind: str, state: str) -> str:
    app = settings.TIKTOK
    if kind == Connection.Kind.ADS:
        back = settings.SITE_URL + reverse("connection-returned", kwargs={"kind": kind})
        return consent_url(app["ads_url"], app_id=app["ads_app_id"], redirect_uri=back, state=state)
    return authorize_url(app["services_url"], app["shop_service_id"], state)


def _take_pending(request: HttpRequest, kind: str) -> dict[str, Any] | None:
    given = request.GET.get("state", "")
    waiting: list[dict[str, str]] = request.session.get(PENDING, [])
    found = None
    for entry in waiting:
        if entry["kind"] == kind and hmac.compare_digest(entry["state"], given):
            found = entry
    if found is not None:
        request.session[PENDING] = [entry for entry in waiting if entry is not found]
    return found
