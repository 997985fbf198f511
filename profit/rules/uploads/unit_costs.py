"""Unit costs from a file: one row per SKU and day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from profit.rules.uploads.cells import BadCell, Reader
from profit.rules.uploads.columns import Wanted
from sparkops.money import ZERO
from sparkops.sheets.sheet import Row

MOST = Decimal(10) ** 8
PLACES = 4
WANTED = (
    Wanted(
        "sku",
        "SKU",
        ("sku id", "seller sku", "sku code", "skuid", "artikelnummer", "referencia"),
        required=True,
    ),
    Wanted(
        "cost",
        "Unit cost",
        ("cost", "cogs", "cost of goods", "cost per unit", "landed cost", "price", "einkaufspreis",
         "kosten", "coste", "costo"),
        required=True,
    ),
    Wanted("currency", "Currency", ("ccy", "wahrung", "moneda")),
    Wanted(
        "from",
        "From",
        ("effective from", "valid from", "start", "date", "since", "ab", "gultig ab", "desde"),
    ),
)  # fmt: skip


class Result(StrEnum):
    """What saving would do with a row."""

    REFUSED = "refused"
    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount per unit, in `currency`."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Decided:
    """One row of the file and what becomes of it; `before` is what the same day holds now."""

    number: int
    sku: str
    result: Result
    reason: str = ""
    sku_key: int | None = None
    day: date | None = None
    cost: Cost | None = None
    before: Cost | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """SKUs by every name a file may use (casefolded; several of one name are no use), and the
    costs they have by key and day."""

    skus: Mapping[str, tuple[int, ...]]
    costs: Mapping[tuple[int, date], Cost]


def decided(rows: Sequence[Row], reader: Reader, known: Known) -> list[Decided]:
    """What saving the file would do, row by row. A row that contradicts an earlier one of the same
    SKU and day is refused, and so is nothing else because of it."""
    taken: dict[tuple[int, date], Decided] = {}
    found = []
    for row in rows:
        one = _checked(row, reader, known)
        if one.sku_key is not None and one.day is not None:
            first = taken.setdefault((one.sku_key, one.day), one)
            if first is not one:
                one = _repeated(one, first)
        found.append(one)
    return found


def _checked(row: Row, reader: Reader, known: Known) -> Decided:
    sku = reader.text(row, "sku")
    try:
        key = _key_of(sku, known)
        found = reader.money(row, "cost", reader.currency(row, "currency", "cost"))
        if found is None:
            raise BadCell("The row has no cost.")
        cost, day = _fitting(*found), reader.day(row, "from")
    except BadCell as problem:
        return Decided(row.number, sku, Result.REFUSED, str(problem))
    before = known.costs.get((key, day))
    result = Result.NEW if before is None else Result.CHANGED
    return Decided(
        row.number,
        sku,
        Result.KNOWN if before == cost else result,
        sku_key=key,
        day=day,
        cost=cost,
        before=before,
    )


def _key_of(sku: str, known: Known) -> int:
    if not sku:
        raise BadCell("The row names no SKU.")
    keys = known.skus.get(sku.casefold(), ())
    if not keys:
        raise BadCell(f"No SKU here has the id or seller SKU “{sku[:60]}”.")
    if len(keys) > 1:
        raise BadCell(f"{len(keys)} SKUs have the seller SKU “{sku[:60]}”. Use TikTok's SKU id.")
    return keys[0]


def _fitting(amount: Decimal, currency: str) -> Cost:
    if not ZERO <= amount < MOST:
        raise BadCell(f"{amount:f} cannot be what one unit costs.")
    if amount != round(amount, PLACES):
        raise BadCell(f"{amount:f} has more than {PLACES} decimals.")
    return Cost(amount, currency)


def _repeated(one: Decided, first: Decided) -> Decided:
    if one.cost == first.cost:
        return replace(one, result=Result.KNOWN, reason=f"The same as row {first.number}.")
    return replace(
        one,
        result=Result.REFUSED,
        reason=f"Row {first.number} has another cost for this SKU and day.",
    )
