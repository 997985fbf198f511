"""The weekly quota: when it is fresh, what is left, and whom it is spent on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from sparkops.outreach.rules.quota import (
    Figures,
    Reading,
    best_first,
    budget_of,
    expected_value,
    refresh_at,
    weeks_needed,
)

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)  # a Friday
READING = Reading(200, 40, False, 20_000, None, NOW, 0)
ZONE = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("now", "zone", "expected"),
    [
        (NOW, ZONE, datetime(2026, 11, 22, 8, tzinfo=UTC)),
        (NOW, "Asia/Jakarta", datetime(2026, 11, 21, 17, tzinfo=UTC)),
        # Saturday evening in Los Angeles is Sunday in UTC already, and not the refresh yet.
        (datetime(2026, 11, 22, 5, tzinfo=UTC), ZONE, datetime(2026, 11, 22, 8, tzinfo=UTC)),
        # On Sunday itself the next refresh is in a week.
        (datetime(2026, 11, 22, 9, tzinfo=UTC), ZONE, datetime(2026, 11, 29, 8, tzinfo=UTC)),
        # The clocks change on Sunday 1 November 2026, after midnight: midnight is still UTC-7.
        (datetime(2026, 10, 30, tzinfo=UTC), ZONE, datetime(2026, 11, 1, 7, tzinfo=UTC)),
    ],
)
def test_ab2_the_refresh_is_sunday_midnight_of_the_shop(
    now: datetime, zone: str, expected: datetime
) -> None:
    """AB2: the Sunday refresh in the shop's zone, across days and clock changes."""
    assert refresh_at(now, zone) == expected


def test_ab2_never_before_tiktok_s_own_week_ends() -> None:
    """AB2: TikTok's week ends Sunday 00:00 UTC: 7 o'clock in Jakarta, but Saturday in America."""
    ends_at = datetime(2026, 11, 22, tzinfo=UTC)
    assert refresh_at(NOW, ZONE, ends_at) == datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert refresh_at(NOW, "Asia/Jakarta", ends_at) == ends_at
    after_local_midnight = ends_at - timedelta(hours=3)
    assert refresh_at(after_local_midnight, "Asia/Jakarta", ends_at) == ends_at
    assert refresh_at(ends_at, ZONE, ends_at) == datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_n16_what_is_left_counts_what_tiktok_does_not_know_yet() -> None:
    """N16: total minus used, minus what is on its way, minus what is kept for people."""
    assert budget_of(READING, spent_since=0, zone=ZONE, now=NOW).left == 160
    kept = replace(READING, reserve=30)
    assert budget_of(kept, spent_since=25, zone=ZONE, now=NOW).left == 105
    spent = budget_of(kept, spent_since=500, zone=ZONE, now=NOW)
    assert (spent.left, spent.why) == (0, "The weekly quota is used.")
    assert spent.refresh_at == datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert budget_of(replace(READING, unlimited=True), spent_since=9, zone=ZONE, now=NOW).left is (
        None
    )


@pytest.mark.parametrize(
    "reading",
    [
        None,
        replace(READING, total=None),
        replace(READING, used=None),
        replace(READING, read_at=NOW - timedelta(minutes=11)),
    ],
)
def test_n16_without_a_fresh_number_nobody_new_is_contacted(reading: Reading | None) -> None:
    """N16: not knowing is not "plenty": it is looked at again in some minutes."""
    found = budget_of(reading, spent_since=0, zone=ZONE, now=NOW)
    assert (found.left, found.until) == (0, NOW + timedelta(minutes=10))
    assert found.refresh_at == datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert "has not told" in found.why


def test_n16_quota_goes_where_most_is_to_expect() -> None:
    """N16: own sales count as they are, views by what a view brings, followers by a guess."""
    per_view = Decimal("0.02")
    seller = Figures(1, Decimal(300), 1_000_000, 0)
    viewed = Figures(2, Decimal(0), 20_000, 0)
    followed = Figures(3, Decimal(0), 0, 500_000)
    unknown = Figures(4, Decimal(0), 0, 0)
    assert expected_value(seller, per_view) == 300
    assert expected_value(viewed, per_view) == 400
    assert expected_value(followed, per_view) == 500
    assert [one.pk for one in best_first([unknown, seller, viewed, followed], per_view)] == [
        3, 2, 1, 4,
    ]  # fmt: skip
    assert [one.pk for one in best_first([followed, viewed], Decimal(0))] == [2, 3]


def test_n16_weeks_until_everyone_was_contacted() -> None:
    """N16: 401 creators and 200 a week are three weeks; without a number nobody knows."""
    assert [weeks_needed(count, 200) for count in (0, 200, 401)] == [0, 1, 3]
    assert weeks_needed(5, None) is None
