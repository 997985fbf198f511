"""Requests a second of a light page against an empty view, from a real web process."""

import contextlib
import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.databases import environment
from bench.runner import Line, Measure
from bench.stage import Stage
from sparkops.local.ports import LOOPBACK, free_port

THREADS = 4
PATIENCE = 30
EMPTY = "/bench/empty/"


def run(stage: Stage) -> Iterator[Line]:
    light = f"/c/{stage.world.slug}/settings/"
    cookie = stage.browser().cookies["sessionid"].value
    pages: dict[str, list[float]] = {light: [], EMPTY: []}
    with _server() as port:
        for number in range(stage.size.heavy_rounds + 1):
            for path, speeds in pages.items():
                speed = _load(port, path, cookie, stage.size.load_seconds)
                if number:
                    speeds.append(speed)
    yield Line("web, light page / empty view", pages[light], pages[EMPTY], "requests/s")


@contextmanager
def _server() -> Iterator[int]:
    """gunicorn as the demo runs it, until the end of the block."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "bench.wsgi:application", "--no-control-socket"]
    command += ["--bind", f"{LOOPBACK}:{port}", "--workers", "2", "--threads", "4"]
    command += ["--worker-class", "gthread", "--log-level", "error"]
    server = subprocess.Popen(command, env=environment())
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), PATIENCE):
            return
        assert time.monotonic() < until, "the web process did not answer"
        time.sleep(0.1)


def _load(port: int, path: str, cookie: str, seconds: float) -> float:
    """Requests a second of a few readers who wait for each answer."""
    counts = [0] * THREADS
    begin = time.monotonic()
    until = begin + seconds

    def reader(place: int) -> None:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PATIENCE)
        while True:  # once at least, however slow the machine is
            connection.request("GET", path, headers={"Cookie": f"sessionid={cookie}"})
            response = connection.getresponse()
            response.read()
            counts[place] += response.status == 200
            if time.monotonic() >= until:
                break
        connection.close()

    threads = [threading.Thread(target=reader, args=(place,)) for place in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    speed = sum(counts) / (time.monotonic() - begin)
    assert speed > 0, f"{path} gave no page"
    return speed


MEASURE = Measure("web", run)
