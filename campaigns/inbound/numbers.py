"""Ads by day (marketing contract 8). A day's numbers change for weeks: rows are replaced."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from campaigns.inbound.spans import AskedPage, asked_spans
from campaigns.models import Ad, AdDay
from creators.actions.paid import PaidNumbers, record_paid_numbers
from sparkops.catalog.inbound import ad_account_parts, open_ads
from sparkops.catalog.models import AdAccount
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.reports import Level, ReportRow

REREAD = timedelta(days=7)
Asked = tuple[dict[str, str], ReportRow]


def _pages(api: AdsApi, part: str, window: Window) -> Iterator[Any]:
    for first, last in asked_spans(window):
        asked = {"from": first.isoformat(), "to": last.isoformat()}
        for page in api.reports.pages(part, Level.AD, first, last):
            yield AskedPage(asked, page)


def load_days(rows: Sequence[Asked], context: Context) -> Counts:
    """One row per ad and day of the account, in its currency; all-zero rows are not kept."""
    account = AdAccount.objects.get(advertiser_id=context.part)
    ads = {
        ad.ad_id: ad for ad in Ad.objects.filter(ad_id__in={row.id_of("ad_id") for _, row in rows})
    }
    found = [
        _day_row(row, ads[row.id_of("ad_id")], account, context)
        for _, row in rows
        if row.day is not None and row.id_of("ad_id") in ads
    ]
    return merge(
        AdDay,
        [row for row in found if row["spend"] or row["impressions"]],
        key=["ad_id", "day"],
        unwatched=["read_at"],
    )


def _day_row(row: ReportRow, ad: Ad, account: AdAccount, context: Context) -> dict[str, Any]:
    def whole(metric: str) -> int:
        return int(row.number(metric) or 0)

    return {
        "ad_id": ad.pk,
        "day": row.day,
        "currency": account.currency,
        "spend": row.number("spend") or Decimal(0),
        "impressions": whole("impressions"),
        "clicks": whole("clicks"),
        "video_views": whole("video_play_actions"),
        "video_views_6s": whole("video_watched_6s"),
        "conversions": whole("conversion"),
        "claimed_orders": whole("onsite_shopping"),
        "claimed_revenue": row.number("total_onsite_shopping_value") or Decimal(0),
        "read_at": context.now,
    }


def sum_up_posts(context: Context) -> Counts:
    """The paid half of post days, summed over every ad of the window: accounts share posts."""
    since = (context.window.since or context.window.until - timedelta(days=91)).date()
    sums: dict[tuple[int, Any, str], list[Any]] = defaultdict(lambda: [0, Decimal(0)])
    days = AdDay.objects.filter(day__gte=since).exclude(ad__post=None)
    for post_id, day, currency, views, spend in days.values_list(
        "ad__post_id", "day", "currency", "video_views", "spend"
    ):
        total = sums[(post_id, day, currency)]
        total[0] += views
        total[1] += spend
    return record_paid_numbers(
        [
            PaidNumbers(post_id, day, views, spend, currency)
            for (post_id, day, currency), (views, spend) in sums.items()
        ],
        now=context.now,
    )


AD_DAYS = Stream(
    name="ad_days",
    label="Ad spend and results",
    kind=Connection.Kind.ADS,
    every=timedelta(minutes=15),
    parts=ad_account_parts,
    open=open_ads,
    pages=_pages,
    load=load_days,
    finish=sum_up_posts,
    overlap=REREAD,
)
