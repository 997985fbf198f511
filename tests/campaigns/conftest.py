"""A client whose campaigns were read from the sandbox; each test's changes are undone."""

from collections.abc import Iterator
from typing import Any

import pytest

from authorizations.inbound import STREAMS as RIGHTS
from campaigns.inbound import STREAMS
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.factories.plans import Ready, two_ready
from tests.factories.world import own_transaction, synced_cast
from tests.sandbox_server import SandboxServer


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, sandbox: SandboxServer) -> Iterator[Cast]:
    with synced_cast(django_db_blocker, sandbox, CATALOG, RIGHTS, STREAMS) as cast:
        yield cast


@pytest.fixture
def connected(world: Cast, django_db_blocker: Any) -> Iterator[int]:
    with own_transaction(django_db_blocker):
        yield world.client.pk


@pytest.fixture
def ready(cast: Cast) -> Ready:
    """Two posts that every gate lets through, in one account."""
    with client_scope(cast.client.pk):
        return two_ready()
