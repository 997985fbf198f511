"""Celery entry points of landing."""

from collections.abc import Iterable
from typing import Any

from sparkops import clock
from sparkops.isolation.tasks import client_task, fan_out
from sparkops.landing.actions import forget_old
from sparkops.tenants.queries import active_client_ids


@client_task(queue="rollup")
def forget_old_pages(*, client_id: int) -> None:
    """Delete the client's landed pages past their time."""
    while forget_old(now=clock.now()):
        pass


@fan_out(queue="rollup")
def sweep_old_pages() -> tuple[Any, Iterable[int]]:
    """Every client's old pages."""
    return forget_old_pages, active_client_ids()
