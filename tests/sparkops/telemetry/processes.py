"""The product's processes with the broken pages and tasks, on the test's database."""

import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from sparkops.local.environment import product_environment

ROOT = Path(__file__).resolve().parents[3]
HERE = "tests.sparkops.telemetry"
READY = " ready."


@dataclass(frozen=True)
class Web:
    """A web process: where it answers, and which libraries of telemetry it has loaded."""

    url: str
    loaded: list[str]


@contextmanager
def web(**variables: str) -> Iterator[Web]:
    """A web process that has sent everything when the block has ended."""
    command = [sys.executable, "-m", f"{HERE}.serving"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=_environment(variables),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        port, *loaded = process.stdout.readline().split()
        try:
            yield Web(f"http://127.0.0.1:{port}", loaded)
        finally:
            process.communicate()
    assert process.returncode == 0


@contextmanager
def worker(**variables: str) -> Iterator[str]:
    """The queue of a worker with one process, which has worked it off when the block has ended."""
    queue = _new_queue()
    arguments = ["worker", "-c", "1", "-Q", queue, "--without-gossip", "--without-mingle"]
    with subprocess.Popen(
        _celery("broken_tasks", arguments),
        cwd=ROOT,
        env=_environment(variables),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        try:
            assert any(READY in line for line in lines)
            yield queue
            assert any("broken.last" in line and "succeeded" in line for line in lines)
        finally:
            process.terminate()
            process.communicate()


@contextmanager
def beat(**variables: str) -> Iterator[None]:
    """Beat, which is killed when the block has ended: what it told has to have arrived by then."""
    arguments = ["beat", "--pidfile", "", "--scheduler", "celery.beat:Scheduler"]
    with subprocess.Popen(
        _celery("broken_beat", arguments),
        cwd=ROOT,
        env=_environment({**variables, "BROKEN_QUEUE": _new_queue()}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield
        finally:
            process.kill()


def _celery(module: str, arguments: list[str]) -> list[str]:
    command = [sys.executable, "-m", "celery", "-A", f"{HERE}.{module}:app", *arguments]
    return [*command, "--loglevel", "INFO"]


def _new_queue() -> str:
    return f"telemetry-{uuid.uuid4().hex}"


def _environment(variables: dict[str, str]) -> dict[str, str]:
    database = settings.DATABASES["default"]
    url = (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}"
        f":{database['PORT']}/{connection.settings_dict['NAME']}"
    )
    return product_environment({"DATABASE_URL": url, "PYTHONPATH": str(ROOT), **variables})
