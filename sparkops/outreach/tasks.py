"""Celery entry points of outreach."""

from collections.abc import Iterable
from typing import Any

from sparkops import clock
from sparkops.isolation.scope import client_scope
from sparkops.isolation.tasks import client_task, fan_out
from sparkops.outbox.queue import drain
from sparkops.outreach.actions.sending import plan
from sparkops.outreach.outbound import HANDLERS, ON_REFUSAL
from sparkops.tenants.queries import active_client_ids


@client_task(queue="outbound", scoped=False)
def send(*, client_id: int) -> None:
    """Write what may leave now, and send what waits."""
    with client_scope(client_id):
        plan(now=clock.now())
    drain(client_id, HANDLERS, now=clock.now, on_refusal=ON_REFUSAL)


@fan_out(queue="outbound")
def sweep_sending() -> tuple[Any, Iterable[int]]:
    """Every client's outreach."""
    return send, active_client_ids()
