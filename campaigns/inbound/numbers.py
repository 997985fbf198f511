"""Ads by day (marketing contract 8). A day's numbers change for weeks: rows are replaced."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from campaigns.inbound.spans import (
    ATTRIBUTED,
    HISTORY,
    REREAD,
    WEEK,
    Report,
    WholeReport,
    asked_spans,
    earlier,
)
from campaigns.inbound.unlisted import PLACE, know_ads
from campaigns.models import AdDay, Campaign
from creators.actions.paid import PaidNumbers, record_paid_numbers
from sparkops.catalog.inbound import ad_account_parts, ad_account_zone, open_ads
from sparkops.catalog.models import AdAccount
from sparkops.connections.models import Connection
from sparkops.isolation.plans import whole_tables
from sparkops.landing.actions import load_again
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.reports import AD_NUMBERS, Level, ReportRow

COUNTED = {
    "impressions": "impressions",
    "clicks": "clicks",
    "reach": "reach",
    "video_views": "video_play_actions",
    "video_views_6s": "video_watched_6s",
    "completed_views": "video_views_p100",
    "likes": "likes",
    "comments": "comments",
    "shares": "shares",
    "follows": "follows",
    "profile_visits": "profile_visits",
    "conversions": "conversion",
    "claimed_orders": "onsite_shopping",
}
"""Whole numbers of a day by TikTok's name for them."""
_METRICS = tuple(COUNTED.values())
# What ads spent on a post and day, where the post day does not say so; and post days that had paid
# numbers and have none any more.
_PAID = """
WITH summed AS (
    SELECT a.post_id, d.day, d.currency, sum(d.video_views) AS views, sum(d.spend) AS spend
      FROM campaigns_adday d JOIN campaigns_ad a ON a.id = d.ad_id
     WHERE d.day >= %(since)s AND a.post_id IS NOT NULL
     GROUP BY a.post_id, d.day, d.currency),
paid AS (
    SELECT DISTINCT ON (post_id, day) post_id, day,
           (sum(views) OVER (PARTITION BY post_id, day))::bigint AS views, spend, currency
      FROM summed ORDER BY post_id, day, spend DESC, currency DESC),
stored AS (
    SELECT post_id, day, paid_views, paid_spend, paid_currency
      FROM creators_postday WHERE day >= %(since)s AND (paid_spend > 0 OR paid_views > 0))
SELECT post_id, day, coalesce(views, 0), coalesce(spend, 0), coalesce(currency, paid_currency)
  FROM (SELECT * FROM paid WHERE views <> 0 OR spend <> 0) p
  FULL JOIN stored s USING (post_id, day)
 WHERE (views, spend, currency) IS DISTINCT FROM (paid_views, paid_spend, paid_currency)
"""
NOTHING = {**dict.fromkeys(COUNTED, 0), "spend": Decimal(0), "claimed_revenue": Decimal(0)}


def _pages(api: AdsApi, part: str, window: Window) -> Iterator[WholeReport]:
    metrics = (*AD_NUMBERS, *PLACE)
    for first, last in asked_spans(window):
        pages = list(api.reports.pages(part, Level.AD, first, last, metrics=metrics))
        yield WholeReport(first, last, pages)


def _earlier_pages(api: AdsApi, part: str, window: Window) -> Iterator[WholeReport]:
    return _pages(api, part, earlier(window))


def load_days(reports: Sequence[Report], context: Context) -> Counts:
    """One row per ad and day of the account, in its currency.

    A row that TikTok no longer gives becomes zero instead of being deleted: whoever booked its
    spend must see that it is gone. All-zero rows are kept only where there were numbers before.
    """
    account = AdAccount.objects.get(advertiser_id=context.part)
    return sum((_load(one, account, context) for one in reports), Counts())


def take_rows(rows: Sequence[ReportRow], account: AdAccount, *, now: datetime) -> Counts:
    """Only the days these rows name; what they leave out stays, as in a file of some ads.

    The next reading decides, also when TikTok tells what it told before.
    """
    load_again(AD_DAYS.name, account.advertiser_id)
    return _merged(_given(rows, account, now), account, now)


def _load(report: Report, account: AdAccount, context: Context) -> Counts:
    given = _given(report.rows, account, context.now)
    stored = AdDay.objects.filter(
        ad__ad_account=account, day__gte=report.first, day__lte=report.last
    ).values_list("ad_id", "day")
    return _merged(dict.fromkeys(stored, NOTHING) | given, account, context.now)


def _given(
    rows: Sequence[ReportRow], account: AdAccount, now: datetime
) -> dict[tuple[int, date], dict[str, Any]]:
    found = [(row, row.day, _numbers(row)) for row in rows]
    told = [(row, day, numbers) for row, day, numbers in found if day and numbers != NOTHING]
    ads = know_ads([row for row, _, _ in told], account, kind=Campaign.Kind.SPARK.value, now=now)
    return {(ads[row.id_of("ad_id")], day): numbers for row, day, numbers in told}


def _merged(
    whole: dict[tuple[int, date], dict[str, Any]], account: AdAccount, now: datetime
) -> Counts:
    return merge(
        AdDay,
        [
            {
                "ad_id": ad_id,
                "day": day,
                "currency": account.currency,
                **numbers,
                "read_at": now,
            }
            for (ad_id, day), numbers in whole.items()
        ],
        key=["ad_id", "day"],
        unwatched=["read_at"],
    )


def _numbers(row: ReportRow) -> dict[str, Any]:
    numbers: dict[str, Any] = dict(zip(COUNTED, row.counts(_METRICS), strict=True))
    numbers["spend"] = row.number("spend") or Decimal(0)
    numbers["claimed_revenue"] = row.number("total_onsite_shopping_value") or Decimal(0)
    return numbers


def sum_up_posts(context: Context) -> Counts:
    """The paid half of post days of the window, summed over all ad accounts: they share posts.

    Only what differs from the post days is written. In the rare mix of currencies the larger
    amount is kept, because amounts of two currencies cannot be added without a rate; the ads
    themselves keep both.
    """
    since = (context.window.since or context.window.until - HISTORY).date() - timedelta(days=1)
    with connection.cursor() as cursor, whole_tables(cursor):
        cursor.execute(_PAID, {"since": since})
        found = cursor.fetchall()
    return record_paid_numbers([PaidNumbers(*row) for row in found], now=context.now)


AD_DAYS = Stream(
    name="ad_days",
    label="Ad spend and results",
    kind=Connection.Kind.ADS,
    every=timedelta(minutes=15),
    parts=ad_account_parts,
    zone=ad_account_zone,
    open=open_ads,
    pages=_pages,
    load=load_days,
    finish=sum_up_posts,
    overlap=REREAD,
)
# Conversions are attributed back for weeks, so days that AD_DAYS has left behind still change.
EARLIER_AD_DAYS = replace(
    AD_DAYS,
    name="earlier_ad_days",
    label="Ad spend and results of earlier weeks",
    every=WEEK,
    pages=_earlier_pages,
    overlap=ATTRIBUTED,
    first=ATTRIBUTED,
    # So rare that it costs nothing to set right whatever else may have become wrong.
    skip_equal_pages=False,
)
