"""Numbers by hour of ads, in the days of their account (marketing contract 8.4)."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.db.models import Sum

from campaigns.inbound.hours import AD_HOURS, KEPT
from campaigns.inbound.spans import asked_spans
from campaigns.models import Ad, AdDay, AdHour
from sparkops import clock
from sparkops.catalog.models import AdAccount
from sparkops.isolation.scope import client_scope
from sparkops.landing.streams import Window
from tests.campaigns.synced import clear_faults, fault, read
from tests.sandbox_server import SandboxServer


def yesterday_of(account: AdAccount) -> date:
    zone = timezone(timedelta(minutes=account.utc_offset_minutes))
    return clock.now().astimezone(zone).date() - timedelta(days=1)


@pytest.mark.journey
def test_hours_of_a_day_sum_to_the_day(connected: int) -> None:
    """The same spend, read by hour and by day: neither loses nor doubles an hour."""
    with client_scope(connected):
        compared = 0
        for account in AdAccount.objects.all():
            day = yesterday_of(account)
            hours = AdHour.objects.filter(ad__ad_account=account, day=day)
            by_hour = dict(hours.values_list("ad__ad_id").annotate(total=Sum("spend")))
            days = AdDay.objects.filter(ad__ad_account=account, day=day, spend__gt=0)
            assert {k: v for k, v in by_hour.items() if v} == dict(
                days.values_list("ad__ad_id", "spend")
            )
            assert not hours.filter(hour__gt=23).exists()
            assert not hours.exclude(currency=account.currency).exists()
            compared += len(by_hour)
        assert compared, "no ad spent yesterday: nothing was compared"


@pytest.mark.journey
def test_an_hour_that_tiktok_no_longer_gives_goes_and_comes_back(
    connected: int, sandbox: SandboxServer
) -> None:
    with client_scope(connected):
        before = list(AdHour.objects.order_by("pk").values_list("ad", "day", "hour"))
        assert before
    fault(sandbox, "empty_page", "/report/integrated/get/", count=20)
    read(connected, (AD_HOURS,))
    clear_faults(sandbox)
    with client_scope(connected):
        assert not AdHour.objects.exists()
    read(connected, (AD_HOURS,))
    with client_scope(connected):
        assert set(before) <= set(AdHour.objects.values_list("ad", "day", "hour"))


@pytest.mark.journey
def test_hours_are_kept_for_two_weeks(connected: int) -> None:
    with client_scope(connected):
        ad = Ad.objects.order_by("pk")[0]
        today = clock.now().date()
        for days in (KEPT.days - 1, KEPT.days + 1):
            AdHour.objects.create(
                ad=ad, day=today - timedelta(days=days), hour=3, currency="USD",
                spend=Decimal("1.5"), read_at=clock.now(),
            )  # fmt: skip
    read(connected, (AD_HOURS,))
    with client_scope(connected):
        left = AdHour.objects.filter(ad=ad, day__lt=today - timedelta(days=7))
        assert list(left.values_list("day", flat=True)) == [today - timedelta(days=KEPT.days - 1)]


@pytest.mark.parametrize(
    ("offset", "last"),
    [(7, date(2026, 11, 25)), (0, date(2026, 11, 24)), (-11, date(2026, 11, 24))],
)
def test_a_report_reaches_to_today_where_the_account_is(offset: int, last: date) -> None:
    """20:00 UTC is the next morning in Jakarta: its spend must not wait for midnight in UTC."""
    now = datetime(2026, 11, 24, 20, tzinfo=UTC)
    window = Window(now - timedelta(days=7), now, timezone(timedelta(hours=offset)))
    spans = list(asked_spans(window))
    assert spans[-1][1] == last
    assert spans[0][0] == last - timedelta(days=8)
