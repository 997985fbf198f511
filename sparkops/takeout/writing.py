"""Building an archive a few thousand rows at a time, and what never leaves with it.

Every step is one transaction in the client's scope: a worker that dies is followed by one that
goes on where it was, and the database decides whose rows there are.
"""

import json
import zlib
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from sparkops.audit.record import Actor, record_for_organization
from sparkops.isolation.checks import client_models
from sparkops.isolation.scope import client_scope
from sparkops.takeout.models import Deletion, Part, Share, Takeout
from sparkops.tenants.models import Client, Organization

ROWS = 5_000
KEPT = timedelta(days=7)
_SECRET = ("secret", "token", "hash", "fingerprint", "password", "cipher")


@lru_cache(maxsize=1)
def tables() -> tuple[type[models.Model], ...]:
    """Every table with rows of clients but this app's own, by name."""
    found = [model for model in client_models() if model._meta.app_label != "takeout"]
    return tuple(sorted(found, key=lambda model: model._meta.db_table))


def columns(model: type[models.Model]) -> list[str]:
    """The columns of a table that an archive holds: none that is sealed or opens anything."""
    return [
        field.attname
        for field in model._meta.concrete_fields
        if not isinstance(field, models.BinaryField)
        and not any(word in field.name for word in _SECRET)
    ]


@transaction.atomic
def ask(
    organization: Organization,
    clients: list[Client],
    *,
    by: Actor,
    now: datetime,
    only: Client | None = None,
) -> Takeout:
    """Begin an archive of all clients, or of none when anything fails; of `only` one of them.

    What the archive before it held of these clients is dropped.
    """
    for client in clients:
        with client_scope(client.pk):
            Share.objects.all().delete()
    takeout = Takeout.objects.create(
        organization=organization, only=only, asked_at=now, asked_by=by.label
    )
    for client in clients:
        with client_scope(client.pk):
            Share.objects.create(takeout=takeout, tables=len(tables()))
    record_for_organization(
        "takeout.asked",
        organization.pk,
        organization.name,
        by=by,
        now=now,
        data={"clients": [client.slug for client in clients]},
    )
    return takeout


def write_step(share_id: int, *, now: datetime) -> bool:
    """Write the next rows of a share in the open scope; whether anything is left."""
    share = Share.objects.select_for_update().filter(pk=share_id, finished_at=None).first()
    if share is None:
        return False
    if share.done >= len(tables()):
        share.finished_at, share.tables = now, share.done
        share.save(update_fields=["finished_at", "tables"])
        return False
    model = tables()[share.done]
    rows = _next_rows(model, share.last_pk)
    if rows:
        Part.objects.create(
            share=share, table=model._meta.db_table, rows=len(rows), content=_lines(rows)
        )
    ended = len(rows) < ROWS
    share.rows += len(rows)
    share.done += 1 if ended else 0
    share.last_pk = 0 if ended else rows[-1]["id"]
    share.save(update_fields=["rows", "done", "last_pk"])
    return True


def _next_rows(model: type[models.Model], after: int) -> list[dict[str, Any]]:
    rows = model._default_manager.filter(pk__gt=after).order_by("pk")
    return list(rows.values(*columns(model))[:ROWS])


def _lines(rows: list[dict[str, Any]]) -> bytes:
    text = "".join(f"{json.dumps(row, cls=DjangoJSONEncoder)}\n" for row in rows)
    return zlib.compress(text.encode())


def unfinished() -> list[int]:
    """Shares of the open client that are still to be written."""
    return list(Share.objects.filter(finished_at=None).values_list("pk", flat=True))


def forget_old(*, now: datetime) -> None:
    """Drop what the open client's archives held a week after they were asked for.

    The export before a deletion stays until the deletion, however long that can be undone.
    """
    awaited = Deletion.objects.filter(undone_at=None, takeout__isnull=False)
    old = Share.objects.filter(takeout__asked_at__lt=now - KEPT)
    old.exclude(takeout__in=awaited.values("takeout")).delete()
