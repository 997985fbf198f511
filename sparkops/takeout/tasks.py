"""Celery entry points of archives."""

from collections.abc import Iterable
from typing import Any

from sparkops import clock
from sparkops.isolation.scope import client_scope
from sparkops.isolation.tasks import client_task, fan_out, system_task, work_off
from sparkops.takeout.deletion import due, step, waiting_clients
from sparkops.takeout.writing import forget_old, unfinished, write_step
from sparkops.tenants.queries import active_client_ids


@client_task(queue="rollup", scoped=False)
def write_shares(*, client_id: int) -> None:
    """Write the client's shares to their end, a short transaction at a time; drop old ones."""
    with client_scope(client_id):
        forget_old(now=clock.now())
        shares = unfinished()
    for share_id in shares:
        work_off(client_id, lambda now, pk=share_id: write_step(pk, now=now))  # type: ignore[misc]


@fan_out(queue="rollup")
def sweep_shares() -> tuple[Any, Iterable[int]]:
    """Every client's unfinished shares, also of those that are to be deleted."""
    return write_shares, [*active_client_ids(), *waiting_clients()]


@system_task(queue="rollup")
def go_on() -> None:
    """Go on with every deletion whose time has come, a short transaction at a time."""
    for deletion_id in due(now=clock.now()):
        while step(deletion_id, now=clock.now()):
            pass
