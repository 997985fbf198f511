"""Report windows, and reports that are read as a whole so that rows which vanished are noticed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sparkops.landing.streams import Window
from sparkops.tiktok.ads.reports import ReportRow
from sparkops.tiktok.values import Findings

HISTORY = timedelta(days=90)
REREAD = timedelta(days=7)
"""Days whose numbers still move by the hour: read again at every pull."""
WEEK = timedelta(days=7)
ATTRIBUTED = timedelta(days=28)
"""How long a conversion is still attributed to a day (contract 8.4)."""
# TikTok takes 30 days at once; shorter ones keep a large account's report small in memory.
SPAN = timedelta(days=15)


@dataclass(frozen=True)
class Report:
    """Every row TikTok gives for the days from `first` to `last`; a missing row means zero."""

    first: date
    last: date
    about: str
    rows: Sequence[ReportRow]


@dataclass(frozen=True)
class WholeReport:
    """All pages of one report as one page of a stream, because what is not listed counts too.

    `about` tells reports of one stream apart. It becomes part of the kept page and of its hash.
    """

    first: date
    last: date
    pages: Sequence[Any] = field(repr=False)
    about: str = ""

    @property
    def raw(self) -> dict[str, Any]:
        return {
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "about": self.about,
            "pages": [page.raw for page in self.pages],
        }

    @property
    def items(self) -> list[Report]:
        rows = [row for page in self.pages for row in page.items]
        return [Report(self.first, self.last, self.about, rows)]

    @property
    def findings(self) -> Findings:
        found = Findings()
        for page in self.pages:
            found.add(page.findings)
        return found

    @property
    def row_count(self) -> int:
        return sum(int(page.row_count) for page in self.pages)

    @property
    def request_id(self) -> str:
        return str(self.pages[-1].request_id) if self.pages else ""


def asked_spans(window: Window) -> Iterator[tuple[date, date]]:
    """The days of a window in its zone, both ends included, in spans that one report may cover.

    One day more before it, because numbers of the day before still come in after midnight.
    """
    since = window.since or window.until - HISTORY
    first = since.astimezone(window.zone).date() - timedelta(days=1)
    end = window.until.astimezone(window.zone).date()
    while first <= end:
        last = min(first + SPAN - timedelta(days=1), end)
        yield first, last
        first = last + timedelta(days=1)


def earlier(window: Window) -> Window:
    """The part of a weekly window before the days that the frequent reading covers.

    That one reaches a day beyond REREAD; two readings of one day would write the same rows.
    """
    return replace(window, until=window.until - REREAD - timedelta(days=2))
