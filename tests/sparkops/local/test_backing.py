"""Services from the environment or our own, and commands that run with throwaway ones."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sparkops.local import valkey
from sparkops.local.backing import names_database, start_on_free_port, start_services
from sparkops.local.credentials import Credentials
from sparkops.local.environment import product_environment
from sparkops.local.errors import LocalFault
from sparkops.local.processes import Program

ROOT = Path(__file__).resolve().parents[3]
GIVEN = {
    "DATABASE_URL": "postgres://sparkops_app:a@db/sparkops",
    "DATABASE_OWNER_URL": "postgres://sparkops_owner:o@db/sparkops",
    "REDIS_URL": "redis://queue/0",
}


def test_services_that_the_environment_names_are_used_and_none_is_started(supervisor, tmp_path):
    services = start_services(supervisor, tmp_path, Credentials.new(), given=GIVEN)
    assert services.environment == GIVEN
    assert not services.own_database
    assert supervisor.children == []


@pytest.mark.parametrize("missing", ["DATABASE_URL", "DATABASE_OWNER_URL"])
def test_one_database_url_alone_is_refused(missing):
    given = {name: value for name, value in GIVEN.items() if name != missing}
    with pytest.raises(LocalFault, match="Set both"):
        names_database(given)


def test_an_empty_url_counts_as_not_set():
    assert names_database({"DATABASE_URL": "", "DATABASE_OWNER_URL": ""}) is False


def test_our_own_valkey_wants_its_password(supervisor, tmp_path):
    given = {name: GIVEN[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    credentials = Credentials.new()
    services = start_services(supervisor, tmp_path, credentials, given=given)
    port = int(services.environment["REDIS_URL"].rpartition(":")[2].partition("/")[0])
    assert valkey.answers(port, credentials.valkey)
    assert not valkey.answers(port, "wrong")
    command = " ".join(supervisor.children[0].program.command)
    assert credentials.valkey not in command


def test_a_port_lost_between_look_and_start_is_replaced(supervisor):
    attempts = []

    def program(port):
        # The first attempt meets a port that another program took in the meantime.
        attempts.append(port)
        lost = "raise SystemExit('bind: Address already in use')"
        code = lost if len(attempts) == 1 else "import time; time.sleep(60)"
        return Program("valkey", [sys.executable, "-c", code], {}, tier=1)

    port = start_on_free_port(supervisor, program, lambda port: len(attempts) == 2)
    assert port == attempts[1]
    assert [child.program.name for child in supervisor.children] == ["valkey"]


def test_another_reason_for_ending_is_reported_at_once(supervisor):
    program = Program("valkey", [sys.executable, "-c", "raise SystemExit('bad config')"], {}, 1)
    with pytest.raises(LocalFault, match="bad config"):
        start_on_free_port(supervisor, lambda port: program, lambda port: False)


def test_calls_between_our_own_programs_avoid_a_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "intranet.example")
    assert product_environment({})["NO_PROXY"] == "intranet.example,127.0.0.1,localhost"


SHOW = """
import os, pathlib, sys
import psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print(connection.execute("SELECT current_user").fetchone()[0])
with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
    connection.execute("CREATE DATABASE test_sparkops")
sys.exit(7)
"""
RUN = """
import sys
from sparkops.local.throwaway import run_with_services
sys.exit(run_with_services([sys.executable, "-c", sys.argv[1]]))
"""


def test_a_command_gets_throwaway_services_and_its_exit_code_comes_back():
    environment = {name: value for name, value in os.environ.items() if name not in GIVEN}
    finished = subprocess.run(
        [sys.executable, "-c", RUN, SHOW],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 7, finished.stderr
    user = finished.stdout.split()[0]
    assert user == "sparkops_app"


def test_the_servers_of_a_command_are_gone_with_it(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name not in GIVEN}
    show = "import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'])"
    finished = subprocess.run(
        [sys.executable, "-c", RUN, show],
        cwd=ROOT,
        env={**environment, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stderr
    assert list(tmp_path.iterdir()) == []
    for url in finished.stdout.split():
        port = int(url.rpartition(":")[2].partition("/")[0])
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
