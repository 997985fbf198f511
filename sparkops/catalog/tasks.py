"""Celery entry points of the catalog."""

from collections.abc import Iterable
from typing import Any

from sparkops import clock
from sparkops.catalog.inbound import STREAMS
from sparkops.connections.actions import refresh_due
from sparkops.isolation.tasks import client_task, fan_out
from sparkops.landing.streams import pull_due
from sparkops.tenants.queries import active_client_ids


@client_task(queue="sync", scoped=False)
def sync(*, client_id: int) -> None:
    """Keep tokens alive, then read shops, ad accounts and products that are due."""
    refresh_due(client_id, now=clock.now())
    pull_due(client_id, STREAMS, now=clock.now)


@fan_out(queue="sync")
def sweep_sync() -> tuple[Any, Iterable[int]]:
    """Every client's catalog."""
    return sync, active_client_ids()
