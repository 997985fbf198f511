"""Sends one request and gives the decoded answer back, or one of ``errors``.

Everything TikTok-specific is handed in: how to build the request for this moment (a signature
holds the time, so every attempt is built anew) and how to read the answer. What is decided here
is time: timeouts, which failures are repeated, and how long to wait.
"""

from __future__ import annotations

import json
import logging
import math
import random
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import httpx

from sparkops.tiktok.errors import API_NAMES, Api, Auth, Server, Throttled, TikTokError, Unexpected
from sparkops.tiktok.limits import Limiter, NoLimiter
from sparkops.tiktok.masking import mask_values

log = logging.getLogger("sparkops.tiktok")

MAX_ANSWER_BYTES = 32 * 1024 * 1024
USER_AGENT = "SparkOps"

Data = TypeVar("Data")


def _hide_query(record: logging.LogRecord) -> bool:
    # httpx logs every URL at INFO; TikTok's token endpoints and code look-ups carry secrets there.
    if isinstance(record.args, tuple):
        record.args = tuple(
            value.copy_with(query=None) if isinstance(value, httpx.URL) else value
            for value in record.args
        )
    return True


logging.getLogger("httpx").addFilter(_hide_query)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, ready to send. ``params`` are raw values; they are encoded here."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)

    @property
    def target(self) -> str:
        """Path and query as they go on the wire: space as %20, plus as %2B."""
        query = urlencode(self.params, quote_via=quote, safe="")
        return f"{self.path}?{query}" if query else self.path


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the facts that a decoder needs, no connection behind it."""

    api: Api
    method: str
    path: str
    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    clock: float = 0.0

    @property
    def retry_after(self) -> float | None:
        """Seconds named by the Retry-After header, as number or as date."""
        value = self.headers.get("retry-after", "").strip()
        if value.isascii() and value.isdigit():
            return float(value[:9])
        until = _http_date(value)
        return None if until is None else max(0.0, until - self.clock)

    @property
    def clock_drift(self) -> float | None:
        """Seconds our clock is ahead of TikTok's, by the Date header; negative when behind."""
        theirs = _http_date(self.headers.get("date", ""))
        return None if theirs is None else self.clock - theirs

    def json(self) -> dict[str, Any]:
        """The body as a JSON object.

        Raises by HTTP status when it is none: ``Throttled`` for 429, ``Server`` for 408 and 5xx,
        otherwise ``Unexpected``. Characters a database cannot store become U+FFFD.
        """
        try:
            value = json.loads(self.body, parse_constant=_no_constant, parse_float=_finite)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            self.fail_by_status("answered with something that is not a JSON object")
        return _storable(value) if _needs_care(self.body) else value

    def fail_by_status(self, what: str) -> NoReturn:
        """Raise what the HTTP status alone says about this answer."""
        facts: dict[str, Any] = {
            "api": self.api,
            "http_status": self.status,
            "path": self.path,
            "retry_after": self.retry_after,
        }
        if self.status == 429:
            raise Throttled(**facts)
        if self.status == 408 or self.status >= 500:
            raise Server(**facts)
        sentence = f"{{api}} {what}. SparkOps reads it again with the next sync."
        # A success whose body was cut on its way says nothing against the request.
        raise Unexpected(**facts, sentence=sentence, retryable=200 <= self.status < 300)


def _http_date(value: str) -> float | None:
    with suppress(ValueError):
        moment = parsedate_to_datetime(value)
        return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
    return None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits[:20]} is too large")
    return number


