"""Celery entry points of webhooks."""

from collections.abc import Iterable
from typing import Any

from sparkops import clock
from sparkops.hooks import spreading
from sparkops.hooks.outbound import HANDLERS, ON_REFUSAL
from sparkops.hooks.queries import organizations_with_endpoints
from sparkops.isolation.tasks import client_task, fan_out, work_off
from sparkops.outbox.queue import drain
from sparkops.tenants.models import Client
from sparkops.tenants.queries import active_client_ids

AT_A_TIME = 50


@client_task(queue="outbound", scoped=False)
def tell(*, client_id: int) -> None:
    """Tell endpoints what happened in the client."""
    work_off(client_id, lambda now: spreading.spread(now=now))
    drain(client_id, HANDLERS, now=clock.now, on_refusal=ON_REFUSAL, limit=AT_A_TIME)


@fan_out(queue="outbound")
def sweep() -> tuple[Any, Iterable[int]]:
    """Every client of an organization with endpoints."""
    organizations = organizations_with_endpoints()
    clients = Client.objects.filter(archived_at=None, organization__in=organizations)
    return tell, list(clients.values_list("pk", flat=True))


@client_task(queue="rollup")
def forget_old(*, client_id: int) -> None:
    """Drop the client's deliveries past their time."""
    spreading.forget_old(now=clock.now())


@fan_out(queue="rollup")
def sweep_old() -> tuple[Any, Iterable[int]]:
    """Every client's old deliveries."""
    return forget_old, active_client_ids()
