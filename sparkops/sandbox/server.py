"""The HTTP server: threads, the order of things per request, the log and the journal.

How an API plugs in: it offers an ``wire.Api`` object and registers handlers on it with
``@API.route(...)``; a handler is ``handler(request, world) -> Response`` and runs under the
world's lock. ``ads.API`` (Marketing API) and ``control.API`` (``/_sandbox/``) own their prefixes;
``shop.API`` gets every other path. Modules that only register routes are imported by their API's
module (``shop.routes`` in the case of the shop: list them in ``shop.py``).

Per request: faults that come before (delay, drop, refuse) -> route -> gate -> handler -> faults
that change the answer -> log. Routes that write are journaled, see ``journal.py``.
"""

from __future__ import annotations

import threading
import traceback
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sparkops.sandbox.faults import Faults
from sparkops.sandbox.journal import Journal
from sparkops.sandbox.wire import Api, Request, Response
from sparkops.sandbox.world import World

SECRET_HEADERS = {"access-token", "x-tts-access-token", "authorization", "cookie"}
LOG_LENGTH = 5000
# From this HTTP status on nothing was written, so there is nothing to keep.
REFUSED = 400


@dataclass
class LogEntry:
    """What one request looked like; tokens are left out.

    `code` is what was answered, `outcome` what was done before a fault lost or spoiled the answer:
    None when the request was not handled at all.
    """

    at: datetime
    api: str
    method: str
    target: str
    headers: dict[str, str]
    body: str
    status: int
    code: Any
    fault: str
    outcome: Any = None

    def as_json(self) -> dict[str, Any]:
        path, _, query = self.target.partition("?")
        return {
            "at": self.at.isoformat(),
            "api": self.api,
            "method": self.method,
            "path": path,
            "query": query,
            "headers": self.headers,
            "body": self.body,
            "status": self.status,
            "code": self.code,
            "fault": self.fault,
            "outcome": self.outcome,
        }


class Sandbox:
    """World, APIs, faults and journal as one; ``answer`` is what the socket calls.

    ``answer`` returns None when the connection is to be dropped without an answer.
    """

    def __init__(
        self,
        world: World,
        apis: Sequence[Api],
        faults: Faults,
        log: deque[LogEntry],
        journal: Journal | None = None,
    ) -> None:
        self.world = world
        self.apis = apis
        self.faults = faults
        self.log = log
        self.journal = journal

    def replay(self, requests: Sequence[tuple[datetime, Request]]) -> None:
        """Applies earlier writes again, each at its own time. The clock is the caller's to set."""
        self.world.replaying = True
        for now, request in requests:
            self.world.clock.freeze(True)
            self.world.clock.set(now)
            request.now, request.replayed = now, True
            self._dispatch(request)
        self.world.replaying = False

    def answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> Response | None:
        request = Request(method, target, headers, body, self.world.now())
        api = self.api_of(request.path)
        fault = self.faults.take(api.name, request) if api.name != "control" else None
        if fault:
            fault.wait()
            if fault.drops:
                self._note(api, request, Response(0), fault.kind)
                return None
        response, outcome = fault.refusal(api.name) if fault else None, None
        if response is None:
            response = self._locked(request)
            outcome = _code(response)
            self.faults.remember(request.path, response)
            if fault:
                response = fault.change(response)
        if fault and fault.drops_after:
            response = Response(0)
        self._note(api, request, response, fault.kind if fault else "", outcome)
        return response if response.status else None

    def api_of(self, path: str) -> Api:
        return next(api for api in self.apis if path.startswith(api.prefixes))

    def _locked(self, request: Request) -> Response:
        with self.world.lock:
            request.now = self.world.now()
            response, writes = self._dispatch(request)
            if writes and self.journal and response.status < REFUSED:
                self.journal.append(self.world.clock, request)
            return response

    def _dispatch(self, request: Request) -> tuple[Response, bool]:
        api = self.api_of(request.path)
        route = api.find(request)
        if route:
            response = api.gate(route.handler, request, self.world)
            if route.writes:
                self.world.changed()
            return response, route.writes
        refuse = api.wrong_method if api.knows_path(request.path) else api.not_found
        return refuse(request, self.world), False

    def _note(
        self, api: Api, request: Request, response: Response, fault: str, outcome: Any = None
    ) -> None:
        self.log.append(
            LogEntry(
                at=request.now,
                api=api.name,
                method=request.method,
                target=request.target,
                headers={k: v for k, v in request.headers.items() if k not in SECRET_HEADERS},
                body=request.body.decode("utf-8", "replace"),
                status=response.status,
                code=_code(response),
                fault=fault,
                outcome=outcome,
            )
        )


def _code(response: Response) -> Any:
    return response.payload.get("code") if isinstance(response.payload, dict) else None


class Handler(BaseHTTPRequestHandler):
    """One connection. HTTP/1.1 with keep-alive, as clients with a pool expect."""

    protocol_version = "HTTP/1.1"
    server_version = "TikTokSandbox/1"
    # One packet per answer: with the default a small answer waits for the client's delayed ack.
    wbufsize = -1
    disable_nagle_algorithm = True
    sandbox: Sandbox

    def handle_any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            response = self.sandbox.answer(self.command, self.path, headers, body)
        except Exception:
            traceback.print_exc()
            response = Response(500, None, b"The sandbox itself failed; see its stderr.")
        if response is None:
            self.close_connection = True
            return
        self.reply(response)

    def reply(self, response: Response) -> None:
        body = response.encoded()
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type())
        self.send_header("Content-Length", str(len(body)))
        for name, value in response.headers.items():
            if name != "Content-Type":
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = handle_any  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """The request log is kept in memory; nothing goes to stderr."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle is no event."""


def serve(sandbox: Sandbox, host: str, port: int) -> Server:
    """A listening server, not yet serving. Port 0 takes a free one (``server_port`` tells)."""
    handler = type("BoundHandler", (Handler,), {"sandbox": sandbox})
    return Server((host, port), handler)


def serve_in_thread(sandbox: Sandbox, host: str = "127.0.0.1", port: int = 0) -> Server:
    """Serves in the background; ``server.shutdown()`` ends it."""
    server = serve(sandbox, host, port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
