"""Business days: P4 and P5 of the domain paper."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from sparkops.clock import (
    ad_account_day,
    ad_day_span,
    days_of,
    fixed_offset,
    is_zone,
    now,
    shop_day,
    shop_day_start,
    shop_zone,
    zone_or_utc,
)


def test_now_is_aware_and_in_utc():
    assert now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        # 22:30Z in January is 23:30 in Berlin, an hour later it is the next day there.
        (datetime(2026, 1, 7, 22, 30, tzinfo=UTC), date(2026, 1, 7)),
        (datetime(2026, 1, 7, 23, 30, tzinfo=UTC), date(2026, 1, 8)),
        # In July Berlin is two hours ahead.
        (datetime(2026, 7, 7, 22, 30, tzinfo=UTC), date(2026, 7, 8)),
    ],
)
def test_the_shop_day_follows_daylight_saving(at, day):
    assert shop_day(at, "Europe/Berlin") == day


def test_the_ad_account_day_does_not():
    at = datetime(2026, 7, 1, 7, 30, tzinfo=UTC)
    assert shop_day(at, "America/Los_Angeles") == date(2026, 7, 1)
    assert ad_account_day(at, fixed_offset("-08:00")) == date(2026, 6, 30)


def test_an_ad_day_is_a_half_open_span_of_24_hours_in_utc():
    start, end = ad_day_span(date(2026, 6, 2), fixed_offset("-08:00"))
    assert start == datetime(2026, 6, 2, 8, tzinfo=UTC)
    assert end == datetime(2026, 6, 3, 8, tzinfo=UTC)


def test_a_shop_day_starts_at_local_midnight():
    assert shop_day_start(date(2026, 6, 2), "America/Los_Angeles") == datetime(
        2026, 6, 2, 7, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("-08:00", timezone(timedelta(hours=-8))),
        ("+05:30", timezone(timedelta(hours=5, minutes=30))),
        ("+0100", timezone(timedelta(hours=1))),
        ("-03:30", timezone(-timedelta(hours=3, minutes=30))),
        ("Z", UTC),
    ],
)
def test_offsets_are_read(text, offset):
    assert fixed_offset(text) == offset


@pytest.mark.parametrize("text", ["", "8", "-8:00", "+05:99", "+23:00", "Europe/Berlin"])
def test_what_is_no_offset_is_refused(text):
    with pytest.raises(ValueError, match="not an offset from UTC"):
        fixed_offset(text)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd"])
def test_an_unknown_zone_is_refused(name):
    with pytest.raises(ValueError, match="is not a time zone"):
        shop_zone(name)
    assert not is_zone(name)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "", "../etc/passwd", "a" * 300])
def test_a_zone_that_cannot_be_read_is_shown_as_utc(name):
    assert zone_or_utc(name) == "UTC"
    assert zone_or_utc("Asia/Tokyo") == "Asia/Tokyo"


def test_an_instant_without_offset_has_no_day():
    with pytest.raises(ValueError, match="needs an instant with its offset"):
        shop_day(datetime(2026, 1, 1), "Europe/Berlin")  # noqa: DTZ001 - the fault under test


def test_days_of_a_window_are_inclusive():
    assert days_of(date(2026, 2, 27), date(2026, 3, 1)) == [
        date(2026, 2, 27),
        date(2026, 2, 28),
        date(2026, 3, 1),
    ]
    assert days_of(date(2026, 3, 2), date(2026, 3, 1)) == []
