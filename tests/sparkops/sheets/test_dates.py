"""SS1: dates in several formats, the order of day and month settled per column and said."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparkops.reasons import Reason
from sparkops.sheets.dates import DateRead, DayOrder, column_order, read_date

DAY_FIRST = column_order(["31/12/2026"])
MONTH_FIRST = column_order(["12/31/2026"])
UNKNOWN = column_order([])
DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2099, 12, 31))


def day(text: str, order=UNKNOWN) -> date:
    read = read_date(text, order)
    assert isinstance(read, DateRead), read
    return read.value


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-05", "2026/12/5", "20261205", "5.12.2026", "05.12.26", "5 Dec 2026", "5-Dec-26",
        "December 5, 2026", "Sat, 5 December 2026", "5th December 2026", "5. Dezember 2026",
        "5 de diciembre de 2026", "46361",
    ],
)  # fmt: skip
def test_one_day_in_many_ways(text: str) -> None:
    assert day(text) == date(2026, 12, 5)


def test_dates_from_cells_keep_their_time() -> None:
    assert read_date(date(2026, 12, 5), UNKNOWN).value == date(2026, 12, 5)
    moment = datetime.combine(date(2026, 12, 5), datetime.min.time().replace(hour=8))
    assert read_date(moment, UNKNOWN).moment == moment
    assert read_date(Decimal(46361), UNKNOWN).value == date(2026, 12, 5)


def test_the_column_decides_between_day_and_month() -> None:
    assert day("03/04/2027", DAY_FIRST) == date(2027, 4, 3)
    assert day("03/04/2027", MONTH_FIRST) == date(2027, 3, 4)
    assert day("03.04.2027", MONTH_FIRST) == date(2027, 4, 3)
    assert "day/month/year" in DAY_FIRST.sentence
    assert not read_date("03/04/2027", DAY_FIRST).ambiguous


def test_an_unsettled_order_gives_both_readings() -> None:
    read = read_date("03/04/2027", column_order(["03/04/2027"], default=DayOrder.DAY_FIRST))
    assert (read.value, read.other, read.ambiguous) == (date(2027, 4, 3), date(2027, 3, 4), True)
    assert not read_date("04/04/2027", UNKNOWN).ambiguous


def test_both_orders_in_one_column_are_each_read_and_the_rest_is_flagged() -> None:
    order = column_order(["31/12/2026", "12/31/26", "03/04/2027"])
    assert not order.settled
    assert "Both orders occur" in order.sentence
    assert day("31/12/2026", order) == day("12/31/26", order) == date(2026, 12, 31)
    assert read_date("03/04/2027", order).ambiguous


def test_times_and_zones_are_kept() -> None:
    assert read_date("2026-12-22 11:26:45", UNKNOWN).moment.tzinfo is None
    assert read_date("2026-12-22T11:26:45Z", UNKNOWN).moment == datetime(
        2026, 12, 22, 11, 26, 45, tzinfo=UTC
    )
    eastern = timezone(timedelta(hours=-5))
    assert read_date("12/22/2026 3:05 PM -05:00", UNKNOWN).moment == datetime(
        2026, 12, 22, 15, 5, tzinfo=eastern
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("forever", "endless"),
        ("unbefristet", "endless"),
        ("tbd", "no_date"),
        ("30 days", "duration"),
        ("31.12.", "no_year"),
        ("5 Jan", "no_year"),
        ("30/02/2027", "no_such_day"),
        ("31/31/2026", "no_such_day"),
        ("2026-12-05 29:00", "no_such_day"),
        ("12/31/1926", "year_out_of_range"),
        ("5", "not_a_date"),
        ("99999", "not_a_date"),
        ("soon", "not_a_date"),
        ("5 Foo 2026", "not_a_date"),
    ],
)
def test_what_is_no_date_says_why(text: str, code: str) -> None:
    read = read_date(text, UNKNOWN)
    assert isinstance(read, Reason)
    assert read.code == code


def test_an_empty_cell_is_no_error() -> None:
    assert read_date(" ", UNKNOWN) is None


@settings(deadline=None)
@given(DAYS)
def test_every_day_reads_back_in_every_format(value: date) -> None:
    day_first = column_order([f"{value:%d/%m/%Y}"], default=DayOrder.DAY_FIRST)
    month_first = column_order([f"{value:%m/%d/%Y}"], default=DayOrder.MONTH_FIRST)
    assert day(value.isoformat()) == value
    assert day(f"{value:%d.%m.%Y}") == value
    assert day(f"{value:%d %b %Y}") == value
    assert day(f"{value:%d/%m/%Y}", day_first) == value
    assert day(f"{value:%m/%d/%Y}", month_first) == value


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert read_date(text, UNKNOWN) is None or isinstance(
        read_date(text, UNKNOWN), DateRead | Reason
    )
