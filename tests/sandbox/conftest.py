"""Sandbox processes: one shared for reading, fresh ones for tests that change the world."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox.running import Running


@pytest.fixture(scope="session")
def tiny() -> Iterator[Running]:
    """A small world nobody changes."""
    running = Running.start("tiny")
    yield running
    running.stop()


@pytest.fixture
def fresh() -> Iterator[Running]:
    """A small world of the test's own."""
    running = Running.start("tiny")
    yield running
    running.stop()
