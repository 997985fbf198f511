"""Fault switches: what tests and demos can make go wrong, for both APIs.

A fault is a JSON object posted to ``/_sandbox/faults``:

- ``kind``: one of ``KINDS``
- ``path``: only requests whose path starts with it (default: all)
- ``api``: ``ads`` or ``shop`` (default: both)
- ``count``: how many matching requests it hits; null = until cleared (default 1)
- ``after``: how many matching requests pass before it starts (default 0)
- further keys by kind, see the functions below

Control requests are never hit.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sparkops.sandbox.wire import Request, Response, request_id

UNKNOWN_WORD = "SANDBOX_UNKNOWN_WORD"
DEFAULT_DELAY_SECONDS = 2.0
SHOP_THROTTLED = (
    429,
    36009002,
    "Too many requests. You've made too many requests in a short period of time.",
)
# HTTP status, code and text of a refusal, per kind and API. Ads answers refusals with HTTP 200.
REFUSALS: dict[str, dict[str, tuple[int, int, str]]] = {
    "throttle": {
        "ads": (200, 40100, "Too many requests. Please retry in some time."),
        "shop": SHOP_THROTTLED,
    },
    "throttle_advertiser": {
        "ads": (
            200,
            40133,
            "Advertiser ({advertiser_id})'s QPS (11) reaches QPS limit 10 for current path, "
            "request is temporarily restricted.",
        ),
        "shop": SHOP_THROTTLED,
    },
    "server_error": {
        "ads": (200, 50000, "System error. Please try again later."),
        "shop": (
            500,
            36009003,
            "Internal error. Please try again. If the issue persists after multiple attempts, "
            "please contact platform support.",
        ),
    },
    "expired_token": {
        "ads": (200, 40102, "Access token has expired."),
        "shop": (401, 105002, "Expired credentials. The access token has expired."),
    },
    "revoked_token": {
        "ads": (200, 40105, "Access token is incorrect or has been revoked."),
        "shop": (
            401,
            36009004,
            "Invalid credentials. The 'x-tts-access-token' header is invalid.",
        ),
    },
    "missing_scope": {
        "ads": (200, 40001, "No permission to operate on this resource."),
        "shop": (
            403,
            105005,
            "Access denied. The app or token does not have the scope required by this endpoint.",
        ),
    },
}
Rows = list[Any]


def rows_of(payload: Any) -> Rows | None:
    """The first list of objects inside ``data``: the rows of a page."""
    data = payload.get("data") if isinstance(payload, dict) else None
    if not isinstance(data, dict):
        return None
    lists = (value for value in data.values() if isinstance(value, list))
    return next((rows for rows in lists if rows and isinstance(rows[0], dict)), None)


def walk(value: Any, change: Callable[[str, Any], Any], key: str = "") -> Any:
    """A copy of a JSON value with every leaf replaced by ``change(key, leaf)``."""
    if isinstance(value, dict):
        return {name: walk(inner, change, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [walk(inner, change, key) for inner in value]
    return change(key, value)


def _numeric_id(key: str, value: Any) -> Any:
    is_id = key.endswith(("_id", "_ids")) or key == "id"
    return int(value) if is_id and isinstance(value, str) and value.isdigit() else value


def _unknown_word(key: str, value: Any) -> Any:
    return UNKNOWN_WORD if "status" in key and isinstance(value, str) and value else value


def _iso_time(key: str, value: Any) -> Any:
    is_time = key.endswith("_time") and isinstance(value, str) and len(value) == 19
    return value.replace(" ", "T") + "Z" if is_time else value


def _drop_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _drop_nulls(inner) for key, inner in value.items() if inner is not None}
    return [_drop_nulls(inner) for inner in value] if isinstance(value, list) else value


def _with_data(payload: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    data = payload.get("data")
    return {**payload, "data": change(data)} if isinstance(data, dict) else payload


def _with_rows(payload: Any, change: Callable[[Rows], Rows]) -> Any:
    rows = rows_of(payload)
    if rows is None:
        return payload

    def replace(data: dict[str, Any]) -> dict[str, Any]:
        return {key: change(value) if value is rows else value for key, value in data.items()}

    return _with_data(payload, replace)


def _unknown_fields(payload: Any) -> Any:
    def add(rows: Rows) -> Rows:
        return [{**row, "sandbox_new_field": {"a": [1, "x", None]}} for row in rows]

    changed = _with_rows(payload, add)
    return {**changed, "sandbox_new_top": "x"}


def _dash_metrics(payload: Any) -> Any:
    def dash(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "metrics": dict.fromkeys(row["metrics"], "-")} if "metrics" in row else row

    return _with_rows(payload, lambda rows: [dash(row) for row in rows])


def _without_page_info(payload: Any) -> Any:
    return _with_data(payload, lambda data: {k: v for k, v in data.items() if k != "page_info"})


def _null_to_missing(payload: Any) -> Any:
    return _drop_nulls(payload)


# Kinds that change the answer's JSON.
CHANGES: dict[str, Callable[[Any], Any]] = {
    "numeric_ids": lambda payload: walk(payload, _numeric_id),
    "unknown_words": lambda payload: _with_data(payload, lambda data: walk(data, _unknown_word)),
    "iso_times": lambda payload: walk(payload, _iso_time),
    "unknown_fields": _unknown_fields,
    "dash_metrics": _dash_metrics,
    "missing_page_info": _without_page_info,
    "missing_keys": _null_to_missing,
    "missing_data": lambda payload: {k: v for k, v in payload.items() if k != "data"},
    # The page loses its last half, totals and tokens stay.
    "cut_page": lambda payload: _with_rows(payload, lambda rows: rows[: len(rows) // 2]),
    # No rows, but the token or the totals promise more.
    "empty_page": lambda payload: _with_rows(payload, lambda rows: []),
    # The first row comes twice.
    "duplicate_rows": lambda payload: _with_rows(payload, lambda rows: [*rows[:1], *rows]),
    "reorder": lambda payload: _with_rows(payload, lambda rows: rows[::-1]),
}
KINDS = {
    *REFUSALS,
    *CHANGES,
    "repeat_page",  # the rows of the previous answer on this path come again
    "delay",  # seconds: wait before answering
    "drop",  # close the connection without an answer; seconds: wait before
    "drop_after",  # do the work, then close the connection without an answer
    "http_status",  # status, body: any HTTP answer, by default a 503 in HTML
    "code",  # code, message, status: any API code
    "broken_json",  # the answer stops in the middle
    "slow_body",  # seconds: wait after the work is done
}


@dataclass
class Fault:
    kind: str
    path: str = ""
    api: str | None = None
    count: int | None = 1
    after: int = 0
    options: dict[str, Any] = field(default_factory=dict)
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    hits: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "path": self.path,
            "api": self.api,
            "count": self.count,
            "after": self.after,
            "hits": self.hits,
            **self.options,
        }

    def matches(self, api: str, request: Request) -> bool:
        return request.path.startswith(self.path) and self.api in (None, api)

    def seconds(self) -> float:
        return float(self.options.get("seconds", DEFAULT_DELAY_SECONDS))


class Strike:
    """A fault that hits one request."""

    def __init__(self, fault: Fault, request: Request, earlier_rows: Rows | None) -> None:
        self.kind = fault.kind
        self._fault = fault
        self._request = request
        self._earlier_rows = earlier_rows
        self.drops = fault.kind == "drop"
        self.drops_after = fault.kind == "drop_after"

    def wait(self) -> None:
        if self.kind == "delay" or (self.kind == "drop" and "seconds" in self._fault.options):
            time.sleep(self._fault.seconds())

    def refusal(self, api: str) -> Response | None:
        """The answer instead of the real one, or None when the request is to be handled."""
        options = self._fault.options
        if self.kind == "http_status":
            body = str(options.get("body", "<html><body>Service Unavailable</body></html>"))
            headers = {"Content-Type": "text/html", **self._retry_after()}
            return Response(int(options.get("status", 503)), None, body.encode(), headers)
        if self.kind == "code":
            status, code = int(options.get("status", 200)), int(options["code"])
            return self._envelope(api, status, code, str(options.get("message", "Error.")))
        if self.kind in REFUSALS:
            status, code, text = REFUSALS[self.kind][api]
            advertiser_id = self._request.get("advertiser_id") or ""
            return self._envelope(api, status, code, text.format(advertiser_id=advertiser_id))
        return None

    def _retry_after(self) -> dict[str, str]:
        seconds = self._fault.options.get("retry_after")
        return {} if seconds is None else {"Retry-After": str(seconds)}

    def _envelope(self, api: str, status: int, code: int, message: str) -> Response:
        body = {
            "code": code,
            "message": message,
            "request_id": request_id(self._request.now),
            "data": {} if api == "ads" else None,
        }
        return Response.json(body, status, self._retry_after())

    def change(self, response: Response) -> Response:
        """The real answer, damaged."""
        if self.kind == "slow_body":
            time.sleep(self._fault.seconds())
        if self.kind == "broken_json":
            text = response.encoded()
            headers = {"Content-Type": "application/json", **response.headers}
            return Response(response.status, None, text[: len(text) // 2], headers)
        if not isinstance(response.payload, dict):
            return response
        payload = json.loads(json.dumps(response.payload))
        if self.kind == "repeat_page" and self._earlier_rows is not None:
            payload = _with_rows(payload, lambda rows: self._earlier_rows or rows)
        elif self.kind in CHANGES:
            payload = CHANGES[self.kind](payload)
        return Response(response.status, payload, b"", response.headers)


class Faults:
    """The faults in force. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._rows: dict[str, Rows] = {}

    def add(self, spec: dict[str, Any]) -> Fault:
        """Raises ``ValueError`` with a clear text for an unknown kind."""
        kind = spec.get("kind")
        if kind not in KINDS:
            raise ValueError(f"Unknown fault kind {kind!r}. Known: {', '.join(sorted(KINDS))}.")
        if kind == "code" and "code" not in spec:
            raise ValueError("A fault of kind 'code' needs the key 'code'.")
        named = {key: spec[key] for key in ("path", "api", "count", "after") if key in spec}
        options = {k: v for k, v in spec.items() if k not in {"kind", *named}}
        fault = Fault(kind, **named, options=options)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def listed(self) -> list[Fault]:
        with self._lock:
            return list(self._faults)

    def take(self, api: str, request: Request) -> Strike | None:
        """The fault for this request, counted as used."""
        with self._lock:
            for fault in self._faults:
                if not fault.matches(api, request):
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                if fault.count is not None and fault.hits >= fault.count:
                    continue
                fault.hits += 1
                return Strike(fault, request, self._rows.get(request.path))
        return None

    def remember(self, path: str, response: Response) -> None:
        """Keeps the rows of an answer for ``repeat_page``."""
        rows = rows_of(response.payload)
        if rows:
            with self._lock:
                self._rows[path] = rows
