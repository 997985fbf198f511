"""Celery entry points of authorizations."""

from collections.abc import Iterable
from typing import Any

from authorizations.actions import expiry
from authorizations.actions.fees import note_due_fees
from authorizations.inbound import STREAMS, WATCH
from authorizations.outbound import HANDLERS, ON_REFUSAL
from sparkops import clock
from sparkops.audit.record import SYSTEM
from sparkops.isolation.tasks import client_task, fan_out
from sparkops.landing.streams import pull_due
from sparkops.outbox.queue import drain
from sparkops.tenants.models import Client
from sparkops.tenants.queries import active_client_ids


@client_task(queue="sync", scoped=False)
def sync(*, client_id: int) -> None:
    """Read authorized posts and linked accounts that are due."""
    pull_due(client_id, STREAMS, now=clock.now)


@fan_out(queue="sync")
def sweep_sync() -> tuple[Any, Iterable[int]]:
    """Every client's authorized posts."""
    return sync, active_client_ids()


@client_task(queue="interactive", scoped=False)
def watch_posts(*, client_id: int) -> None:
    """Look at the posts that spend; it does not wait behind long lists (AR7)."""
    pull_due(client_id, WATCH, now=clock.now)


@fan_out(queue="interactive")
def sweep_watch() -> tuple[Any, Iterable[int]]:
    """Every client's posts that spend."""
    return watch_posts, active_client_ids()


@client_task(queue="outbound", scoped=False)
def send_commands(*, client_id: int) -> None:
    """Redeem what waits."""
    drain(client_id, HANDLERS, now=clock.now, on_refusal=ON_REFUSAL)


@fan_out(queue="outbound")
def sweep_commands() -> tuple[Any, Iterable[int]]:
    """Every client's waiting codes."""
    return send_commands, active_client_ids()


@client_task(queue="interactive")
def flag_expiring(*, client_id: int) -> None:
    """Flag what expires and which fees fall due, in the client's zone."""
    client, now = Client.objects.get(pk=client_id), clock.now()
    expiry.flag_expiring(client, now=now)
    note_due_fees(clock.shop_day(now, client.timezone), by=SYSTEM, now=now)


@fan_out(queue="interactive")
def sweep_expiry() -> tuple[Any, Iterable[int]]:
    """Every client's ends."""
    return flag_expiring, active_client_ids()
