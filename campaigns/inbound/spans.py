"""Report windows and pages that carry what they were asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sparkops.landing.streams import Window
from sparkops.tiktok.ads.reports import DAY, spans

HISTORY = timedelta(days=90)


@dataclass(frozen=True)
class AskedPage:
    """A report page together with what it was asked for, which its rows do not say.

    `asked` becomes part of the kept page and of its hash, and reaches the loader with each row.
    """

    asked: dict[str, str]
    page: Any = field(repr=False)

    @property
    def raw(self) -> dict[str, Any]:
        return {"asked": self.asked, **self.page.raw}

    @property
    def items(self) -> list[tuple[dict[str, str], Any]]:
        return [(self.asked, row) for row in self.page.items]

    @property
    def findings(self) -> Any:
        return self.page.findings

    @property
    def row_count(self) -> int:
        return int(self.page.row_count)

    @property
    def request_id(self) -> str:
        return str(self.page.request_id)


def asked_spans(window: Window) -> Iterator[tuple[date, date]]:
    """The days of a window in spans that one report may cover.

    One day more on either side, because the account's day is up to half a day from UTC.
    """
    first = (window.since or window.until - HISTORY).date() - timedelta(days=1)
    return spans(first, window.until.date(), DAY)
