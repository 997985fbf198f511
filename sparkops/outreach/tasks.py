"""Celery entry points of outreach."""

from collections.abc import Iterable
from typing import Any

from sparkops import clock
from sparkops.isolation.scope import client_scope
from sparkops.isolation.tasks import client_task, fan_out
from sparkops.landing.models import Cursor
from sparkops.landing.streams import pull_due
from sparkops.outbox.queue import drain
from sparkops.outreach.actions.collisions import note_collisions
from sparkops.outreach.actions.sending import plan
from sparkops.outreach.inbound import QUOTA, STREAMS
from sparkops.outreach.outbound import HANDLERS, ON_REFUSAL
from sparkops.outreach.queries.collisions import (
    collisions_with,
    contacted_elsewhere,
    elsewhere_of,
)
from sparkops.outreach.queries.quota import is_needed
from sparkops.tenants.models import Client
from sparkops.tenants.queries import active_client_ids


@client_task(queue="sync", scoped=False)
def sync(*, client_id: int) -> None:
    """Read what is due."""
    pull_due(client_id, STREAMS, now=clock.now)


@fan_out(queue="sync")
def sweep_sync() -> tuple[Any, Iterable[int]]:
    """Every client's quota and answers."""
    return sync, active_client_ids()


@client_task(queue="outbound", scoped=False)
def send(*, client_id: int) -> None:
    """Read the quota, write what may leave now, and send what waits."""
    with client_scope(client_id):
        if is_needed():
            # The quota is read before each batch (Shop contract 8.9).
            Cursor.objects.filter(stream=QUOTA.name).update(due_at=clock.now())
    pull_due(client_id, [QUOTA], now=clock.now)
    client, now = Client.objects.get(pk=client_id), clock.now()
    _find_collisions(client)
    elsewhere = contacted_elsewhere(client, now)
    with client_scope(client_id):
        plan(zone=client.timezone, now=now, elsewhere=elsewhere)
    drain(client_id, HANDLERS, now=clock.now, on_refusal=ON_REFUSAL)


@fan_out(queue="outbound")
def sweep_sending() -> tuple[Any, Iterable[int]]:
    """Every client's outreach."""
    return send, active_client_ids()


@client_task(queue="interactive", scoped=False)
def find_collisions(*, client_id: int) -> None:
    """Look where the agency's other clients are at the same creators and posts."""
    _find_collisions(Client.objects.get(pk=client_id))


def _find_collisions(client: Client) -> None:
    now = clock.now()
    elsewhere = elsewhere_of(client, now)
    with client_scope(client.pk):
        note_collisions(collisions_with(elsewhere), now=now)


@fan_out(queue="interactive")
def sweep_collisions() -> tuple[Any, Iterable[int]]:
    """Every client's collisions."""
    return find_collisions, active_client_ids()
