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
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


@dataclass(frozen=True)
class Span:
    """One span, its ids as hex; `whole` is all of it as text."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    attributes: dict[str, Any]
    whole: str


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

    def spans(self) -> list[Span]:
        """Every span that arrived by OTLP."""
        found = []
        for body in self.bodies("/v1/traces"):
            for group in ExportTraceServiceRequest.FromString(body).resource_spans:
                named = _named(group.resource.attributes)
                for scope in group.scope_spans:
                    found += [_span(named["service.name"], one) for one in scope.spans]
        return found


def _span(service: str, one: Any) -> Span:
    return Span(
        service=service,
        name=one.name,
        trace=one.trace_id.hex(),
        id=one.span_id.hex(),
        parent=one.parent_span_id.hex(),
        attributes=_named(one.attributes),
        whole=str(one),
    )


def _named(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value") or "") for one in attributes}


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
