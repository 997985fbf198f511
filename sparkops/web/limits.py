"""How often a page that is open to everyone may be called."""

import structlog
from django.core.cache import cache

from sparkops import clock

MINUTE = 60
log = structlog.get_logger(__name__)


def within(limit: int, key: str, seconds: int) -> bool:
    """Count once more under a key; whether that is still within the limit of its window.

    Without Redis everybody is let in: the secret of the address is what protects such a page.
    """
    name = f"guest:{key}:{int(clock.now().timestamp()) // seconds}"
    try:
        cache.add(name, 0, timeout=seconds)
        return int(cache.incr(name)) <= limit
    except (OSError, ValueError):
        log.warning("guest_limit_unavailable")
        return True
