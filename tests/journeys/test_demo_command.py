"""`manage.py demo` as a newcomer meets it: port taken, killed, started again, stopped."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from sparkops.local.health import is_healthy
from sparkops.local.home import Home
from sparkops.local.leftovers import RunFile
from sparkops.local.postgres import addresses, shelter_for

ROOT = Path(__file__).resolve().parents[2]
NOT_FOR_THE_DEMO = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "STATIC_ROOT", "MEDIA_ROOT")
PATIENCE = 240.0
pytestmark = pytest.mark.journey


class Demo:
    """One `manage.py demo` and what it printed."""

    def __init__(self, home, port, name):
        self.home = Home(home)
        self.output = home / f"{name}.txt"
        environment = {k: v for k, v in os.environ.items() if k not in NOT_FOR_THE_DEMO}
        environment |= {"SPARKOPS_NO_BOOTSTRAP": "1", "SPARKOPS_TEST": "off", "SPARKOPS_DEMO": "on"}
        environment |= {"SPARKOPS_DEMO_WORLD": "tiny"}
        command = [sys.executable, "manage.py", "demo", "--home", str(home), "--port", str(port)]
        with self.output.open("w") as stream:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=stream, stderr=stream
            )

    @property
    def text(self):
        return self.output.read_text()

    def ready_port(self):
        deadline = time.monotonic() + PATIENCE
        pattern = r"^SparkOps is ready at http://127\.0\.0\.1:(\d+)$"
        while not (found := re.search(pattern, self.text, re.MULTILINE)):
            assert self.process.poll() is None, self.text
            assert time.monotonic() < deadline, self.text
            time.sleep(0.2)
        return int(found.group(1))

    def end(self, number):
        self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def people(self):
        """How many people the demo's database knows."""
        data = self.home.folder / "postgres"
        if not data.exists():
            data = shelter_for(self.home.folder) / "postgres"
        port = int((data / "postmaster.pid").read_text().splitlines()[3])
        url = addresses(port, self.home.credentials()).owner
        with psycopg.connect(url) as connection:
            return connection.execute("SELECT count(*) FROM accounts_user").fetchone()[0]


@contextmanager
def home_folder():
    with tempfile.TemporaryDirectory(prefix="sparkops-demo-") as name:
        Path(name).chmod(0o711)  # so that root's Postgres, which is not root, can reach its data
        try:
            yield Path(name)
        finally:
            RunFile(Path(name) / "processes.json").end_leftovers()


def test_the_demo_survives_a_taken_port_and_kill_9_and_stops_on_ctrl_c():
    with home_folder() as home, socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        first = Demo(home, taken, "first")
        port = first.ready_port()
        assert port != taken
        assert f"Port {taken} is taken, so SparkOps uses {port}." in first.text
        assert is_healthy(port)
        people = first.people()
        assert people > 0
        sign_ins = first.home.sign_ins()
        assert sign_ins

        second = Demo(home, port, "second")
        assert second.process.wait(timeout=60) == 1
        assert "A demo already runs" in second.text

        first.end(signal.SIGKILL)
        again = Demo(home, taken, "again")
        port = again.ready_port()
        assert is_healthy(port)
        assert again.people() == people
        assert again.home.sign_ins() == sign_ins
        for sign_in in sign_ins:
            assert re.search(
                rf"{re.escape(sign_in.email)} +{re.escape(sign_in.password)} ", again.text
            )

        assert again.end(signal.SIGINT) == 0
        assert not is_healthy(port)
        assert json.loads((home / "processes.json").read_text()) == []
