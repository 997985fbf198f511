"""A worker that dies in the middle of a batch: the import goes on and every row counts once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from authorizations.models import Authorization
from creators.models import Creator, Post
from sparkops.intake.actions.running import BATCH, run_batch, start_run
from sparkops.intake.actions.start import start_pasted
from sparkops.intake.models import Import, ImportRow
from sparkops.intake.tasks import resume
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.sparkops.intake import tracker300 as sheet
from tests.sparkops.intake.bringing import BY, NOW, check, choices, make_shop, may_all, results

ROOT = Path(__file__).resolve().parents[3]
WORKER = """
import sys
import django
django.setup()
from sparkops.intake.tasks import run_import
run_import(client_id=int(sys.argv[1]), batch_id=int(sys.argv[2]))
"""
BLOCKED = "creator.170"
"""A creator of the second batch of a hundred rows."""


def worker_environment() -> dict[str, str]:
    """The environment of a real worker on the test's own database."""
    database = settings.DATABASES["default"]
    url = (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}"
        f":{database['PORT']}/{connection.settings_dict['NAME']}"
    )
    return {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def bystander(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """A session of its own on the test database, to stand in the worker's way."""
    with psycopg.connect(worker_environment()["DATABASE_URL"], autocommit=True) as session:
        yield session


def wait_for(what: str, ready: Callable[[], bool]) -> None:
    for _ in range(600):
        if ready():
            return
        time.sleep(0.1)
    pytest.fail(f"{what} did not happen")


def done_rows(client_id: int) -> int:
    with client_scope(client_id):
        return ImportRow.objects.filter(is_record=True).exclude(done_at=None).count()


@pytest.mark.django_db(transaction=True)
def test_ss1_killed_in_the_middle_of_a_batch_and_resumed(
    cast: Cast, bystander: psycopg.Connection[Any]
) -> None:
    client_id = cast.client.pk
    with client_scope(client_id):
        shop = make_shop()
        batch = check(start_pasted(sheet.as_paste(), by=BY, now=NOW), choices(shop=shop.pk))
        forecast = results(batch)
        start_run(batch, may=may_all, by=BY, now=NOW)

    # Another session is just making the creator of row 173, so the worker waits inside a batch.
    bystander.execute("BEGIN")
    bystander.execute("SELECT set_config('sparkops.client_id', %s, true)", [str(client_id)])
    bystander.execute(*insertion(client_id))
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(client_id), str(batch.pk)], env=worker_environment()
    )
    try:
        wait_for("the worker's wait", lambda: is_waited_for(bystander))
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    bystander.execute("ROLLBACK")

    assert done_rows(client_id) == BATCH
    with client_scope(client_id):
        assert Import.objects.get().state == "running"
        # Nothing of the cut-off batch is there: the first hundred rows made creators 0 to 99.
        assert not Creator.objects.filter(handle="creator.155").exists()

    def resumed() -> bool:
        # The dead worker's session holds its lock until the server notices.
        resume(client_id=client_id)
        with client_scope(client_id):
            return Import.objects.get().state == "done"

    wait_for("the end of the import", resumed)
    with client_scope(client_id):
        assert results(batch) == forecast
        assert Creator.objects.count() == sheet.CREATORS
        assert Post.objects.count() == sheet.POSTS
        assert Authorization.objects.count() == sheet.CODES
        assert run_batch(batch.pk, now=NOW) is False


def insertion(client_id: int) -> tuple[str, list[Any]]:
    """SQL and values that make the creator whom the worker will want to make."""
    creator = Creator(client_id=client_id, handle=BLOCKED, source="sync", created_at=NOW)
    fields = [field for field in Creator._meta.concrete_fields if not field.primary_key]
    names = ", ".join(str(field.column) for field in fields)
    places = ", ".join("%s" for _ in fields)
    values = [
        field.get_db_prep_save(getattr(creator, field.attname), connection) for field in fields
    ]
    return f"INSERT INTO creators_creator ({names}) VALUES ({places})", values


def is_waited_for(session: psycopg.Connection[Any]) -> bool:
    """Whether some other session waits for this one."""
    # Asked from outside: within a transaction the list of sessions stands still.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))",
            [session.info.backend_pid],
        )
        [(waiting,)] = cursor.fetchall()
    return bool(waiting)
