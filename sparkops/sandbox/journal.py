"""Keeping the world across a restart: which world it was, and the writes since.

The file has one JSON object per line: first the header (world, seed, start, clock), then each
write request with the time it was answered at and the clock's state after it. Each line is on disk
before the answer leaves, so a killed process loses nothing that anyone was told. A last line cut
short by the kill is dropped.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sparkops.sandbox.wire import Request
from sparkops.sandbox.world import Clock

VERSION = 1


class JournalError(Exception):
    """The state file cannot be used; the text says why and what to do."""


@dataclass
class Saved:
    """What a state file holds. ``clock`` is the newest clock state."""

    world: str
    seed: int
    started_at: datetime
    clock: dict[str, Any]
    requests: list[tuple[datetime, Request]] = field(default_factory=list)


class Journal:
    """Appends to a state file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def start(self, world: str, seed: int, started_at: datetime, clock: Clock) -> None:
        """Begins the file with its header."""
        header = {
            "version": VERSION,
            "world": world,
            "seed": seed,
            "started_at": started_at.isoformat(),
            "clock": clock.state(),
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._write(header)

    def append(self, clock: Clock, request: Request) -> None:
        self._write(
            {
                "now": request.now.isoformat(),
                "clock": clock.state(),
                "method": request.method,
                "target": request.target,
                "headers": request.headers,
                "body": request.body.decode("latin-1"),
            }
        )

    def _write(self, entry: dict[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
            file.flush()
            os.fsync(file.fileno())


def load(path: Path) -> Saved | None:
    """What the file holds, or None when there is none. Raises ``JournalError``."""
    if not path.exists() or not path.stat().st_size:
        return None
    entries = _entries(path)
    if not entries or entries[0].get("version") != VERSION:
        raise JournalError(
            f"{path} is not a state file of this sandbox. Give another --state file or delete it."
        )
    header = entries[0]
    saved = Saved(
        world=header["world"],
        seed=header["seed"],
        started_at=datetime.fromisoformat(header["started_at"]),
        clock=entries[-1]["clock"],
    )
    for entry in entries[1:]:
        now = datetime.fromisoformat(entry["now"])
        body = entry["body"].encode("latin-1")
        request = Request(entry["method"], entry["target"], entry["headers"], body, now)
        saved.requests.append((now, request))
    return saved


def _entries(path: Path) -> list[dict[str, Any]]:
    """All whole lines; a cut last line is removed from the file, so that appending stays sound."""
    data = path.read_bytes()
    whole, newline, _ = data.rpartition(b"\n")
    if len(whole) + len(newline) < len(data):
        with path.open("r+b") as file:
            file.truncate(len(whole) + len(newline))
    try:
        return [json.loads(line) for line in whole.splitlines()]
    except ValueError as error:
        raise JournalError(
            f"{path} is damaged ({error}). Give another --state file or delete it."
        ) from error
