"""How a person wants a table: which columns, in which order, how dense."""

from dataclasses import dataclass, replace

from django.http import HttpRequest

from sparkops.web.tables import Column, Table


@dataclass(frozen=True)
class Look:
    """`columns` are keys in the wanted order; none means the table's own."""

    columns: tuple[str, ...] = ()
    dense: bool = False


def look_key(request: HttpRequest) -> str:
    """The name under which a person's look of the open list is kept."""
    match = request.resolver_match
    return match.view_name.replace(":", "-") if match else ""


def look_of(request: HttpRequest) -> Look:
    """What the signed-in person chose for the table of the open list."""
    desk = getattr(request, "desk", None)
    return desk.look(look_key(request)) if desk is not None else Look()


def arranged(table: Table, look: Look) -> Table:
    """The table with its columns as chosen, on the page and in exports.

    The first column names the row and always stays first. A column that was taken off leaves the
    export too; one that only exports have stays in them, so that they can be brought back.
    """
    if not look.columns:
        return replace(table, dense=look.dense)
    first, *others = table.columns
    by_key = {column.key: column for column in others}
    chosen = [by_key[key] for key in dict.fromkeys(look.columns) if key in by_key]
    rest = [column for column in others if column not in chosen]
    columns = (first, *map(_shown, chosen), *map(_left_out, rest))
    return replace(table, columns=columns, css="", dense=look.dense)


def choices(table: Table, look: Look) -> list[tuple[Column, bool]]:
    """Every column but the first in its order, and whether it is shown."""
    return [(column, column.shown) for column in arranged(table, look).columns[1:]]


def _shown(column: Column) -> Column:
    # Who chose a column wants it at any width.
    return replace(column, shown=True, fold=0)


def _left_out(column: Column) -> Column:
    return replace(column, shown=False, exported=False) if column.shown else column
