"""The home folder of one demo: what lies where, who holds it, how it is emptied."""

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sparkops.local.credentials import Credentials, write_private
from sparkops.local.errors import LocalFault
from sparkops.local.postgres import shelter_for


@dataclass(frozen=True)
class SignIn:
    """One way into the demo."""

    email: str
    password: str
    role: str


class Home:
    """A folder with a database, logs, files and secrets. Only one demo may hold it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()
        self.logs = self.folder / "logs"
        self.static = self.folder / "static"
        self.files = self.folder / "files"
        self.processes = self.folder / "processes.json"
        self.sandbox_state = self.folder / "sandbox-state.json"
        self.sandbox_credentials = self.folder / "sandbox-credentials.json"
        self.sign_ins_file = self.folder / "sign-ins.json"
        self._secrets = self.folder / "secrets.json"
        self._ports = self.folder / "ports.json"
        self._lock_file = self.folder / "demo.lock"
        self._lock: IO[str] | None = None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder and hold its lock, which the system releases with this process.

        Raises LocalFault when another demo holds it or the folder cannot be used.
        """
        try:
            self.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
            lock = self._lock_file.open("a+")
        except (PermissionError, FileExistsError, NotADirectoryError) as fault:
            raise LocalFault(
                f"{self.folder} cannot be used ({fault.strerror}); it may belong to another user. "
                "Choose a folder of your own with --home DIR."
            ) from fault
        with lock:
            self._take(lock)
            self._lock = lock
            self.note_holder(f"process {os.getpid()}")
            yield

    def _take(self, lock: IO[str]) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "another process"
            raise LocalFault(
                f"A demo already runs in {self.folder} ({holder}). Stop it with Ctrl-C, or start "
                "a second one with --home DIR."
            ) from None

    def note_holder(self, text: str) -> None:
        """Write into the lock who holds it, for the next one who asks."""
        if self._lock is None:
            raise AssertionError("the folder is not held")
        self._lock.seek(0)
        self._lock.truncate()
        self._lock.write(text)
        self._lock.flush()

    def empty(self) -> None:
        """Remove what a demo keeps here; files of others in the same folder stay."""
        folders = ("postgres", "postgres.partial", "valkey", "logs", "static", "files")
        for place in (self.folder, shelter_for(self.folder)):
            for name in folders:
                shutil.rmtree(place / name, ignore_errors=True)
        for file in (
            self.sandbox_state,
            self.sandbox_credentials,
            self.sign_ins_file,
            self._secrets,
            self._ports,
        ):
            file.unlink(missing_ok=True)

    def credentials(self) -> Credentials:
        """The secrets of this folder, made at the first call. Raises LocalFault."""
        if not self._secrets.exists():
            if (self.folder / "postgres").exists():
                raise LocalFault(
                    f"{self._secrets} is missing, and the database in {self.folder} cannot be "
                    "opened without it. Restore it, or start over with --reset."
                )
            # Who deleted the folder by hand meant its database too, wherever that had to live.
            shutil.rmtree(shelter_for(self.folder) / "postgres", ignore_errors=True)
        return Credentials.kept_in(self._secrets)

    def last_ports(self) -> dict[str, int]:
        """The ports of the previous run by program name."""
        try:
            text = self._ports.read_text()
            return {str(name): int(port) for name, port in json.loads(text).items()}
        except (OSError, ValueError, AttributeError):
            return {}

    def keep_ports(self, ports: dict[str, int]) -> None:
        """Remember ports, so that addresses stay the same while they can."""
        write_private(self._ports, json.dumps(ports))

    def sign_ins(self) -> list[SignIn]:
        """The demo's sign-ins, as the seed wrote them; empty when it wrote none."""
        if not self.sign_ins_file.exists():
            return []
        rows = json.loads(self.sign_ins_file.read_text())
        return [SignIn(row["email"], row["password"], row["role"]) for row in rows]
