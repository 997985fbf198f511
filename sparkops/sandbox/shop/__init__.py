"""The TikTok Shop API of the sandbox, as the Shop contract describes it.

Every path that is neither the Marketing API nor ``/_sandbox/`` belongs here, the auth host's
``/api/v2/token/...`` and the consent page included.
"""

from sparkops.sandbox.world import World

from . import control
from .deliveries import Deliveries, post
from .endpoints import ENDPOINTS
from .routes import build

API = build(ENDPOINTS)


def watch(world: World) -> Deliveries:
    """Starts to send webhooks about ``world`` from a thread; ``stop()`` ends it."""
    deliveries = Deliveries(world, post)
    deliveries.start()
    return deliveries


__all__ = ["API", "control", "watch"]
