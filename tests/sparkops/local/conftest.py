"""Real servers in temporary folders. One Postgres serves every test that does not break it."""

import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from sparkops.local import postgres
from sparkops.local.backing import start_on_free_port
from sparkops.local.credentials import Credentials
from sparkops.local.processes import Program, Supervisor


@pytest.fixture
def supervisor(tmp_path):
    started = Supervisor(tmp_path / "logs", tmp_path / "processes.json")
    yield started
    started.stop()


@pytest.fixture
def python_program():
    def make(name, code, *, tier=1, patience=5.0):
        return Program(
            name=name,
            command=[sys.executable, "-u", "-c", code],
            environment={},
            tier=tier,
            patience=patience,
        )

    return make


class Server:
    """A Postgres in a folder, started and stopped at will."""

    def __init__(self, home):
        self.home = home
        self.credentials = Credentials.new()
        self.supervisor = Supervisor(home / "logs", home / "processes.json")
        self.cluster = postgres.cluster_in(home)

    def start(self, *, with_roles=True):
        self.cluster.create(self.credentials.postgres)
        self.cluster.clear_stale_pid()
        port = start_on_free_port(
            self.supervisor,
            lambda port: self.cluster.program(port, durable=True),
            lambda port: postgres.answers(postgres.addresses(port, self.credentials).admin),
        )
        self.urls = postgres.addresses(port, self.credentials)
        if with_roles:
            postgres.prepare(self.urls, self.credentials, for_tests=False)
        return self.supervisor.children[-1].process

    def stop(self):
        self.supervisor.stop()


@contextmanager
def folder_open_to_others():
    """A folder that root's Postgres, which is not root, can reach; pytest's own are closed."""
    with tempfile.TemporaryDirectory(prefix="sparkops-test-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def open_folder():
    with folder_open_to_others() as folder:
        yield folder


@pytest.fixture
def new_server(open_folder):
    servers = []

    def make(home=open_folder):
        servers.append(Server(home))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def server():
    with folder_open_to_others() as home:
        running = Server(home)
        running.start()
        yield running
        running.stop()
