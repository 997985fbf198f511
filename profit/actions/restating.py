"""Noting what a booking changed of amounts that were booked before, and who has seen it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from profit.models import Look, Restatement
from profit.rules.difference import Change
from profit.rules.entries import Entry
from profit.rules.restatements import restated
from sparkops.accounts.models import User
from sparkops.catalog.models import Shop


@dataclass(frozen=True, kw_only=True)
class Rebooked:
    """One subject of a booking: what it asked for, what stood, and what was appended."""

    subject: str
    order_id: str
    wanted: Sequence[Entry]
    booked: Sequence[Entry]
    changes: Sequence[Change]
    cause: str


def note_restatements(shop: Shop, subjects: Iterable[Rebooked], *, now: datetime) -> int:
    """Write what the booking restated; returns how many rows. Part of the booking's transaction."""
    rows = [
        Restatement(
            shop=shop,
            subject=one.subject,
            order_id=one.order_id,
            account=row.account.value,
            month=row.month,
            before=row.before,
            after=row.after,
            effect=row.effect,
            currency=shop.currency,
            stage_before=row.stage_before,
            stage_after=row.stage_after,
            kind=row.reason.value,
            rule=row.rule,
            cause=_cause(row.cause, one.cause),
            booked_at=now,
        )
        for one in subjects
        for row in restated(one.wanted, one.booked, one.changes)
    ]
    Restatement.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _cause(change: str, mark: str) -> str:
    return (f"{change} ({mark})" if change and mark else change or mark)[:200]


def mark_seen(user: User, *, until: datetime) -> Look:
    """Remember that a person has seen everything restated up to a moment; never an earlier one."""
    look, new = Look.objects.get_or_create(user=user, defaults={"seen_until": until})
    if not new and look.seen_until < until:
        look.seen_until = until
        look.save(update_fields=["seen_until"])
    return look
