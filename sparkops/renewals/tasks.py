"""Celery entry points of requests and renewals."""

from collections.abc import Iterable
from typing import Any

from sparkops import clock
from sparkops.isolation.scope import client_scope
from sparkops.isolation.tasks import client_task, fan_out, work_off
from sparkops.outbox.queue import drain
from sparkops.renewals.actions.ahead import count_ahead
from sparkops.renewals.actions.cadence import ask_when_due
from sparkops.renewals.actions.runs import run_batch
from sparkops.renewals.actions.stakes import count_stakes as count
from sparkops.renewals.outbound import HANDLERS, ON_REFUSAL
from sparkops.renewals.queries.asks import unfinished
from sparkops.tenants.models import Client
from sparkops.tenants.queries import active_client_ids


@client_task(queue="interactive", scoped=False)
def work_run(*, client_id: int, run_id: int) -> None:
    """Write the messages of a run, a short transaction per batch."""
    work_off(client_id, lambda now: run_batch(run_id, now=now))


@client_task(queue="interactive", scoped=False)
def resume(*, client_id: int) -> None:
    """Go on with every run that a worker left unfinished."""
    with client_scope(client_id):
        runs = list(unfinished().values_list("pk", flat=True))
    for run_id in runs:
        work_run(client_id=client_id, run_id=run_id)


@fan_out(queue="interactive")
def sweep_runs() -> tuple[Any, Iterable[int]]:
    """Every client's unfinished runs."""
    return resume, active_client_ids()


@client_task(queue="outbound", scoped=False)
def send_commands(*, client_id: int) -> None:
    """Send the messages that wait."""
    drain(client_id, HANDLERS, now=clock.now, on_refusal=ON_REFUSAL)


@fan_out(queue="outbound")
def sweep_commands() -> tuple[Any, Iterable[int]]:
    """Every client's waiting messages."""
    return send_commands, active_client_ids()


@client_task(queue="interactive")
def follow_cadence(*, client_id: int) -> None:
    """Ask creators whose step has come."""
    ask_when_due(Client.objects.get(pk=client_id), now=clock.now())


@fan_out(queue="interactive")
def sweep_cadence() -> tuple[Any, Iterable[int]]:
    """Every client's steps."""
    return follow_cadence, active_client_ids()


@client_task(queue="rollup")
def count_stakes(*, client_id: int) -> None:
    """Count what is at stake, then what the next 30 days bring if nobody acts."""
    client, now = Client.objects.get(pk=client_id), clock.now()
    count(client, now=now)
    count_ahead(client, now=now)


@fan_out(queue="rollup")
def sweep_stakes() -> tuple[Any, Iterable[int]]:
    """Every client's stakes."""
    return count_stakes, active_client_ids()
