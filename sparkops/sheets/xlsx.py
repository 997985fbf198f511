"""XLSX files as grids, read as data only and within limits."""

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from sparkops.errors import Refusal
from sparkops.sheets.shape import shaped
from sparkops.sheets.sheet import (
    DEFAULT_LIMITS,
    Cell,
    Grid,
    Limits,
    Row,
    Sheet,
    column_letter,
)

_CHUNK = 1 << 16
_EXACT_DIGITS = 15
_LAST_ROW = 1_048_576
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})


def read_xlsx(data: bytes, *, sheet: str = "", limits: Limits = DEFAULT_LIMITS) -> Sheet:
    """One sheet of a workbook: `sheet` by name, else the first visible one that holds rows.

    Formulas give the value last calculated; dates come as dates. Numbers with more digits than a
    spreadsheet keeps stay in exponent form, so that a damaged post id is noticed. Raises Refusal
    when the file is broken, locked, or larger than `limits`.
    """
    has_formulas = _checked(data, limits)
    with _opened(data, values=True) as book:
        names = [one.title for one in book.worksheets if one.sheet_state == "visible"]
        if len(book.worksheets) > limits.sheets:
            raise Refusal(
                "too_many_sheets",
                f"The workbook has {len(book.worksheets)} sheets; at most {limits.sheets} are "
                "read. Save the one you need as its own file.",
            )
        name, rows = _chosen(book, names, sheet, limits)
    notes = _number_notes(rows) + _error_notes(rows)
    if has_formulas:
        notes += _uncalculated(data, name, rows)
    return shaped(
        Grid(
            tuple(Row(number, tuple(map(_shown, cells))) for number, cells in rows),
            notes=notes,
            name=name,
            other_sheets=tuple(other for other in names if other != name),
        )
    )


def _checked(data: bytes, limits: Limits) -> bool:
    """Whether the workbook has formulas. Refuses archives that unpack too large (by counting, not
    by what the archive claims) and parts with XML definitions, which no workbook needs."""
    room = limits.unpacked_bytes
    has_formulas = False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.infolist():
                is_sheet = part.filename.startswith("xl/worksheets/")
                tail = b""
                with archive.open(part) as stream:
                    while chunk := stream.read(_CHUNK):
                        room -= len(chunk)
                        if room < 0:
                            raise Refusal("too_large", _too_large(limits))
                        window = tail + chunk
                        if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                            raise Refusal("unsafe_file", _UNSAFE)
                        has_formulas |= is_sheet and (b"<f>" in window or b"<f " in window)
                        tail = window[-16:]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as fault:
        raise _broken() from fault
    return has_formulas


def _broken() -> Refusal:
    return Refusal(
        "broken_file",
        "The file cannot be opened as an Excel workbook. Open it in your spreadsheet program, "
        "save it again as .xlsx, then upload that.",
    )


_UNSAFE = (
    "The file contains definitions that an Excel workbook never has, so it was not opened. "
    "Save the sheet again as .xlsx or .csv, then upload that."
)


def _too_large(limits: Limits) -> str:
    return (
        f"Unpacked, the workbook is larger than {limits.unpacked_bytes // 1_000_000} MB. "
        "Copy the rows you need into a new file, then upload that."
    )


@contextmanager
def _opened(data: bytes, *, values: bool) -> Iterator[Any]:
    """The workbook, read row by row. Any fault of the format becomes one refusal."""
    with warnings.catch_warnings():
        # openpyxl warns about styles and validations it leaves out; neither is data.
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=values, keep_links=False
            )
        except (InvalidFileException, KeyError, ValueError, TypeError, OSError, SyntaxError) as bad:
            raise _broken() from bad
        try:
            yield book
        except (KeyError, ValueError, TypeError, IndexError, SyntaxError) as bad:
            raise _broken() from bad
        finally:
            book.close()


