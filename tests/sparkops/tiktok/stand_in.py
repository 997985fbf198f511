"""A real HTTP server on this machine that answers from a script, and a directory of samples."""

from __future__ import annotations

import json
import os
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

SAMPLES = Path(os.environ.get("SPARKOPS_SAMPLES") or Path(__file__).parents[2] / "samples")


def sample(name: str) -> Any:
    """A sample file, e.g. ``shop/orders_search_202309.json``."""
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Scripted:
    """One answer. ``drop`` closes the connection instead, ``hold`` waits until the caller does."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    hold: bool = False


@dataclass(frozen=True)
class Received:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def params(self) -> dict[str, str]:
        # A plus sign must arrive encoded; "+" read as a space would hide that.
        query = urlsplit(self.target).query.replace("+", "%2B")
        return dict(parse_qsl(query, keep_blank_values=True))


class StandIn:
    """Answers in the order of the script; the last answer is repeated."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.script: list[Scripted] = []
        self.received: list[Received] = []

    def answers(self, *script: Scripted) -> None:
        self.script = list(script)

    def next_answer(self) -> Scripted:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


def ok(data: Any, request_id: str = "r-1") -> Scripted:
    envelope = {"code": 0, "message": "Success", "request_id": request_id, "data": data}
    return Scripted(body=json.dumps(envelope).encode())


def refused(status: int, code: int, message: str = "no", **headers: str) -> Scripted:
    envelope = {"code": code, "message": message, "request_id": "r-9", "data": None}
    return Scripted(status, json.dumps(envelope).encode(), headers)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    stand_in: StandIn

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A dropped connection is part of the script."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.stand_in.received.append(Received(self.command, self.path, headers, body))
        answer = self.server.stand_in.next_answer()
        if answer.hold:
            self.rfile.read(1)
        if answer.drop or answer.hold:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test output quiet."""


@contextmanager
def serving() -> Iterator[StandIn]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        stand_in = StandIn(f"http://127.0.0.1:{server.server_address[1]}")
        server.stand_in = stand_in
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield stand_in
        finally:
            server.shutdown()
            thread.join()


def unused_port() -> int:
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as taken:
        return int(taken.server_address[1])
