"""Services of a run and the product's programs on them, each of which can be killed at any time."""

import contextlib
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from bench.torture.timekeeper import VARIABLE, Timekeeper
from sparkops.local import postgres, valkey
from sparkops.local.credentials import Credentials
from sparkops.local.environment import product_environment
from sparkops.local.errors import LocalFault, Stopped
from sparkops.local.health import is_healthy
from sparkops.local.launch import QUEUES, ROOT
from sparkops.local.ports import LOOPBACK, free_port
from sparkops.local.processes import Child, Program, Supervisor

PATIENCE = 90.0
STARTS = 30
"""A killed Postgres leaves sessions behind that end in their own time; until then it refuses."""


class Rig:
    """Postgres with durability, Valkey without, and what is started on top of them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.credentials = Credentials.new()
        self.supervisor = Supervisor(home / "logs", home / "processes.json")
        self.clock = Timekeeper(home / "clock")
        self._cluster = postgres.cluster_in(home)
        self._postgres_port, self._valkey_port = free_port(), free_port()
        self._web_port = free_port()
        self._children: dict[str, Child] = {}
        self.environment: dict[str, str] = {}

    # services

    def start_services(self) -> None:
        """Start both and note their addresses in this process' environment."""
        self.supervisor.listen()
        self._cluster.create(self.credentials.postgres)
        self.start_postgres()
        self.start_valkey()
        urls = postgres.addresses(self._postgres_port, self.credentials)
        postgres.prepare(urls, self.credentials, for_tests=True)
        self.environment = {
            "DATABASE_URL": urls.app,
            "DATABASE_OWNER_URL": urls.owner,
            "REDIS_URL": valkey.url(self._valkey_port, self.credentials.valkey),
            "SPARKOPS_TEST": "1",
            "STATIC_ROOT": str(self.home / "static"),
            "MEDIA_ROOT": str(self.home / "files"),
            VARIABLE: str(self.clock.file),
        }
        os.environ.update(self.environment, DJANGO_SETTINGS_MODULE="sparkops.settings")

    def start_postgres(self) -> None:
        """Start it, also after a crash: it replays its log first."""
        admin = postgres.addresses(self._postgres_port, self.credentials).admin
        for _ in range(STARTS):
            self._cluster.clear_stale_pid()
            child = self.supervisor.start(self._cluster.program(self._postgres_port, durable=True))
            if self._comes_up(child, lambda: postgres.answers(admin)):
                self._children["postgres"] = child
                return
            self.supervisor.forget(child)
            self._pause()
        raise LocalFault(f"Postgres did not come back:\n{child.tail()}")

    def start_valkey(self) -> None:
        """Start it, empty."""
        program = valkey.program(self.home / "valkey", self._valkey_port, self.credentials.valkey)
        self._launch(program, lambda _: valkey.answers(self._valkey_port, self.credentials.valkey))

    # programs of the product

    def start_worker(self) -> None:
        """A worker with two processes for all queues."""
        words = ["celery", "-A", "sparkops.celery:app", "worker", "-c", "2", "-Q", QUEUES]
        words += ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        self._launch(self._program("worker", words), lambda child: " ready." in child.text())

    def start_beat(self) -> None:
        """What sends the sweeps."""
        words = ["celery", "-A", "sparkops.celery:app", "beat", "--pidfile", ""]
        words += ["--scheduler", "celery.beat:Scheduler"]
        self._launch(self._program("beat", words), lambda _: True)

    def start_web(self) -> None:
        """Pages and the API."""
        words = ["gunicorn", "sparkops.wsgi:application", "--workers", "1", "--threads", "4"]
        words += ["--bind", f"{LOOPBACK}:{self._web_port}", "--no-control-socket"]
        self._launch(self._program("web", words), lambda _: is_healthy(self._web_port))

    @property
    def web(self) -> str:
        """The address of the pages and the API."""
        return f"http://{LOOPBACK}:{self._web_port}"

    # death

    def kill(self, name: str) -> None:
        """SIGKILL the program and all of its processes."""
        self.supervisor.forget(self._children.pop(name))

    def kill_part(self, name: str, chance: random.Random) -> bool:
        """SIGKILL one process below the program; False when it has none or the system hides them.

        The rest of the program goes on, as it does when the kernel is short of memory.
        """
        leader = self._children[name].process.pid
        try:
            below = Path(f"/proc/{leader}/task/{leader}/children").read_text().split()
        except OSError:
            return False
        if not below:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(chance.choice(sorted(below))), signal.SIGKILL)
        return True

    def kill_session(self) -> None:
        """SIGKILL one session of Postgres: the server ends all others and recovers by itself."""
        admin = postgres.addresses(self._postgres_port, self.credentials).admin
        with psycopg.connect(admin, autocommit=True) as connection:
            row = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
                " AND pid <> pg_backend_pid() AND datname LIKE 'sparkops%' ORDER BY pid LIMIT 1"
            ).fetchone()
            if row:
                os.kill(row[0], signal.SIGKILL)
        self.wait_until("Postgres", lambda: postgres.answers(admin))

    def stop(self, *names: str) -> None:
        """End programs as an operator does; what does not end in time is killed."""
        for name in names:
            child = self._children.pop(name, None)
            if child is not None:
                child.send(signal.SIGTERM)
                self._comes_up(child, lambda: False, 15.0)
                self.supervisor.forget(child)

    def revive(self) -> list[str]:
        """Start again what ended by itself, as a process manager does; the names of those."""
        starts = {"worker": self.start_worker, "beat": self.start_beat, "web": self.start_web}
        ended = [name for name, child in self._children.items() if child.exited()]
        for name in ended:
            self.kill(name)
            starts[name]()
        return ended

    def close(self) -> None:
        """Stop everything."""
        self.supervisor.stop()

    # starting and waiting

    def run_sandbox(self, arguments: list[str]) -> Child:
        """A TikTok of its own; the last one is ended."""
        self.stop("sandbox")
        program = Program(
            name="sandbox",
            command=[sys.executable, "-m", "sparkops.sandbox", *arguments],
            environment=product_environment({}),
            tier=1,
            folder=ROOT,
        )
        self._launch(program, lambda child: "is ready at" in child.text())
        return self._children["sandbox"]

    def wait_until(self, what: str, ready: Callable[[], bool]) -> None:
        """Raises LocalFault when it takes too long, Stopped when the person wants an end."""
        deadline = time.monotonic() + PATIENCE
        while not ready():
            if time.monotonic() > deadline:
                raise LocalFault(f"{what} was not ready within {PATIENCE:.0f} seconds.")
            self._pause()

    def _program(self, name: str, words: list[str]) -> Program:
        return Program(
            name=name,
            command=[sys.executable, "-m", "bench.torture.shifted", *words],
            environment=product_environment(self.environment),
            tier=2,
            folder=ROOT,
        )

    def _launch(self, program: Program, ready: Callable[[Child], bool]) -> None:
        child = self.supervisor.start(program)
        self._children[program.name] = child
        if not self._comes_up(child, lambda: ready(child)):
            raise LocalFault(f"{program.name} did not start:\n{child.tail()}")

    def _comes_up(
        self, child: Child, ready: Callable[[], bool], patience: float = PATIENCE
    ) -> bool:
        deadline = time.monotonic() + patience
        while not ready():
            if child.exited() or time.monotonic() > deadline:
                return False
            self._pause()
        return True

    def _pause(self) -> None:
        time.sleep(0.1)
        if self.supervisor.stop_requests:
            raise Stopped
