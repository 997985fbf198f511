"""A synced client shared by one test module; each test works in a transaction of its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from sparkops import clock
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor
from sparkops.landing.streams import Stream, pull_due
from tests.factories.cast import Cast, build_cast
from tests.factories.connected import connect
from tests.sandbox_server import SandboxServer


@contextmanager
def synced_cast(
    blocker: Any, sandbox: SandboxServer, *groups: Sequence[Stream], key: str = "lumen"
) -> Iterator[Cast]:
    """The cast with its first client connected to a brand and everything in `groups` read.

    The sandbox's clock stands still, so that its own counts are of the same moment. What the module
    writes is rolled back at its end.
    """
    sandbox.do("clock", frozen=True)
    with blocker.unblock(), transaction.atomic():
        cast = build_cast()
        connect(cast.client, sandbox, key)
        for streams in groups:
            pull_due(cast.client.pk, streams, now=clock.now)
        with client_scope(cast.client.pk):
            failed = list(Cursor.objects.exclude(last_error="").values_list("stream", "last_error"))
            assert failed == []
        yield cast
        transaction.set_rollback(True)


@contextmanager
def own_transaction(blocker: Any) -> Iterator[None]:
    """A test's changes to the shared world, undone at its end."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
