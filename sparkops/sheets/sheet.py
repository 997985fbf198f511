"""What a read table is: headers, rows with their original numbers, and what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

Cell = str | Decimal | date | datetime
"""One cell: text without surrounding blanks ("" when empty), a number, a date, or a date with a
time as written (no zone is known)."""


class Kind(StrEnum):
    """How the source was understood."""

    TABLE = "table"
    COLUMN = "column"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read; more is refused, because half a sheet would be believed.

    Sizes are bytes. `unpacked_bytes` is what an XLSX may grow to when its parts are unpacked.
    """

    upload_bytes: int = 20_000_000
    unpacked_bytes: int = 200_000_000
    sheets: int = 50
    rows: int = 50_000
    columns: int = 200
    cells: int = 1_000_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `number` is where it stands in the source, counted from 1 as the person sees it."""

    number: int
    cells: tuple[Cell, ...]

    def text(self, index: int) -> str:
        """The cell as text; "" beyond the end of a short row."""
        return cell_text(self.cells[index]) if index < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that holds no record: a title, a total. Kept with its text and the reason."""

    number: int
    cells: tuple[Cell, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. `headers` has one entry per column, invented ("Column A") when the source has none.

    `rows` hold every record; `skipped` every row with text that is none; `empty_rows` counts the
    rest. `notes` are sentences about how it was read. `other_sheets` are those of a workbook that
    were not read.
    """

    kind: Kind
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    has_header: bool = True
    skipped: tuple[Skipped, ...] = ()
    empty_rows: int = 0
    notes: tuple[str, ...] = ()
    name: str = ""
    other_sheets: tuple[str, ...] = ()

    def column(self, index: int) -> tuple[Cell, ...]:
        """The cells of one column in row order, empty ones included."""
        return tuple(row.cells[index] if index < len(row.cells) else "" for row in self.rows)


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a source before headers, totals and empty rows were told apart."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    name: str = ""
    other_sheets: tuple[str, ...] = ()


def cell_text(cell: Cell) -> str:
    """A cell as a person would type it: dates ISO, numbers without an exponent."""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell


def is_empty(cells: Sequence[Cell]) -> bool:
    """Whether no cell holds anything."""
    return all(cell == "" for cell in cells)


def column_letter(index: int) -> str:
    """The spreadsheet letter of a column counted from 0: A, B, ... Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
