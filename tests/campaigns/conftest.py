"""A client whose campaigns were read from the sandbox."""

import pytest

from authorizations.inbound import STREAMS as RIGHTS
from campaigns.inbound import STREAMS
from sparkops.catalog.inbound import STREAMS as CATALOG
from tests.campaigns.synced import read
from tests.factories.cast import Cast
from tests.factories.connected import connect
from tests.sandbox_server import SandboxServer


@pytest.fixture
def connected(cast: Cast, sandbox: SandboxServer) -> int:
    connect(cast.client, sandbox)
    read(cast.client.pk, CATALOG, RIGHTS, STREAMS)
    return cast.client.pk
