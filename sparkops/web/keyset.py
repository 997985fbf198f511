"""Paging that costs the same at any depth: rows after or before a remembered row.

A cursor holds the sort value and the key of one row, signed, so a reader can neither forge one nor
use it as an oracle for values of rows. A cursor that is broken, old or made for another order
gives the first page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import EmptyResultSet, FieldDoesNotExist, FieldError, ValidationError
from django.db import connections, models
from django.db.models import F, Q, QuerySet

PAGE_SIZE = 50
COUNT_CAP = 1_000
_SALT = "sparkops.web.keyset"
_READERS: dict[str, Any] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "Decimal": Decimal,
    "UUID": UUID,
}


@dataclass(frozen=True)
class Order:
    """Rows sorted by one column and then by their key, both in the same direction.

    `field` is a field path (`creator__handle`) or an annotation. Rows without a value come last
    in both directions. `key` must be unique.
    """

    field: str
    descending: bool = False
    key: str = "pk"

    @property
    def name(self) -> str:
        return f"{'-' if self.descending else ''}{self.field}"


@dataclass(frozen=True)
class Page:
    """One page of rows; `next` and `previous` are cursors for the URL, or None at the ends."""

    rows: Sequence[Any]
    next: str | None = None
    previous: str | None = None

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Count:
    """A count that stopped at a cap: reads `214` or `1,000+`."""

    value: int
    capped: bool = False

    def __str__(self) -> str:
        return f"{self.value:,}{'+' if self.capped else ''}"


def capped_count(rows: QuerySet[Any], cap: int = COUNT_CAP) -> Count:
    """Count at most `cap` rows, which is cheap where an exact count is not."""
    found = rows.order_by()[: cap + 1].count()
    return Count(min(found, cap), found > cap)


def capped_counts(every: Sequence[QuerySet[Any]], cap: int = COUNT_CAP) -> list[Count]:
    """Like `capped_count` for several, such as the tabs of a page, in one query."""
    if not every:
        return []
    parts: list[str] = []
    values: list[Any] = []
    for rows in every:
        inner, given = _keys(rows, cap + 1)
        parts.append(f"(SELECT count(*) FROM ({inner}) AS rows)")  # noqa: S608
        values += given
    with connections[every[0].db].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        found = cursor.fetchone()
    return [Count(min(one, cap), one > cap) for one in found]


def _keys(rows: QuerySet[Any], most: int) -> tuple[str, Sequence[Any]]:
    try:
        return rows.order_by().values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:  # its filters cannot be met
        return "SELECT 1 WHERE false", ()


def paginate(
    rows: QuerySet[Any],
    order: Order,
    cursor: str | None = "",
    size: int = PAGE_SIZE,
    *,
    clients: Sequence[int] = (),
) -> Page:
    """The page of `rows` that `cursor` names; `rows` may be of models or of `values()`.

    Any order the queryset had is replaced. Rows of several `clients` are looked for in each one's
    index and merged: in one search over all of them no index has their order, so the database
    would sort every row they have.
    """
    place = _opened(cursor, order)
    if place is None:
        return _first(rows, order, size, clients)
    backward, value, key = place
    step = -1 if backward else 1
    beyond = _beyond(rows, order, value, key, forward=not backward)
    try:
        found = _read_on(rows, order, beyond, size + 1, forward=not backward, clients=clients)
    except (FieldError, ValueError, ValidationError):
        return _first(rows, order, size, clients)
    if not found or (backward and len(found) < size):
        return _first(rows, order, size, clients)
    more, shown = len(found) > size, found[:size][::step]
    return Page(
        shown,
        next=_cursor(order, shown[-1], backward=False) if backward or more else None,
        previous=_cursor(order, shown[0], backward=True) if not backward or more else None,
    )


def in_order(rows: QuerySet[Any], order: Order) -> QuerySet[Any]:
    """All rows in the order in which `paginate` shows them."""
    return _sorted(rows, order, forward=True)


def after(rows: QuerySet[Any], order: Order, cursor: str, size: int) -> Page:
    """The next `size` rows for a program: forward only, and empty past the last row.

    A person is shown the first page for a cursor that is of no use; a program would begin again
    without noticing. Raises ValueError for a cursor that is broken or of another order.
    """
    if not cursor:
        return _first(rows, order, size)
    place = _opened(cursor, order)
    if place is None or place[0]:
        raise ValueError("This cursor is of no use here.")
    try:
        beyond = _beyond(rows, order, place[1], place[2], forward=True)
        found = _read_on(rows, order, beyond, size + 1, forward=True)
    except (FieldError, ValidationError) as error:
        raise ValueError("This cursor is of no use here.") from error
    shown = found[:size]
    more = len(found) > size
    return Page(shown, next=_cursor(order, shown[-1], backward=False) if more else None)


def _first(rows: QuerySet[Any], order: Order, size: int, clients: Sequence[int] = ()) -> Page:
    found = _read_on(rows, order, [Q()], size + 1, forward=True, clients=clients)
    shown = found[:size]
    return Page(
        shown, next=_cursor(order, shown[-1], backward=False) if len(found) > size else None
    )


def _sorted(rows: QuerySet[Any], order: Order, *, forward: bool) -> QuerySet[Any]:
    # NULLS LAST is named only where a value can be missing: a plain index serves the rest.
    nulls: dict[str, Any] = {}
    if _nullable(rows, order):
        nulls = {"nulls_last": True} if forward else {"nulls_first": True}
    down = order.descending is forward
    columns = [order.field] if order.field == order.key else [order.field, order.key]
    return rows.order_by(
        *(
            (F(column).desc if down else F(column).asc)(**(nulls if column == order.field else {}))
            for column in columns
        )
    )


def _read_on(
    rows: QuerySet[Any],
    order: Order,
    parts: Sequence[Q],
    most: int,
    *,
    forward: bool,
    clients: Sequence[int] = (),
) -> list[Any]:
    """The next `most` rows of `parts`, which follow each other; a part is asked only when needed.

    The order names where missing values stand as the first page does, so the same index serves.
    """
    found: list[Any] = []
    for part in parts:
        ordered = _sorted(rows.filter(part), order, forward=forward)
        wanted = most - len(found)
        if len(clients) > 1:
            keys = _merged_keys(ordered, order, wanted, forward=forward, clients=clients)
            found += _of_keys(rows, order.key, keys)
        else:
            found += ordered[:wanted]
        if len(found) == most:
            break
    return found


def _merged_keys(
    ordered: QuerySet[Any], order: Order, most: int, *, forward: bool, clients: Sequence[int]
) -> list[Any]:
    """The keys of the first rows of several clients, from the first of each. One query."""
    columns = list(dict.fromkeys([order.key, order.field]))
    keys = ordered.prefetch_related(None).values_list(*columns)
    first, *others = (keys.filter(client=one)[:most] for one in clients)
    merged = first.union(*others, all=True)
    return [key for key, *_ in _sorted(merged, order, forward=forward)[:most]]


def _of_keys(rows: QuerySet[Any], name: str, keys: Sequence[Any]) -> list[Any]:
    """The rows of these keys, in their order."""
    found = {_read(row, name): row for row in rows.filter(**{f"{name}__in": keys})}
    return [found[key] for key in keys if key in found]


def _beyond(rows: QuerySet[Any], order: Order, value: Any, key: Any, *, forward: bool) -> list[Q]:
    """What lies past one row, in parts for `_read_on`: one condition that joined rows with a value
    and rows without by OR would have the database read all of them."""
    sign = "lt" if order.descending is forward else "gt"
    past_key = Q(**{f"{order.key}__{sign}": key})
    if order.field == order.key:
        return [past_key]
    missing = Q(**{f"{order.field}__isnull": True})
    if value is None:
        tied = missing & past_key
        return [tied] if forward else [tied, ~missing]
    # `value >= v AND (value > v OR key > k)` lets the database enter the index at v, which
    # `value > v OR (value = v AND key > k)` does not.
    reached = Q(**{f"{order.field}__{sign}e": value}) & (
        Q(**{f"{order.field}__{sign}": value}) | past_key
    )
    return [reached, missing] if _nullable(rows, order) and forward else [reached]


def _nullable(rows: QuerySet[Any], order: Order) -> bool:
    """Whether a value can be missing along the path; unknown names are annotations, so yes."""
    if order.field == order.key:
        return False
    model: type[models.Model] = rows.model
    for name in order.field.split("__"):
        try:
            field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist:
            return True
        if field is None or getattr(field, "null", True):
            return True
        if field.related_model and field.related_model != "self":
            model = field.related_model
    return False


def _cursor(order: Order, row: Any, *, backward: bool) -> str:
    place = [
        order.name,
        backward,
        *_packed(_read(row, order.field)),
        *_packed(_read(row, order.key)),
    ]
    return signing.dumps(place, salt=_SALT, compress=True)


def _opened(cursor: str | None, order: Order) -> tuple[bool, Any, Any] | None:
    if not cursor:
        return None
    try:
        name, backward, *packed = signing.loads(cursor, salt=_SALT)
        if name != order.name:
            return None
        kind, value, key_kind, key = packed
        return bool(backward), _unpacked(kind, value), _unpacked(key_kind, key)
    except (signing.BadSignature, ValueError, TypeError, InvalidOperation):
        return None


def _read(row: Any, path: str) -> Any:
    if isinstance(row, dict):
        return row[path]
    if hasattr(row, path):
        return getattr(row, path)
    for name in path.split("__"):
        row = getattr(row, name, None)
    return row


def _packed(value: Any) -> tuple[str, Any]:
    kind = type(value).__name__
    return (kind, str(value)) if kind in _READERS else ("", value)


def _unpacked(kind: str, value: Any) -> Any:
    return _READERS[kind](value) if kind else value
