"""Ads by hour of today and yesterday (marketing contract 8.4): what happens while it happens."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from campaigns.inbound.spans import Report, WholeReport
from campaigns.models import Ad, AdHour
from sparkops.catalog.inbound import ad_account_parts, ad_account_zone, open_ads
from sparkops.catalog.models import AdAccount
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.reports import HOUR, Level, ReportRow

KEPT = timedelta(days=14)
"""For comparing an hour with the same one of last week; days are kept for good."""
METRICS = (
    "spend",
    "impressions",
    "clicks",
    "video_play_actions",
    "conversion",
    "onsite_shopping",
    "total_onsite_shopping_value",
)


def _pages(api: AdsApi, part: str, window: Window) -> Iterator[WholeReport]:
    today = window.until.astimezone(window.zone).date()
    for day in (today - timedelta(days=1), today):
        pages = list(api.reports.pages(part, Level.AD, day, day, step=HOUR, metrics=METRICS))
        yield WholeReport(day, day, pages)


def load_hours(reports: Sequence[Report], context: Context) -> Counts:
    """One row per ad and hour of the account, in its currency; an hour that TikTok no longer
    gives goes. Ads that no list has named yet wait for the reading by day, which knows them."""
    account = AdAccount.objects.get(advertiser_id=context.part)
    return sum((_load(one, account, context) for one in reports), Counts())


def _load(report: Report, account: AdAccount, context: Context) -> Counts:
    told = {(row.id_of("ad_id"), row.day, row.hour): row for row in report.rows}
    ids = {ad_id for ad_id, _, _ in told}
    ads = dict(Ad.objects.filter(ad_id__in=ids).values_list("ad_id", "pk"))
    given = {
        (ads[ad_id], day, hour): _numbers(row)
        for (ad_id, day, hour), row in told.items()
        if ad_id in ads and day is not None and hour is not None
    }
    gone = _forget(account, report.first, set(given))
    rows = [
        {"ad_id": ad_id, "day": day, "hour": hour, "currency": account.currency, **numbers,
         "read_at": context.now}
        for (ad_id, day, hour), numbers in given.items()
    ]  # fmt: skip
    counts = merge(AdHour, rows, key=["ad_id", "day", "hour"], unwatched=["read_at"])
    return counts + Counts(changed=gone)


def _forget(account: AdAccount, day: date, given: set[tuple[int, date, int]]) -> int:
    stored = AdHour.objects.filter(ad__ad_account=account, day=day)
    gone = [
        pk
        for pk, *place in stored.values_list("pk", "ad_id", "day", "hour")
        if tuple(place) not in given
    ]
    AdHour.objects.filter(pk__in=gone).delete()
    return len(gone)


def _numbers(row: ReportRow) -> dict[str, Any]:
    return {
        "spend": row.number("spend") or Decimal(0),
        "impressions": int(row.number("impressions") or 0),
        "clicks": int(row.number("clicks") or 0),
        "video_views": int(row.number("video_play_actions") or 0),
        "conversions": int(row.number("conversion") or 0),
        "claimed_orders": int(row.number("onsite_shopping") or 0),
        "claimed_revenue": row.number("total_onsite_shopping_value") or Decimal(0),
    }


def forget_old_hours(context: Context) -> Counts:
    """Hours of days that nobody compares with any more."""
    old = AdHour.objects.filter(
        ad__ad_account__advertiser_id=context.part, day__lt=(context.now - KEPT).date()
    )
    return Counts(changed=old.delete()[0])


AD_HOURS = Stream(
    name="ad_hours",
    label="Ad numbers by hour",
    kind=Connection.Kind.ADS,
    every=timedelta(hours=1),
    parts=ad_account_parts,
    zone=ad_account_zone,
    open=open_ads,
    pages=_pages,
    load=load_hours,
    finish=forget_old_hours,
    overlap=timedelta(0),
    first=None,
)
