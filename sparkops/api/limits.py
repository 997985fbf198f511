"""How often a key may call: so many calls in each minute, counted in Redis for all processes."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import redis
import structlog
from django.conf import settings

from sparkops.api.models import ApiKey

SECONDS = 60
# KEYS: counter. ARGV: length of the window in milliseconds. Returns the count and what is left
# of the window.
_COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1])}
"""
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Allowance:
    """Where a key stands in its minute; `reset` is in seconds from now."""

    limit: int
    used: int
    reset: int

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit

    @property
    def headers(self) -> dict[str, str]:
        """What every answer tells about the limit."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(self.limit - self.used, 0)),
            "RateLimit-Reset": str(self.reset),
        }


def count_call(key: ApiKey) -> Allowance | None:
    """Count one call of a key. None while Redis is away: reading goes on without a limit."""
    try:
        used, left = _script()(keys=[f"api-calls:{key.prefix}"], args=[SECONDS * 1000])
    except redis.RedisError:
        log.warning("api_limit_unavailable", prefix=key.prefix)
        return None
    return Allowance(settings.API_CALLS_PER_MINUTE, int(used), -(-int(left) // 1000))


@cache
def _script() -> Any:
    return redis.Redis.from_url(settings.REDIS_URL).register_script(_COUNT)
