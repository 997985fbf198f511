"""The only door: finds the client, checks the member, opens the scope, renders inside it.

A foreign or unknown client is 404, a missing permission inside one's own client is 403. Every
view is stamped; a guard test walks the URL map and refuses a view without a stamp.
"""

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url

from sparkops.audit.record import Actor
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope, portfolio_scope
from sparkops.tenants.models import Client, Membership, Organization
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import memberships_of, role_in, role_in_all
from sparkops.tenants.second_factor import ask_for_second_factor
from sparkops.web.pages import refused

View = Callable[..., HttpResponseBase]
STAMP = "gate"


class ClientRequest(HttpRequest):
    """A request inside the scope of one client."""

    client: Client
    member: Membership
    actor: Actor


class PortfolioRequest(HttpRequest):
    """A request that reads every client of one organization."""

    organization: Organization
    portfolio: list[Client]
    member: Membership
    actor: Actor


def client_view(permission: Permission) -> Callable[[View], View]:
    """A page of one client at `/c/<client>/...`; the view runs in the client's scope."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def gated(request: HttpRequest, client: str, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            enter_client(request, client, permission)
            return _within_client(request, view, kwargs)

        return stamp(gated, f"client:{permission.value}")

    return decorate


def unscoped_client_view(permission: Permission) -> Callable[[View], View]:
    """Like `client_view`, for the few views that talk to TikTok while they run (OAuth returns).

    A scope is a transaction and may not wait for the network, so the view opens its own.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def gated(request: HttpRequest, client: str, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            enter_client(request, client, permission)
            try:
                return view(request, **kwargs)
            except Refusal as refusal:
                return refused(request, refusal)

        return stamp(gated, f"client:{permission.value}")

    return decorate


def portfolio_view(permission: Permission) -> Callable[[View], View]:
    """A read-only page over all clients of an organization at `/o/<organization>/...`, without
    those in which the person has a narrower role."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def gated(request: HttpRequest, organization: str, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            _enter_organization(request, organization, permission)
            request.portfolio = _that_open(request, permission)  # type: ignore[attr-defined]
            with portfolio_scope(client.pk for client in request.portfolio):  # type: ignore[attr-defined]
                return _rendered(view(request, **kwargs))

        return stamp(gated, f"portfolio:{permission.value}")

    return decorate


def organization_view(permission: Permission) -> Callable[[View], View]:
    """A page about the organization itself (its team, its clients); reads no client rows."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def gated(request: HttpRequest, organization: str, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            _enter_organization(request, organization, permission)
            try:
                return _rendered(view(request, **kwargs))
            except Refusal as refusal:
                return refused(request, refusal)

        return stamp(gated, f"organization:{permission.value}")

    return decorate


def member_view(view: View) -> View:
    """A page for any signed-in person that reads no client rows."""

    @functools.wraps(view)
    def gated(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        try:
            return view(request, **kwargs)
        except Refusal as refusal:
            return refused(request, refusal)

    return stamp(gated, "member")


def public_view(reason: str) -> Callable[[View], View]:
    """A view open to everyone, with the reason why."""

    def decorate(view: View) -> View:
        return stamp(view, f"public:{reason}")

    return decorate


def stamp(view: View, mark: str) -> View:
    """Mark a view as having passed here."""
    setattr(view, STAMP, mark)
    return view


def enter_client(request: HttpRequest, slug: str, permission: Permission) -> None:
    """Set `request.client`, `.member` and `.actor`; raises Http404 or PermissionDenied."""
    client = Client.objects.select_related("organization").filter(slug=slug).first()
    member = role_in(memberships(request), client) if client else None
    if client is None or member is None or client.archived_at is not None:
        raise Http404("There is no such client here.")
    ask_for_second_factor(request, client.organization)
    if not member.may(permission):
        raise PermissionDenied(f"{member.get_role_display()} may not: {permission.label}.")
    request.client = client  # type: ignore[attr-defined]
    request.member = member  # type: ignore[attr-defined]
    request.actor = actor_of(request)  # type: ignore[attr-defined]
    structlog.contextvars.bind_contextvars(client_id=client.pk, user_id=request.user.pk)


def memberships(request: HttpRequest) -> list[Membership]:
    """Every role of the signed-in person, read once in a request."""
    found: list[Membership] | None = getattr(request, "memberships", None)
    if found is None:
        found = memberships_of(request.user)  # type: ignore[arg-type]
        request.memberships = found  # type: ignore[attr-defined]
    return found


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in person as an audit actor."""
    return Actor(label=str(request.user), user_id=request.user.pk)


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send the person to sign in and back; htmx is told to load the whole page."""
    target = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)


def _within_client(request: HttpRequest, view: View, kwargs: dict[str, Any]) -> HttpResponseBase:
    try:
        with client_scope(request.client.pk):  # type: ignore[attr-defined]
            return _rendered(view(request, **kwargs))
    except Refusal as refusal:
        # Raised through the scope, so nothing of the refused action stays written.
        return refused(request, refusal)


def _enter_organization(request: HttpRequest, slug: str, permission: Permission) -> None:
    organization = Organization.objects.filter(slug=slug).first()
    member = role_in_all(memberships(request), organization) if organization else None
    if organization is None or member is None:
        raise Http404("There is no such organization here.")
    ask_for_second_factor(request, organization)
    if not member.may(permission):
        raise PermissionDenied(f"{member.get_role_display()} may not: {permission.label}.")
    request.organization = organization  # type: ignore[attr-defined]
    request.member = member  # type: ignore[attr-defined]
    request.actor = actor_of(request)  # type: ignore[attr-defined]
    request.portfolio = list(organization.clients.filter(archived_at=None))  # type: ignore[attr-defined]


def _that_open(request: HttpRequest, permission: Permission) -> list[Client]:
    """The clients of the organization whose own page would open: a role in one client counts before
    the organization-wide one."""
    clients: list[Client] = request.portfolio  # type: ignore[attr-defined]
    roles = ((client, role_in(memberships(request), client)) for client in clients)
    return [client for client, role in roles if role is not None and role.may(permission)]


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    """Render a lazy response while the scope is open."""
    render = getattr(response, "render", None)
    if callable(render) and not getattr(response, "is_rendered", True):
        render()
    return response


def may_of(request: HttpRequest) -> Callable[[str], bool]:
    """Whether the member holds a permission, by its word: what tables ask for hidden columns."""
    member: Membership = request.member  # type: ignore[attr-defined]
    return lambda word: member.may(Permission(word))
