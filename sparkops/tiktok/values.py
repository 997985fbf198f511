"""Field types shared by both APIs, and the base of all records.

TikTok sends ids as text or number, money as text or number, absence in four ways and new words
without notice. These types read all of that into: text ids, ``Decimal`` or None, aware UTC
times or None. What cannot be read is an error of that field, never a guess.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

# Absent on the wire: key missing, null, empty text, a dash.
_ABSENT = frozenset({"", "-", "--"})
_NUMBER = re.compile(r"[+-]?\d{1,24}(\.\d{0,12})?([eE][+-]?\d{1,2})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_absent(value: object) -> bool:
    """True for every way TikTok writes "no value"."""
    return value is None or (isinstance(value, str) and value.strip() in _ABSENT)


def text(value: object) -> str:
    """Text as sent. Numbers become their digits, null becomes empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise ValueError("expected text")


def text_id(value: object) -> str:
    """An id as text. TikTok sends up to 20 digits as text or as a JSON integer.

    A float is refused: it has already lost digits.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError("expected an id as text or whole number")


def decimal_or_none(value: object) -> Decimal | None:
    """An exact number from text or number; None when absent. Never NaN or infinite."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    if is_absent(value):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValueError("expected a number")
    digits = value.strip() if isinstance(value, str) else str(value)
    if not _NUMBER.fullmatch(digits):
        raise ValueError("expected a plain decimal number")
    return Decimal(digits)


def whole_or_none(value: object) -> int | None:
    """A count from text or number; None when absent."""
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    if is_absent(value):
        return None
    if isinstance(value, bool):
        raise ValueError("expected a whole number")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    digits = str(value).strip()
    if isinstance(value, int | str) and _WHOLE.fullmatch(digits):
        return int(digits)
    raise ValueError("expected a whole number")


def flag_or_none(value: object) -> bool | None:
    """Yes or no from true/false, "true"/"false", "Yes"/"No", 1/0; None when absent."""
    if is_absent(value):
        return None
    word = str(value).strip().lower()
    if word in {"true", "yes", "1"}:
        return True
    if word in {"false", "no", "0"}:
        return False
    raise ValueError("expected yes or no")


def _rate(value: object, *, parts: int) -> Decimal | None:
    number = decimal_or_none(value)
    return None if number is None else number / parts


def rate_from_fraction(value: object) -> Decimal | None:
    """``"0.15"`` is 15 %. A percent sign is unambiguous and is accepted too."""
    if isinstance(value, str) and value.strip().endswith("%"):
        return rate_from_percent(value)
    return decimal_or_none(value)


def rate_from_percent(value: object) -> Decimal | None:
    """``"15.0"`` or ``"15%"`` is 15 %."""
    return _rate(value.strip().removesuffix("%") if isinstance(value, str) else value, parts=100)


# ``1500`` is 15 %: hundredths of a percent (commissions) and, by another road to the same
# divisor, the integers "times 10 000" of audience shares.
rate_from_hundredths = partial(_rate, parts=10_000)


def time_from_seconds(value: object) -> datetime | None:
    """Aware UTC from unix seconds as number or text. 0 means "not yet", as in delivery_time."""
    return _time_from_epoch(value, per_second=1)


def time_from_millis(value: object) -> datetime | None:
    """Aware UTC from unix milliseconds as number or text. 0 means "not yet"."""
    return _time_from_epoch(value, per_second=1000)


