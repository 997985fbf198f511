"""Rate limits shared by all processes: token buckets in Redis.

One Lua script per decision, so two workers never take the same token. The clock is Redis's.
"""

import time
from collections.abc import Callable

import redis
from django.conf import settings

from sparkops.tiktok.errors import Api, Throttled
from sparkops.tiktok.limits import Rate

# KEYS: bucket, block. ARGV: per_second, burst, cost, max_wait. Returns the wait in milliseconds,
# negative when it is too long to be granted (then nothing was taken).
_RESERVE = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local rate = tonumber(ARGV[1])
local start = math.max(now, tonumber(redis.call('GET', KEYS[2]) or now))
local full_at = start
if rate > 0 then
  full_at = math.max(start, tonumber(redis.call('GET', KEYS[1]) or start))
            + tonumber(ARGV[3]) * 1000 / rate
  start = math.max(start, full_at - math.max(tonumber(ARGV[2]), tonumber(ARGV[3])) * 1000 / rate)
end
local wait = math.ceil(start - now)
if wait > tonumber(ARGV[4]) * 1000 then return -wait end
if rate > 0 then
  redis.call('SET', KEYS[1], tostring(full_at), 'PX', math.ceil(full_at - now) + 60000)
end
return wait
"""
_BLOCK = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local till = now + tonumber(ARGV[1]) * 1000
if till > tonumber(redis.call('GET', KEYS[1]) or 0) then
  redis.call('SET', KEYS[1], tostring(till), 'PX', math.ceil(tonumber(ARGV[1]) * 1000) + 1000)
end
return 0
"""


class RedisLimiter:
    """A `tiktok.limits.Limiter` over Redis. Waits up to `max_wait` seconds, then Throttled."""

    def __init__(
        self,
        rate_of: Callable[[str], Rate | None],
        *,
        api: Api,
        max_wait: float = 20.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate_of, self._api, self._max_wait, self._sleep = rate_of, api, max_wait, sleep
        client = redis.Redis.from_url(settings.REDIS_URL)
        self._reserve = client.register_script(_RESERVE)
        self._block = client.register_script(_BLOCK)

    def acquire(self, key: str, cost: int = 1) -> None:
        """Return when the call may go out. Raises Throttled when the wait would be long."""
        rate = self._rate_of(key)
        per_second, burst = (rate.per_second, rate.burst) if rate else (0, 0)
        pace = settings.TIKTOK["pace"]
        wait = int(
            self._reserve(
                keys=[f"limit:{key}", f"limit-block:{key}"],
                args=[per_second * pace, burst * pace, cost, self._max_wait],
            )
        )
        if wait < 0:
            raise Throttled(api=self._api, reason="own_limit", retry_after=-wait / 1000)
        if wait:
            self._sleep(wait / 1000)

    def block(self, key: str, seconds: float) -> None:
        """Let nobody through for that long: TikTok said so."""
        self._block(keys=[f"limit-block:{key}"], args=[seconds])
