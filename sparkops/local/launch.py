"""The demo: every program of SparkOps on this machine, in order, in the foreground.

Postgres, Valkey and the TikTok sandbox first; then one set-up process (tables, static files, demo
data); then web, worker and beat. The last line says where to go.
"""

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sparkops.local.backing import names_database, start_on_free_port, start_services
from sparkops.local.credentials import write_private
from sparkops.local.environment import product_environment
from sparkops.local.errors import LocalFault, Stopped
from sparkops.local.health import is_healthy
from sparkops.local.home import Home
from sparkops.local.ports import LOOPBACK, is_answered, reserve
from sparkops.local.processes import Child, Program, Supervisor

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 8000
QUEUES = "interactive,sync,outbound,rollup"
APP_PATIENCE = 90.0
WORKER_READY = " ready."  # Celery's own word, after it has loaded every task and reached the queue
SANDBOX_TIER, APP_TIER = 1, 2  # Valkey 1, Postgres 0
ENDS_ITS_CHILDREN = signal.SIGQUIT  # gunicorn and Celery: at once, pool and all


@dataclass(frozen=True)
class Options:
    """What the person asked for. `port` None means 8000 or the next free one."""

    home: Path
    port: int | None
    reset: bool


def run_demo(options: Options, say: Callable[[str], None]) -> int:
    """Run until Ctrl-C (exit code 0) or until something fails (1, after saying what)."""
    home = Home(options.home)
    try:
        with home.held():
            _run_in(home, options, say)
    except LocalFault as fault:
        say(f"\n{fault}")
        return 1
    except BrokenPipeError:
        return 1  # nobody reads what we print any more
    say("SparkOps has stopped. Your data is kept; start again with the same command.")
    return 0


def _run_in(home: Home, options: Options, say: Callable[[str], None]) -> None:
    if options.reset:
        _reset(home)
    supervisor = Supervisor(home.logs, home.processes)
    supervisor.listen()
    try:
        _Demo(home, supervisor, say).run(options.port)
    except Stopped:
        say("Stopping ...")
    finally:
        supervisor.stop()


def _reset(home: Home) -> None:
    if names_database(os.environ):
        raise LocalFault(
            "--reset empties only the database that SparkOps starts itself, but DATABASE_URL names "
            "another one. Unset DATABASE_URL and DATABASE_OWNER_URL, or empty that database "
            "yourself."
        )
    Supervisor(home.logs, home.processes).run_file.end_leftovers()
    home.empty()


