"""Seeing what apps below changed: ad numbers, samples, posts and permissions.

They cannot mark anything here, so their rows are found by read time, and what has none is compared
again at a slow pace.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q

from campaigns.models import AdDay, GmvMaxDay
from profit.actions.marking import mark
from profit.models import Dirty, Order, Watch
from profit.queries.ad_facts import ad_day_subject

# Rows are written a moment after the time they carry, and a page may take a while.
OVERLAP = timedelta(minutes=15)
SAMPLES_EVERY = timedelta(hours=1)
ADS_EVERY = timedelta(days=1)
BACK = timedelta(days=60)


def mark_changes_elsewhere(*, now: datetime) -> None:
    """Mark ad days that were read anew, all of them at the first look; hourly all recent sample
    orders, daily all recent ad days (their post, creator or permission may have changed)."""
    since = _seen("ad_days", now)
    whole = _due("ads again", ADS_EVERY, now)
    day = (now - BACK).date()
    asked = Q() if since is None else Q(read_at__gt=since)
    if whole and since is not None:
        asked |= Q(day__gte=day)
    days, gmv = AdDay.objects.filter(asked), GmvMaxDay.objects.filter(asked)
    cause = "Compared again" if whole and since is not None else "Ad numbers"
    _mark_days(
        Dirty.Kind.AD_DAY,
        days.values_list("ad__ad_account__shop_id", "ad__ad_id", "day").distinct(),
        cause,
        now,
    )
    _mark_days(
        Dirty.Kind.GMV_DAY,
        gmv.values_list("campaign__ad_account__shop_id", "campaign__campaign_id", "day").distinct(),
        cause,
        now,
    )
    if _due("samples again", SAMPLES_EVERY, now):
        _mark_samples(day, now)


def _mark_days(
    kind: Dirty.Kind, rows: Iterable[tuple[int | None, str, date]], cause: str, now: datetime
) -> None:
    """An ad account without a shop has no profit to carry its spend: it is shown as a gap."""
    by_shop: dict[int, list[str]] = {}
    for shop_id, name, day in rows:
        if shop_id is not None:
            by_shop.setdefault(shop_id, []).append(ad_day_subject(name, day))
    for shop_id, subjects in by_shop.items():
        mark(shop_id, kind, subjects, cause=cause, now=now)


def _mark_samples(since: date, now: datetime) -> None:
    by_shop: dict[int, list[str]] = {}
    samples = Order.objects.filter(is_sample=True, order_day__gte=since)
    for shop_id, order_id in samples.values_list("shop_id", "order_id"):
        by_shop.setdefault(shop_id, []).append(order_id)
    for shop_id, ids in by_shop.items():
        mark(shop_id, Dirty.Kind.ORDER, ids, cause="Sample", now=now)


def _seen(source: str, now: datetime) -> datetime | None:
    """Until when a source was seen before, less the overlap; the present is remembered."""
    watch, new = Watch.objects.get_or_create(source=source, defaults={"until": now})
    if new:
        return None
    before = watch.until
    watch.until = now
    watch.save(update_fields=["until"])
    return before - OVERLAP


def _due(source: str, every: timedelta, now: datetime) -> bool:
    watch, new = Watch.objects.get_or_create(source=source, defaults={"until": now})
    if not new and watch.until + every > now:
        return False
    watch.until = now
    watch.save(update_fields=["until"])
    return True
