"""Where an amount is posted once months are closed."""

from datetime import date

import pytest

from profit.rules.closing import month_after, posting_day

SEPTEMBER, OCTOBER, DECEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("day", "closed", "posted"),
    [
        (date(2026, 10, 31), set(), None),
        (date(2026, 10, 31), {SEPTEMBER}, None),
        (date(2026, 10, 31), {OCTOBER}, date(2026, 11, 1)),
        (date(2026, 9, 30), {SEPTEMBER, OCTOBER}, date(2026, 11, 1)),
        (date(2026, 9, 1), {SEPTEMBER}, date(2026, 10, 1)),  # the first open month, not the newest
        (date(2026, 12, 5), {DECEMBER}, date(2027, 1, 1)),
    ],
)
def test_posting_day(day: date, closed: set[date], posted: date | None) -> None:
    assert posting_day(day, closed) == posted


def test_month_after_a_short_month() -> None:
    assert month_after(date(2026, 2, 28)) == date(2026, 3, 1)
    assert month_after(date(2026, 1, 31)) == date(2026, 2, 1)
