"""A day of posts that came cut, empty or as the day before is noticed and read again."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from creators.inbound.whole_days import WholeDays
from sparkops.tiktok.errors import Unexpected

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)


def video(number: int, views: Any = 7) -> dict[str, Any]:
    return {"id": str(number), "views": views}


def page(*videos: dict[str, Any], total: Any = None) -> dict[str, Any]:
    return {"videos": list(videos), "total_count": total}


def read(whole: WholeDays, days: dict[date, list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """The rows that would be loaded."""
    for day, pages in days.items():
        stale = False
        whole.begin()
        for raw in pages:
            if stale := whole.is_stale(raw):
                break
            whole.took(raw, len(raw["videos"]))
            yield from raw["videos"]
        whole.end(day, stale=stale)


def wanting(days: dict[date, list[dict[str, Any]]]) -> str:
    whole = WholeDays()
    list(read(whole, days))
    try:
        whole.check()
    except Unexpected as error:
        return error.sentence
    return ""


def test_days_that_came_whole_are_fine() -> None:
    two_pages = [page(video(1), total=2), page(video(2), total=2)]
    assert wanting({MONDAY: two_pages, TUESDAY: [page(video(1, 9), video(2), total=2)]}) == ""
    # Without a total nothing was promised; more rows than promised were added meanwhile.
    assert (
        wanting({MONDAY: [page(video(1))], TUESDAY: [page(video(1, 9), video(2), total=1)]}) == ""
    )


@pytest.mark.parametrize(
    "pages",
    [
        [page(video(1), total=2)],
        [page(total=2)],
        [page(video(1), total=3), page(video(2), total=3)],
    ],
)
def test_a_day_with_fewer_rows_than_promised_is_named(pages: list[dict[str, Any]]) -> None:
    assert "did not send every post of 08 Sep 2026. They are read again." in wanting(
        {MONDAY: [page(video(1, 9), total=1)], TUESDAY: pages}
    )


def test_the_rows_of_the_day_before_are_not_taken_for_the_next_day() -> None:
    monday = page(video(1, 93), video(2), total=2)
    whole = WholeDays()
    assert list(read(whole, {MONDAY: [monday], TUESDAY: [monday]})) == monday["videos"]
    with pytest.raises(Unexpected, match="08 Sep 2026"):
        whole.check()


def test_quiet_days_may_be_equal() -> None:
    quiet = page(video(1, 92), video(2), video(3, "0"), video(4, None), total=4)
    assert wanting({MONDAY: [quiet], TUESDAY: [quiet]}) == ""


def test_many_days_are_counted() -> None:
    days = {date(2026, 9, day): [page(total=1)] for day in range(1, 9)}
    assert "05 Sep 2026 and 3 more days. They" in wanting(days)
