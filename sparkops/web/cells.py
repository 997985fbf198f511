"""A column of a list and how its cells read: every format is decided once per column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from operator import attrgetter
from typing import Any, Literal

from django.utils import timezone

from sparkops.web import formats, markup, tones

Kind = Literal[
    "text", "money", "int", "number", "percent", "datetime", "ago", "date", "link", "badge", "thumb"
]
Getter = Callable[[Any], Any]

_RIGHT = frozenset({"money", "int", "number", "percent"})


def getter(source: Getter | str) -> Getter:
    """A function of the row: the given one, a dotted attribute path or a key of a mapping."""
    if callable(source):
        return source
    read = attrgetter(source)

    def get(row: Any) -> Any:
        if isinstance(row, Mapping):
            return row[source]
        try:
            return read(row)
        except AttributeError:
            if "." in source:  # a relation on the way is empty
                return None
            raise

    return get


@dataclass(frozen=True)
class Column:
    """One column.

    `value` reads the row: a function, a dotted path, or `key` itself when left out.
    `kind` decides format and side. Money needs `currency`: an ISO code, a path or a function. Any
    kind may have `href`. A badge may have `tone`, else the tone table decides. Text may return a
    safe string to bring its own markup. A percent is a ratio: 0.184 reads 18.4%.
    `sub` is a second, quieter line.
    `sort` is the field path that orders by this column; `key` is its name in URLs and in the API.
    `permission` hides the column, also in exports, from members who do not hold it.
    `export` reads the raw value when it differs from `value`; `exported=False` leaves it out, and
    `shown=False` keeps the column for exports alone.
    `edit` names the field that is edited in the cell itself, by who holds `edit_permission`.
    `fold` drops the column on narrow pages: 1 first, 3 last. `css` names the cell for a page's own
    phone layout; `phone` is what a stacked card does with it: title line, labelled over the whole
    width, plain pair, or nothing.
    """

    key: str
    label: str
    value: Getter | str | None = None
    kind: Kind = "text"
    sub: Getter | str | None = None
    href: Getter | str | None = None
    currency: Getter | str = ""
    tone: Getter | str | None = None
    sort: str | None = None
    permission: str | None = None
    align: Literal["start", "end"] | None = None
    export: Getter | str | None = None
    exported: bool = True
    shown: bool = True
    fold: Literal[0, 1, 2, 3] = 0
    css: str = ""
    phone: Literal["title", "wide", "pair", "none"] = "pair"
    label_hidden: bool = False
    places: int = 2
    edit: str = ""
    edit_permission: str = ""

    @property
    def right(self) -> bool:
        return (self.align or ("end" if self.kind in _RIGHT else "start")) == "end"

    @property
    def classes(self) -> str:
        return " ".join(
            filter(
                None,
                (
                    "n" if self.right else "",
                    f"x{self.fold}" if self.fold else "",
                    f"p-{self.phone}",
                    self.css,
                ),
            )
        )


def currency_of(column: Column) -> Getter:
    """The ISO code of a row's amount: a fixed one, or read from the row."""
    source = column.currency
    if isinstance(source, str) and (not source or (len(source) == 3 and source.isupper())):
        return lambda row: source
    return getter(source)


def writer(column: Column, now: datetime) -> Getter:
    """A function from a row to the inside of the column's cell."""
    write = _FORMATS[column.kind](column, getter(column.value or column.key), now)
    sub = getter(column.sub) if column.sub else None
    href = getter(column.href) if column.href else None

    def cell(row: Any) -> str:
        text = write(row)
        if href and (target := href(row)):
            text = f'<a class="tt" href="{escape(str(target))}">{text}</a>'
        elif (column.kind == "link" and text != formats.MISSING) or column.phone == "title":
            text = f'<span class="tt">{text}</span>'
        if sub and (second := sub(row)):
            text = f'{text}<span class="sub">{markup.text(second)}</span>'
        return text

    return cell


def _text(column: Column, read: Getter, now: datetime) -> Getter:
    def write(row: Any) -> str:
        value = read(row)
        return formats.MISSING if value in (None, "") else markup.text(value)

    return write


def _money(column: Column, read: Getter, now: datetime) -> Getter:
    currency = currency_of(column)

    def write(row: Any) -> str:
        return markup.money(read(row), currency(row) or "")

    return write


def _plain(form: Callable[[Any, Column], str]) -> Callable[[Column, Getter, datetime], Getter]:
    def make(column: Column, read: Getter, now: datetime) -> Getter:
        return lambda row: form(read(row), column)

    return make


def _datetime(column: Column, read: Getter, now: datetime) -> Getter:
    def write(row: Any) -> str:
        value = read(row)
        if value is None:
            return formats.MISSING
        return markup.when(value, formats.moment(value, now=now))

    return write


def _ago(column: Column, read: Getter, now: datetime) -> Getter:
    def write(row: Any) -> str:
        value = read(row)
        return formats.MISSING if value is None else markup.when(value, formats.ago(value, now=now))

    return write


def _date(column: Column, read: Getter, now: datetime) -> Getter:
    today = timezone.localdate(now)

    def write(row: Any) -> str:
        value = read(row)
        if value is None:
            return formats.MISSING
        return f'<time datetime="{value.isoformat()}">{formats.day(value, today=today)}</time>'

    return write


def _badge(column: Column, read: Getter, now: datetime) -> Getter:
    tone = getter(column.tone) if column.tone else None

    def write(row: Any) -> str:
        label = read(row)
        if label in (None, ""):
            return formats.MISSING
        return markup.badge(str(label), tone(row) if tone else tones.tone_of(str(label)))

    return write


def _thumb(column: Column, read: Getter, now: datetime) -> Getter:
    return lambda row: markup.thumb(read(row) or "")


_FORMATS: dict[str, Callable[[Column, Getter, datetime], Getter]] = {
    "text": _text,
    "link": _text,
    "money": _money,
    "int": _plain(lambda value, column: formats.integer(value)),
    "number": _plain(lambda value, column: formats.number(value, column.places)),
    "percent": _plain(lambda value, column: formats.percent(value)),
    "datetime": _datetime,
    "ago": _ago,
    "date": _date,
    "badge": _badge,
    "thumb": _thumb,
}
