"""Words, numbers and dates of the design: section 9 of the UI paper, and money rule P1."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from sparkops.web import formats

NOW = datetime(2026, 11, 22, 14, 14, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1234.56", "USD", "$1,234.56"),
        ("-1586.74", "USD", "−$1,586.74"),
        ("0", "USD", "$0.00"),
        ("-0.004", "USD", "$0.00"),
        ("0.005", "USD", "$0.01"),
        ("-0.005", "USD", "−$0.01"),
        ("93450", "GBP", "£93,450.00"),
        ("98000", "JPY", "¥98,000"),
        ("98000.5", "JPY", "¥98,001"),
        ("1250000", "VND", "₫1,250,000"),
        ("1250000", "KRW", "₩1,250,000"),
        ("12.5", "CHF", "CHF 12.50"),
        ("12345678901234.56", "USD", "$12,345,678,901,234.56"),
    ],
)
def test_money(amount, currency, text):
    assert formats.money(Decimal(amount), currency) == text


def test_money_that_is_not_known():
    assert formats.money(None, "USD") == "—"


@pytest.mark.parametrize(
    ("amount", "text"),
    [("184600", "$184.6K"), ("-38400", "−$38.4K"), ("1240000", "$1.2M"), ("999.5", "$999.50")],
)
def test_compact_money(amount, text):
    assert formats.money(Decimal(amount), "USD", compact=True) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [("0.184", "18.4%"), ("-0.0325", "−3.3%"), ("0", "0.0%"), ("1", "100.0%"), (None, "—")],
)
def test_percent_of_a_ratio(ratio, text):
    assert formats.percent(None if ratio is None else Decimal(ratio)) == text


def test_counts_and_numbers():
    assert formats.integer(1240) == "1,240"
    assert formats.integer(-3) == "−3"
    assert formats.integer(486_200, compact=True) == "486.2K"
    assert formats.number(Decimal("4.805")) == "4.81"
    assert formats.number(4.81) == "4.81"
    assert formats.integer(None) == formats.number(None) == "—"


def test_plural():
    assert formats.plural(1, "ad") == "1 ad"
    assert formats.plural(0, "ad") == "0 ads"
    assert formats.plural(1240, "entry", "entries") == "1,240 entries"


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(days=2, hours=7), "2 d 7 h"),
        (timedelta(days=6), "6 d"),
        (timedelta(days=11, hours=5), "11 d"),
        (timedelta(hours=20, minutes=46), "20 h 46 m"),
        (timedelta(hours=3), "3 h"),
        (timedelta(minutes=5, seconds=9), "5 m"),
        (timedelta(seconds=40), "40 s"),
        (-timedelta(days=2, hours=7), "2 d 7 h"),
    ],
)
def test_span(length, text):
    assert formats.span(length) == text


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(seconds=40), "40 s ago"),
        (timedelta(minutes=4), "4 min ago"),
        (timedelta(hours=9, minutes=30), "9 h ago"),
        (timedelta(days=2, hours=1), "2 d ago"),
        (-timedelta(days=2, hours=7), "in 2 d 7 h"),
    ],
)
def test_ago(before, text):
    assert formats.ago(NOW - before, now=NOW) == text


@pytest.mark.parametrize(
    ("left", "tone"),
    [
        (timedelta(days=7, seconds=1), ""),
        (timedelta(days=7), "warn"),
        (timedelta(days=3, seconds=1), "warn"),
        (timedelta(days=3), "bad"),
        (timedelta(0), "bad"),
        (-timedelta(days=2), "bad"),
    ],
)
def test_tone_of_time_left(left, tone):
    assert formats.time_left_tone(NOW + left, now=NOW) == tone


def test_a_moment_reads_in_the_readers_zone():
    end = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)
    assert formats.moment(end, now=NOW, zone=NEW_YORK) == "Tue Nov 24, 4:30 PM"
    assert formats.full_moment(end, NEW_YORK) == "Tuesday, November 24, 2026, 4:30 PM EST"
    assert formats.iso(end) == "2026-11-24T21:30:00Z"


def test_the_year_is_named_when_it_is_another_one_where_the_reader_is():
    new_year = datetime(2027, 1, 1, 3, 0, tzinfo=UTC)
    assert formats.moment(new_year, now=NOW, zone=NEW_YORK) == "Thu Dec 31, 10:00 PM"
    assert formats.moment(new_year, now=NOW, zone=ZoneInfo("UTC")) == "Fri Jan 1, 2027, 3:00 AM"
    assert formats.day(date(2025, 3, 4), today=NOW.date()) == "Tue Mar 4, 2025"


@pytest.mark.parametrize(
    ("hour", "text"), [(0, "12:05 AM"), (12, "12:05 PM"), (23, "11:05 PM"), (9, "9:05 AM")]
)
def test_clock(hour, text):
    assert formats.clock(datetime(2026, 1, 1, hour, 5, tzinfo=UTC)) == text


@pytest.mark.parametrize(
    ("count", "many", "told"),
    [
        ("1", "posts", "post"),
        ("1", "entries", "entry"),
        ("1", "cases", "case"),
        ("1", "outreach", "outreach"),
        ("0", "posts", "posts"),
        ("1,000+", "entries", "entries"),
        ("21", "posts", "posts"),
    ],
)
def test_a_noun_is_singular_beside_one_only(count: str, many: str, told: str) -> None:
    assert formats.noun_of(count, many) == told
