"""Proposes which column holds which of our fields, from the headers and from what is in them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sparkops.sheets import headers
from sparkops.sheets.dates import DateRead, DayOrder, column_order, read_date
from sparkops.sheets.headers import LABELS, Field
from sparkops.sheets.sheet import Cell, Kind, Sheet, cell_text
from sparkops.sheets.values import Amount, currency_named, read_money

_SAMPLE = 200
_STRONG, _WEAK = 0.6, 0.2
REPEATABLE = frozenset({Field.CODE, Field.POST_LINK, Field.NOTES})
"""Fields that several columns may hold: "Code 1" and "Code 2" are both codes."""

# Only a sniff of the shape, to tell columns apart; the domain's rules read the values.
_HANDLE = re.compile(r"^(@[\w.]{2,24}|(https?://)?(www\.)?tiktok\.com/@[\w.]+/?(\?\S*)?)$", re.I)
_POST = re.compile(
    r"tiktok\.com/(@[\w.]*/(video|photo)/|t/|v/|embed)|\b(vm|vt)\.tiktok\.com/|^\d{18,20}$", re.I
)
_CODE = re.compile(r"#[A-Za-z0-9+/]{16,}={0,2}|(?<![\w/+])[A-Za-z0-9+/]{38,}={0,2}(?![\w/+])")
_EMAIL = re.compile(r"^\S+@\S+\.\w{2,}$")
_CURRENCY = re.compile(r"^([A-Z]{3}|[€£¥$₫฿₱])$")
_ANY_ORDER = column_order(())


@dataclass(frozen=True, slots=True)
class Column:
    """What one column is taken for. `field` is None for a column that is kept as it is.

    `share` is how many of its filled cells have the field's shape, from 0 to 1. `reason` is a
    sentence for the person. `currency` is what a fee header names ("Fee (EUR)"), or "".
    """

    index: int
    header: str
    field: Field | None
    share: float
    reason: str
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One entry per column of the sheet, in its order."""

    columns: tuple[Column, ...]

    def indexes(self, field: Field) -> tuple[int, ...]:
        """The columns that hold the field; several only for `REPEATABLE` ones."""
        return tuple(column.index for column in self.columns if column.field is field)

    @property
    def unmapped(self) -> tuple[Column, ...]:
        """The columns that are none of our fields; their values are kept with each row."""
        return tuple(column for column in self.columns if column.field is None)


@dataclass(frozen=True, slots=True)
class _Candidate:
    index: int
    field: Field
    score: float
    share: float
    reason: str


def proposed(sheet: Sheet) -> Mapping:
    """The likeliest mapping. Every column appears; a person may change any of them.

    A header counts more than the content, unless the content clearly shows another field.
    """
    if sheet.kind is Kind.CHAT:
        return _chat_mapping(sheet)
    shares = [_shares(sheet.column(at)) for at in range(len(sheet.headers))]
    candidates: list[_Candidate] = []
    for at, header in enumerate(sheet.headers):
        named = headers.matches(header) if sheet.has_header else ()
        candidates += _candidates(at, header, named, shares[at])
    taken = _assigned(candidates)
    if not sheet.has_header or Field.ENDS not in {found.field for found in taken.values()}:
        taken = _with_unlabelled_dates(sheet, taken, shares)
    return Mapping(tuple(_column(sheet, at, taken, candidates) for at in range(len(sheet.headers))))


def _shares(cells: tuple[Cell, ...]) -> dict[Field, float]:
    """How many of the filled cells look like each field that has a shape."""
    filled = [cell for cell in cells if cell != ""][:_SAMPLE]
    if not filled:
        return {}
    return {
        field: sum(1 for cell in filled if looks(cell)) / len(filled)
        for field, looks in _LOOKS.items()
    }


def _text_looks(pattern: re.Pattern[str]) -> Callable[[Cell], bool]:
    return lambda cell: bool(pattern.search(cell_text(cell)))


def _looks_like_date(cell: Cell) -> bool:
    return isinstance(read_date(cell, _ANY_ORDER), DateRead)


def _looks_like_fee(cell: Cell) -> bool:
    is_number = isinstance(read_money(cell), Amount)
    return is_number and not _looks_like_date(cell) and not _POST.search(cell_text(cell))


