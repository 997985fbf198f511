"""Values of a JSON file, read with the place in the sentence when one does not fit."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar, cast

Word = TypeVar("Word", bound=StrEnum)
Value = TypeVar("Value")


class ExampleError(ValueError):
    """A sentence about what in the file cannot be read, and where."""


class _Required:
    """Marks a field that has no default."""


REQUIRED = _Required()


@dataclass(slots=True)
class Row:
    """One JSON object and its place. `null` and a missing field mean the same."""

    values: dict[str, object]
    place: str
    _children: dict[str, list["Row"]] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, value: object, place: str) -> "Row":
        if not isinstance(value, dict):
            raise ExampleError(f"{place} must be an object with named fields.")
        return cls(value, place)

    def has(self, name: str) -> bool:
        return self._get(name) is not None

    def text(self, name: str, default: str | _Required = REQUIRED) -> str:
        return self._value(name, default, _text)

    def text_or_none(self, name: str) -> str | None:
        return self.text(name) if self.has(name) else None

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._list(name)
        try:
            return tuple(_text(value) for value in values)
        except ValueError as error:
            raise ExampleError(f"{self.place}: {name} must be a list of texts.") from error

    def number(self, name: str, default: Decimal | _Required = REQUIRED) -> Decimal:
        return self._value(name, default, _number)

    def number_or_none(self, name: str) -> Decimal | None:
        return self.number(name) if self.has(name) else None

    def whole(self, name: str, default: int | _Required = REQUIRED) -> int:
        return self._value(name, default, _whole)

    def flag(self, name: str, default: bool | _Required = REQUIRED) -> bool:
        return self._value(name, default, _flag)

    def day(self, name: str, default: date | _Required = REQUIRED) -> date:
        return self._value(name, default, _day)

    def day_or_none(self, name: str) -> date | None:
        return self.day(name) if self.has(name) else None

    def instant(self, name: str) -> datetime:
        """An instant in UTC; one written without an offset is UTC, as the schema says."""
        return self._value(name, REQUIRED, _instant)

    def instant_or_none(self, name: str) -> datetime | None:
        return self.instant(name) if self.has(name) else None

    def word(self, name: str, words: type[Word], default: Word | _Required = REQUIRED) -> Word:
        def chosen(value: object) -> Word:
            try:
                return words(_text(value))
            except ValueError:
                raise ValueError(f"one of {', '.join(words)}") from None

        return self._value(name, default, chosen)

    def row(self, name: str) -> "Row":
        """The object called `name`, an empty one when missing."""
        if name not in self._children:
            value = self._get(name)
            place = f"{self.place}, {name}"
            self._children[name] = [Row.of({} if value is None else value, place)]
        return self._children[name][0]

    def rows(self, name: str) -> list["Row"]:
        """The objects of the list called `name`, none when missing."""
        if name not in self._children:
            self._children[name] = [
                Row.of(value, f"{self.place}, {name}[{at}]")
                for at, value in enumerate(self._list(name))
            ]
        return self._children[name]

    def names(self) -> list[str]:
        return list(self.values)

    def unread(self) -> list[str]:
        """A sentence per field here and below that no rule asked for."""
        mine = [
            f"The field “{name}” of {self.place} is not part of the schema and was not used."
            for name in self.values
            if name not in self._read
        ]
        return mine + [
            sentence
            for rows in self._children.values()
            for row in rows
            for sentence in row.unread()
        ]

    def _get(self, name: str) -> object:
        self._read.add(name)
        return self.values.get(name)

    def _list(self, name: str) -> list[object]:
        value = self._get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise ExampleError(f"{self.place}: {name} must be a list.")
        return cast(list[object], value)

    def _value(
        self,
        name: str,
        default: Value | _Required,
        read: Callable[[object], Value],
    ) -> Value:
        value = self._get(name)
        if value is None:
            if isinstance(default, _Required):
                raise ExampleError(f"{self.place}: {name} is missing.")
            return default
        try:
            return read(value)
        except ValueError as error:
            raise ExampleError(f"{self.place}: {name} must be {error}, not {value!r}.") from error


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError("text")


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise ValueError("a decimal number in quotes")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError("a decimal number in quotes") from None
    if not number.is_finite() or not -12 <= number.adjusted() <= 15:
        raise ValueError("a decimal number in quotes, of a size that money can have")
    return number


def _whole(value: object) -> int:
    try:
        number = _number(value)
    except ValueError:
        raise ValueError("a whole number") from None
    if number != number.to_integral_value():
        raise ValueError("a whole number")
    return int(number)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")  # noqa: TRY004 - one error type for all readers
    return value


def _day(value: object) -> date:
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        raise ValueError("a date such as 2026-05-31") from None


def _instant(value: object) -> datetime:
    try:
        at = datetime.fromisoformat(_text(value))
    except ValueError:
        raise ValueError("an instant such as 2026-05-31T18:00:00Z") from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
