"""One page for every list: tabs, filters, rows, pager, export; what differs is data."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from sparkops.errors import Refusal
from sparkops.sheets.write import csv_bytes, xlsx_bytes
from sparkops.web import pages
from sparkops.web.filters import FilterBar
from sparkops.web.formats import noun_of
from sparkops.web.keyset import Count, capped_count, capped_counts, in_order, paginate
from sparkops.web.looks import Look, arranged, choices, look_key, look_of
from sparkops.web.tables import Table, with_query

May = Callable[[str], bool]
PIECE = "list"
EXPORT_ROWS = 50_000
PORTION = 1_000
FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Action:
    """A button of the page head."""

    label: str
    url: str
    icon: str = ""
    primary: bool = False


@dataclass(frozen=True)
class Tab:
    """A view of the list, as a link."""

    label: str
    url: str
    current: bool = False
    count: Any = None


@dataclass(frozen=True)
class Empty:
    """What stands where there are no rows, and what to do next."""

    title: str
    text: str
    url: str = ""
    action: str = ""
    icon: str = ""


@dataclass(frozen=True)
class ListPage:
    """What a list page is made of. `stale` are sentences about data that is old or missing.

    `crumbs` are the way to a list that no navigation names.
    `figures` are what parts/stat.html takes, shown above the list.
    `above` names a template shown between the tabs and the list; it reads the same context.
    `prepare` adds to the rows of one page what is read for all of them together. `bulk` are what
    can be done with chosen rows: each opens its URL with their ids as `?id=…&id=…`, or for all
    rows of the list with its filters and `all=1`. A list over several clients names their ids in
    `clients`, so that its pages are read from the index of each.
    """

    heading: str
    lede: str
    noun: str
    table: Table
    rows: QuerySet[Any]
    bar: FilterBar
    empty: Empty
    tabs: Sequence[Tab] = ()
    crumbs: Sequence[dict[str, str]] = ()
    actions: Sequence[Action] = ()
    stale: Sequence[str] = ()
    figures: Sequence[dict[str, Any]] = ()
    above: str = ""
    prepare: Callable[[Sequence[Any]], None] | None = None
    bulk: Sequence[Action] = ()
    clients: Sequence[int] = ()
    extra: dict[str, Any] = field(default_factory=dict)


def crumbs(above: tuple[str, str], here: str) -> list[dict[str, str]]:
    """The way over one page `above` (its label and address) to `here`."""
    label, url = above
    return [{"label": label, "url": url}, {"label": here, "url": ""}]


def view_tabs(
    here: str, view: str, labels: Mapping[str, str], rows: Callable[[str], QuerySet[Any]]
) -> list[Tab]:
    """A tab with a count for each view of a list; `labels` by the word of `?view=`."""
    counts = capped_counts([rows(key) for key in labels])
    return [
        Tab(label, f"{here}?view={key}" if key else here, current=key == view, count=count)
        for (key, label), count in zip(labels.items(), counts, strict=True)
    ]


def show(request: HttpRequest, page: ListPage, *, may: May, now: datetime) -> HttpResponse:
    """The page, or the piece of it that htmx asked for, or its rows as a file (`?export=csv` or
    `?export=xlsx`).

    An export needs the permission `export` and is complete or refused, never cut.
    """
    look = look_of(request)
    if "columns" in request.GET:
        return _column_chooser(request, page, look, may)
    page = replace(page, table=arranged(page.table, look))
    sort = page.table.sort(request.GET.get("sort"), may)
    if kind := asked_export(request, may):
        if page.rows[EXPORT_ROWS : EXPORT_ROWS + 1].exists():
            raise Refusal(
                "export_too_large",
                f"This list has more than {EXPORT_ROWS:,} {page.noun}. Filter it first, then"
                " export the parts.",
            )
        ordered = in_order(page.rows, sort.order)
        return export(page.table, _prepared(page, ordered), page.noun, may=may, kind=kind)
    found = paginate(page.rows, sort.order, request.GET.get("cursor"), clients=page.clients)
    _prepared(page, found.rows)
    bound = page.table.bind(
        found, query=request.GET, sort=sort, may=may, now=now, selectable=bool(page.bulk)
    )
    count = _counted(page)
    context = {
        "now": now,
        "page": page,
        "bar": page.bar,
        "table": bound,
        "count": count,
        "result": f"{count} {noun_of(count, page.noun)}",
        "all_query": _all_query(request) if page.bulk else "",
        "columns_url": request.path + with_query(request.GET, cursor=None, columns="1"),
        **export_urls(request, may),
        **page.extra,
    }
    return pages.render(request, "web/list.html", context, pieces={PIECE: "rows"})


def _counted(page: ListPage) -> Count:
    """How many rows there are: without filters as many as the open tab has told already."""
    told = [tab.count for tab in page.tabs if tab.current]
    if not page.bar.active and told and isinstance(told[0], Count):
        return told[0]
    return capped_count(page.rows)


def _column_chooser(request: HttpRequest, page: ListPage, look: Look, may: May) -> HttpResponse:
    """`?columns=1`: the form in which a person arranges the columns of this list."""
    allowed = {column.key for column in page.table.visible(may)}
    context = {
        "page": page,
        "first": page.table.columns[0],
        "choices": [one for one in choices(page.table, look) if one[0].key in allowed],
        "look": look,
        "key": look_key(request),
        "back": request.path + with_query(request.GET, columns=None, cursor=None),
    }
    return pages.render(request, "web/columns.html", context, pieces={"dialog-body": "form"})


def asked_export(request: HttpRequest, may: May) -> str:
    """`csv` or `xlsx` when the URL asks for a file, else nothing.

    Raises PermissionDenied for a member without the permission `export`.
    """
    kind = request.GET.get("export", "")
    if kind not in FILES:
        return ""
    if not may("export"):
        raise PermissionDenied("This role may not export tables.")
    return kind


def export(
    table: Table, rows: Iterable[Any], name: str, *, may: May, kind: str = "csv"
) -> HttpResponse:
    """The rows as a file in the shown columns; cells that a sheet would run are neutralised."""
    lines = list(table.export(rows, may))
    return as_file(name, [str(cell) for cell in lines[0]], lines[1:], kind=kind)


def as_file(
    name: str, headers: Sequence[str], rows: Iterable[Sequence[Any]], *, kind: str
) -> HttpResponse:
    """A download of `rows`; `kind` is a key of `FILES`."""
    content = xlsx_bytes(name, headers, rows) if kind == "xlsx" else csv_bytes(headers, rows)
    response = HttpResponse(content, content_type=FILES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def export_urls(request: HttpRequest, may: May) -> dict[str, str]:
    """`export_url` and `xlsx_url` of the page that is shown; empty for who may not export."""
    if not may("export"):
        return {"export_url": "", "xlsx_url": ""}
    return {"export_url": _export_url(request, "csv"), "xlsx_url": _export_url(request, "xlsx")}


def _prepared(page: ListPage, rows: Sequence[Any] | QuerySet[Any]) -> Sequence[Any]:
    """The rows with what the page adds to them; an export takes them in portions."""
    found = list(rows)
    if page.prepare is not None:
        for begin in range(0, len(found), PORTION):
            page.prepare(found[begin : begin + PORTION])
    return found


def _all_query(request: HttpRequest) -> str:
    """The filters of the list, for what is done with every row of it."""
    query = request.GET.copy()
    for name in ("cursor", "sort"):
        query.pop(name, None)
    query["all"] = "1"
    return query.urlencode()


def _export_url(request: HttpRequest, kind: str) -> str:
    query = request.GET.copy()
    query.pop("cursor", None)
    query["export"] = kind
    return f"{request.path}?{query.urlencode()}"
