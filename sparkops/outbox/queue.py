"""Putting commands into the outbox and performing them.

An action writes the intent in its own transaction; a worker claims it, performs it outside any
transaction, and records the result together with its effects. A worker that dies in between
leaves the claim to run out; the handler therefore looks before it repeats a write.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db.models import F, Q, QuerySet

from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.tiktok import errors

log = structlog.get_logger(__name__)

CLAIM = timedelta(minutes=2)
STEP = timedelta(minutes=2)
"""How much longer a command is claimed with each step: no call to TikTok takes longer."""
BACKOFF = (5, 20, 60, 300, 900, 3600)
MAX_ATTEMPTS = 12


@dataclass(frozen=True)
class Outcome:
    """What performing a command brought: `effects` runs in the transaction that marks it done."""

    result: dict[str, Any] = field(default_factory=dict)
    effects: Callable[[], None] | None = None


class TakenOver(Exception):  # noqa: N818 - it reports no error
    """The claim ran out and another worker goes on with the command: this one does nothing more."""


Handler = Callable[[int, Command, datetime], Outcome]
OnRefusal = Callable[[Command, errors.TikTokError, datetime], None]


def put(
    kind: str,
    key: str,
    payload: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    due_at: datetime | None = None,
) -> Command:
    """Write a command once per `key` in the open scope; an existing one is returned untouched."""
    command, _ = Command.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "payload": dict(payload),
            "due_at": due_at or now,
            "created_at": now,
            "created_by": by.label,
        },
    )
    return command


def take_back(key: str, *, now: datetime) -> bool:
    """Cancel a command that still waits; False when it has left or is about to."""
    command = (
        Command.objects.select_for_update(skip_locked=True)
        .filter(key=key, state=Command.State.WAITING, attempts=0)
        .first()
    )
    if command is None:
        return False
    command.state, command.finished_at = Command.State.CANCELED, now
    command.save(update_fields=["state", "finished_at"])
    return True


def drain(
    client_id: int,
    handlers: Mapping[str, Handler],
    *,
    now: Callable[[], datetime],
    on_refusal: Mapping[str, OnRefusal] | None = None,
    limit: int = 200,
) -> int:
    """Perform due commands of the given kinds; returns how many were tried."""
    for tried in range(limit):
        command = _claim(client_id, list(handlers), now())
        if command is None:
            return tried
        _perform(client_id, command, handlers[command.kind], (on_refusal or {}), now)
    return limit


def keep(client_id: int, command: Command) -> None:
    """Go on holding a claimed command for another step, outside of a scope.

    Handlers of several steps ask before each one that must not happen twice. Raises TakenOver when
    another worker has the command by now.
    """
    with client_scope(client_id):
        if not _held(command).update(claimed_until=F("claimed_until") + STEP):
            raise TakenOver


def _held(command: Command) -> QuerySet[Command]:
    """The command as this worker claimed it; empty once another one has."""
    return Command.objects.filter(
        pk=command.pk, state=Command.State.SENDING, attempts=command.attempts
    )


def _claim(client_id: int, kinds: list[str], now: datetime) -> Command | None:
    with client_scope(client_id):
        command = (
            Command.objects.select_for_update(skip_locked=True)
            .filter(kind__in=kinds, due_at__lte=now)
            .filter(
                Q(state=Command.State.WAITING)
                | Q(state=Command.State.SENDING, claimed_until__lt=now)
            )
            .order_by("due_at", "id")
            .first()
        )
        if command is None:
            return None
        command.state = Command.State.SENDING
        command.claimed_until = now + CLAIM
        command.attempts += 1
        command.save(update_fields=["state", "claimed_until", "attempts"])
        return command


def _perform(
    client_id: int,
    command: Command,
    handler: Handler,
    on_refusal: Mapping[str, OnRefusal],
    now: Callable[[], datetime],
) -> None:
    try:
        outcome = handler(client_id, command, now())
    except TakenOver:
        log.warning("command taken over", kind=command.kind)
        return
    except errors.TikTokError as error:
        log.warning("command not accepted", kind=command.kind, error=str(error))
        _record_error(client_id, command, error, on_refusal.get(command.kind), now())
        return
    with client_scope(client_id):
        if _held(command).select_for_update().first() is None:
            log.warning("command taken over", kind=command.kind)
            return
        if outcome.effects:
            outcome.effects()
        Command.objects.filter(pk=command.pk).update(
            state=Command.State.DONE,
            finished_at=now(),
            result=outcome.result,
            error="",
            claimed_until=None,
        )


def _record_error(
    client_id: int,
    command: Command,
    error: errors.TikTokError,
    on_refusal: OnRefusal | None,
    now: datetime,
) -> None:
    # What TikTok may have done is tried again: a handler looks before it repeats.
    is_open = error.retryable or error.outcome_unknown
    again = is_open and command.attempts < MAX_ATTEMPTS
    wait = error.retry_after or BACKOFF[min(command.attempts - 1, len(BACKOFF) - 1)]
    state = Command.State.WAITING
    if not again:
        state = Command.State.FAILED if is_open else Command.State.REFUSED
    with client_scope(client_id):
        if _held(command).select_for_update().first() is None:
            return
        if on_refusal and not again:
            on_refusal(command, error, now)
        Command.objects.filter(pk=command.pk).update(
            state=state,
            error=error.sentence,
            due_at=now + timedelta(seconds=wait),
            finished_at=None if again else now,
            claimed_until=None,
        )
