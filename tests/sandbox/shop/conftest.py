"""A sandbox server on a free port, with its clock standing still."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from sparkops.sandbox.assembly import make_sandbox
from sparkops.sandbox.seed import DEFAULT_SEED, build
from sparkops.sandbox.server import serve
from sparkops.sandbox.world.access import issue_shop_token

from .caller import Caller

NOW = datetime(2026, 11, 20, 10, 12, 33, tzinfo=UTC)


def _serve(world_name: str) -> Iterator[Caller]:
    world = build(world_name, DEFAULT_SEED, NOW)
    world.clock.freeze(True)
    sandbox = make_sandbox(world)
    server = serve(sandbox, "127.0.0.1", 0)
    # Asking often whether to stop keeps the end of each test short.
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    brand = next(iter(world.brands.values()))
    app = next(iter(world.shop_apps.values()))
    token = issue_shop_token(world, app.app_key, brand.seller_id, NOW)
    with httpx.Client(trust_env=False) as http:
        yield Caller(f"http://127.0.0.1:{server.server_port}", sandbox, brand.key, token, http)
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def reader() -> Iterator[Caller]:
    """The demo world, for tests that only read."""
    yield from _serve("demo")


@pytest.fixture
def writer() -> Iterator[Caller]:
    """A small world of its own, for tests that change it."""
    yield from _serve("tiny")
