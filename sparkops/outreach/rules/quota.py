"""The weekly quota of new contacts (Shop contract 8.9, domain 5.2)."""

from datetime import datetime, timedelta

from sparkops.clock import shop_day, shop_day_start

SUNDAY = 6
"""As `date.weekday` counts."""


def refresh_at(now: datetime, zone: str) -> datetime:
    """When the quota is fresh again: the next Sunday 00:00 of the shop's zone, in UTC. Raises
    ValueError for a naive `now`."""
    today = shop_day(now, zone)
    days = (SUNDAY - today.weekday()) % 7 or 7
    return shop_day_start(today + timedelta(days=days), zone)
