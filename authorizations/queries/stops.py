"""Which posts' ads must not run."""

from collections.abc import Collection
from datetime import datetime, timedelta

from authorizations.queries import facts_of
from authorizations.rules.stopping import Stop, stop_of


def stops_of(post_ids: Collection[int], now: datetime, buffer: timedelta) -> dict[int, Stop | None]:
    """Why ads on each post must not run now, None where they may (AR6)."""
    return {key: stop_of(one, now=now, buffer=buffer) for key, one in facts_of(post_ids).items()}
