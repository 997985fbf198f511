"""Puts world, APIs, faults, log and journal together."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from pathlib import Path

from sparkops.sandbox import ads, control, journal, shop
from sparkops.sandbox.faults import Faults
from sparkops.sandbox.seed import build
from sparkops.sandbox.server import LOG_LENGTH, LogEntry, Sandbox
from sparkops.sandbox.world import World


def make_sandbox(world: World, kept: journal.Journal | None = None) -> Sandbox:
    """A sandbox over ``world``; with ``kept`` its writes survive the process."""
    faults = Faults()
    log: deque[LogEntry] = deque(maxlen=LOG_LENGTH)
    apis = (control.make_api(faults, log), ads.API, shop.API)
    return Sandbox(world, apis, faults, log, kept)


def open_sandbox(
    name: str, seed: int, state: Path | None = None, start: datetime | None = None
) -> Sandbox:
    """A new sandbox, or the one kept in the file ``state``, brought up to where it was.

    A new world's history ends at ``start`` (default: the present), where its clock begins. An
    existing file decides world, seed and time. Raises ``journal.JournalError`` for a file
    that cannot be used and ``ValueError`` for an unknown world.
    """
    start = start or datetime.now(UTC)
    if state is None:
        return make_sandbox(build(name, seed, start))
    saved = journal.load(state)
    kept = journal.Journal(state)
    if saved is None:
        world = build(name, seed, start)
        kept.start(name, seed, world.started_at, world.clock)
        return make_sandbox(world, kept)
    world = build(saved.world, saved.seed, saved.started_at)
    sandbox = make_sandbox(world, kept)
    sandbox.replay(saved.requests)
    world.clock.restore(saved.clock)
    world.time_moved()
    return sandbox