def _time_from_epoch(value: object, *, per_second: int) -> datetime | None:
    ticks = whole_or_none(value)
    if not ticks:
        return None
    try:
        return _EPOCH + timedelta(microseconds=ticks * (1_000_000 // per_second))
    except OverflowError:
        raise ValueError("the time lies outside the calendar") from None


def time_from_text(value: object) -> datetime | None:
    """Aware UTC from any written form either API uses, or from unix seconds.

    ``2026-11-08 21:00:00``, ``2026-11-08T21:00:00Z``, ``2026-11-08 21:00:00 +0000 UTC``. A form
    without a zone is UTC.
    """
    if is_absent(value):
        return None
    if not isinstance(value, str) or _WHOLE.fullmatch(value.strip()):
        return time_from_seconds(value)
    written = re.sub(r"\s*(UTC|GMT)$", "", value.strip())
    written = re.sub(r"\s+([+-]\d{2}:?\d{2})$", r"\1", written)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError("expected a time such as 2026-11-08 21:00:00") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def day_or_none(value: object) -> date | None:
    """A calendar day from ``YYYY-MM-DD``, also when a time of midnight follows it."""
    if is_absent(value):
        return None
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        raise ValueError("expected a day such as 2026-11-08") from None


def unix_seconds(moment: datetime) -> int:
    """Request form of a time. Raises ``ValueError`` for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be sent to TikTok")
    return int(moment.timestamp())


@dataclass(frozen=True, slots=True)
class Known:
    """The words of a field we know. Others are kept as they are and reported."""

    words: frozenset[str]


def known(*words: str) -> Known:
    """``status: Annotated[Text, known("PAID", "FAILED")] = ""``."""
    return Known(frozenset(words))


Text = Annotated[str, BeforeValidator(text)]
TextId = Annotated[str, BeforeValidator(text_id)]
RequiredId = Annotated[str, BeforeValidator(text_id), Field(min_length=1)]
Amount = Annotated[Decimal | None, BeforeValidator(decimal_or_none)]
Count = Annotated[int | None, BeforeValidator(whole_or_none)]
Flag = Annotated[bool | None, BeforeValidator(flag_or_none)]
RateHundredths = Annotated[Decimal | None, BeforeValidator(rate_from_hundredths)]
RateTenThousandths = RateHundredths
RateFraction = Annotated[Decimal | None, BeforeValidator(rate_from_fraction)]
RatePercent = Annotated[Decimal | None, BeforeValidator(rate_from_percent)]
UnixTime = Annotated[datetime | None, BeforeValidator(time_from_seconds)]
UnixMillis = Annotated[datetime | None, BeforeValidator(time_from_millis)]
WrittenTime = Annotated[datetime | None, BeforeValidator(time_from_text)]
Day = Annotated[date | None, BeforeValidator(day_or_none)]

Parsed = TypeVar("Parsed")


def _none_if_absent(value: object) -> object:
    return None if is_absent(value) or value == {} else value


# An object that TikTok leaves out, nulls or sends as "" or {} when it has nothing to say.
Maybe = Annotated[Parsed | None, BeforeValidator(_none_if_absent)]


class Record(BaseModel):
    """Base of everything read from TikTok: frozen, and unknown fields are kept.

    A null counts as an absent key, so each field's default says what absence means.
    """

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or None not in data.values():
            return data
        names = _wire_names(cls)
        return {
            name: value for name, value in data.items() if value is not None or name not in names
        }

    def unknown_fields(self) -> Iterator[str]:
        """Names the model does not declare on this record itself (not on nested ones).

        A second spelling of a declared field, sent beside the first, is none.
        """
        names = _wire_names(type(self))
        yield from (name for name in self.model_extra or () if name not in names)


class WireMoney(Record):
    """``{"amount" | "value", "currency"}``; a Decimal in the currency, no scale implied."""

    amount: Amount = Field(default=None, validation_alias=AliasChoices("amount", "value"))
    currency: Text = ""


@dataclass
class Findings:
    """What a page holds that the models do not know, with how often.

    ``fields`` by dotted path below the page, ``words`` by ``path=word``.
    """

    fields: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)

    def add(self, other: Findings) -> None:
        """Sum up the pages of a run."""
        self.fields.update(other.fields)
        self.words.update(other.words)


def findings(record: Record) -> Findings:
    """Walk a record and everything below it."""
    found = Findings()
    _collect(record, "", found)
    return found


def _collect(record: Record, path: str, found: Findings) -> None:
    if record.model_extra:
        for name in record.unknown_fields():
            found.fields[path + name] += 1
    for name, words in _worded(type(record)):
        for word in _each(getattr(record, name)):
            if word and word not in words:
                found.words[f"{path}{name}={word}"] += 1
    for name in _nesting(type(record)):
        for nested in _each(getattr(record, name)):
            if isinstance(nested, Record):
                _collect(nested, f"{path}{name}.", found)


def _each(value: object) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else (value,)


@cache
def _nesting(model: type[Record]) -> tuple[str, ...]:
    """The fields that may hold records, alone or in a list: of most rows, few or none."""
    fields = model.model_fields.items()
    return tuple(name for name, info in fields if _may_nest(info.annotation))


def _may_nest(annotation: Any) -> bool:
    if isinstance(annotation, type) and not get_args(annotation):
        return issubclass(annotation, Record)
    if get_origin(annotation) is dict:
        return False
    return annotation is Any or any(_may_nest(inner) for inner in get_args(annotation))


@cache
def _worded(model: type[Record]) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple(
        (name, mark.words)
        for name, info in model.model_fields.items()
        for mark in _marks(info.metadata, info.annotation)
        if isinstance(mark, Known)
    )


def _marks(metadata: list[Any], annotation: Any) -> Iterator[Any]:
    """Marks of the field itself and of a list's elements (``list[Annotated[Text, known()]]``)."""
    yield from metadata
    for inner in get_args(annotation):
        yield from getattr(inner, "__metadata__", ())


@cache
def _wire_names(model: type[Record]) -> frozenset[str]:
    names: set[str] = set()
    for name, info in model.model_fields.items():
        names.add(name)
        alias = info.validation_alias
        if isinstance(alias, AliasChoices):
            names.update(choice for choice in alias.choices if isinstance(choice, str))
        elif isinstance(alias, str):
            names.add(alias)
    return frozenset(names)
