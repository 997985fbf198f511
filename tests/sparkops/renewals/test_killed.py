"""A worker that dies in the middle of a batch of messages: the run goes on, each row once."""

import signal
import subprocess
import sys

import psycopg
import pytest
from django.core import mail

from authorizations.models import Authorization
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.renewals.actions.runs import BATCH
from sparkops.renewals.models import Ask, Run
from sparkops.renewals.tasks import resume, send_commands
from tests.factories.cast import Cast
from tests.factories.rights import NOW
from tests.sparkops.intake.test_killed import (
    bystander,
    is_waited_for,
    wait_for,
    worker_environment,
)
from tests.sparkops.renewals import asking

__all__ = ["bystander"]
ROWS = BATCH + 20
WORKER = """
import sys
import django
django.setup()
from sparkops.renewals.tasks import work_run
work_run(client_id=int(sys.argv[1]), run_id=int(sys.argv[2]))
"""


def written(client_id: int) -> int:
    with client_scope(client_id):
        return Ask.objects.exclude(state="waiting").count()


@pytest.mark.django_db(transaction=True)
def test_u1_killed_in_the_middle_of_a_batch_and_resumed(
    cast: Cast, bystander: psycopg.Connection[object]
) -> None:
    """U1, AR8: safe to be killed; every row is asked exactly once."""
    client_id = cast.client.pk
    with client_scope(client_id):
        rows = asking.permissions(ROWS, now=NOW)
        for number in range(ROWS):
            asking.address(number, email=f"maker{number}@mail.example")
        run = asking.start(rows, now=NOW)

    # Another session holds a message of the second batch, so the worker waits inside it.
    bystander.execute("BEGIN")
    bystander.execute("SELECT set_config('sparkops.client_id', %s, true)", [str(client_id)])
    bystander.execute("SELECT id FROM renewals_ask WHERE number = %s FOR UPDATE", [BATCH + 10])
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(client_id), str(run.pk)], env=worker_environment()
    )
    try:
        wait_for("the worker's wait", lambda: is_waited_for(bystander))
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    bystander.execute("ROLLBACK")
    assert written(client_id) == BATCH

    def resumed() -> bool:
        # The dead worker's session holds its lock until the server notices.
        resume(client_id=client_id)
        return written(client_id) == ROWS

    wait_for("the end of the run", resumed)
    send_commands(client_id=client_id)
    with client_scope(client_id):
        assert Authorization.objects.filter(state="requested").count() == ROWS
        assert Command.objects.filter(kind="renewals.email", state="done").count() == ROWS
        assert Event.objects.filter(verb="authorization.creator_asked").count() == ROWS
        assert Run.objects.get().state == "done"
    assert sorted(one.to[0] for one in mail.outbox) == sorted(
        f"maker{number}@mail.example" for number in range(ROWS)
    )
