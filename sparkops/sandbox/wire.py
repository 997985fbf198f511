"""Requests, responses and routes, independent of the socket."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from sparkops.sandbox.world import World


def request_id(now: datetime) -> str:
    """A fresh log id as both APIs send it: the time, then random digits."""
    return f"{now:%Y%m%d%H%M%S}{secrets.token_hex(9).upper()}"


@dataclass
class Request:
    """One HTTP request.

    ``target`` is the raw request target, ``path`` the decoded path, ``query`` the decoded pairs in
    order (empty values kept), ``headers`` have lower-case names, ``body`` is the exact bytes.
    ``now`` is the world's time the request is answered at; ``params`` come from the path pattern.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    now: datetime
    params: dict[str, str] = field(default_factory=dict)
    replayed: bool = False

    def __post_init__(self) -> None:
        parts = urlsplit(self.target)
        self.path = unquote(parts.path)
        self.raw_query = parts.query
        self.query = parse_qsl(parts.query, keep_blank_values=True)

    def get(self, name: str, default: str | None = None) -> str | None:
        """The first query value of that name."""
        return next((value for key, value in self.query if key == name), default)

    def json(self) -> Any:
        """The body as JSON; an empty body is ``{}``. Raises ``ValueError`` when it is not JSON."""
        return json.loads(self.body) if self.body.strip() else {}

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass
class Response:
    """``payload`` is the JSON answer before encoding (faults change it), else ``body`` counts."""

    status: int = 200
    payload: Any = None
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, payload: Any, status: int = 200, headers: dict[str, str] | None = None):
        return cls(status, payload, b"", headers or {})

    @classmethod
    def html(cls, text: str, status: int = 200):
        return cls(status, None, text.encode(), {"Content-Type": "text/html; charset=utf-8"})

    @classmethod
    def redirect(cls, location: str):
        return cls(302, None, b"", {"Location": location})

    def encoded(self) -> bytes:
        if self.payload is None:
            return self.body
        return json.dumps(self.payload, ensure_ascii=False).encode()

    def content_type(self) -> str:
        fallback = "application/json; charset=utf-8" if self.payload is not None else "text/plain"
        return self.headers.get("Content-Type", fallback)


Handler = Callable[[Request, World], Response]
# Runs the handler and turns refusals into the API's own answers: gate(handler, request, world).
Gate = Callable[[Handler, Request, World], Response]


@dataclass(frozen=True)
class Route:
    method: str
    pattern: str
    handler: Handler
    writes: bool
    regex: re.Pattern[str]


@dataclass
class Api:
    """A group of paths with one way to check and to refuse.

    ``prefixes`` decide which paths belong to it, ``not_found`` and ``wrong_method`` answer for
    unknown ones, ``gate`` wraps every handler (signature, token, limits, error envelopes).

    Handlers register with ``@api.route("GET", "/order/202507/orders")``; ``{name}`` in a pattern
    matches one path segment and lands in ``request.params``. A route that changes the world says
    ``writes=True`` (the default for everything but GET): its request is journaled and answered
    again after a restart, so the handler must depend on nothing but request and world. Searches
    by POST say ``writes=False``.
    """

    name: str
    prefixes: tuple[str, ...]
    not_found: Handler
    wrong_method: Handler
    gate: Gate
    routes: list[Route] = field(default_factory=list)

    def route(
        self, method: str, pattern: str, *, writes: bool | None = None
    ) -> Callable[[Handler], Handler]:
        regex = re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(pattern)))

        def register(handler: Handler) -> Handler:
            changes = method != "GET" if writes is None else writes
            self.routes.append(Route(method, pattern, handler, changes, regex))
            return handler

        return register

    def find(self, request: Request) -> Route | None:
        """The route, or None. Sets ``request.params``."""
        for route in self.routes:
            match = route.regex.fullmatch(request.path)
            if match and route.method == request.method:
                request.params = match.groupdict()
                return route
        return None

    def knows_path(self, path: str) -> bool:
        return any(route.regex.fullmatch(path) for route in self.routes)
