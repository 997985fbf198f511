"""How fresh the data is, and what a lost connection leaves behind."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from sparkops.connections.models import Connection
from sparkops.landing.labels import label_of
from sparkops.landing.models import Cursor

NAMED = 5
_OF_CONNECTION = ("connection__label", "connection__state", "connection__lost_reason")


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
    """Freshness of the named streams in the open scope, in one query: every page asks for it."""
    wanted = set(streams)
    return _freshness_of(list(_cursors(wanted)), wanted)


def freshness_by_client(streams: Iterable[str]) -> dict[int, Freshness]:
    """The same per client of the open scope; a client without a connection is left out. One
    query."""
    wanted = set(streams)
    rows: dict[int, list[Cursor]] = defaultdict(list)
    for row in _cursors(wanted):
        rows[row.client_id].append(row)
    return {client_id: _freshness_of(some, wanted) for client_id, some in rows.items()}


def stale_of_several(streams: Iterable[str], names: Mapping[int, str]) -> tuple[str, ...]:
    """What a page over several clients must say, each sentence with the client's name; `names` by
    client id. One query."""
    found = freshness_by_client(streams)
    read = [key for key in names if key in found and found[key].as_of is not None]
    unread = [names[key] for key in names if key not in read]
    sentences = [f"{names[key]}: {one}" for key in read for one in found[key].sentences]
    if unread:
        sentences.append(f"Nothing has been read from TikTok yet for {_several(unread)}.")
    return tuple(sentences)


def _several(names: Sequence[str]) -> str:
    if len(names) > NAMED:
        return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more clients"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _cursors(wanted: Collection[str]) -> QuerySet[Cursor]:
    return (
        Cursor.objects.filter(Q(stream__in=wanted) | Q(connection__state=Connection.State.LOST))
        .select_related("connection")
        .only("client_id", "stream", "state", "last_ok_at", "last_error", *_OF_CONNECTION)
        .order_by("stream", "part")
    )


def _freshness_of(rows: Collection[Cursor], wanted: Collection[str]) -> Freshness:
    own = [row for row in rows if row.stream in wanted]
    read = [row.last_ok_at for row in own if row.last_ok_at is not None]
    problems = [
        f"{row.connection.label}: {row.last_error}"
        for row in own
        if row.state in (Cursor.State.FAILING, Cursor.State.LATE) and row.last_error
    ]
    problems += _lost(rows, {row.connection_id for row in own})
    as_of = min(read, default=None)
    synced = bool(read) and len(read) == len(own)
    return Freshness(as_of, synced, tuple(dict.fromkeys(problems)))


def _lost(rows: Iterable[Cursor], behind: Collection[int]) -> list[str]:
    """What must be said of lost connections that are behind the page."""
    streams: dict[Connection, list[str]] = defaultdict(list)
    for row in rows:
        if row.connection_id in behind and row.connection.state == Connection.State.LOST:
            streams[row.connection].append(row.stream)
    return [
        lost_sentence(one.label, one.lost_reason, streams[one])
        for one in sorted(streams, key=lambda one: one.pk)
    ]


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
