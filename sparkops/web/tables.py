"""One definition of a list's columns for its page, its export and the ordering its API accepts.

Cells are formatted here, once per row, and a template only prints them: at 50 rows of two-line
cells, templates that format cost more than the query.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from html import escape
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString

from sparkops.web import formats
from sparkops.web.cells import Column, Getter, currency_of, getter, writer
from sparkops.web.keyset import Order, Page

__all__ = ["BoundTable", "Column", "Sort", "Table", "with_query"]

May = Callable[[str], bool]

_LOWEST, _OLDEST = ("lowest first", "highest first"), ("oldest first", "newest first")
_WAYS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("money", "int", "number", "percent"), _LOWEST),
    **dict.fromkeys(("ago", "date", "datetime"), _OLDEST),
}
"""What ascending and descending mean for a kind of column."""
_CURSOR = "cursor"
_SORT = "sort"


@dataclass(frozen=True)
class Sort:
    """An ordering a reader chose: the column's key, and the order of the query."""

    key: str
    order: Order

    @property
    def param(self) -> str:
        return f"{'-' if self.order.descending else ''}{self.key}"


@dataclass(frozen=True)
class Table:
    """The columns of one list.

    `name` is the id of its `<table>`; `caption` says what the rows are. `default_sort` is a column
    key, with a minus for descending. `key` reads a row's id for selection and exports; `row_href`
    is where Enter leads. `dense` draws more rows to a screen. `kind` names the
    rows where some of their cells can be edited in place.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    default_sort: str
    key: str = "pk"
    row_href: Getter | str | None = None
    css: str = ""
    dense: bool = False
    kind: str = ""
    _by_key: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_key = {column.key: column for column in self.columns}
        if len(by_key) != len(self.columns):
            raise ValueError(f"Table {self.name} has two columns with one key")
        first = by_key.get(self.default_sort.lstrip("-"))
        if first is None or first.sort is None:
            raise ValueError(f"Table {self.name}: {self.default_sort} is no sortable column")
        object.__setattr__(self, "_by_key", by_key)

    @property
    def sorts(self) -> dict[str, str]:
        """Keys a URL or the API may order by, and the field each stands for."""
        return {column.key: column.sort for column in self.columns if column.sort}

    def sort(self, asked: str | None = "", may: May | None = None) -> Sort:
        """The order for a URL's `sort` value; the table's own when that value is of no use."""
        for wish in (asked or "", self.default_sort):
            column = self._by_key.get(wish.removeprefix("-"))
            if column and column.sort and _allowed(column, may):
                return Sort(column.key, Order(column.sort, wish.startswith("-"), self.key))
        fallback = self._by_key[self.default_sort.lstrip("-")]
        return Sort(fallback.key, Order(fallback.sort or "pk", False, self.key))

    def visible(self, may: May | None = None) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if _allowed(column, may))

    def bind(
        self,
        page: Page | Sequence[Any],
        *,
        query: QueryDict | None = None,
        sort: Sort | None = None,
        may: May | None = None,
        now: datetime | None = None,
        selectable: bool = False,
        path: str = "",
    ) -> "BoundTable":
        """The table with one page of rows, ready for parts/table.html.

        `query` is the request's GET: links for sorting and paging keep everything else in it.
        """
        if not isinstance(page, Page):
            page = Page(page)
        columns = tuple(column for column in self.visible(may) if column.shown)
        write = _row_writer(self, columns, now or timezone.now(), selectable, may)
        rows = tuple(write(row) for row in page.rows)
        query = query if query is not None else QueryDict()
        sort = sort or self.sort(query.get(_SORT), may)
        return BoundTable(self, columns, rows, page, query, sort, selectable, path)

    def export(self, rows: Iterable[Any], may: May | None = None) -> Iterator[list[Any]]:
        """A header row of labels, then raw values: Decimal, int, ISO moments, text.

        An amount is followed by a column with its ISO currency code.
        """
        columns = [column for column in self.visible(may) if column.exported]
        labels: list[Any] = []
        readers: list[Getter] = []
        for column in columns:
            labels.append(column.label)
            readers.append(getter(column.export or column.value or column.key))
            if column.kind == "money":
                labels.append(f"{column.label} currency")
                readers.append(currency_of(column))
        yield labels
        for row in rows:
            yield [_raw(read(row)) for read in readers]


def over_clients(table: Table, *, default_sort: str = "", without: Sequence[str] = ()) -> Table:
    """The table over several clients: their name beside each row, and nothing to edit in place.

    Amounts are no order there: those of different currencies do not compare. A table that is sorted
    by one needs another `default_sort`. Columns `without` make room for the client; exports have
    them.
    """
    first, *others = (
        replace(column, edit="", shown=column.shown and column.key not in without)
        for column in table.columns
    )
    plain = (replace(one, sort=None) if one.kind == "money" else one for one in others)
    client = Column("client", "Client", _client_name, phone="pair")
    order = default_sort or table.default_sort
    return replace(table, columns=(first, client, *plain), default_sort=order, kind="")


def _client_name(row: Any) -> str:
    return str(row["client__name"] if isinstance(row, Mapping) else row.client.name)


@dataclass(frozen=True)
class Header:
    label: str
    classes: str
    hidden: bool
    href: str = ""
    sorted: str = ""  # "ascending", "descending" or nothing


@dataclass(frozen=True)
class Row:
    key: str
    html: SafeString


@dataclass(frozen=True)
class BoundTable:
    """What parts/table.html and parts/pager.html print."""

    table: Table
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    page: Page
    query: QueryDict
    sort: Sort
    selectable: bool
    path: str

    @property
    def headers(self) -> Iterator[Header]:
        for column in self.columns:
            here = column.key == self.sort.key
            down = self.sort.order.descending
            # Of amounts and counts a reader wants the largest first.
            turn = ("" if down else "-") if here else ("-" if column.right else "")
            yield Header(
                column.label,
                column.classes,
                column.label_hidden,
                self.url(sort=turn + column.key) if column.sort else "",
                ("descending" if down else "ascending") if here else "",
            )

    @property
    def sort_choices(self) -> Iterator[tuple[str, str, bool]]:
        """(value, label, chosen) for the sort menu of narrow screens."""
        for column in self.columns:
            if column.sort:
                plain = ("A to Z", "Z to A") if column.phone == "title" else ("up", "down")
                up, down = _WAYS.get(column.kind, plain)
                for value, word in ((column.key, up), (f"-{column.key}", down)):
                    yield value, f"{column.label}, {word}", value == self.sort.param

    @property
    def edited(self) -> str:
        """The kind of rows whose cells are edited in place; empty when no shown column can be."""
        return self.table.kind if any(column.edit for column in self.columns) else ""

    @property
    def width(self) -> int:
        return len(self.columns) + (1 if self.selectable else 0)

    @property
    def next_url(self) -> str:
        return self.url(cursor=self.page.next) if self.page.next else ""

    @property
    def previous_url(self) -> str:
        return self.url(cursor=self.page.previous) if self.page.previous else ""

    def url(self, **changes: str | None) -> str:
        """This list with some of its parameters changed; another order starts at the first page."""
        return self.path + with_query(self.query, **{_CURSOR: None, **changes})


def with_query(query: QueryDict, **changes: str | None) -> str:
    """`?a=1&b=2` with parameters replaced, or removed where the new value is None or empty."""
    changed = query.copy()
    for name, value in changes.items():
        if value:
            changed[name] = value
        else:
            changed.pop(name, None)
    return "?" + changed.urlencode()


def _allowed(column: Column, may: May | None) -> bool:
    return column.permission is None or (may is not None and may(column.permission))


def _opening(column: Column, may: May | None, *, missing: bool = False) -> str:
    """The tag of a cell; phones leave out one whose value is missing."""
    classes = f"{column.classes} void" if missing else column.classes
    label = escape(column.label)
    return f'<td role="cell" class="{classes}" data-label="{label}"{_edited(column, may)}>'


def _edited(column: Column, may: May | None) -> str:
    """Attributes of a cell that this person may edit."""
    if not column.edit or may is None or not may(column.edit_permission):
        return ""
    return f' data-field="{escape(column.edit)}" tabindex="-1"'


def _raw(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return formats.iso(value)
    return str(value) if isinstance(value, SafeString) else value


def _row_writer(
    table: Table, columns: Sequence[Column], now: datetime, selectable: bool, may: May | None
) -> Callable[[Any], Row]:
    """A function from a row to its `<tr>`. All that is the same in every row is made once here."""
    read_key = getter(table.key)
    read_href = getter(table.row_href) if table.row_href else None
    read_name = getter(columns[0].export or columns[0].value or columns[0].key)
    cells = [
        (_opening(column, may), _opening(column, may, missing=True), writer(column, now))
        for column in columns
    ]

    def write(row: Any) -> Row:
        key = escape(str(read_key(row)))
        href = f' data-href="{escape(str(read_href(row)))}"' if read_href else ""
        parts = [f'<tr role="row" id="{table.name}-{key}"{href}>']
        if selectable:
            parts.append(
                '<td role="cell" class="sel-c"><label class="hit"><input class="cb" '
                f'type="checkbox" name="id" value="{key}" '
                f'aria-label="Select {escape(str(read_name(row)))}"></label></td>'
            )
        for opening, opening_of_none, cell in cells:
            text = cell(row)
            parts.append(f"{opening_of_none if text == formats.MISSING else opening}{text}</td>")
        parts.append("</tr>")
        return Row(key, SafeString("".join(parts)))

    return write
