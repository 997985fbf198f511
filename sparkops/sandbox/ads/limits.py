"""Rate limits, counted per developer app over all its ad accounts.

By real time, not by the world's clock. Over the limit per second: refused until the next second;
over the limit per minute: refused for five minutes. Both 0 = no limits.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

# Tier -> (calls per second, calls per minute).
TIERS = {"basic": (10, 600), "advanced": (20, 1200), "premium": (30, 1800), "ultimate": (50, 3000)}
MINUTE_PENALTY_SECONDS = 300
# Lower limits of single paths at the basic tier, (per second, per minute); enforced with any tier.
PATH_LIMITS = {
    "/open_api/v1.3/ad/create/": (5, 150),
    "/open_api/v1.3/report/task/create/": (2, 60),
    "/open_api/v1.3/gmv_max/report/get/": (8, 240),
    "/open_api/v1.3/campaign/copy/task/create/": (1, 30),
    "/open_api/v1.3/tt_video/authorize/": (5, 150),
}
APP_MESSAGE = "Too many requests. Please retry in some time."
PATH_MESSAGE = "Request exceeds the QPS limit of this endpoint."


class Limiter:
    """Sliding windows of calls per app, and per app and path."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self.configure(0, 0)

    def configure(self, qps: int, qpm: int) -> None:
        with self._lock:
            self._qps, self._qpm = qps, qpm
            self._calls: dict[str, deque[float]] = defaultdict(deque)
            self._blocked_until: dict[str, float] = {}

    def refusal(self, app_id: str, path: str) -> str | None:
        """The text to refuse the call with, or None; counts the call."""
        with self._lock:
            if not self._qps and not self._qpm:
                return None
            now = self._now()
            if self._blocked_until.get(app_id, 0) > now:
                return APP_MESSAGE
            if self._over(app_id, self._qps, self._qpm, now):
                return APP_MESSAGE
            own = PATH_LIMITS.get(path)
            if own and self._over(f"{app_id} {path}", *own, now):
                return PATH_MESSAGE
            return None

    def _over(self, key: str, qps: int, qpm: int, now: float) -> bool:
        calls = self._calls[key]
        while calls and calls[0] <= now - 60:
            calls.popleft()
        calls.append(now)
        if qpm and len(calls) > qpm:
            self._blocked_until[key.split(" ")[0]] = now + MINUTE_PENALTY_SECONDS
            return True
        return bool(qps) and sum(1 for at in calls if at > now - 1) > qps


LIMITER = Limiter()
