"""Shared fixtures: the database as the restricted role, the cast, the clock."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from tests.factories.cast import Cast, build_cast
from tests.workers import WORKER

pytest_plugins = ["tests.sandbox_server"]


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


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Create and migrate the test database as the owner, then use it as the app's role."""
    with django_db_blocker.unblock():
        owner, app = connections["owner"], connections["default"]
        if WORKER:
            test = owner.settings_dict["TEST"]
            test["NAME"] = f"{test['NAME'] or 'test_' + owner.settings_dict['NAME']}_{WORKER}"
        name = owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        app.close()
        app.settings_dict["NAME"] = name
        app.settings_dict["CONN_MAX_AGE"] = 0
        with owner.cursor() as cursor:
            # Transactional tests empty the tables; in production the app's role cannot.
            cursor.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO sparkops_app")
    yield
    with django_db_blocker.unblock():
        end_other_sessions(app)
        end_other_sessions(owner)
        app.close()
        owner.creation.destroy_test_db(name, verbosity=0)


@pytest.fixture
def cast(db: None) -> Cast:
    """One agency with two clients, a member per role, and a stranger with a client of their own."""
    return build_cast()
