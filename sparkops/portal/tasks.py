"""Celery entry points of the pages without an account."""

from collections.abc import Iterable
from typing import Any

from sparkops import clock
from sparkops.isolation.scope import client_scope
from sparkops.isolation.tasks import client_task, fan_out
from sparkops.outbox.queue import drain
from sparkops.portal.outbound import HANDLERS, put_decisions
from sparkops.tenants.queries import active_client_ids


@client_task(queue="outbound", scoped=False)
def tell_applicants(*, client_id: int) -> None:
    """Mail applicants what was decided, two minutes after it was."""
    with client_scope(client_id):
        put_decisions(now=clock.now())
    drain(client_id, HANDLERS, now=clock.now)


@fan_out(queue="outbound")
def sweep_applicants() -> tuple[Any, Iterable[int]]:
    """Every client's applicants."""
    return tell_applicants, active_client_ids()
