"""Pulling a stream: fetch a page, keep it, load it, move the cursor; any step may be the last.

A page is kept before it is read; its effects are written in one transaction with the checkpoint,
so a worker that dies repeats at most one window, and repeating a page changes nothing. The network
is only touched between transactions.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import structlog
from django.db.models import F, JSONField, Q, Value
from django.db.models.functions import Cast
from pydantic_core import to_json

from sparkops.connections.models import Connection
from sparkops.isolation.scope import client_scope
from sparkops.landing.merge import Counts
from sparkops.landing.models import Cursor, Page, Run
from sparkops.landing.redact import names_secrets, redacted
from sparkops.tiktok import errors

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=5)
RETRY = (60, 120, 300, 900, 1800)
LOST_REASONS = frozenset({"token_expired", "token_invalid", "refresh_token_invalid"})


@dataclass(frozen=True)
class Window:
    """What a pull asks for: everything changed in [since, until). `since` None: all there is.

    `zone` is the one whose days a report counts, the shop's or the ad account's.
    """

    since: datetime | None
    until: datetime
    zone: tzinfo = UTC


@dataclass(frozen=True)
class Context:
    """What a loader knows besides the records. `part` is a shop id or an advertiser id."""

    connection: Connection
    part: str
    run: Run
    window: Window
    now: datetime


@dataclass(frozen=True)
class Stream:
    """One endpoint as a source.

    `open` gives the API for (client id, connection, part) outside a scope. `pages` asks the API for
    a window and yields pages of `sparkops.tiktok` (raw, items, findings, request_id). `load` writes
    a page's items and returns counts; `finish` runs once after the last page, for what is known
    only then (rows that are gone). `overlap` is re-read at each pull, `first` at the first one.
    With `skip_equal_pages` a page that the run before held just so is not loaded again. `zone`
    tells of a part, in the scope, whose days its reports count; without it they are UTC's.
    """

    name: str
    label: str
    kind: str
    every: timedelta
    parts: Callable[[Connection], Sequence[str]]
    open: Callable[[int, int, str], AbstractContextManager[Any]]
    pages: Callable[[Any, str, Window], Iterator[Any]]
    load: Callable[[Sequence[Any], Context], Counts]
    finish: Callable[[Context], Counts] | None = None
    overlap: timedelta = timedelta(hours=1)
    first: timedelta | None = timedelta(days=90)
    skip_equal_pages: bool = True
    zone: Callable[[str], tzinfo] | None = None


def ensure_cursors(streams: Sequence[Stream], *, now: datetime) -> None:
    """One cursor per stream, active connection and part, in the open scope."""
    known = set(Cursor.objects.values_list("connection_id", "stream", "part"))
    fresh = [
        Cursor(connection=connection, stream=stream.name, part=part, due_at=now)
        for connection in Connection.objects.filter(state=Connection.State.ACTIVE)
        for stream in streams
        if stream.kind == connection.kind
        for part in stream.parts(connection)
        if (connection.pk, stream.name, part) not in known
    ]
    Cursor.objects.bulk_create(fresh, ignore_conflicts=True)


def pull_due(client_id: int, streams: Sequence[Stream], *, now: Callable[[], datetime]) -> int:
    """Pull every stream of the client that is due; returns how many were pulled.

    Streams run in the given order, so that a later one finds what an earlier one created.
    """
    pulled = 0
    for stream in streams:
        with client_scope(client_id):
            ensure_cursors([stream], now=now())
            due = list(
                Cursor.objects.filter(
                    stream=stream.name,
                    due_at__lte=now(),
                    connection__state=Connection.State.ACTIVE,
                ).values_list("pk", flat=True)
            )
        for cursor_id in due:
            pulled += pull(client_id, stream, cursor_id, now=now)
    return pulled


def pull(client_id: int, stream: Stream, cursor_id: int, *, now: Callable[[], datetime]) -> bool:
    """Read one window of a stream to its end. False when another worker has it.

    TikTok's refusals do not raise: they end up on the run and the cursor, in words for people.
    """
    context = _begin(client_id, stream, cursor_id, now())
    if context is None:
        return False
    try:
        with stream.open(client_id, context.connection.pk, context.part) as api:
            pages = stream.pages(api, context.part, context.window)
            for number, page in enumerate(pages, start=1):
                _land(client_id, stream, context, number, page, now())
        _complete(client_id, stream, context, now())
    except errors.TikTokError as error:
        log.warning("stream failed", stream=stream.name, error=str(error))
        _fail(client_id, context, error, now())
    except Exception as error:
        _fail(client_id, context, _fault_of(stream, error), now())
        raise
    return True


def _begin(client_id: int, stream: Stream, cursor_id: int, now: datetime) -> Context | None:
    with client_scope(client_id):
        cursor = (
            Cursor.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("connection")
            .filter(pk=cursor_id)
            .filter(Q(claimed_until=None) | Q(claimed_until__lt=now))
            .first()
        )
        if cursor is None:
            return None
        cursor.claimed_until = now + LEASE
        cursor.save(update_fields=["claimed_until"])
        # A run left behind by a worker that died is closed by the next one.
        cursor.runs.filter(state=Run.State.RUNNING).update(
            state=Run.State.FAILED, finished_at=now, error="The worker stopped in the middle."
        )
        run = Run.objects.create(cursor=cursor, started_at=now)
        zone = stream.zone(cursor.part) if stream.zone else UTC
        window = Window(_since(stream, cursor, now), now, zone)
        return Context(cursor.connection, cursor.part, run, window, now)


def _since(stream: Stream, cursor: Cursor, now: datetime) -> datetime | None:
    until = cursor.position.get("until")
    if until:
        return datetime.fromisoformat(until) - stream.overlap
    return now - stream.first if stream.first is not None else None


def _land(
    client_id: int, stream: Stream, context: Context, number: int, page: Any, now: datetime
) -> None:
    """Keep the page first, then load it: one that cannot be read is not lost."""
    landed, seen = _keep(client_id, stream, context, number, page, now)
    items = [] if seen else page.items
    unknown = {} if seen else _unknown(page)
    with client_scope(client_id):
        counts = stream.load(items, context) if items else Counts()
        Page.objects.filter(pk=landed).update(loaded_at=now)
        _advance(context, counts, page.row_count, unknown, now)


def _keep(
    client_id: int, stream: Stream, context: Context, number: int, page: Any, now: datetime
) -> tuple[int, bool]:
    """The landed page's id, and whether nothing in it changed since the run before."""
    raw = page.raw
    written = to_json(raw)
    content_hash = hashlib.sha256(written).hexdigest()
    with client_scope(client_id):
        seen = stream.skip_equal_pages and _was_in_last_run(context.run, content_hash)
        landed = Page.objects.create(
            run=context.run,
            stream=stream.name,
            number=number,
            content_hash=content_hash,
            payload={} if seen else _payload(raw, written),
            request_id=page.request_id,
            received_at=now,
        )
        return landed.pk, seen


