"""Files that a spreadsheet program opens without running anything in them."""

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_bytes(
    headers: Sequence[str], rows: Iterable[Sequence[str | Decimal | int | date | None]]
) -> bytes:
    """A CSV file: UTF-8 with a mark (Excel needs it), commas, CRLF.

    Text that a spreadsheet would take as a formula gets a leading quote, which our reader takes
    off again. Numbers and dates are written as they are; None is an empty cell.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(header) for header in headers])
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
    return codecs.BOM_UTF8 + out.getvalue().encode()


def xlsx_bytes(
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[str | Decimal | int | date | None]],
) -> bytes:
    """An XLSX workbook with one sheet. Text is stored as text, so that no cell is a formula;
    amounts are numbers. A moment with a zone is written as ISO text, as Excel knows no zones."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    sheet.freeze_panes = "A2"
    for row in (headers, *rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=_plain(value))
            if isinstance(cell.value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_title(text: str) -> str:
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in text)[:31] or "Sheet"


def _plain(value: str | Decimal | int | date | None) -> str | Decimal | int | date | None:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.isoformat(sep=" ")
    return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value


def guarded(text: str) -> str:
    """The text, with a quote before it when a spreadsheet would take it as a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_SIGNS) else text


def _written(cell: str | Decimal | int | date | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
