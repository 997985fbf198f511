"""Test databases: migrated once for each state of the migrations, then copied.

Running every migration takes longer than most tests together; a copy takes a moment. The model
database stays on the server, under a name that says which migrations it has.
"""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from psycopg import Connection, sql

from sparkops.isolation import rls


def create_copy(owner: Any, worker: str) -> str:
    """Create this process's empty test database with all tables; returns its name.

    `owner` is Django's connection of the role that may create databases; afterwards it points at
    the new database. `worker` tells the processes of one run apart, "" for a single one.
    """
    name = "_".join(part for part in ("test", owner.settings_dict["NAME"], worker) if part)
    with _maintenance(owner) as server, _one_at_a_time(server):
        model = _model_database(owner, server)
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(copy.format(sql.Identifier(name), sql.Identifier(model)))
    owner.settings_dict["NAME"] = name
    return name


def end_other_sessions(connection: Any) -> None:
    """End what threads of live servers left open: a database in use cannot be dropped.

    A role may end its own sessions only, so each connection does it for its role.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid), state, query FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user"
            " AND pid <> pg_backend_pid()"
        )
        for _ended, state, query in cursor.fetchall():
            sys.stderr.write(f"Ended a session of the test database, {state}: {query[:120]}\n")


def _model_database(owner: Any, server: Connection[Any]) -> str:
    """The name of a migrated database, made first when no run has left one."""
    name = f"sparkops_model_{_digest_of_migrations()}"
    if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return name
    before, unfinished = owner.settings_dict["NAME"], f"{name}_unfinished"
    owner.settings_dict["TEST"]["NAME"] = unfinished
    owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    with owner.cursor() as cursor:
        # Transactional tests empty the tables; in production the app's role cannot.
        cursor.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO sparkops_app")
    owner.close()
    owner.settings_dict["NAME"] = before
    # Only a finished one gets the name that others look for.
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    server.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(name)))
    return name


def _digest_of_migrations() -> str:
    """Changes with the content of any migration of any installed app, and of what they import."""
    digest = hashlib.sha256(Path(rls.__file__).read_bytes())
    for app in sorted(apps.get_app_configs(), key=lambda one: one.label):
        for path in sorted(Path(app.path).glob("migrations/*.py")):
            digest.update(f"{app.label}/{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _maintenance(owner: Any) -> Iterator[Connection[Any]]:
    """A connection to the server's own database: the others are being made and dropped."""
    given = owner.get_connection_params()
    known = {key: given[key] for key in ("user", "password", "host", "port") if key in given}
    with closing(psycopg.connect(**known, dbname="postgres", autocommit=True)) as server:
        yield server


@contextmanager
def _one_at_a_time(server: Connection[Any]) -> Iterator[None]:
    """Let one process make databases; a lock of the session ends with it, however it ends."""
    server.execute("SELECT pg_advisory_lock(hashtext('sparkops test databases'))")
    yield
    server.execute("SELECT pg_advisory_unlock(hashtext('sparkops test databases'))")