def _needs_care(body: bytes) -> bool:
    return b"\\u0000" in body or b"\\ud" in body.lower()


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        paired = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return paired.replace("\0", "\ufffd")
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(item) for name, item in value.items()}
    return value


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how long. Waits grow from ``first`` seconds, doubled, full jitter.

    A wait above ``cap`` is not sat out in the worker: the error is raised with ``retry_after``.
    """

    attempts: int = 5
    first: float = 1.0
    cap: float = 60.0

    def wait(self, attempt: int, error: TikTokError, draw: Callable[[], float]) -> float | None:
        """Seconds before attempt ``attempt + 1``, or None when there shall be none."""
        if attempt >= self.attempts or not error.retryable:
            return None
        if error.retry_after is not None:
            return error.retry_after if error.retry_after <= self.cap else None
        return draw() * min(self.cap, self.first * 2 ** (attempt - 1))


ONCE = Retries(attempts=1)


class Transport:
    """One HTTP client to one host. Safe to share between threads; close it at the end.

    ``seconds`` are connect, read and whole-call timeouts. ``clock`` gives unix seconds.
    """

    def __init__(
        self,
        base_url: str,
        api: Api,
        *,
        retries: Retries = Retries(),  # noqa: B008 (frozen)
        connect_seconds: float = 10.0,
        read_seconds: float = 30.0,
        total_seconds: float = 120.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.api: Api = api
        self.retries = retries
        self.clock = clock
        self._sleep = sleep
        self._draw = draw
        self._total_seconds = total_seconds
        self._http = httpx.Client(
            timeout=httpx.Timeout(read_seconds, connect=connect_seconds),
            follow_redirects=False,
            # A proxy of the environment must not sit between us and a stand-in on this machine.
            trust_env=not _is_loopback(self.base_url),
            headers={"user-agent": USER_AGENT},
            verify=_certificates(),
        )

    def __enter__(self) -> Transport:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(
        self,
        build: Callable[[float], Request],
        decode: Callable[[Answer], Data],
        *,
        repeatable: bool,
        limiter: Limiter | None = None,
        keys: Sequence[str] = (),
        retries: Retries | None = None,
    ) -> Data:
        """Send what ``build(unix_seconds)`` makes until ``decode`` accepts an answer.

        ``repeatable``: sending it twice does no harm (reads, and writes that set a state). Other
        requests are repeated only when TikTok certainly did nothing: throttled, or not connected.
        ``keys`` are the limiter's, widest first. Raises ``TikTokError``.
        """
        limiter = limiter or NoLimiter()
        policy = retries or self.retries
        attempt = 0
        while True:
            attempt += 1
            for key in keys:
                limiter.acquire(key)
            request = build(self.clock())
            started = time.monotonic()
            try:
                answer = self._exchange(request)
                data = decode(answer)
            except TikTokError as error:
                error.path = error.path or f"{request.method} {request.path}"
                untouched = isinstance(error, Throttled) or error.reason == "no_connection"
                error.outcome_unknown = not (repeatable or untouched) and _may_have_acted(error)
                wait = policy.wait(attempt, error, self._draw) if repeatable or untouched else None
                self._note(request, attempt, started, error, wait)
                if isinstance(error, Throttled) and keys:
                    pause = error.retry_after if error.retry_after is not None else wait
                    limiter.block(keys[0] if error.app_wide else keys[-1], pause or 0.0)
                if wait is None:
                    raise
                self._sleep(wait)
            else:
                self._note(request, attempt, started)
                return data

    def _exchange(self, request: Request) -> Answer:
        deadline = time.monotonic() + self._total_seconds
        try:
            with self._http.stream(
                request.method,
                self.base_url + request.target,
                headers=dict(request.headers),
                content=request.body,
            ) as response:
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > MAX_ANSWER_BYTES:
                        raise Unexpected(
                            api=self.api,
                            http_status=response.status_code,
                            sentence="{api} sent too large an answer. Ask for less at once.",
                        )
                    if time.monotonic() > deadline:
                        raise httpx.ReadTimeout("the answer trickled in for too long")
                return Answer(
                    api=self.api,
                    method=request.method,
                    path=request.path,
                    status=response.status_code,
                    body=bytes(body),
                    headers={name.lower(): value for name, value in response.headers.items()},
                    clock=self.clock(),
                )
        except (UnicodeEncodeError, httpx.LocalProtocolError) as error:
            # Only the token can hold characters that no header may hold.
            raise Auth(api=self.api, reason="token_invalid") from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise self._network("no_connection", "cannot be reached") from error
        except httpx.TimeoutException as error:
            raise self._network("timeout", "did not answer in time") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._network("broken_connection", "broke off the connection") from error

    def _network(self, reason: str, what: str) -> Server:
        return Server(
            api=self.api,
            reason=reason,
            sentence=f"{{api}} {what}. SparkOps tries again later.",
        )

    def _note(
        self,
        request: Request,
        attempt: int,
        started: float,
        error: TikTokError | None = None,
        wait: float | None = None,
    ) -> None:
        facts = {
            "api": self.api,
            "method": request.method,
            "path": request.path,
            "params": mask_values(request.params),
            "attempt": attempt,
            "seconds": round(time.monotonic() - started, 3),
        }
        if error is None:
            log.debug("%s answered %s", API_NAMES[self.api], request.path, extra={"tiktok": facts})
            return
        facts |= {
            "status": error.http_status,
            "code": error.code,
            "reason": error.reason,
            "request_id": error.request_id,
            "next_try_in": wait,
        }
        log.warning("%s", error, extra={"tiktok": facts})


def _may_have_acted(error: TikTokError) -> bool:
    accepted = isinstance(error, Unexpected) and (error.http_status or 0) < 400
    return accepted or isinstance(error, Server)


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    # Reading the certificates takes longer than most calls; every transport shares them.
    return httpx.create_ssl_context()


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"
