"""A program on loopback that takes what telemetry sends, and answers everything else with {}."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import brotli

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


@dataclass
class Received:
    """What arrived, as (path, headers, unpacked body)."""

    port: int = 0
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def dsn(self) -> str:
        """The address as Sentry writes it: a public key and the number of a project."""
        return f"http://public@127.0.0.1:{self.port}/1"

    def bodies(self, path: str) -> list[bytes]:
        return [body for where, _, body in self.got if where == path]

    def events(self) -> list[dict[str, Any]]:
        """Everything in envelopes of Sentry, in the order of arrival."""
        found = []
        for body in self.bodies("/api/1/envelope/"):
            lines = body.split(b"\n")
            for head, content in zip(lines[1::2], lines[2::2], strict=False):
                assert json.loads(head)["type"] in ("event", "transaction")
                found.append(json.loads(content))
        return found


@contextmanager
def receiving() -> Iterator[Received]:
    """A receiver that runs until the end of the block."""
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            names = {name.lower(): value for name, value in self.headers.items()}
            body = UNPACK.get(names.get("content-encoding", ""), bytes)(body)
            received.got.append((self.path.partition("?")[0], names, body))
            self._answer()

        def do_GET(self) -> None:
            names = {name.lower(): value for name, value in self.headers.items()}
            received.got.append((self.path.partition("?")[0], names, b""))
            self._answer()

        def _answer(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
