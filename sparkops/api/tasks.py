"""Celery entry points of the API."""

from collections.abc import Iterable
from typing import Any

from sparkops import clock
from sparkops.api.replies import forget_old
from sparkops.isolation.tasks import client_task, fan_out
from sparkops.tenants.queries import active_client_ids


@client_task(queue="rollup")
def forget_old_replies(*, client_id: int) -> None:
    """Delete the client's stored replies past their time."""
    forget_old(now=clock.now())


@fan_out(queue="rollup")
def sweep_old_replies() -> tuple[Any, Iterable[int]]:
    """Every client's old replies."""
    return forget_old_replies, active_client_ids()
