"""Reads of the Connections page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch

from sparkops.connections.models import Connection
from sparkops.landing.labels import label_of
from sparkops.landing.models import Cursor, Run

OVERDUE = timedelta(minutes=30)


@dataclass(frozen=True)
class StreamLine:
    """One stream of one connection. `tone` is a tone word of the page kit."""

    label: str
    part: str
    tone: str
    status: str
    as_of: datetime | None
    next_at: datetime
    error: str
    rows: int
    running: bool


@dataclass(frozen=True)
class ConnectionCard:
    """A connection with its streams and what its loss affects."""

    connection: Connection
    tone: str
    streams: tuple[StreamLine, ...]
    affected: tuple[str, ...]
    as_of: datetime | None

    @property
    def problems(self) -> tuple[StreamLine, ...]:
        """The streams that need a look."""
        return tuple(line for line in self.streams if line.error)

    @property
    def running(self) -> tuple[StreamLine, ...]:
        """The streams that are being read."""
        return tuple(line for line in self.streams if line.running)

    @property
    def total(self) -> int:
        return len(self.streams)

    @property
    def done(self) -> int:
        """Streams that were read at least once."""
        return sum(line.as_of is not None for line in self.streams)


def connection_cards(*, now: datetime) -> list[ConnectionCard]:
    """Every connection of the open scope, lost ones first; four queries for any number."""
    newest = Run.objects.order_by("cursor_id", "-started_at").distinct("cursor_id")
    cursors = Cursor.objects.order_by("stream", "part").prefetch_related(
        Prefetch("runs", queryset=newest, to_attr="newest_runs")
    )
    connections = Connection.objects.order_by("kind", "label", "id").prefetch_related(
        Prefetch("cursors", queryset=cursors)
    )
    cards = [_card(one, now) for one in connections]
    return sorted(cards, key=lambda card: card.connection.state != Connection.State.LOST)


def any_running(cards: Iterable[ConnectionCard]) -> bool:
    """Whether the page should keep looking."""
    return any(card.running or card.done < card.total for card in cards)


def _card(connection: Connection, now: datetime) -> ConnectionCard:
    cursors = list(connection.cursors.all())
    lines = tuple(_line(cursor, now) for cursor in cursors)
    pages = {page for cursor in cursors for page in label_of(cursor.stream).pages}
    read = [line.as_of for line in lines if line.as_of]
    tone = {"lost": "bad", "revoked": "off"}.get(connection.state, "ok")
    if tone == "ok" and any(line.error for line in lines):
        tone = "warn"
    return ConnectionCard(connection, tone, lines, tuple(sorted(pages)), min(read, default=None))


def _line(cursor: Cursor, now: datetime) -> StreamLine:
    runs: list[Run] = cursor.newest_runs  # type: ignore[attr-defined]
    running = bool(runs) and runs[0].state == Run.State.RUNNING
    tone = {"fresh": "ok", "waiting": "off", "late": "warn", "failing": "bad"}[cursor.state]
    if tone == "ok" and cursor.due_at < now - OVERDUE:
        tone = "warn"
    return StreamLine(
        label=label_of(cursor.stream).label,
        part=cursor.part,
        tone="info" if running else tone,
        status="Reading" if running else cursor.get_state_display(),
        as_of=cursor.last_ok_at,
        next_at=cursor.due_at,
        error=cursor.last_error,
        rows=runs[0].rows if runs else 0,
        running=running,
    )