def _chosen(
    book: Any, names: Sequence[str], wanted: str, limits: Limits
) -> tuple[str, list[tuple[int, list[Any]]]]:
    if wanted and wanted not in names:
        raise Refusal(
            "no_such_sheet",
            f"The workbook has no visible sheet “{wanted}”. It has: {', '.join(names)}.",
        )
    for name in [wanted] if wanted else names:
        rows = _rows(book[name], limits)
        if rows:
            return name, rows
    raise Refusal(
        "empty", "The workbook holds no filled cell. Check that you saved the right file."
    )


def _rows(worksheet: Any, limits: Limits) -> list[tuple[int, list[Any]]]:
    """Rows up to the last filled one, each with its number in the sheet."""
    # A wrong size written in the file would cut or bloat the reading.
    worksheet.reset_dimensions()
    rows: list[tuple[int, list[Any]]] = []
    filled = cells = 0
    for number, values in enumerate(worksheet.iter_rows(values_only=True), 1):
        row = _cut(values)
        cells += len(row)
        if len(row) > limits.columns or number > limits.rows or cells > limits.cells:
            if not row and number <= _LAST_ROW:
                continue
            raise Refusal("too_large", _too_many(worksheet.title, limits))
        rows.append((number, row))
        filled = len(rows) if row else filled
    return rows[:filled]


def _too_many(title: str, limits: Limits) -> str:
    return (
        f"The sheet “{title}” is larger than {limits.rows:,} rows, {limits.columns} columns or "
        f"{limits.cells:,} cells. Copy the part you need into a new file, then upload that."
    )


def _cut(values: Sequence[Any]) -> list[Any]:
    row = list(values)
    while row and (row[-1] is None or row[-1] == ""):
        row.pop()
    return row


def _shown(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, time | timedelta):
        return str(value)
    return "" if value in _ERRORS else str(value)


def _number(value: float) -> Cell:
    if _is_inexact(value):
        return f"{value:.{_EXACT_DIGITS - 1}E}"
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _is_inexact(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) >= 10**_EXACT_DIGITS


def _number_notes(rows: Sequence[tuple[int, list[Any]]]) -> tuple[str, ...]:
    places = _places(rows, _is_inexact)
    if not places:
        return ()
    return (
        f"{places} hold{'s' if ',' not in places else ''} a number with more than "
        f"{_EXACT_DIGITS} digits. Spreadsheets round those, so a post id in it is damaged: "
        "format the column as text and paste the ids again, or use the links.",
    )


def _error_notes(rows: Sequence[tuple[int, list[Any]]]) -> tuple[str, ...]:
    places = _places(rows, lambda value: isinstance(value, str) and value in _ERRORS)
    return (f"Formula errors were read as empty: {places}.",) if places else ()


def _uncalculated(data: bytes, name: str, rows: Sequence[tuple[int, list[Any]]]) -> tuple[str, ...]:
    """A note naming formulas without a stored value, as files written by scripts have them."""
    values = dict(rows)
    missing: list[tuple[int, list[Any]]] = []
    with _opened(data, values=False) as book:
        for number, cells in enumerate(book[name].iter_rows(values_only=True), 1):
            known = values.get(number, [])
            missing.append(
                (number, [_is_uncalculated(cell, known, at) for at, cell in enumerate(cells)])
            )
    places = _places(missing, bool)
    if not places:
        return ()
    return (
        f"Formulas without a calculated value were read as empty: {places}. Open the file in your "
        "spreadsheet program and save it, then upload it again.",
    )


def _is_uncalculated(cell: Any, known: Sequence[Any], at: int) -> bool:
    is_formula = isinstance(cell, str) and cell.startswith("=")
    return is_formula and (at >= len(known) or known[at] is None)


def _places(rows: Sequence[tuple[int, list[Any]]], wanted: Any) -> str:
    """The cells for which `wanted` holds, as "B3, C7 and 12 more"; "" when there are none."""
    found = [
        f"{column_letter(at)}{number}"
        for number, cells in rows
        for at, cell in enumerate(cells)
        if wanted(cell)
    ]
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return ", ".join(found[:5]) + more