_LOOKS: dict[Field, Callable[[Cell], bool]] = {
    Field.HANDLE: _text_looks(_HANDLE),
    Field.POST_LINK: _text_looks(_POST),
    Field.CODE: _text_looks(_CODE),
    Field.STARTS: _looks_like_date,
    Field.ENDS: _looks_like_date,
    Field.FEE: _looks_like_fee,
    Field.CURRENCY: _text_looks(_CURRENCY),
    Field.EMAIL: _text_looks(_EMAIL),
}
# What content alone may claim; dates and plain numbers need a header to say what they are.
_CLEAR = (Field.POST_LINK, Field.CODE, Field.EMAIL, Field.HANDLE, Field.CURRENCY)


def _candidates(
    at: int, header: str, named: tuple[headers.HeaderMatch, ...], shares: dict[Field, float]
) -> list[_Candidate]:
    found = []
    clear = next((field for field in _CLEAR if shares.get(field, 0) >= _STRONG), None)
    for match in named:
        share = shares.get(match.field, 0.0)
        contradicted = clear not in (None, match.field) and share < _WEAK
        if not contradicted:
            score = match.weight + share
            found.append(_Candidate(at, match.field, score, share, _named_reason(match, share)))
    if clear is not None and all(match.field is not clear for match in named):
        share = shares[clear]
        reason = f"{share:.0%} of its values look like a {LABELS[clear]}."
        found.append(_Candidate(at, clear, share * 0.9, share, reason))
    if not header:
        return []
    return found


def _named_reason(match: headers.HeaderMatch, share: float) -> str:
    label = LABELS[match.field]
    if match.field not in _LOOKS or share >= _WEAK:
        return f"The header says {label}."
    return f"The header says {label}, but few values look like one: check it."


def _assigned(candidates: list[_Candidate]) -> dict[int, _Candidate]:
    """The best candidate of each column; a field that may stand once goes to its best column."""
    taken: dict[int, _Candidate] = {}
    used: set[Field] = set()
    for candidate in sorted(candidates, key=lambda one: (-one.score, one.index)):
        if candidate.index in taken:
            continue
        if candidate.field in used and candidate.field not in REPEATABLE:
            continue
        taken[candidate.index] = candidate
        used.add(candidate.field)
    return taken


def _with_unlabelled_dates(
    sheet: Sheet, taken: dict[int, _Candidate], shares: list[dict[Field, float]]
) -> dict[int, _Candidate]:
    """Date columns of a sheet without headers: one is the end; of two, the earlier is the start.

    With headers, a date column that says nothing stays as it is: it may be the day of posting.
    """
    if sheet.has_header:
        return taken
    free = [
        at
        for at, share in enumerate(shares)
        if at not in taken and share.get(Field.ENDS, 0) >= _STRONG
    ]
    if not 1 <= len(free) <= 2:
        return taken
    ordered = sorted(free, key=lambda at: _middle_day(sheet.column(at)))
    fields = (Field.STARTS, Field.ENDS)[-len(ordered) :]
    added = {
        at: _Candidate(at, field, 0.0, shares[at][field], "Its values are dates; check which.")
        for at, field in zip(ordered, fields, strict=True)
    }
    return taken | added


def _middle_day(cells: tuple[Cell, ...]) -> int:
    order = column_order(cells, default=DayOrder.DAY_FIRST)
    reads = (read_date(cell, order) for cell in cells)
    days = sorted(read.value.toordinal() for read in reads if isinstance(read, DateRead))
    return days[len(days) // 2]


def _column(
    sheet: Sheet, at: int, taken: dict[int, _Candidate], candidates: list[_Candidate]
) -> Column:
    header = sheet.headers[at]
    found = taken.get(at)
    if found is None:
        return Column(at, header, None, 0.0, _unmapped_reason(at, sheet, taken, candidates))
    currency = currency_named(header) if found.field is Field.FEE else ""
    return Column(at, header, found.field, found.share, found.reason, currency)


def _unmapped_reason(
    at: int, sheet: Sheet, taken: dict[int, _Candidate], candidates: list[_Candidate]
) -> str:
    lost = next((one for one in candidates if one.index == at), None)
    if lost is None:
        return "It is none of our fields; its values are kept with each row."
    winner = next(one for one in taken.values() if one.field is lost.field)
    return (
        f"It could be the {LABELS[lost.field]}, but “{sheet.headers[winner.index]}” fits better. "
        "Its values are kept with each row."
    )


def _chat_mapping(sheet: Sheet) -> Mapping:
    """A thread has one column to search: the message, which may hold codes and links."""
    reasons = ("When it was written.", "Who wrote it.", "Searched for codes and links.")
    fields = (None, None, Field.CODE)
    return Mapping(
        tuple(
            Column(at, header, field, 0.0, reason)
            for at, (header, field, reason) in enumerate(
                zip(sheet.headers, fields, reasons, strict=True)
            )
        )
    )
