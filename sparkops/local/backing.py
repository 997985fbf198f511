"""Postgres and Valkey for the demo and the tests: the ones the environment names, or our own."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sparkops.local import postgres, valkey
from sparkops.local.credentials import Credentials
from sparkops.local.errors import LocalFault, ProgramExited
from sparkops.local.ports import free_port
from sparkops.local.processes import Child, Program, Supervisor

PATIENCE = 60.0  # recovery after a crash replays the log first
PORT_TRIES = 3
PORT_TAKEN = ("in use", "in Use")


@dataclass(frozen=True)
class Services:
    """The variables that tell the product where its database and its queue are."""

    environment: dict[str, str]
    own_database: bool


def start_services(
    supervisor: Supervisor,
    home: Path,
    credentials: Credentials,
    *,
    given: Mapping[str, str] = os.environ,
    for_tests: bool = False,
) -> Services:
    """Start what the environment does not name. Raises LocalFault."""
    own_database = not names_database(given)
    environment: dict[str, str] = {}
    if own_database:
        environment |= _start_postgres(supervisor, home, credentials, for_tests=for_tests)
    else:
        environment |= {name: given[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    environment["REDIS_URL"] = given.get("REDIS_URL") or _start_valkey(
        supervisor, home, credentials
    )
    return Services(environment, own_database)


def names_database(given: Mapping[str, str]) -> bool:
    """Whether both database URLs are set. Raises LocalFault when only one is."""
    named = [bool(given.get(name)) for name in ("DATABASE_URL", "DATABASE_OWNER_URL")]
    if named[0] != named[1]:
        raise LocalFault(
            "Set both DATABASE_URL (the app's role) and DATABASE_OWNER_URL (the role that "
            "migrates), or neither: then SparkOps starts a Postgres of its own."
        )
    return named[0]


def _start_postgres(
    supervisor: Supervisor, home: Path, credentials: Credentials, *, for_tests: bool
) -> dict[str, str]:
    cluster = postgres.cluster_in(home)
    cluster.create(credentials.postgres)
    cluster.clear_stale_pid()

    def ready(port: int) -> bool:
        return postgres.answers(postgres.addresses(port, credentials).admin)

    port = start_on_free_port(
        supervisor, lambda port: cluster.program(port, durable=not for_tests), ready
    )
    urls = postgres.addresses(port, credentials)
    postgres.prepare(urls, credentials, for_tests=for_tests)
    return {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner}


def _start_valkey(supervisor: Supervisor, home: Path, credentials: Credentials) -> str:
    port = start_on_free_port(
        supervisor,
        lambda port: valkey.program(home / "valkey", port, credentials.valkey),
        lambda port: valkey.answers(port, credentials.valkey),
    )
    return valkey.url(port, credentials.valkey)


def start_on_free_port(
    supervisor: Supervisor,
    program: Callable[[int], Program],
    ready: Callable[[int], bool],
    *,
    preferred: int = 0,
) -> int:
    """Start a program on a free port and wait until it is ready; the port.

    Another program may take the port between the look and the start: then the next one is tried.
    """
    for attempt in range(1, PORT_TRIES + 1):
        port = free_port(preferred if attempt == 1 else 0)
        child = supervisor.start(program(port))
        try:
            supervisor.wait_until(child, lambda at=port: ready(at), PATIENCE)  # type: ignore[misc]
        except ProgramExited as fault:
            if attempt == PORT_TRIES or not _lost_its_port(child, fault):
                raise
            supervisor.forget(child)
        else:
            return port
    raise AssertionError("unreachable: the last attempt returns or raises")


def _lost_its_port(child: Child, fault: ProgramExited) -> bool:
    return child.program.name == fault.name and any(word in fault.tail for word in PORT_TAKEN)
