"""Deleting a client with proof: everything is exported, then deleted, then signed for.

The client disappears from every page at once; for some days the decision can be undone. Then a
worker deletes table after table, children before parents, in short transactions that keep count of
themselves. A function of the database does it, because the app may not delete from the log or the
ledger, and it does so only for a deletion that has begun.
"""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from sparkops.audit.record import Actor, record_for_organization
from sparkops.crypto import Vault
from sparkops.errors import Refusal
from sparkops.isolation.checks import client_models
from sparkops.isolation.scope import client_scope
from sparkops.takeout import writing
from sparkops.takeout.models import Deletion, Share
from sparkops.takeout.reading import manifest_hash
from sparkops.tenants.models import Client

BATCH = 5_000
ALL = 2**31
LOG = "audit_event"
PURPOSE = "deletion.receipt"


@transaction.atomic
def ask(
    client: Client, *, typed: str, keeps_log: bool, why_kept: str, by: Actor, now: datetime
) -> Deletion:
    """Take a client out of every page, begin its export, and delete it when the time to undo this
    is over.

    Raises Refusal unless its name is typed exactly, and for a log that is kept without a reason.
    """
    if typed.strip() != client.name:
        raise Refusal("not_confirmed", f"Type “{client.name}” to confirm.", field="typed")
    if keeps_log and not why_kept.strip():
        raise Refusal("no_reason", "Say what obliges you to keep the log.", field="why_kept")
    locked = Client.objects.select_for_update().get(pk=client.pk)
    if locked.archived_at is not None:
        raise Refusal("archived", "This client is no longer worked in.")
    locked.archived_at = now
    locked.save(update_fields=["archived_at"])
    takeout = writing.ask(locked.organization, [locked], by=by, now=now, only=locked)
    deletion = Deletion.objects.create(
        organization=locked.organization,
        client_id=locked.pk,
        name=locked.name,
        slug=locked.slug,
        takeout=takeout,
        asked_at=now,
        asked_by=by.label,
        due_at=now + timedelta(days=settings.CLIENT_DELETION_DAYS),
        keeps_log=keeps_log,
        why_kept=why_kept.strip() if keeps_log else "",
    )
    _record("client.deletion_asked", deletion, by, now, {"due_at": deletion.due_at.isoformat()})
    return deletion


@transaction.atomic
def undo(deletion: Deletion, *, by: Actor, now: datetime) -> None:
    """Bring the client back as it was. Raises Refusal once rows are being deleted."""
    locked = Deletion.objects.select_for_update().get(pk=deletion.pk)
    if locked.started_at is not None:
        raise Refusal("too_late", "The deletion has begun, so it can no longer be undone.")
    if locked.undone_at is not None:
        return
    locked.undone_at, locked.undone_by = now, by.label
    locked.save(update_fields=["undone_at", "undone_by"])
    Client.objects.filter(pk=locked.client_id).update(archived_at=None)
    _record("client.deletion_undone", locked, by, now, {})


def waiting_clients() -> list[int]:
    """Clients whose export is written before they are deleted."""
    rows = Deletion.objects.filter(undone_at=None, started_at=None)
    return list(rows.values_list("client_id", flat=True))


def due(*, now: datetime) -> list[int]:
    """Deletions whose time to undo is over, the oldest first."""
    rows = Deletion.objects.filter(undone_at=None, finished_at=None, due_at__lte=now)
    return list(rows.order_by("due_at", "pk").values_list("pk", flat=True))


@transaction.atomic
def step(deletion_id: int, *, now: datetime) -> bool:
    """Do the next part of a deletion; whether more can be done at once.

    One transaction: a worker that dies leaves the counts as they are in the tables.
    """
    deletion = (
        Deletion.objects.select_for_update(skip_locked=True)
        .filter(pk=deletion_id, undone_at=None, finished_at=None, due_at__lte=now)
        .first()
    )
    if deletion is None:
        return False
    if deletion.started_at is None:
        return _begin(deletion, now)
    order = [one for one in delete_order() if one not in _kept(deletion)]
    if deletion.done < len(order):
        _delete_some(deletion, order[deletion.done])
        return True
    if _left(deletion, order):
        # Something was written while tables were emptied: another round.
        deletion.done = 0
        deletion.save(update_fields=["done"])
        return True
    _finish(deletion, now)
    return False


@lru_cache(maxsize=1)
def delete_order() -> tuple[str, ...]:
    """Every table with rows of clients, each before the tables that it refers to."""
    waiting = {model: _parents(model) for model in client_models()}
    order: list[type[models.Model]] = []
    while waiting:
        referred = set().union(*waiting.values())
        free = sorted(set(waiting) - referred, key=lambda model: model._meta.db_table)
        assert free, "Tables of clients refer to each other in a circle."
        order += free
        for model in free:
            del waiting[model]
    return tuple(model._meta.db_table for model in order)


