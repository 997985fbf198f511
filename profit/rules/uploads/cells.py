"""Values of one row, read as people and programs write them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from profit.rules.uploads.columns import Columns
from sparkops.money import ZERO
from sparkops.reasons import Reason
from sparkops.sheets.dates import ColumnOrder, DateRead, DayOrder, column_order, read_date
from sparkops.sheets.sheet import Row
from sparkops.sheets.values import CURRENCIES, Amount, currency_named, decimal_mark, read_money


class BadCell(Exception):
    """A value that cannot be taken; the text is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What counts where a row says nothing: a currency, and a day. `day_order` None follows the
    column; `usual` is the order of a program that wrote the whole file, where no column shows it.
    """

    currency: str
    day: date
    day_order: DayOrder | None = None
    usual: DayOrder | None = None


class Reader:
    """Reads the rows of one file by its columns. Every method raises BadCell."""

    def __init__(
        self, headers: Sequence[str], rows: Sequence[Row], columns: Columns, choices: Choices
    ) -> None:
        self._headers, self._columns, self._choices = headers, columns, choices
        self._orders = self._orders_of(rows)
        self._marks = {
            key: decimal_mark([row.text(index) for row in rows])
            for key, index in columns.at.items()
        }

    def text(self, row: Row, key: str) -> str:
        """The cell without blanks around it; empty where there is no such column."""
        index = self._columns.at.get(key)
        return "" if index is None else row.text(index).strip()

    def money(self, row: Row, key: str, currency: str) -> tuple[Decimal, str] | None:
        """The amount and its currency: the cell's own, else `currency`; None when empty."""
        read = read_money(self.text(row, key), mark=self._marks.get(key, ""), currency=currency)
        if read is None:
            return None
        if isinstance(read, Reason):
            raise BadCell(read.sentence)
        if read.ambiguous:
            raise BadCell(f"{read.note} Write it without a sign between the thousands.")
        return read.value, self._named(read)

    def amount(self, row: Row, key: str) -> Decimal:
        """An amount in the file's one currency, and in no other; zero when empty."""
        found = self.money(row, key, self._choices.currency)
        if found and found[1] != self._choices.currency:
            raise BadCell(f"The amount is in {found[1]}, the account in {self._choices.currency}.")
        return found[0] if found else ZERO

    def number(self, row: Row, key: str) -> int:
        """A count; zero when empty."""
        value = self.amount(row, key)
        if value != value.to_integral_value() or value < 0:
            raise BadCell(f"“{self.text(row, key)}” is no count.")
        return int(value)

    def currency(self, row: Row, key: str, amount_key: str) -> str:
        """The currency column, else what the amount's header names, else the chosen one."""
        text = self.text(row, key).upper()
        if text:
            named = text if text in CURRENCIES else currency_named(text)
            if not named:
                raise BadCell(f"“{text[:40]}” is no currency. Write a code like USD, EUR or GBP.")
            return named
        index = self._columns.at.get(amount_key)
        header = "" if index is None else currency_named(self._headers[index])
        return header or self._choices.currency

    def day(self, row: Row, key: str) -> date:
        """The day in a cell, else the chosen one."""
        read = self._date(row, key)
        return read.value if read else self._choices.day

    def moment(self, row: Row, key: str) -> datetime | None:
        """The date and time in a cell, as written; midnight where there is no time."""
        read = self._date(row, key)
        if read is None:
            return None
        return read.moment or datetime(read.value.year, read.value.month, read.value.day)  # noqa: DTZ001 - the file's own zone is the caller's to know

    def _date(self, row: Row, key: str) -> DateRead | None:
        text = self.text(row, key)
        if not text:
            return None
        read = read_date(text, self._orders[key])
        if isinstance(read, Reason):
            raise BadCell(read.sentence)
        if read is not None and read.ambiguous:
            raise BadCell(
                f"“{text}” can be {read.value} or {read.other}. Choose the order of dates."
            )
        return read

    def _orders_of(self, rows: Sequence[Row]) -> dict[str, ColumnOrder]:
        at = self._columns.at
        if self._choices.day_order is not None:
            return dict.fromkeys(at, ColumnOrder(self._choices.day_order, True, "As chosen."))
        found = {key: column_order([row.text(index) for row in rows]) for key, index in at.items()}
        if self._choices.usual is None:
            return found
        shown = {one.order for one in found.values() if one.settled}
        order = shown.pop() if len(shown) == 1 else self._choices.usual
        return dict.fromkeys(at, ColumnOrder(order, True, "As the program writes them."))

    def _named(self, read: Amount) -> str:
        if not read.currency:
            raise BadCell("The amount names no currency.")
        return read.currency
