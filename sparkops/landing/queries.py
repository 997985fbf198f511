"""How fresh the data is, and what a lost connection leaves behind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Q

from sparkops.connections.models import Connection
from sparkops.landing.labels import label_of
from sparkops.landing.models import Cursor


@dataclass(frozen=True)
class Freshness:
    """State of the streams behind a page.

    `as_of` is the oldest successful read, null while nothing was read ("not synced" is never
    shown as zero). `problems` are sentences for the reader.
    """

    as_of: datetime | None
    synced: bool
    problems: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What a page must say: nothing was read yet, or what fails and how old the numbers are."""
        if self.as_of is None:
            return ("Nothing has been read from TikTok yet, so this page is not complete.",)
        since = f" The numbers are from {self.as_of:%d %b %Y %H:%M} UTC." if self.problems else ""
        return tuple(f"{problem}{since}" for problem in self.problems)


def freshness(streams: Iterable[str]) -> Freshness:
    """Freshness of the named streams in the open scope."""
    cursors = Cursor.objects.filter(stream__in=list(streams))
    as_of = cursors.exclude(last_ok_at=None).aggregate(oldest=Min("last_ok_at"))["oldest"]
    waiting = cursors.filter(last_ok_at=None).exists()
    failing = (
        cursors.filter(Q(state__in=[Cursor.State.FAILING, Cursor.State.LATE]))
        .select_related("connection")
        .order_by("stream", "part")
    )
    problems = [
        f"{cursor.connection.label}: {cursor.last_error}" for cursor in failing if cursor.last_error
    ]
    problems += [
        lost_sentence(lost.label, lost.lost_reason, [one.stream for one in lost.cursors.all()])
        for lost in Connection.objects.filter(
            state=Connection.State.LOST, cursors__stream__in=list(streams)
        )
        .distinct()
        .prefetch_related("cursors")
    ]
    return Freshness(as_of, as_of is not None and not waiting, tuple(dict.fromkeys(problems)))


def lost_sentence(label: str, reason: str, streams: Iterable[str]) -> str:
    """What a lost connection means: why, and the pages that keep the last numbers (TS7)."""
    pages = sorted({page for stream in streams for page in label_of(stream).pages})
    return (
        f"{label} is no longer connected. {reason} Until it is connected again,"
        f" {', '.join(pages)} show the last numbers read."
    )


def stale_sentences(streams: Iterable[str]) -> tuple[str, ...]:
    """What a page must say about its data: not read yet, failing, or connection lost."""
    return freshness(streams).sentences
