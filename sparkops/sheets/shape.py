"""Tells headers, records, totals and empty rows of a grid apart."""

import re
from collections.abc import Sequence
from decimal import Decimal

from sparkops.pasted import trimmed
from sparkops.sheets import headers
from sparkops.sheets.sheet import (
    Cell,
    Grid,
    Kind,
    Row,
    Sheet,
    Skipped,
    cell_text,
    column_letter,
    is_empty,
)
from sparkops.sheets.values import Amount, read_money

HEADER_SEARCH_ROWS = 10
_TOTAL = re.compile(
    r"^(grand |sub)?\s?(total|totals|sum|summe|gesamt|gesamtsumme|zwischensumme|suma|total general"
    r"|subtotal|importe total)\b[\s:=]*(\(.*\)|[\d.,]+)?$",
    re.IGNORECASE,
)
_RECORD = re.compile(r"@\w|tiktok\.com/|#[A-Za-z0-9+/]{12}|\S+@\S+\.\w", re.IGNORECASE)
_DATA = re.compile(
    r"@\w|https?://|tiktok\.com/|#[A-Za-z0-9+/]{12}|^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|^[^A-Za-z]*\d",
    re.IGNORECASE,
)
_GUARDED = re.compile(r"^'\s*[=+\-@\t＝＋－＠]")


def shaped(grid: Grid) -> Sheet:
    """The sheet of a grid: every row with text is a record or listed as skipped with a reason."""
    rows = tuple(Row(row.number, _cleaned(row.cells)) for row in grid.rows)
    filled = tuple(row for row in rows if not is_empty(row.cells))
    empty = len(rows) - len(filled)
    header_at = _header_index(filled)
    titles = () if header_at is None else filled[:header_at]
    body = filled if header_at is None else filled[header_at + 1 :]
    records, skipped = _without_totals(body)
    width = max((_width(row.cells) for row in filled), default=0)
    header_cells = () if header_at is None else filled[header_at].cells
    return Sheet(
        kind=Kind.COLUMN if width <= 1 else Kind.TABLE,
        headers=_header_names(header_cells, width),
        rows=tuple(Row(row.number, _fitted(row.cells, width)) for row in records),
        has_header=header_at is not None,
        skipped=tuple(
            Skipped(row.number, row.cells, "It stands above the header row.") for row in titles
        )
        + skipped,
        empty_rows=empty,
        notes=grid.notes,
        name=grid.name,
        other_sheets=grid.other_sheets,
    )


def _cleaned(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    return tuple(_unguarded(trimmed(cell)) if isinstance(cell, str) else cell for cell in cells)


def _unguarded(text: str) -> str:
    """The text without the quote that our exports put before a formula sign."""
    return text[1:].lstrip() if _GUARDED.match(text) else text


def _width(cells: Sequence[Cell]) -> int:
    return max((at + 1 for at, cell in enumerate(cells) if cell != ""), default=0)


def _fitted(cells: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    return (cells + ("",) * width)[:width]


def _header_index(rows: Sequence[Row]) -> int | None:
    """Where the header is among the filled rows: the first that names two fields, or whose every
    cell is a word while a row below holds data; None when the sheet has none."""
    for at, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        words = [cell for cell in row.cells if cell != ""]
        known = [word for word in words if isinstance(word, str) and headers.matches(word)]
        one_column = _is_single_column(rows)
        if any(_is_data(word) for word in words):
            if len(words) > 1 or one_column:
                return None
            continue
        single = one_column and len(known) == 1
        if len(known) >= 2 or single:
            return at
    first = [cell for cell in rows[0].cells if cell != ""] if rows else []
    return 0 if len(first) >= 2 and len(rows) > 1 and _any_data(rows[1:]) else None


def _is_single_column(rows: Sequence[Row]) -> bool:
    return all(_width(row.cells) <= 1 for row in rows) and len(rows) > 1


def _is_data(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(_DATA.search(cell)) or len(cell) > 80


def _any_data(rows: Sequence[Row]) -> bool:
    return any(_is_data(cell) for row in rows for cell in row.cells if cell != "")


def _header_names(cells: Sequence[Cell], width: int) -> tuple[str, ...]:
    names: list[str] = []
    for index in range(width):
        text = cell_text(cells[index]) if index < len(cells) else ""
        name = text.replace("\n", " ") or f"Column {column_letter(index)}"
        if name in names:
            name = f"{name} ({column_letter(index)})"
        names.append(name)
    return tuple(names)


def _without_totals(rows: Sequence[Row]) -> tuple[tuple[Row, ...], tuple[Skipped, ...]]:
    records: list[Row] = []
    skipped: list[Skipped] = []
    for at, row in enumerate(rows):
        reason = _total_reason(row, rows[:at], last=at == len(rows) - 1)
        if reason:
            skipped.append(Skipped(row.number, row.cells, reason))
        else:
            records.append(row)
    return tuple(records), tuple(skipped)


def _total_reason(row: Row, above: Sequence[Row], *, last: bool) -> str:
    """Why the row is a total and no record; "" when it is a record."""
    texts = [cell for cell in row.cells if isinstance(cell, str) and cell]
    if any(_RECORD.search(text) for text in texts):
        return ""
    label = next((text for text in texts if _TOTAL.match(text)), "")
    if label:
        return f"It is a total row (“{label}”), not a record."
    if last and len(above) >= 2 and _sums_columns(row, above):
        return "It only repeats the sum of the rows above, so it is a total row, not a record."
    return ""


def _sums_columns(row: Row, above: Sequence[Row]) -> bool:
    """Whether every filled cell of the row is the sum of its column."""
    filled = [(at, cell) for at, cell in enumerate(row.cells) if cell != ""]
    if not filled or _width(row.cells) < 2:
        return False
    return all(_number(cell) == _column_sum(above, at) for at, cell in filled)


def _column_sum(rows: Sequence[Row], at: int) -> Decimal | None:
    numbers = [_number(row.cells[at]) for row in rows if at < len(row.cells) and row.cells[at]]
    known = [number for number in numbers if number.is_finite()]
    return sum(known, Decimal(0)) if len(known) >= 2 else None


def _number(cell: Cell) -> Decimal:
    read = read_money(cell)
    return read.value if isinstance(read, Amount) else Decimal("NaN")
