"""CSV files that a spreadsheet program opens without running anything in them."""

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

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
