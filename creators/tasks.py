"""Celery entry points of creators."""

from collections.abc import Iterable
from typing import Any

from creators.inbound import STREAMS
from sparkops import clock
from sparkops.isolation.tasks import client_task, fan_out
from sparkops.landing.streams import pull_due
from sparkops.tenants.queries import active_client_ids


@client_task(queue="sync", scoped=False)
def sync(*, client_id: int) -> None:
    """Read collaborations, posts and samples that are due."""
    pull_due(client_id, STREAMS, now=clock.now)


@fan_out(queue="sync")
def sweep_sync() -> tuple[Any, Iterable[int]]:
    """Every client's creators."""
    return sync, active_client_ids()
