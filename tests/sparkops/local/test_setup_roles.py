"""`manage.py setup_roles` against a Postgres that has never heard of SparkOps."""

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[3]
DATABASES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL")


def manage(*arguments, **variables):
    environment = {k: v for k, v in os.environ.items() if k not in DATABASES}
    environment |= {"SPARKOPS_TEST": "on", **variables}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def managed(new_server):
    """The URL of an admin as a managed service gives one: no superuser."""
    server = new_server()
    server.start(with_roles=False)
    with psycopg.connect(server.urls.admin, autocommit=True) as connection:
        connection.execute("CREATE ROLE cloud LOGIN PASSWORD 'managed' CREATEROLE CREATEDB")
    return server.urls.admin.replace(f"postgres:{server.credentials.postgres}@", "cloud:managed@")


def works(url, statement="SELECT 1"):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
    return True


def test_the_printed_urls_work_and_a_second_run_leaves_the_passwords(managed):
    first = manage("setup_roles", "--admin-url", managed)
    assert first.returncode == 0, first.stderr
    urls = dict(re.findall(r"^(DATABASE\w*_URL)=(\S+)$", first.stdout, re.MULTILINE))
    assert set(urls) == {"DATABASE_URL", "DATABASE_OWNER_URL"}
    assert works(urls["DATABASE_OWNER_URL"], "CREATE TABLE made_by_owner (id int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        works(urls["DATABASE_URL"], "CREATE TABLE made_by_app (id int)")

    second = manage("setup_roles", DATABASE_ADMIN_URL=managed)
    assert second.returncode == 0, second.stderr
    assert second.stdout.count("password was left as it is") == 2
    assert "postgres://" not in second.stdout
    assert works(urls["DATABASE_URL"])


def test_passwords_of_the_urls_in_the_environment_are_set_and_not_printed(managed):
    place = managed.rpartition("@")[2].rpartition("/")[0]
    given = {
        "DATABASE_URL": f"postgres://sparkops_app:app-word%21@{place}/sparkops",
        "DATABASE_OWNER_URL": f"postgres://sparkops_owner:owner-word@{place}/sparkops",
    }
    for _ in range(2):  # compose runs it at each start
        finished = manage("setup_roles", DATABASE_ADMIN_URL=managed, **given)
        assert finished.returncode == 0, finished.stderr
        assert "word" not in finished.stdout.replace("password", "")
    assert all(works(url) for url in given.values())


@pytest.mark.parametrize(
    "variables, sentence",
    [
        ({}, "Say which role may create roles"),
        (
            {
                "DATABASE_ADMIN_URL": "postgres://cloud:x@127.0.0.1:1/postgres",
                "DATABASE_URL": "postgres://postgres:x@127.0.0.1:1/sparkops",
            },
            "DATABASE_URL signs in as postgres, but SparkOps' role for it is sparkops_app",
        ),
        (
            {"DATABASE_ADMIN_URL": "postgres://cloud:x@127.0.0.1:1/postgres"},
            "Postgres refused to set up the roles",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_said_in_a_sentence(variables, sentence):
    finished = manage("setup_roles", **variables)
    assert finished.returncode == 1
    assert sentence in finished.stderr
    assert "Traceback" not in finished.stderr
