"""Endpoints: made, changed, given another secret, switched, removed; and telling again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from sparkops.alerts.actions import resolve_alerts
from sparkops.audit.record import Actor, record_for_organization
from sparkops.connections.vault import vault
from sparkops.errors import Refusal
from sparkops.hooks import events
from sparkops.hooks.models import Delivery, Endpoint
from sparkops.hooks.posting import check_address
from sparkops.hooks.signing import new_secret
from sparkops.hooks.spreading import address, send
from sparkops.isolation.scope import client_scope
from sparkops.tenants.models import Client, Organization

PURPOSE = "webhook.secret"
MOST = 20
MOST_AGAIN = 5_000


@dataclass(frozen=True)
class NewSecret:
    """An endpoint with its whole secret, which is shown once."""

    endpoint: Endpoint
    secret: str


def create_endpoint(
    organization: Organization,
    name: str,
    *,
    client: Client | None,
    url: str,
    groups: Sequence[str],
    by: Actor,
    now: datetime,
) -> NewSecret:
    """A new endpoint; no group means every event.

    Raises Refusal for an address that messages may not go to, a client of somebody else, a group
    that does not exist, and beyond the most endpoints an organization may have.
    """
    if client is not None and client.organization_id != organization.pk:
        raise Refusal("unknown_client", "Choose a client of this organization.", field="client")
    _check(url, groups)
    if Endpoint.objects.filter(organization=organization, removed_at=None).count() >= MOST:
        raise Refusal("too_many", f"Remove a webhook first: there are {MOST} already.")
    secret = new_secret()
    with transaction.atomic():
        endpoint = Endpoint.objects.create(
            organization=organization,
            client=client,
            name=name,
            url=url,
            groups=list(groups),
            secret=_sealed(organization.pk, secret),
            created_at=now,
            created_by=by.label,
        )
        reach = client.name if client else "all clients"
        _record("webhook.created", endpoint, by, now, {"groups": endpoint.groups, "for": reach})
    return NewSecret(endpoint, secret)


def change_endpoint(
    endpoint: Endpoint, *, name: str, url: str, groups: Sequence[str], by: Actor, now: datetime
) -> None:
    """Another name, address or choice of events. Raises Refusal like `create_endpoint`."""
    _check(url, groups)
    before = {"name": endpoint.name, "groups": endpoint.groups}
    endpoint.name, endpoint.url, endpoint.groups = name, url, list(groups)
    with transaction.atomic():
        endpoint.save(update_fields=["name", "url", "groups"])
        after = {"name": name, "groups": endpoint.groups}
        _record("webhook.changed", endpoint, by, now, {"before": before, "after": after})


def rotate_secret(endpoint: Endpoint, *, grace: timedelta, by: Actor, now: datetime) -> NewSecret:
    """Another secret; for `grace` longer each message is signed with both."""
    secret = new_secret()
    endpoint.previous_secret = bytes(endpoint.secret) if grace else None
    endpoint.previous_until = now + grace if grace else None
    endpoint.secret = _sealed(endpoint.organization_id, secret)
    with transaction.atomic():
        endpoint.save(update_fields=["secret", "previous_secret", "previous_until"])
        until = endpoint.previous_until.isoformat() if endpoint.previous_until else None
        _record("webhook.rotated", endpoint, by, now, {"previous_until": until})
    return NewSecret(endpoint, secret)


def switch_off(endpoint: Endpoint, *, by: Actor, now: datetime) -> None:
    """Hold back what happens from now on."""
    if endpoint.disabled_at is not None:
        return
    endpoint.disabled_at, endpoint.disabled_why = now, f"Switched off by {by.label}."[:200]
    with transaction.atomic():
        endpoint.save(update_fields=["disabled_at", "disabled_why"])
        _record("webhook.switched_off", endpoint, by, now, {})


def switch_on(endpoint: Endpoint, clients: Iterable[Client], *, by: Actor, now: datetime) -> int:
    """Tell again what happens, and what was held back meanwhile; how many that is.

    `clients` are all that the endpoint is for.
    """
    endpoint.disabled_at, endpoint.disabled_why, endpoint.failing_since = None, "", None
    count = 0
    with transaction.atomic():
        endpoint.save(update_fields=["disabled_at", "disabled_why", "failing_since"])
        for client in clients:
            with client_scope(client.pk):
                resolve_alerts(endpoint, now=now)
                held = Delivery.objects.filter(endpoint=endpoint, state=Delivery.State.HELD)
                count += _again(list(held.values_list("pk", flat=True)[:MOST_AGAIN]), now)
        _record("webhook.switched_on", endpoint, by, now, {"sent_again": count})
    return count


def remove(endpoint: Endpoint, *, by: Actor, now: datetime) -> None:
    """Tell it nothing any more. Its log is kept as long as every log."""
    endpoint.removed_at, endpoint.previous_until = now, None
    with transaction.atomic():
        endpoint.save(update_fields=["removed_at", "previous_until"])
        _record("webhook.removed", endpoint, by, now, {})


def send_test(endpoint: Endpoint, client: Client, *, by: Actor, now: datetime) -> Delivery:
    """Put a test event of `client` on its way. Raises Refusal while the endpoint is off."""
    _need_on(endpoint)
    told = events.told(
        events.TEST,
        now,
        client.slug,
        {"sent_by": by.label, "endpoint": endpoint.name},
        events.message_id(endpoint.pk, events.TEST, now.isoformat()),
    )
    with client_scope(client.pk):
        [delivery] = address([(endpoint, told)], now=now)
    return delivery


def replay(
    endpoint: Endpoint, client: Client, delivery_id: int, *, by: Actor, now: datetime
) -> None:
    """Send one delivery again under its id. Raises Refusal when it is still on its way."""
    _need_on(endpoint)
    with client_scope(client.pk):
        if not _again([delivery_id], now):
            raise Refusal("on_its_way", "This message is on its way already.")
        _record("webhook.replayed", endpoint, by, now, {"count": 1})


def replay_span(
    endpoint: Endpoint,
    clients: Iterable[Client],
    since: datetime,
    until: datetime,
    *,
    only_failed: bool,
    by: Actor,
    now: datetime,
) -> int:
    """Send again what happened in a span (aware, `until` is not in it); how many that is.

    Raises Refusal for an empty or too large span, and while the endpoint is off.
    """
    _need_on(endpoint)
    if since >= until:
        raise Refusal(
            "empty_span", "The end of the span must be after its beginning.", field="until"
        )
    count = 0
    with transaction.atomic():
        for client in clients:
            with client_scope(client.pk):
                count += _again(_in_span(endpoint, since, until, only_failed), now)
        span = {"since": since.isoformat(), "until": until.isoformat()}
        _record("webhook.replayed", endpoint, by, now, {"count": count, **span})
    return count


def _in_span(endpoint: Endpoint, since: datetime, until: datetime, only_failed: bool) -> list[int]:
    rows = Delivery.objects.filter(
        endpoint=endpoint, happened_at__gte=since, happened_at__lt=until
    ).exclude(state=Delivery.State.WAITING)
    if only_failed:
        rows = rows.exclude(state=Delivery.State.DELIVERED)
    found = list(rows.order_by("pk").values_list("pk", flat=True)[: MOST_AGAIN + 1])
    if len(found) > MOST_AGAIN:
        raise Refusal(
            "too_many", f"More than {MOST_AGAIN:,} messages of one client are in the span."
            " Choose a shorter one.",
        )  # fmt: skip
    return found


def _again(ids: Sequence[int], now: datetime) -> int:
    chosen = list(
        Delivery.objects.select_for_update()
        .filter(pk__in=ids)
        .exclude(state=Delivery.State.WAITING)
        .order_by("pk")
    )
    keys = [one.pk for one in chosen]
    Delivery.objects.filter(pk__in=keys).update(
        state=Delivery.State.WAITING, round=F("round") + 1, finished_at=None
    )
    send(Delivery.objects.filter(pk__in=keys).only("pk", "round"), now=now)
    return len(keys)


def _need_on(endpoint: Endpoint) -> None:
    if endpoint.disabled_at is not None:
        raise Refusal("is_off", "Switch the webhook on first.")


def _check(url: str, groups: Sequence[str]) -> None:
    check_address(url)
    if not set(groups) <= set(events.LABELS):
        raise Refusal("unknown_group", "Choose events from the list.", field="groups")


def _sealed(organization_id: int, secret: str) -> bytes:
    return vault().seal(secret, client_id=organization_id, purpose=PURPOSE)


def _record(verb: str, endpoint: Endpoint, by: Actor, now: datetime, data: dict[str, Any]) -> None:
    record_for_organization(
        verb, endpoint.organization_id, endpoint.name, by=by, now=now, data=data
    )
