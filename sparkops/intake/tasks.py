"""Celery entry points of imports."""

from collections.abc import Iterable
from typing import Any

from sparkops.intake.actions.running import run_batch
from sparkops.intake.actions.undoing import undo_batch
from sparkops.intake.queries import unfinished
from sparkops.isolation.scope import client_scope
from sparkops.isolation.tasks import client_task, fan_out, work_off
from sparkops.tenants.queries import active_client_ids


@client_task(queue="interactive", scoped=False)
def run_import(*, client_id: int, batch_id: int) -> None:
    """Import or undo, one short transaction per batch of rows, until nothing is left."""
    work_off(client_id, lambda now: run_batch(batch_id, now=now) or undo_batch(batch_id, now=now))


@client_task(queue="interactive", scoped=False)
def resume(*, client_id: int) -> None:
    """Go on with every import that a worker left unfinished."""
    with client_scope(client_id):
        batches = list(unfinished().values_list("pk", flat=True))
    for batch_id in batches:
        run_import(client_id=client_id, batch_id=batch_id)


@fan_out(queue="interactive")
def sweep_imports() -> tuple[Any, Iterable[int]]:
    """Every client's unfinished imports."""
    return resume, active_client_ids()
