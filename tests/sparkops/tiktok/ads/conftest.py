"""A local HTTP server that plays TikTok: scripted answers in order, every request kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.limits import NoLimiter
from sparkops.tiktok.transport import Transport

TOKEN = "token-0123456789-abcdefghij"
SECRET = "secret-0123456789-abcdefghij"
APP_ID = "7300000000000000001"
ADVERTISER = "7412345678901234567"
NOON = 1_795_350_600.0  # 2026-11-22 12:30:00 UTC


@dataclass
class Received:
    """One request as it arrived."""

    method: str
    path: str
    raw_query: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.raw_query, keep_blank_values=True, strict_parsing=False))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class TikTok:
    """What the server answers and what it was asked."""

    url: str = ""
    requests: list[Received] = field(default_factory=list)
    answers: list[tuple[int, bytes, dict[str, str]]] = field(default_factory=list)

    def will_answer(self, body: Any, status: int = 200, **headers: str) -> None:
        """Queue an answer; a queue that ran dry repeats its last one."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, content, named))

    def will_accept(self, data: Any, request_id: str = "rq-1") -> None:
        self.will_answer({"code": 0, "message": "OK", "request_id": request_id, "data": data})

    def will_refuse(self, code: int, message: str, request_id: str = "rq-no") -> None:
        self.will_answer({"code": code, "message": message, "request_id": request_id, "data": {}})

    @property
    def last(self) -> Received:
        return self.requests[-1]


def _handler(tiktok: TikTok) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            where = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            received = Received(self.command, where.path, where.query, headers, body)
            tiktok.requests.append(received)
            answers = tiktok.answers
            status, content, named = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            for name, value in named.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def log_message(self, *args: object) -> None:
            """Keep the test output clean."""

    return Handler


@pytest.fixture
def tiktok() -> Iterator[TikTok]:
    played = TikTok()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(played))
    played.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield played
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def waits() -> list[float]:
    """Seconds the transport was asked to wait, instead of waiting."""
    return []


@pytest.fixture
def transport(tiktok: TikTok, waits: list[float]) -> Iterator[Transport]:
    with Transport(
        tiktok.url, "ads", sleep=waits.append, clock=lambda: NOON, draw=lambda: 1.0
    ) as made:
        yield made


@pytest.fixture
def api(transport: Transport) -> AdsApi:
    return AdsApi(transport, TOKEN, NoLimiter(), app_id=APP_ID, secret=SECRET)
