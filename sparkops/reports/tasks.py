"""Celery entry points of reports."""

from collections.abc import Iterable
from typing import Any

from sparkops import clock
from sparkops.isolation.tasks import client_task, fan_out
from sparkops.outbox.queue import drain
from sparkops.reports.actions import make_what_is_due
from sparkops.reports.outbound import HANDLERS
from sparkops.tenants.models import Client
from sparkops.tenants.queries import active_client_ids


@client_task(queue="rollup")
def make_due(*, client_id: int) -> None:
    """Make the report whose period has ended."""
    make_what_is_due(Client.objects.get(pk=client_id), now=clock.now())


@fan_out(queue="rollup")
def sweep_due() -> tuple[Any, Iterable[int]]:
    """Every client's reports."""
    return make_due, active_client_ids()


@client_task(queue="outbound", scoped=False)
def send_commands(*, client_id: int) -> None:
    """Send the mails that wait."""
    drain(client_id, HANDLERS, now=clock.now)


@fan_out(queue="outbound")
def sweep_commands() -> tuple[Any, Iterable[int]]:
    """Every client's mails."""
    return send_commands, active_client_ids()