class _Demo:
    """One run."""

    def __init__(self, home: Home, supervisor: Supervisor, say: Callable[[str], None]) -> None:
        self.home = home
        self.supervisor = supervisor
        self.say = say
        self.environment: dict[str, str] = {}

    def run(self, port: int | None) -> None:
        """Start everything, announce it, and watch it. Raises Stopped or LocalFault."""
        started = time.monotonic()
        found = self.supervisor.run_file.end_leftovers()
        if found:
            self.say(f"The last run was cut off; ended what it left behind: {', '.join(found)}.")
        with self._web_socket(port) as held:
            web_port: int = held.getsockname()[1]
            self._start_services(web_port)
            self._start_sandbox()
            self._set_up()
            self._start_app(held, web_port)
            self._announce(web_port, time.monotonic() - started)
            self.supervisor.watch()

    def _web_socket(self, port: int | None) -> socket.socket:
        wanted = DEFAULT_PORT if port is None else port
        held = reserve(wanted)
        got = held.getsockname()[1]
        if wanted not in (0, got):
            self.say(f"Port {wanted} is taken, so SparkOps uses {got}.")
        return held

    def _start_services(self, web_port: int) -> None:
        self.say("Starting Postgres and Valkey ...")
        credentials = self.home.credentials()
        services = start_services(self.supervisor, self.home.folder, credentials)
        self.environment = product_environment(
            {
                **services.environment,
                "SPARKOPS_DEMO": "on",
                "SPARKOPS_TEST": "off",
                "DEBUG": "off",
                "SECRET_KEY": credentials.secret_key,
                "FIELD_KEYS": credentials.field_key,
                "ALLOWED_HOSTS": "127.0.0.1,localhost",
                "SITE_URL": f"http://{LOOPBACK}:{web_port}",
                "CSRF_TRUSTED_ORIGINS": f"http://{LOOPBACK}:{web_port}",
                "STATIC_ROOT": str(self.home.static),
                "MEDIA_ROOT": str(self.home.files),
            }
        )

    def _start_sandbox(self) -> None:
        self.say("Starting the TikTok sandbox ...")
        last = self.home.last_ports().get("sandbox", 0)
        port = start_on_free_port(self.supervisor, self._sandbox, is_answered, preferred=last)
        self.home.keep_ports({"sandbox": port})
        [child] = [child for child in self.supervisor.children if child.program.name == "sandbox"]
        keys = self._sandbox_keys(child)
        ads, shop = keys["ads"], keys["shop"]
        self.environment |= {
            "TIKTOK_ADS_URL": ads["base_url"],
            "TIKTOK_ADS_APP_ID": ads["app_id"],
            "TIKTOK_ADS_SECRET": ads["secret"],
            "TIKTOK_SHOP_URL": shop["base_url"],
            "TIKTOK_AUTH_URL": shop["auth_base_url"],
            "TIKTOK_SHOP_APP_KEY": shop["app_key"],
            "TIKTOK_SHOP_APP_SECRET": shop["app_secret"],
            "TIKTOK_SHOP_SERVICE_ID": shop["service_id"],
            "TIKTOK_SERVICES_URL": shop["auth_base_url"],
        }

    def _sandbox(self, port: int) -> Program:
        world = os.environ.get("SPARKOPS_DEMO_WORLD", "demo")
        arguments = ["-m", "sparkops.sandbox", "--port", str(port), "--world", world]
        arguments += ["--state", str(self.home.sandbox_state), "--print-credentials"]
        return self._python(
            "sandbox",
            arguments,
            tier=SANDBOX_TIER,
            environment=product_environment({}),
            orphan_signal=signal.SIGTERM,  # it writes its world first
        )

    def _sandbox_keys(self, child: Child) -> dict[str, dict[str, str]]:
        """What the sandbox prints first: one line of JSON, kept for the seed to read."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for line in child.text().splitlines():
                if line.startswith("{"):
                    keys: dict[str, dict[str, str]] = json.loads(line)
                    write_private(self.home.sandbox_credentials, line)
                    return keys
            self.supervisor.pause()
        raise LocalFault(f"The sandbox did not print its credentials; see {child.log}.")

    def _set_up(self) -> None:
        self.say("Preparing the database and the demo data ...")
        arguments = ["manage.py", "prepare_demo"]
        arguments += ["--credentials", str(self.home.sandbox_credentials)]
        arguments += ["--sign-ins", str(self.home.sign_ins_file)]
        program = self._python("setup", arguments, tier=APP_TIER)
        self.supervisor.complete(program, lambda line: self.say(f"  {line}"))

    def _start_app(self, held: socket.socket, web_port: int) -> None:
        self.say("Starting web, worker and beat ...")
        # Only the set-up process migrates; what serves never holds the owner's password.
        self.environment.pop("DATABASE_OWNER_URL")
        web = self.supervisor.start(self._web(held.fileno()))
        worker = ["-m", "celery", "-A", "sparkops.celery:app", "worker", "-c", "2", "-Q", QUEUES]
        worker += ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        works = self.supervisor.start(
            self._python("worker", worker, tier=APP_TIER, orphan_signal=ENDS_ITS_CHILDREN)
        )
        beat = ["-m", "celery", "-A", "sparkops.celery:app", "beat", "--pidfile", ""]
        beat += ["--scheduler", "celery.beat:Scheduler", "--loglevel", "INFO"]
        self.supervisor.start(self._python("beat", beat, tier=APP_TIER))
        self.supervisor.wait_until(web, lambda: is_healthy(web_port), APP_PATIENCE)
        self.supervisor.wait_until(works, lambda: WORKER_READY in works.text(), APP_PATIENCE)

    def _web(self, descriptor: int) -> Program:
        arguments = ["-m", "gunicorn", "sparkops.wsgi:application", "--bind", f"fd://{descriptor}"]
        arguments += ["--workers", "2", "--threads", "4", "--worker-class", "gthread"]
        arguments += ["--graceful-timeout", "3", "--no-control-socket"]
        return self._python(
            "web",
            arguments,
            tier=APP_TIER,
            orphan_signal=ENDS_ITS_CHILDREN,
            pass_fds=(descriptor,),
        )

    def _python(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        tier: int,
        environment: dict[str, str] | None = None,
        orphan_signal: signal.Signals = signal.SIGKILL,
        pass_fds: tuple[int, ...] = (),
    ) -> Program:
        return Program(
            name=name,
            command=[sys.executable, *arguments],
            environment=self.environment if environment is None else environment,
            tier=tier,
            orphan_signal=orphan_signal,
            pass_fds=pass_fds,
            folder=ROOT,
        )

    def _announce(self, web_port: int, seconds: float) -> None:
        address = f"http://{LOOPBACK}:{web_port}"
        self.home.note_holder(f"process {os.getpid()}, {address}")
        self.say(f"SparkOps is ready at {address}")
        sign_ins = self.home.sign_ins()
        if sign_ins:
            self.say("\nSign in as")
            width = max(len(sign_in.email) for sign_in in sign_ins)
            for sign_in in sign_ins:
                self.say(f"  {sign_in.email:<{width}}  {sign_in.password}  ({sign_in.role})")
        self.say(
            f"\nReady after {seconds:.0f} seconds. Data and logs: {self.home.folder}\n"
            "Ctrl-C stops it; --reset starts over with fresh data."
        )
