"""Shared fixtures: the database as the restricted role, the cast, the clock."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from tests.databases import create_copy, end_other_sessions
from tests.factories.cast import Cast, build_cast
from tests.workers import WORKER

pytest_plugins = ["tests.sandbox_server"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Create the test database as the owner, then use it as the app's role."""
    with django_db_blocker.unblock():
        owner, app = connections["owner"], connections["default"]
        before = owner.settings_dict["NAME"]
        name = create_copy(owner, WORKER)
        app.close()
        app.settings_dict["NAME"] = name
        app.settings_dict["CONN_MAX_AGE"] = 0
    yield
    with django_db_blocker.unblock():
        end_other_sessions(app)
        end_other_sessions(owner)
        app.close()
        owner.creation.destroy_test_db(before, verbosity=0)


@pytest.fixture
def cast(db: None) -> Cast:
    """One agency with two clients, a member per role, and a stranger with a client of their own."""
    return build_cast()
