"""Whether TikTok's answer for a day was whole, and that day's.

A walk that lost rows ends like any other, and a day in the past is read again only while it is in
the overlap. What is noticed here ends the pull in words, so that its time is read once more.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sparkops.tiktok.errors import Unexpected

SHOWN = 5
ENOUGH_VIEWS = 100
"""From here on two days of a shop do not have every number in common by chance."""


class WholeDays:
    """Counts what came for each day against the total that TikTok promised with it."""

    def __init__(self) -> None:
        self._wanting: list[date] = []
        self._before: list[Any] = []
        self._came = self._promised = 0

    def begin(self) -> None:
        """A day's first page comes next."""
        self._came = self._promised = 0

    def is_stale(self, raw: Mapping[str, Any]) -> bool:
        """Whether the page holds the rows of the one before, numbers and all.

        Its rows must not be taken for this day's. Days with few views may well be equal.
        """
        rows = list(raw.get("videos") or [])
        again = rows == self._before and sum(map(_views, rows)) >= ENOUGH_VIEWS
        self._before = rows
        return again

    def took(self, raw: Mapping[str, Any], rows: int) -> None:
        """Rows of a page were taken for the day."""
        self._came += rows
        total = raw.get("total_count")
        if isinstance(total, int):
            self._promised = max(self._promised, total)

    def end(self, day: date, *, stale: bool) -> None:
        """The day's last page has come."""
        if stale or self._came < self._promised:
            self._wanting.append(day)

    def check(self) -> None:
        """Raises Unexpected when a day was not whole."""
        if not self._wanting:
            return
        days = ", ".join(f"{day:%d %b %Y}" for day in self._wanting[:SHOWN])
        more = len(self._wanting) - SHOWN
        raise Unexpected(
            api="shop",
            reason="page_incomplete",
            sentence=f"{{api}} did not send every post of {days}"
            f"{f' and {more} more days' if more > 0 else ''}. They are read again.",
        )


def _views(row: Any) -> int:
    words = str(row.get("views") or "") if isinstance(row, Mapping) else ""
    return int(words) if words.isdecimal() else 0
