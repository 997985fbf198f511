"""Ads by day (marketing contract 8). A day's numbers change for weeks: rows are replaced."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

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
from creators.models import PostDay
from sparkops.catalog.inbound import ad_account_parts, ad_account_zone, open_ads
from sparkops.catalog.models import AdAccount
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.reports import AD_NUMBERS, Level, ReportRow

SOCIAL = ("likes", "comments", "shares", "follows", "profile_visits")
NOTHING = {
    "spend": Decimal(0),
    "impressions": 0,
    "clicks": 0,
    "reach": 0,
    "video_views": 0,
    "video_views_6s": 0,
    "completed_views": 0,
    "likes": 0,
    "comments": 0,
    "shares": 0,
    "follows": 0,
    "profile_visits": 0,
    "conversions": 0,
    "claimed_orders": 0,
    "claimed_revenue": Decimal(0),
}


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
    """Only the days these rows name; what they leave out stays, as in a file of some ads."""
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
    def whole(metric: str) -> int:
        return int(row.number(metric) or 0)

    return {
        "spend": row.number("spend") or Decimal(0),
        "impressions": whole("impressions"),
        "clicks": whole("clicks"),
        "reach": whole("reach"),
        "video_views": whole("video_play_actions"),
        "video_views_6s": whole("video_watched_6s"),
        "completed_views": whole("video_views_p100"),
        **{name: whole(name) for name in SOCIAL},
        "conversions": whole("conversion"),
        "claimed_orders": whole("onsite_shopping"),
        "claimed_revenue": row.number("total_onsite_shopping_value") or Decimal(0),
    }


def sum_up_posts(context: Context) -> Counts:
    """The paid half of post days of the window, summed over all ad accounts: they share posts."""
    since = (context.window.since or context.window.until - HISTORY).date() - timedelta(days=1)
    days = AdDay.objects.filter(day__gte=since).exclude(ad__post=None)
    sums: dict[tuple[int, date], dict[str, list[Any]]] = defaultdict(dict)
    for post_id, day, currency, views, spend in days.values_list(
        "ad__post_id", "day", "currency", "video_views", "spend"
    ):
        total = sums[(post_id, day)].setdefault(currency, [0, Decimal(0)])
        total[0] += views
        total[1] += spend
    return record_paid_numbers([*_paid(sums), *_unpaid(sums, since)], now=context.now)


def _paid(sums: dict[tuple[int, date], dict[str, list[Any]]]) -> Iterable[PaidNumbers]:
    """One row per post and day. In the rare mix of currencies the larger amount is kept, because
    amounts of two currencies cannot be added without a rate; the ads themselves keep both."""
    for (post_id, day), by_currency in sums.items():
        currency, (_, spend) = max(by_currency.items(), key=lambda one: (one[1][1], one[0]))
        views = sum(total[0] for total in by_currency.values())
        if views or spend:
            yield PaidNumbers(post_id, day, views, spend, currency)


def _unpaid(
    sums: dict[tuple[int, date], dict[str, list[Any]]], since: date
) -> Iterable[PaidNumbers]:
    """Post days that had paid numbers and have none any more."""
    paid = {(row.post_id, row.day) for row in _paid(sums)}
    stored = PostDay.objects.filter(day__gte=since, paid_spend__gt=0)
    for post_id, day, currency in stored.values_list("post_id", "day", "paid_currency"):
        if (post_id, day) not in paid:
            yield PaidNumbers(post_id, day, 0, Decimal(0), currency)


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
    # A row may vanish and come back as it was: an earlier equal report proves nothing.
    skip_equal_pages=False,
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
)
