"""A Postgres of one's own: made, started and prepared in a folder, without root or a service.

Postgres refuses to run as root. Then it runs as `nobody`, in a folder that `nobody` can reach.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg

from sparkops.isolation.roles import APP, DATABASE, OWNER, set_up_roles
from sparkops.local.binaries import PostgresBinaries, find_postgres, open_to_others
from sparkops.local.credentials import Credentials, write_private
from sparkops.local.errors import LocalFault
from sparkops.local.leftovers import command_line
from sparkops.local.ports import LOOPBACK
from sparkops.local.processes import Account, Program

NOBODY = Account(65534, 65534)
SHELTERS = Path("/var/tmp")  # noqa: S108 - made by us alone, see shelter_for
BUILTIN_LOCALE_SINCE = 17
WITHOUT_DURABILITY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Cluster:
    """A data folder, the binaries it runs on and the user that owns it."""

    data: Path
    binaries: PostgresBinaries
    account: Account | None

    def program(self, port: int, *, durable: bool) -> Program:
        """The server as a program; it answers on 127.0.0.1 only."""
        settings = [
            f"listen_addresses={LOOPBACK}",
            "unix_socket_directories=",
            "jit=off",
            "timezone=UTC",
            "log_timezone=UTC",
            *(() if durable else WITHOUT_DURABILITY),
        ]
        command = [str(self.binaries.postgres), "-D", str(self.data), "-p", str(port)]
        command += [word for setting in settings for word in ("-c", setting)]
        return Program(
            name="postgres",
            command=command,
            environment=_environment(),
            tier=0,
            stop_signal=signal.SIGINT,  # fast shutdown: sessions are ended, data is written
            orphan_signal=signal.SIGINT,
            patience=20.0,
            account=self.account,
            folder=self.data.parent,
        )

    def create(self, password: str) -> None:
        """Make the data folder if it does not exist; an interrupted attempt leaves none behind."""
        if self.data.exists():
            return
        partial = self.data.with_name("postgres.partial")
        password_file = self.data.with_name("postgres.password")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        write_private(password_file, password)
        try:
            if self.account:
                os.chown(partial, self.account.uid, self.account.gid)
                os.chown(password_file, self.account.uid, self.account.gid)
            self._initdb(partial, password_file)
        finally:
            password_file.unlink()
        partial.rename(self.data)

    def _initdb(self, data: Path, password_file: Path) -> None:
        locale = ["--locale=C.UTF-8"]
        if self.binaries.major_version() >= BUILTIN_LOCALE_SINCE:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command = [str(self.binaries.initdb), "-D", str(data), "-U", "postgres"]
        command += ["-A", "scram-sha-256", "--pwfile", str(password_file), "-E", "UTF8"]
        account = self.account
        made = subprocess.run(
            [*command, *locale, "--no-sync", "--no-instructions"],
            env=_environment(),
            cwd=data.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        if made.returncode != 0:
            shutil.rmtree(data, ignore_errors=True)
            raise LocalFault(f"Postgres could not be set up in {data}:\n{made.stderr.strip()}")

    def clear_stale_pid(self) -> None:
        """Remove the pid file of a server that is gone.

        After a crash its number may belong to any other process (in a container that is likely),
        and Postgres would then refuse to start.
        """
        pid_file = self.data / "postmaster.pid"
        with contextlib.suppress(OSError, ValueError):
            pid = int(pid_file.read_text().split("\n", 1)[0])
            running = command_line(pid)
            if "postgres" in running and str(self.data) in running:
                raise LocalFault(
                    f"Another Postgres (process {pid}) already runs on {self.data}. Stop it first."
                )
            pid_file.unlink()


@dataclass(frozen=True)
class Addresses:
    """Connection URLs of one running server."""

    admin: str
    owner: str
    app: str


def addresses(port: int, credentials: Credentials) -> Addresses:
    """The URLs of the admin, of the owner (migrations) and of the app's role."""

    def url(role: str, password: str, database: str) -> str:
        return f"postgres://{role}:{password}@{LOOPBACK}:{port}/{database}"

    return Addresses(
        admin=url("postgres", credentials.postgres, "postgres"),
        owner=url(OWNER, credentials.owner, DATABASE),
        app=url(APP, credentials.app, DATABASE),
    )


def answers(url: str) -> bool:
    """Whether a connection succeeds."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def prepare(urls: Addresses, credentials: Credentials, *, for_tests: bool) -> None:
    """Roles and database on a fresh server; nothing changes on a prepared one."""
    set_up_roles(
        urls.admin,
        owner_password=credentials.owner,
        app_password=credentials.app,
        owner_may_create_databases=for_tests,
    )


def cluster_in(home: Path) -> Cluster:
    """The cluster that belongs to a home folder, somewhere its user can reach."""
    binaries = find_postgres()
    if os.geteuid() != 0:
        return Cluster(home / "postgres", binaries, None)
    place = home
    if not (open_to_others(home) and open_to_others(binaries.folder)):
        place = make_shelter(shelter_for(home))
        binaries = binaries.reachable_copy(place)
    data = (home if open_to_others(home) else place) / "postgres"
    return Cluster(data, binaries, _owner_of(data))


def _owner_of(data: Path) -> Account:
    """Who runs the server for root: the owner of existing data, else nobody."""
    if data.exists():
        status = data.stat()
        if status.st_uid != 0:
            return Account(status.st_uid, status.st_gid)
    return NOBODY


def shelter_for(home: Path) -> Path:
    """The folder that stands in for a home folder which other users cannot reach."""
    digest = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
    return SHELTERS / f"sparkops-{digest}"


def make_shelter(shelter: Path) -> Path:
    """Make the folder, or accept it if it is ours: everybody may write beside it."""
    with contextlib.suppress(FileExistsError):
        shelter.mkdir(mode=0o711)
    status = shelter.lstat()
    if shelter.is_symlink() or status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise LocalFault(f"{shelter} belongs to somebody else. Remove it and start again.")
    shelter.chmod(0o711)
    return shelter


def _environment() -> dict[str, str]:
    """Nothing of the caller's: PGDATA, PGPORT or a locale would change what the server does."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
