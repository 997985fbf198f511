"""Taking a file in, choosing its columns, saving it once as a whole, and taking that back."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from profit.actions.costs import remove_unit_cost, set_unit_cost
from profit.models import Upload
from profit.queries.uploads import PURPOSE, WANTED, columns_of, decided_costs
from profit.rules.uploads.columns import proposed
from profit.rules.uploads.unit_costs import Result
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import Sku, UnitCost
from sparkops.connections.vault import vault
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.sheets.headers import folded
from sparkops.sheets.read import read_upload
from sparkops.sheets.sheet import Limits, Sheet, cell_text
from sparkops.sheets.text import read_pasted

_EXPORT = Limits(upload_bytes=10_000_000, rows=5_000, cells=400_000)
LIMITS: dict[str, Limits] = {
    kind: Limits(upload_bytes=5_000_000, rows=2_000, cells=100_000)
    if kind == Upload.Kind.UNIT_COSTS
    else _EXPORT
    for kind in Upload.Kind
}
"""What one file may bring; it is saved while the person waits."""
_BUYERS = frozenset(
    {"buyer", "recipient", "phone", "zipcode", "postcode", "address", "email", "city", "state"}
    | {"country", "district", "province", "message"}
)


def take_in(
    kind: str,
    name: str,
    data: bytes | str,
    *,
    currency: str,
    target: int | None = None,
    by: Actor,
    now: datetime,
) -> Upload:
    """Keep a file (bytes) or pasted rows (text) with the likeliest columns; nothing is saved yet.

    `currency` is the client's, or that of the shop or ad account whose own key is `target`. Of an
    export no column about buyers is kept. Raises Refusal when it is no table, locked, empty or too
    large.
    """
    if isinstance(data, str):
        sheet = read_pasted(data, limits=LIMITS[kind])
    else:
        sheet = read_upload(name, data, limits=LIMITS[kind])
    if not sheet.rows:
        raise Refusal("no_rows", "There is no row with data under the headers.", field="file")
    upload = Upload.objects.create(
        kind=kind,
        name=(name or "Pasted rows")[-200:],
        headers=list(sheet.headers),
        rows=_sealed(sheet, _of_buyers(kind, sheet)),
        notes=list(sheet.notes),
        columns=dict(proposed(sheet.headers, WANTED[kind]).at),
        choices={
            "currency": currency,
            "day": now.date().isoformat(),
            "day_order": "",
            "target": target,
        },
        actor=by.label,
        created_at=now,
    )
    data_of = {"rows": len(sheet.rows), "kind": kind}
    record("upload.taken_in", upload, by=by, now=now, data=data_of)
    return upload


def choose_columns(upload: Upload, at: Mapping[str, int], choices: Mapping[str, str]) -> None:
    """Read the file by other columns. Raises Refusal once it is saved, or when one column is to be
    two things."""
    row = still_open(upload)
    if len(set(at.values())) < len(at):
        raise Refusal("same_column", "One column can be one thing only.")
    row.columns, row.choices = dict(at), {**row.choices, **choices}
    row.save(update_fields=["columns", "choices"])


def save_costs(upload: Upload, *, by: Actor, now: datetime) -> Counter[str]:
    """Save every row that is not refused, all of them or none; returns rows per result.

    Raises Refusal when it was saved before, a needed column is missing, or no row is any good.
    """
    row = still_open(upload)
    missing = columns_of(row).missing
    if missing:
        raise Refusal("columns", f"Say which column is: {', '.join(missing)}.")
    decided = decided_costs(row)
    counts = Counter(one.result.value for one in decided)
    if not counts[Result.NEW] + counts[Result.CHANGED] + counts[Result.KNOWN]:
        raise Refusal("no_rows", "No row can be saved. The reasons stand beside the rows.")
    wanted = [one for one in decided if one.result in (Result.NEW, Result.CHANGED)]
    skus = Sku.objects.in_bulk([one.sku_key for one in wanted if one.sku_key is not None])
    done = []
    for one in wanted:
        assert one.sku_key is not None and one.day is not None and one.cost is not None
        set_unit_cost(
            skus[one.sku_key],
            one.cost.amount,
            one.cost.currency,
            one.day,
            source=row.name,
            by=by,
            now=now,
        )
        done.append(
            {
                "sku": one.sku_key,
                "day": one.day.isoformat(),
                "before": [str(one.before.amount), one.before.currency] if one.before else None,
                "after": [str(one.cost.amount), one.cost.currency],
            }
        )
    row.done, row.counts, row.saved_at = done, dict(counts), now
    row.save(update_fields=["done", "counts", "saved_at"])
    record("upload.saved", row, by=by, now=now, data=dict(counts))
    return counts


def undo_costs(upload: Upload, *, by: Actor, now: datetime) -> tuple[int, int]:
    """Put back what saving changed; returns how many costs were put back and how many were kept,
    because somebody changed them since. Raises Refusal when there is nothing to take back."""
    row = Upload.objects.select_for_update().get(pk=upload.pk)
    if row.saved_at is None or row.undone_at is not None:
        raise Refusal("not_saved", f"“{row.name}” is not saved, or was taken back already.")
    put_back = sum(_put_back(one, by=by, now=now) for one in row.done)
    row.undone_at = now
    row.save(update_fields=["undone_at"])
    kept = len(row.done) - put_back
    record("upload.undone", row, by=by, now=now, data={"put_back": put_back, "kept": kept})
    return put_back, kept


def _put_back(one: Mapping[str, Any], *, by: Actor, now: datetime) -> bool:
    day = date.fromisoformat(one["day"])
    rows = UnitCost.objects.select_related("sku")
    cost = rows.filter(sku=one["sku"], effective_from=day).first()
    after, currency = one["after"]
    if cost is None or (cost.amount, cost.currency) != (Decimal(after), currency):
        return False
    if one["before"] is None:
        remove_unit_cost(cost, by=by, now=now)
    else:
        amount, before_currency = one["before"]
        set_unit_cost(cost.sku, Decimal(amount), before_currency, day, by=by, now=now)
    return True


def still_open(upload: Upload) -> Upload:
    """The file, locked, while it is not saved. Raises Refusal afterwards."""
    row = Upload.objects.select_for_update().get(pk=upload.pk)
    if row.saved_at is not None:
        raise Refusal(
            "saved", f"“{row.name}” was saved already. Bring the file again to change it."
        )
    return row


def _of_buyers(kind: str, sheet: Sheet) -> set[int]:
    """Columns of an export that tell who bought: the product has no use for them."""
    if kind == Upload.Kind.UNIT_COSTS:
        return set()
    return {at for at, name in enumerate(sheet.headers) if _BUYERS & set(folded(name).split())}


def _sealed(sheet: Sheet, left_out: set[int]) -> bytes:
    rows = [
        [
            row.number,
            ["" if at in left_out else cell_text(cell) for at, cell in enumerate(row.cells)],
        ]
        for row in sheet.rows
    ]
    return vault().seal(json.dumps(rows), client_id=current_client_id(), purpose=PURPOSE)
