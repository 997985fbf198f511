"""Runs a command with a Postgres and a Valkey that exist only as long as it does."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sparkops.local import postgres
from sparkops.local.backing import Services, start_services
from sparkops.local.credentials import Credentials
from sparkops.local.environment import product_environment
from sparkops.local.errors import LocalFault, Stopped
from sparkops.local.processes import Supervisor, die_with_parent

ROOT = Path(__file__).resolve().parents[2]


def run_with_services(command: Sequence[str], *, migrate: bool = False) -> int:
    """Run `command` with throwaway services and return its exit code.

    Services that DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL name are used instead. With
    `migrate` the database has its tables when the command starts; the tests make their own.
    """
    home = Path(tempfile.mkdtemp(prefix="sparkops-"))
    home.chmod(0o711)
    supervisor = Supervisor(home / "logs", home / "processes.json")
    supervisor.listen()
    try:
        services = start_services(supervisor, home, Credentials.new(), for_tests=True)
        environment = _environment(services, home)
        if migrate:
            _migrate(environment)
        return _run_in_foreground(supervisor, command, environment)
    except LocalFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    except Stopped:
        return 130
    finally:
        supervisor.stop()
        shutil.rmtree(postgres.shelter_for(home), ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


def _environment(services: Services, home: Path) -> dict[str, str]:
    return product_environment(
        {
            **services.environment,
            "SPARKOPS_TEST": "1",
            "STATIC_ROOT": str(home / "static"),
            "MEDIA_ROOT": str(home / "files"),
        }
    )


def _migrate(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "migrate", "--database", "owner", "--verbosity", "0"]
    if subprocess.run(command, cwd=ROOT, env=environment).returncode != 0:
        raise LocalFault("The database could not be migrated; the lines above say why.")


def _run_in_foreground(
    supervisor: Supervisor, command: Sequence[str], environment: dict[str, str]
) -> int:
    """Keep the terminal with the command: it gets Ctrl-C itself, and we wait for it to finish."""
    process = subprocess.Popen(
        list(command),
        cwd=ROOT,
        env=environment,
        preexec_fn=die_with_parent(signal.SIGINT, os.getpid()),
    )
    passed_on = 0
    while True:
        try:
            return process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            pass
        if supervisor.stop_requests > passed_on:
            passed_on = supervisor.stop_requests
            # At a terminal Ctrl-C has reached the command already.
            if supervisor.last_request != signal.SIGINT or not os.isatty(0):
                process.send_signal(signal.SIGINT)
        supervisor.raise_if_any_exited()
