"""Keeping the reading of the quota, and what is held back for people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sparkops.audit.record import Actor, record
from sparkops.catalog.models import Shop
from sparkops.outreach.models import Quota


def keep_quota(shop: Shop, reading: Mapping[str, Any], *, now: datetime) -> None:
    """Note what TikTok told at `now`."""
    Quota.objects.update_or_create(shop=shop, defaults={**reading, "read_at": now})


def keep_reserve(quota: Quota, reserve: int, *, by: Actor, now: datetime) -> None:
    """Hold contacts of every week back for people."""
    before, quota.reserve = quota.reserve, reserve
    quota.save(update_fields=["reserve"])
    record("quota.reserved", quota, by=by, now=now, data={"before": before, "after": reserve})
