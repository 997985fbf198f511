"""The cells of a row as JSON, so that a date stays a date and a number a number."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sparkops.sheets.sheet import Cell


def dumped(cells: Sequence[Cell]) -> str:
    """JSON of the cells: text as it is, other kinds marked `d` (day), `t` (time), `n` (number)."""
    return json.dumps([_packed(cell) for cell in cells], ensure_ascii=False)


def loaded(text: str) -> tuple[Cell, ...]:
    """The cells of `dumped`."""
    return tuple(_unpacked(one) for one in json.loads(text))


def _packed(cell: Cell) -> Any:
    if isinstance(cell, datetime):
        return {"t": cell.isoformat()}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    return {"n": str(cell)} if isinstance(cell, Decimal) else cell


def _unpacked(value: Any) -> Cell:
    if isinstance(value, str):
        return value
    [(kind, text)] = value.items()
    if kind == "t":
        return datetime.fromisoformat(text)
    return date.fromisoformat(text) if kind == "d" else Decimal(text)
