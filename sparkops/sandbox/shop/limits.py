"""How many calls an app may make per shop and endpoint (contract 1.9)."""

import threading
import time
from dataclasses import dataclass, field

from . import errors

# What an older page of TikTok's documentation promises; the real limits are dynamic.
DOCUMENTED_PER_SECOND = 50


@dataclass
class CallLimits:
    """Counts calls in one-second windows of real time; the sandbox clock may stand still.

    ``per_second`` 0 means no limit.
    """

    per_second: int = 0
    retry_after: bool = False
    _windows: dict[tuple[str, str, str], tuple[int, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def configure(self, per_second: int, retry_after: bool = False) -> None:
        with self._lock:
            self.per_second, self.retry_after = per_second, retry_after
            self._windows.clear()

    def count(self, app_key: str, shop_id: str, endpoint: str) -> None:
        """Count one call. Raises ShopError 429/36009002 above the limit."""
        if not self.per_second:
            return
        second = int(time.monotonic())
        with self._lock:
            window, calls = self._windows.get((app_key, shop_id, endpoint), (second, 0))
            calls = calls + 1 if window == second else 1
            self._windows[app_key, shop_id, endpoint] = (second, calls)
            if calls > self.per_second:
                raise errors.too_many_requests(1 if self.retry_after else None)
