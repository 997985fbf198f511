"""Taking in what a person brings. Everything is kept before anything is understood."""

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime

from sparkops.audit.record import Actor, record
from sparkops.connections.vault import vault
from sparkops.errors import Refusal
from sparkops.intake.models import Import, ImportRow
from sparkops.intake.queries import PURPOSE, place_of, source_of
from sparkops.intake.rules.cells import dumped
from sparkops.intake.rules.masking import without_codes
from sparkops.isolation.scope import current_client_id
from sparkops.sheets.columns import proposed
from sparkops.sheets.read import read_upload
from sparkops.sheets.sheet import Cell, Limits, Sheet
from sparkops.sheets.text import read_pasted

LIMITS = Limits(upload_bytes=10_000_000, rows=20_000, cells=400_000)
"""What one import may bring. More is refused with the advice to split it."""
WORKBOOK = b"PK\x03\x04"
CHUNK = 1_000
OPEN_STATES = (Import.State.DRAFT, Import.State.PREVIEWED)


def start_pasted(text: str, *, by: Actor, now: datetime) -> Import:
    """Keep pasted rows. Raises Refusal when there is nothing in them or too much."""
    return _land(Import.Kind.PASTE, "Pasted rows", text, read_pasted(text, limits=LIMITS), by, now)


def start_upload(name: str, data: bytes, *, by: Actor, now: datetime) -> Import:
    """Keep an uploaded file. Raises Refusal when it is no table, locked, empty or too large."""
    shown = name[-200:] or "Uploaded file"
    sheet = read_upload(shown, data, limits=LIMITS)
    kind = Import.Kind.XLSX if data.startswith(WORKBOOK) else Import.Kind.CSV
    return _land(kind, shown, base64.b64encode(data).decode(), sheet, by, now)


def choose_sheet(batch: Import, sheet_name: str, *, by: Actor, now: datetime) -> None:
    """Read another sheet of the workbook instead. Raises Refusal once the import has run."""
    batch = still_open(batch)
    data = source_of(batch)
    if isinstance(data, str) or sheet_name not in batch.other_sheets:
        raise Refusal("no_such_sheet", f"This import has no sheet “{sheet_name}”.")
    sheet = read_upload(batch.name, data, sheet=sheet_name, limits=LIMITS)
    _describe(batch, sheet)
    batch.state, batch.layout, batch.counts = Import.State.DRAFT.value, {}, {}
    batch.save()
    batch.rows.all().delete()
    _keep_rows(batch, sheet, now)
    record("import.sheet_chosen", batch, by=by, now=now, data={"sheet": sheet.name})


def discard(batch: Import, *, by: Actor, now: datetime) -> None:
    """Forget an import that has not run. Raises Refusal once it has."""
    batch = still_open(batch)
    record("import.discarded", batch, by=by, now=now)
    batch.delete()


def still_open(batch: Import) -> Import:
    """The import, locked, while its columns may still change. Raises Refusal afterwards."""
    locked = Import.objects.select_for_update().get(pk=batch.pk)
    if locked.state not in OPEN_STATES:
        raise Refusal(
            "import_ran",
            f"“{locked.name}” was imported already. Undo it, or bring the sheet again.",
        )
    return locked


def _land(
    kind: Import.Kind, name: str, source: str, sheet: Sheet, by: Actor, now: datetime
) -> Import:
    if not sheet.rows:
        raise Refusal(
            "no_rows",
            "There is no row with data under the headers. Add the rows, then bring it again.",
        )
    batch = Import(
        name=name,
        kind=kind.value,
        source=vault().seal(source, client_id=current_client_id(), purpose=PURPOSE),
        actor=by.label,
        actor_id=by.user_id,
        created_at=now,
    )
    _describe(batch, sheet)
    batch.save()
    _keep_rows(batch, sheet, now)
    record("import.started", batch, by=by, now=now, data={"rows": len(sheet.rows)})
    return batch


def _describe(batch: Import, sheet: Sheet) -> None:
    batch.shape = sheet.kind.value
    batch.sheet_name = sheet.name[:200] if batch.kind == Import.Kind.XLSX else ""
    batch.other_sheets = list(sheet.other_sheets)
    # A sheet without headers may have been read with a code in their place.
    batch.headers = [without_codes(header) for header in sheet.headers]
    batch.proposal = [
        {
            "field": column.field.value if column.field else None,
            "reason": without_codes(column.reason),
            "share": round(column.share, 3),
        }
        for column in proposed(sheet).columns
    ]
    batch.notes = [without_codes(note) for note in sheet.notes]
    batch.empty_rows = sheet.empty_rows


def _keep_rows(batch: Import, sheet: Sheet, now: datetime) -> None:
    fresh = list(_rows(batch, sheet, now))
    for at in range(0, len(fresh), CHUNK):
        ImportRow.objects.bulk_create(fresh[at : at + CHUNK])


def _rows(batch: Import, sheet: Sheet, now: datetime) -> Iterator[ImportRow]:
    for row in sheet.rows:
        yield ImportRow(batch=batch, number=row.number, cells=_sealed(row.cells))
    for left_out in sheet.skipped:
        yield ImportRow(
            batch=batch,
            number=left_out.number,
            cells=_sealed(left_out.cells),
            is_record=False,
            result=ImportRow.Result.SKIPPED.value,
            reason=without_codes(left_out.reason),
            place=place_of("skipped", problems=False, number=left_out.number),
            done_at=now,
        )


def _sealed(cells: Sequence[Cell]) -> bytes:
    return vault().seal(dumped(cells), client_id=current_client_id(), purpose=PURPOSE)
