"""The pages of webhooks in an organization's settings."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.errors import Refusal
from sparkops.hooks import actions, queries
from sparkops.hooks.events import LABELS
from sparkops.hooks.forms import (
    EndpointForm,
    LogFilters,
    NewEndpointForm,
    RotateForm,
    SpanForm,
)
from sparkops.hooks.models import Delivery, Endpoint
from sparkops.isolation.scope import portfolio_scope
from sparkops.tenants.gate import PortfolioRequest, organization_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages
from sparkops.web.formats import plural
from sparkops.web.keyset import Order, Page, paginate

T = TypeVar("T")
NEWEST = Order("pk", descending=True)


@organization_view(Permission.WEBHOOKS)
def webhooks(request: PortfolioRequest) -> HttpResponse:
    """Every endpoint with what it is told and how it fares."""
    found = list(queries.endpoints(request.organization))
    with portfolio_scope(one.pk for one in request.portfolio):
        troubles = queries.troubles(found)
    rows = [(one, _labels(one), troubles.get(one.pk, 0)) for one in found]
    return pages.render(request, "hooks/webhooks.html", {"rows": rows})


@organization_view(Permission.WEBHOOKS)
def new(request: PortfolioRequest) -> HttpResponse:
    """A form for a new endpoint; its secret is shown once on the page that follows."""
    form = NewEndpointForm(request.POST or None, clients=request.portfolio)
    made = _tried(form, lambda: _create(request, form.cleaned_data))
    if made is None:
        return _form(request, form, None)
    return _page(request, made.endpoint, secret=made.secret)


@organization_view(Permission.WEBHOOKS)
def edit(request: PortfolioRequest, endpoint: int) -> HttpResponse:
    """Another name, address or choice of events."""
    found = _endpoint(request, endpoint)
    start = {"name": found.name, "url": found.url, "groups": found.groups}
    form = EndpointForm(request.POST or None, initial=start)

    def change() -> bool:
        actions.change_endpoint(found, **form.cleaned_data, by=request.actor, now=clock.now())
        return True

    if _tried(form, change):
        messages.success(request, f"{found.name} is changed.")
        return _to(request, found)
    return _form(request, form, found)


@organization_view(Permission.WEBHOOKS)
def webhook(request: PortfolioRequest, endpoint: int) -> HttpResponse:
    """One endpoint: what it was told, and what can be done about it."""
    return _page(request, _endpoint(request, endpoint))


@organization_view(Permission.WEBHOOKS)
@require_POST
def rotate(request: PortfolioRequest, endpoint: int) -> HttpResponse:
    """Another secret, shown once."""
    found, form = _endpoint(request, endpoint), RotateForm(request.POST)
    if not form.is_valid():
        raise Refusal("unknown_grace", "Choose how long the old secret goes on working.")
    grace = timedelta(hours=form.cleaned_data["grace"])
    made = actions.rotate_secret(found, grace=grace, by=request.actor, now=clock.now())
    return _page(request, made.endpoint, secret=made.secret)


@organization_view(Permission.WEBHOOKS)
@require_POST
def switch_off(request: PortfolioRequest, endpoint: int) -> HttpResponse:
    """Hold back what happens."""
    found = _endpoint(request, endpoint)
    actions.switch_off(found, by=request.actor, now=clock.now())
    messages.success(request, f"{found.name} is off. What happens meanwhile is held back.")
    return _to(request, found)


@organization_view(Permission.WEBHOOKS)
@require_POST
def switch_on(request: PortfolioRequest, endpoint: int) -> HttpResponse:
    """Go on, with what was held back."""
    found = _endpoint(request, endpoint)
    clients = queries.clients_for(found, request.portfolio)
    count = actions.switch_on(found, clients, by=request.actor, now=clock.now())
    messages.success(request, f"{found.name} is on. {plural(count, 'held message')} to send.")
    return _to(request, found)


@organization_view(Permission.WEBHOOKS)
@require_POST
def remove(request: PortfolioRequest, endpoint: int) -> HttpResponse:
    """Tell it nothing any more."""
    found = _endpoint(request, endpoint)
    actions.remove(found, by=request.actor, now=clock.now())
    messages.success(request, f"{found.name} is removed.")
    return pages.redirect(request, "webhooks", organization=request.organization.slug)


@organization_view(Permission.WEBHOOKS)
@require_POST
def test(request: PortfolioRequest, endpoint: int) -> HttpResponse:
    """Send a test event of the first client that the endpoint is for."""
    found = _endpoint(request, endpoint)
    clients = queries.clients_for(found, request.portfolio)
    if not clients:
        raise Refusal("no_client", "Add a client first: every event is of a client.")
    delivery = actions.send_test(found, clients[0], by=request.actor, now=clock.now())
    messages.success(request, "A test event is on its way. Look again in a few seconds.")
    return _to_message(request, found, delivery.pk)


@organization_view(Permission.WEBHOOKS)
@require_POST
def replay_span(request: PortfolioRequest, endpoint: int) -> HttpResponse:
    """Send again what happened in a span of time."""
    found, form = _endpoint(request, endpoint), SpanForm(request.POST)

    def again() -> int:
        return actions.replay_span(
            found,
            queries.clients_for(found, request.portfolio),
            **form.cleaned_data,
            by=request.actor,
            now=clock.now(),
        )

    count = _tried(form, again)
    if count is None:
        return _page(request, found, span=form, status=422)
    messages.success(request, f"{plural(count, 'message')} to send again.")
    return _to(request, found)


@organization_view(Permission.WEBHOOKS)
def message(request: PortfolioRequest, endpoint: int, delivery: int) -> HttpResponse:
    """One message: what was sent, and what came back each time."""
    found = _endpoint(request, endpoint)
    with portfolio_scope(one.pk for one in request.portfolio):
        sent = get_object_or_404(queries.deliveries(found), pk=delivery)
        context = {
            "endpoint": found,
            "delivery": sent,
            "body": json.dumps(json.loads(sent.body), indent=2, ensure_ascii=False),
            "attempts": list(queries.attempts(sent)),
            "crumbs": [*_crumbs(request, found), {"label": sent.event}],
        }
    return pages.render(request, "hooks/message.html", context)


@organization_view(Permission.WEBHOOKS)
@require_POST
def replay(request: PortfolioRequest, endpoint: int, delivery: int) -> HttpResponse:
    """Send one message again."""
    found = _endpoint(request, endpoint)
    with portfolio_scope(one.pk for one in request.portfolio):
        sent = get_object_or_404(queries.deliveries(found), pk=delivery)
    actions.replay(found, sent.client, sent.pk, by=request.actor, now=clock.now())
    messages.success(request, "The message is on its way again, under the same id.")
    return _to_message(request, found, sent.pk)


def _create(request: PortfolioRequest, values: dict[str, Any]) -> actions.NewSecret:
    return actions.create_endpoint(
        request.organization, **values, by=request.actor, now=clock.now()
    )


def _tried(form: Any, act: Callable[[], T]) -> T | None:
    """What `act` gives once the form is sent and fits; a refusal becomes an error of the form."""
    if not form.is_valid():
        return None
    try:
        return act()
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.sentence)
        return None


def _endpoint(request: PortfolioRequest, pk: int) -> Endpoint:
    return get_object_or_404(queries.endpoints(request.organization), pk=pk)


def _labels(endpoint: Endpoint) -> list[str]:
    return [LABELS[key] for key in endpoint.groups if key in LABELS]


def _crumbs(request: PortfolioRequest, endpoint: Endpoint | None) -> list[dict[str, str]]:
    here = {"organization": request.organization.slug}
    found = [{"label": "Webhooks", "url": resolve_url("webhooks", **here)}]
    if endpoint is not None:
        url = resolve_url("webhook", endpoint=endpoint.pk, **here)
        found.append({"label": endpoint.name, "url": url})
    return found


def _to(request: PortfolioRequest, endpoint: Endpoint) -> HttpResponse:
    slug = request.organization.slug
    return pages.redirect(request, "webhook", organization=slug, endpoint=endpoint.pk)


def _to_message(request: PortfolioRequest, endpoint: Endpoint, delivery: int) -> HttpResponse:
    slug = request.organization.slug
    return pages.redirect(
        request, "webhook-message", organization=slug, endpoint=endpoint.pk, delivery=delivery
    )


def _form(request: PortfolioRequest, form: Any, endpoint: Endpoint | None) -> HttpResponse:
    last = {"label": "Change" if endpoint else "New webhook"}
    context = {
        "form": form,
        "endpoint": endpoint,
        "crumbs": [*_crumbs(request, endpoint), last],
    }
    return pages.render(request, "hooks/form.html", context, status=422 if form.errors else 200)


def _page(
    request: PortfolioRequest,
    endpoint: Endpoint,
    *,
    secret: str = "",
    span: SpanForm | None = None,
    status: int = 200,
) -> HttpResponse:
    filters = LogFilters(request.GET)
    state = filters.cleaned_data["state"] if filters.is_valid() else ""
    with portfolio_scope(one.pk for one in request.portfolio):
        page = paginate(queries.deliveries(endpoint, state), NEWEST, request.GET.get("cursor"))
    context = {
        "now": clock.now(),
        "endpoint": endpoint,
        "labels": _labels(endpoint),
        "secret": secret,
        "table": _paged(page, state),
        "states": [("", "All"), *Delivery.State.choices],
        "state": state,
        "rotation": RotateForm(),
        "span": span or SpanForm(),
        "crumbs": _crumbs(request, endpoint),
    }
    response = pages.render(request, "hooks/webhook.html", context, status=status)
    if secret:
        response.headers["Cache-Control"] = "no-store"
    return response


def _paged(page: Page, state: str) -> dict[str, Any]:
    """What the pager of a table needs."""

    def url(cursor: str | None) -> str:
        return f"?{urlencode({'state': state, 'cursor': cursor})}" if cursor else ""

    return {"rows": page.rows, "next_url": url(page.next), "previous_url": url(page.previous)}