def _payload(raw: Any, written: bytes) -> Cast:
    """What is kept of an answer, as JSON that is written already: encoding it twice costs as much
    as reading it."""
    kept = to_json(redacted(raw)) if names_secrets(written) else written
    return Cast(Value(kept.decode()), JSONField())


def _was_in_last_run(run: Run, content_hash: str) -> bool:
    """Only the run before counts: what went from A to B and back to A has to be loaded again."""
    before = Run.objects.filter(cursor_id=run.cursor_id, pk__lt=run.pk).order_by("-pk")
    equal = Page.objects.filter(run=before.values("pk")[:1], content_hash=content_hash)
    return equal.exclude(loaded_at=None).exists()


def _advance(
    context: Context, counts: Counts, rows: int, unknown: dict[str, Any], now: datetime
) -> None:
    run = context.run
    for name, values in unknown.items():
        run.unknown[name] = sorted(set(run.unknown.get(name, [])) | set(values))
    Run.objects.filter(pk=run.pk).update(
        pages=F("pages") + 1,
        rows=F("rows") + rows,
        added=F("added") + counts.added,
        changed=F("changed") + counts.changed,
        unknown=run.unknown,
    )
    Cursor.objects.filter(pk=run.cursor_id).update(claimed_until=now + LEASE)


def _unknown(page: Any) -> dict[str, list[str]]:
    found = page.findings
    return {
        name: [str(one) for one in values]
        for name, values in (("fields", found.fields), ("words", found.words))
        if values
    }


def _complete(client_id: int, stream: Stream, context: Context, now: datetime) -> None:
    with client_scope(client_id):
        counts = stream.finish(context) if stream.finish else Counts()
        Run.objects.filter(pk=context.run.pk).update(
            state=Run.State.DONE, finished_at=now, changed=F("changed") + counts.changed
        )
        Cursor.objects.filter(pk=context.run.cursor_id).update(
            position={"until": context.window.until.isoformat()},
            state=Cursor.State.FRESH,
            due_at=now + stream.every,
            last_ok_at=context.window.until,
            failures=0,
            last_error="",
            claimed_until=None,
        )


def _fail(client_id: int, context: Context, error: errors.TikTokError, now: datetime) -> None:
    with client_scope(client_id):
        cursor = Cursor.objects.select_for_update().get(pk=context.run.cursor_id)
        wait = error.retry_after or RETRY[min(cursor.failures, len(RETRY) - 1)]
        throttled = isinstance(error, errors.Throttled)
        cursor.failures += 0 if throttled else 1
        cursor.state = Cursor.State.LATE if throttled else Cursor.State.FAILING
        cursor.last_error = error.sentence
        cursor.due_at = now + timedelta(seconds=wait)
        cursor.claimed_until = None
        cursor.save()
        Run.objects.filter(pk=context.run.pk).update(
            state=Run.State.FAILED, finished_at=now, error=error.sentence
        )
        if isinstance(error, errors.Auth):
            _doubt(context.connection, error, now)


def _doubt(connection: Connection, error: errors.Auth, now: datetime) -> None:
    """A dead token ends the connection; an expired one of a shop is refreshed first.

    Other refusals to authenticate (signature, app key) are faults of the app, not of the grant.
    """
    active = Connection.objects.filter(pk=connection.pk, state=Connection.State.ACTIVE)
    if connection.kind == Connection.Kind.SHOP and error.reason == "token_expired":
        active.update(access_expires_at=now)
    elif error.reason in LOST_REASONS:
        active.update(state=Connection.State.LOST, lost_at=now, lost_reason=error.sentence)


def _fault_of(stream: Stream, error: Exception) -> errors.TikTokError:
    return errors.Unexpected(
        api="ads" if stream.kind == "ads" else "shop",
        sentence=(
            f"{stream.label} could not be stored ({type(error).__name__}). What was read before is"
            " kept; an operator has to look at it."
        ),
    )
