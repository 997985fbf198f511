"""Children of a launcher that was killed: found again safely and ended at the next start.

A process id alone proves nothing, because the system reuses it. What is recorded is the id with
the moment the process began and the boot it belongs to.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

WAIT_SECONDS = 20.0


@dataclass(frozen=True)
class Record:
    """One started child; it leads the process group of the same number."""

    name: str
    pid: int
    began: str
    boot: str


class RunFile:
    """The children of the running launcher, on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.records: list[Record] = []

    def add(self, name: str, pid: int) -> None:
        """Note a child that was just started."""
        self.records.append(Record(name, pid, began(pid), boot()))
        self._write()

    def remove(self, pid: int) -> None:
        """Forget a child that has ended."""
        self.records = [record for record in self.records if record.pid != pid]
        self._write()

    def _write(self) -> None:
        partial = self.path.with_name(self.path.name + ".partial")
        partial.write_text(json.dumps([asdict(record) for record in self.records]))
        partial.replace(self.path)

    def end_leftovers(self) -> list[str]:
        """End what an earlier launcher left running; the names of what was found.

        Postgres gets the time for a fast shutdown that the kernel already asked it for.
        """
        leftovers = [record for record in self._read() if _is_ours(record)]
        for record in leftovers:
            _signal_group(record, signal.SIGINT if record.name == "postgres" else signal.SIGKILL)
        deadline = time.monotonic() + WAIT_SECONDS
        while any(_is_ours(record) for record in leftovers) and time.monotonic() < deadline:
            time.sleep(0.1)
        for record in leftovers:
            if _is_ours(record):
                _signal_group(record, signal.SIGKILL)
        self.path.unlink(missing_ok=True)
        return [record.name for record in leftovers]

    def _read(self) -> list[Record]:
        try:
            return [Record(**row) for row in json.loads(self.path.read_text())]
        except (OSError, ValueError, TypeError):
            return []  # none was left, or the machine died while writing


def _is_ours(record: Record) -> bool:
    """Whether the recorded group still has living members.

    While a group has members its number is not given to a new process, so a group without its
    leader is still ours; a leader that began at another moment is somebody else's.
    """
    if record.boot != boot() or began(record.pid) not in ("", record.began):
        return False
    if sys.platform == "linux":
        return _has_living_members(record.pid)
    try:
        os.killpg(record.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _has_living_members(group: int) -> bool:
    """Whether any process of the group runs; one that only waits to be collected does not count."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        fields = _stat_fields(entry)
        if fields and fields[0] != "Z" and fields[2] == str(group):
            return True
    return False


def _stat_fields(path: Path) -> list[str]:
    """State, parent, group and the rest of /proc/PID/stat; empty if the process is gone."""
    try:
        # The name in brackets may contain anything; the fields after it do not.
        return path.read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _signal_group(record: Record, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if record.name == "postgres":
            os.kill(record.pid, number)
        else:
            os.killpg(record.pid, number)


def began(pid: int) -> str:
    """The moment a process began, as the system writes it; empty if there is no such process."""
    if sys.platform == "linux":
        fields = _stat_fields(Path(f"/proc/{pid}/stat"))
        return fields[19] if fields else ""
    listing = ["ps", "-o", "lstart=", "-p", str(pid)]
    return subprocess.run(listing, capture_output=True, text=True).stdout.strip()


def boot() -> str:
    """Names the current boot on Linux; empty where process ids carry a full date instead."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return ""


def command_line(pid: int) -> str:
    """The command line of a running process; empty if there is none."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return (
                Path(f"/proc/{pid}/cmdline")
                .read_bytes()
                .replace(b"\0", b" ")
                .decode(errors="replace")
            )
        return ""
    listing = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(listing, capture_output=True, text=True).stdout.strip()
