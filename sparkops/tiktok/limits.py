"""Who may call when. The transport asks a ``Limiter`` before every attempt."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sparkops.tiktok.errors import Api, Throttled


@dataclass(frozen=True, slots=True)
class Rate:
    """``per_second`` calls on average, at most ``burst`` at once."""

    per_second: float
    burst: int = 1


class Limiter(Protocol):
    """Shared by all callers of one app. Keys are made by ``shop`` and ``ads``."""

    def acquire(self, key: str, cost: int = 1) -> None:
        """Return when the call may go out. May wait; raises ``Throttled`` if it would be long."""

    def block(self, key: str, seconds: float) -> None:
        """TikTok throttled this key: let nobody through for that long."""


class NoLimiter:
    """Lets everything through: for single calls and for tests of other things."""

    def acquire(self, key: str, cost: int = 1) -> None:
        """Never waits."""

    def block(self, key: str, seconds: float) -> None:
        """Forgets it."""


class MemoryLimiter:
    """Token buckets inside one process, safe between threads.

    ``rate_of(key)`` gives the rate of a key, or None for "no limit". A wait longer than
    ``max_wait`` seconds is refused with ``Throttled`` and takes nothing from the bucket, so a
    worker is not held up by a long queue.
    """

    def __init__(
        self,
        rate_of: Callable[[str], Rate | None],
        *,
        api: Api,
        max_wait: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate_of = rate_of
        self._api = api
        self._max_wait = max_wait
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        # Per key: the moment the bucket is full again, and the moment a block ends.
        self._full_at: dict[str, float] = {}
        self._blocked_until: dict[str, float] = {}

    def acquire(self, key: str, cost: int = 1) -> None:
        """See ``Limiter.acquire``."""
        wait = self._reserve(key, cost)
        if wait > 0:
            self._sleep(wait)

    def block(self, key: str, seconds: float) -> None:
        """See ``Limiter.block``."""
        with self._lock:
            until = self._clock() + seconds
            self._blocked_until[key] = max(until, self._blocked_until.get(key, until))

    def _reserve(self, key: str, cost: int) -> float:
        rate = self._rate_of(key)
        with self._lock:
            now = self._clock()
            start = max(now, self._blocked_until.get(key, now))
            full_at = start
            if rate is not None:
                full_at = max(start, self._full_at.get(key, start)) + cost / rate.per_second
                start = max(start, full_at - max(rate.burst, cost) / rate.per_second)
            wait = start - now
            if wait > self._max_wait:
                raise Throttled(api=self._api, reason="own_limit", retry_after=wait)
            self._full_at[key] = full_at
            return wait
