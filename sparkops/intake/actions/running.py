"""Importing row by row. Every batch is one transaction and its rows are marked in it, so a worker
that dies at any moment leaves nothing half done and nothing twice."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, transaction

from sparkops.audit.record import Actor, record
from sparkops.catalog.models import AdAccount, Shop
from sparkops.crypto import SecretError
from sparkops.errors import Refusal
from sparkops.intake.actions.applying import Tools, apply
from sparkops.intake.actions.checking import May, refuse_forbidden
from sparkops.intake.actions.noting import note, save_notes
from sparkops.intake.models import Import, ImportRow, Touch
from sparkops.intake.queries import RETRIABLE, counts_of, known_of, row_of
from sparkops.intake.rules.deciding import Decision, Known, decide, repeated
from sparkops.intake.rules.layout import Layout, from_json
from sparkops.intake.rules.masking import without_codes
from sparkops.intake.rules.reading import Wish, read_row

log = structlog.get_logger(__name__)

BATCH = 100
_FAULT = (
    "Something went wrong on our side with this row. It is kept; try it once more, and if it "
    "happens again, tell us the row's number."
)


def start_run(batch: Import, *, may: May, by: Actor, now: datetime) -> None:
    """Let the workers import. Raises Refusal unless it was previewed and the member may."""
    locked = Import.objects.select_for_update().get(pk=batch.pk)
    if locked.state != Import.State.PREVIEWED:
        raise Refusal(
            "not_previewed",
            "This import cannot start now: it is " + locked.get_state_display().lower() + ".",
        )
    refuse_forbidden(from_json(locked.layout).fields, may)
    _go(locked, by, now)
    record("import.run", locked, by=by, now=now, data=locked.counts)


def retry_refused(batch: Import, *, may: May, by: Actor, now: datetime) -> None:
    """Try every row once more of which nothing was taken. Raises Refusal when there is none."""
    locked = Import.objects.select_for_update().get(pk=batch.pk)
    if locked.state != Import.State.DONE:
        raise Refusal("not_done", "Rows can be tried again when the import is done.")
    refuse_forbidden(from_json(locked.layout).fields, may)
    if not ImportRow.objects.filter(RETRIABLE, batch=locked).update(done_at=None):
        raise Refusal("none_refused", "No row was refused, so there is nothing to try again.")
    _go(locked, by, now)
    record("import.retried", locked, by=by, now=now)


def run_batch(batch_id: int, *, now: datetime, size: int = BATCH) -> bool:
    """Import the next rows; returns whether more are left. Without work, or while another worker
    has the import, it does nothing."""
    batch = (
        Import.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=batch_id, state=Import.State.RUNNING)
        .first()
    )
    if batch is None:
        return False
    rows = list(
        ImportRow.objects.filter(batch=batch, done_at=None, is_record=True).order_by("number")[
            :size
        ]
    )
    if rows:
        try:
            _import_rows(batch, rows, now)
        except SecretError as error:
            _fail(batch, str(error), now)
            return False
    if len(rows) < size:
        _finish(batch, now)
        return False
    return True


def _go(batch: Import, by: Actor, now: datetime) -> None:
    batch.state = Import.State.RUNNING.value
    batch.started_at, batch.finished_at = now, None
    batch.actor, batch.actor_id = by.label, by.user_id
    batch.save(update_fields=["state", "started_at", "finished_at", "actor", "actor_id"])


def _finish(batch: Import, now: datetime) -> None:
    batch.state, batch.finished_at = Import.State.DONE.value, now
    batch.counts = counts_of(batch)
    batch.save(update_fields=["state", "finished_at", "counts"])
    by = Actor(batch.actor, batch.actor_id)
    record("import.done", batch, by=by, now=now, data=batch.counts)


def _fail(batch: Import, sentence: str, now: datetime) -> None:
    log.error("import failed", batch=batch.pk, reason=sentence)
    batch.state, batch.finished_at = Import.State.FAILED.value, now
    batch.problem = f"{sentence} Rows that were done stay; the others are kept as they came."
    batch.save(update_fields=["state", "finished_at", "problem"])


def _import_rows(batch: Import, rows: list[ImportRow], now: datetime) -> None:
    layout = from_json(batch.layout)
    wishes = [read_row(row_of(row), layout) for row in rows]
    known, tools = _prepared(batch, layout, wishes, now)
    touches: list[Touch] = []
    for at, (row, wish) in enumerate(zip(rows, wishes, strict=True)):
        if row.repeats is not None:
            note(row, repeated(wish, row.repeats))
            continue
        decision = decide(wish, known, row=row.number, replaces=layout.choices.replace)
        try:
            with transaction.atomic() if decision.steps else nullcontext():
                made = apply(row, decision, tools)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            note(row, _failed(decision, error, row))
            # What the row made in passing is gone again, so look anew for the rows after it.
            known, tools = _prepared(batch, layout, wishes[at + 1 :], now)
            continue
        touches += made
        note(row, decision)
    Touch.objects.bulk_create(touches)
    for row in rows:
        row.done_at = now
    save_notes(rows)


def _prepared(
    batch: Import, layout: Layout, wishes: Sequence[Wish], now: datetime
) -> tuple[Known, Tools]:
    known, keys = known_of(wishes, batch)
    choices = layout.choices
    shop = Shop.objects.filter(pk=choices.shop).first() if choices.shop else None
    accounts = list(AdAccount.objects.filter(pk__in=choices.ad_accounts).order_by("pk"))
    by = Actor(batch.actor, batch.actor_id)
    return known, Tools(keys, by, now, accounts, shop, batch.name)


def _failed(decision: Decision, error: Exception, row: ImportRow) -> Decision:
    """The row as refused, with the app's own sentence or an apology."""
    if isinstance(error, Refusal):
        sentence = without_codes(error.sentence)
    else:
        # The message of a database error quotes values, and a value can be a code.
        log.error("row not imported", row=row.number, kind=type(error).__name__)
        sentence = _FAULT
    return Decision("refused", sentence, remarks=decision.remarks)