def registry_models() -> list[tuple[type[models.Model], str]]:
    """Tables outside of the row policies that refer to a client, with the column."""
    protected = set(client_models())
    return [
        (model, field.name)
        for model in apps.get_models()
        if model not in protected
        for field in model._meta.concrete_fields
        if field.related_model is Client
    ]


def receipt_of(deletion: Deletion) -> dict[str, Any]:
    """What an organization can show: the receipt's text, its signature, and how to check it."""
    return {
        "receipt": deletion.receipt,
        "signature": deletion.signature,
        "public_key": deletion.public_key,
        "algorithm": "Ed25519 over the UTF-8 bytes of `receipt`; both keys as hex",
    }


def _begin(deletion: Deletion, now: datetime) -> bool:
    """Only a client whose export is whole is deleted."""
    client, takeout = Client.objects.get(pk=deletion.client_id), deletion.takeout
    with client_scope(client.pk):
        share = Share.objects.filter(takeout=takeout).exclude(finished_at=None).first()
        if share is None or takeout is None:
            return False
        deletion.export = {
            "manifest_sha256": manifest_hash(takeout, client),
            "rows": share.rows,
            "tables": share.tables,
            "written_at": share.finished_at,
        }
    deletion.started_at = now
    deletion.save(update_fields=["started_at", "export"])
    return True


def _delete_some(deletion: Deletion, table: str) -> None:
    most = ALL if table in _referring_to_themselves() else BATCH
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT delete_rows_of_client(%s, %s, %s)", [deletion.client_id, table, most]
        )
        (count,) = cursor.fetchone()
    if count:
        deletion.counts[table] = deletion.counts.get(table, 0) + count
    if count < most:
        deletion.done += 1
    deletion.save(update_fields=["counts", "done"])


def _left(deletion: Deletion, order: Collection[str]) -> bool:
    with client_scope(deletion.client_id):
        return any(
            model._default_manager.exists()
            for model in client_models()
            if model._meta.db_table in order
        )


def _finish(deletion: Deletion, now: datetime) -> None:
    kept = _count_kept(deletion)
    registry = _delete_registry(deletion)
    client = Client.objects.filter(pk=deletion.client_id)
    if kept:
        # What is kept refers to the row, which says nothing any more.
        client.update(name="Deleted client", slug=f"deleted-{deletion.client_id}")
    else:
        client._raw_delete(client.db)
    deletion.finished_at = now
    deletion.receipt = json.dumps(
        _receipt(deletion, registry, kept), sort_keys=True, separators=(",", ":")
    )
    deletion.signature, deletion.public_key = Vault(settings.FIELD_KEYS).sign(
        deletion.receipt.encode(), purpose=PURPOSE
    )
    deletion.save(update_fields=["finished_at", "receipt", "signature", "public_key"])
    _record("client.deleted", deletion, Actor("SparkOps"), now, {"rows": deletion.rows})


def _delete_registry(deletion: Deletion) -> dict[str, int]:
    deletion.takeout = None
    deletion.save(update_fields=["takeout"])
    counts = {}
    for model, field in registry_models():
        rows = model._default_manager.filter(**{field: deletion.client_id})
        counts[model._meta.db_table] = rows._raw_delete(rows.db)
    return {table: count for table, count in counts.items() if count}


def _count_kept(deletion: Deletion) -> dict[str, dict[str, Any]]:
    found = {}
    with client_scope(deletion.client_id):
        for model in client_models():
            if model._meta.db_table in _kept(deletion):
                rows = model._default_manager.count()
                found[model._meta.db_table] = {"rows": rows, "why": deletion.why_kept}
    return found


def _receipt(
    deletion: Deletion, registry: dict[str, int], kept: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    assert deletion.started_at and deletion.finished_at
    return {
        "what": "Deletion of a client from SparkOps",
        "organization": deletion.organization.name,
        "client": {"id": deletion.client_id, "name": deletion.name, "slug": deletion.slug},
        "asked": {"by": deletion.asked_by, "at": deletion.asked_at.isoformat()},
        "export": deletion.export,
        "started_at": deletion.started_at.isoformat(),
        "finished_at": deletion.finished_at.isoformat(),
        "deleted": {**deletion.counts, **registry},
        "rows": deletion.rows + sum(registry.values()),
        "kept": kept,
    }


def _kept(deletion: Deletion) -> tuple[str, ...]:
    return (LOG,) if deletion.keeps_log else ()


def _parents(model: type[models.Model]) -> set[type[models.Model]]:
    return {
        parent
        for parent in client_models()
        for field in model._meta.concrete_fields
        if field.related_model is parent and parent is not model
    }


@lru_cache(maxsize=1)
def _referring_to_themselves() -> frozenset[str]:
    """Tables whose rows refer to each other: they go in one statement."""
    return frozenset(
        model._meta.db_table
        for model in client_models()
        if any(field.related_model is model for field in model._meta.concrete_fields)
    )


def _record(verb: str, deletion: Deletion, by: Actor, now: datetime, data: dict[str, Any]) -> None:
    record_for_organization(
        verb, deletion.organization_id, deletion.name, by=by, now=now, data=data
    )
