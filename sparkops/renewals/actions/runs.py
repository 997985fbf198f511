"""Asking many creators at once, row by row. A batch is one transaction and marks its rows in it,
so a worker that dies at any moment leaves nothing half done and nothing twice."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, transaction

from authorizations.models import Authorization
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.renewals.actions.asks import Desk, finish_run, write
from sparkops.renewals.models import Ask, Run
from sparkops.renewals.queries.asks import MOST_AT_ONCE, messaging_shop
from sparkops.renewals.queries.messages import Offer, cadence_of_client, own_words, spend_of
from sparkops.renewals.queries.own_page import client_has_terms
from sparkops.tenants.models import Client

log = structlog.get_logger(__name__)

BATCH = 50
_FAULT = "Something went wrong on our side with this row. Try it once more."


def start_run(
    rows: Iterable[Authorization], offer: Offer, language: str, *, by: Actor, now: datetime
) -> Run:
    """Note whom to ask; the workers do it. Raises Refusal for none, or too many."""
    listed = list(rows)
    if not listed:
        raise Refusal("none_chosen", "Choose rows in the list first.")
    if len(listed) > MOST_AT_ONCE:
        raise Refusal(
            "too_many",
            f"These are more than {MOST_AT_ONCE:,} rows. Filter the list and ask in parts.",
        )
    run = Run.objects.create(
        total=len(listed),
        days=offer.days,
        price=offer.price,
        currency=offer.currency,
        language=language,
        actor=by.label,
        actor_id=by.user_id,
        created_at=now,
    )
    Ask.objects.bulk_create(
        Ask(run=run, number=number, authorization=row, creator=row.creator, created_at=now)
        for number, row in enumerate(listed, 1)
    )
    data = {"rows": run.total, "days": offer.days, "price": offer.price}
    record("renewal_run.started", run, by=by, now=now, data=data)
    return run


def run_batch(run_id: int, *, now: datetime, size: int = BATCH) -> bool:
    """Write the next messages; returns whether more are left to write. While another worker has
    the run, or without work, it does nothing."""
    run = (
        Run.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=run_id, state=Run.State.RUNNING)
        .first()
    )
    if run is None:
        return False
    asks = list(
        Ask.objects.filter(run=run, state=Ask.State.WAITING)
        .select_related(
            "authorization__post__creator",
            "authorization__creator",
            "authorization__previous__post__creator",
            "authorization__previous__creator",
        )
        .order_by("number")[:size]
    )
    if asks:
        desk = desk_for(run, [ask.authorization for ask in asks], now)
        for ask in asks:
            _write_row(ask, desk)
    if len(asks) < size:
        finish_run(run.pk, now)
        return False
    return True


def retry_failed(run: Run, *, by: Actor, now: datetime) -> int:
    """Try every failed message once more; returns how many. Raises Refusal when none failed."""
    locked = Run.objects.select_for_update().get(pk=run.pk)
    failed = list(Ask.objects.filter(run=locked, state=Ask.State.FAILED))
    if not failed:
        raise Refusal("none_failed", "No message failed, so there is nothing to try again.")
    for ask in failed:
        ask.state, ask.reason = Ask.State.WAITING.value, ""
        ask.attempt += 1
    Ask.objects.bulk_update(failed, ["state", "reason", "attempt"])
    locked.state, locked.finished_at = Run.State.RUNNING.value, None
    locked.save(update_fields=["state", "finished_at"])
    record("renewal_run.retried", locked, by=by, now=now, data={"rows": len(failed)})
    return len(failed)


def desk_for(run: Run, rows: Sequence[Authorization], now: datetime) -> Desk:
    """What the messages of a batch are written with."""
    client = Client.objects.get(pk=current_client_id())
    return Desk(
        client=client,
        cadence=cadence_of_client(),
        own=own_words(),
        has_terms=client_has_terms(),
        shop=messaging_shop(),
        spend=dict(spend_of(rows, client, now)),
        offer=Offer(run.days, run.price, run.currency),
        language=run.language,
        by=Actor(run.actor, run.actor_id),
        now=now,
    )


def _write_row(ask: Ask, desk: Desk) -> None:
    """One row in a savepoint of its own: what is wrong with it stays with it."""
    try:
        with transaction.atomic():
            write(ask, desk)
    except Refusal as refusal:
        _settle(ask, Ask.State.SKIPPED, refusal.sentence)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        # The message of an error can quote a name or an address.
        log.error("ask not written", ask=ask.pk, kind=type(error).__name__)
        _settle(ask, Ask.State.FAILED, _FAULT)


def _settle(ask: Ask, state: Ask.State, why: str) -> None:
    Ask.objects.filter(pk=ask.pk).update(state=state.value, reason=why)
