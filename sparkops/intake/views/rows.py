"""What the preview and the result have in common: counts, tabs and rows."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from sparkops.intake.models import Import, ImportRow
from sparkops.intake.queries import (
    counts_of,
    filtered_rows,
    newest_rows,
    row_views,
    undo_progress,
)
from sparkops.intake.tables import RESULT_TONES, rows_table
from sparkops.tenants.permissions import Permission
from sparkops.web.keyset import Page, capped_count, paginate
from sparkops.web.tables import with_query

_R = ImportRow.Result
TABS = (
    ("", "All", "total"),
    ("attention", "To check", "attention"),
    (_R.CREATED.value, "New", "created"),
    (_R.UPDATED.value, "Changed", "updated"),
    (_R.UNCHANGED.value, "Known already", "unchanged"),
    (_R.SKIPPED.value, "Left out", "skipped"),
    (_R.REFUSED.value, "Refused", "refused"),
    ("repeats", "Repeats", "repeats"),
    ("links", "Links to resolve", "links"),
    ("kept", "Not undone", "kept"),
)
ALWAYS = ("", "attention", _R.CREATED.value)


def rows_context(request: HttpRequest, batch: Import, *, now: datetime) -> dict[str, Any]:
    """Context of a page with the rows of an import; rows that need a look come first."""
    view = request.GET.get("view", "")
    counts = batch.counts | counts_of(batch)
    table = rows_table(request.client.slug)  # type: ignore[attr-defined]
    rows = filtered_rows(batch, view)
    sort = table.sort(request.GET.get("sort"))
    found = paginate(rows, sort.order, request.GET.get("cursor"))
    contacts = request.member.may(Permission.CONTACT_VIEW)  # type: ignore[attr-defined]
    views = row_views(found.rows, batch, contacts=contacts)
    page = Page(views, found.next, found.previous)
    return {
        "now": now,
        "batch": batch,
        "counts": counts,
        "tabs": _tabs(request, view, counts),
        "table": table.bind(page, query=request.GET, sort=sort, now=now),
        "count": capped_count(rows),
    }


def progress_context(request: HttpRequest, batch: Import, *, now: datetime) -> dict[str, Any]:
    """Context of the page that watches the workers, with the rows they did last."""
    counts = counts_of(batch)
    is_undo = batch.state == Import.State.UNDOING
    done, total = undo_progress(batch) if is_undo else (counts["done"], counts["total"])
    contacts = request.member.may(Permission.CONTACT_VIEW)  # type: ignore[attr-defined]
    rows = [] if is_undo else row_views(newest_rows(batch), batch, contacts=contacts)
    return {
        "now": now,
        "batch": batch,
        "counts": counts,
        "done": done,
        "total": total,
        "is_undo": is_undo,
        "rows": [(row, RESULT_TONES[ImportRow.Result(row.result)]) for row in rows],
    }


def _tabs(request: HttpRequest, view: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": request.path + with_query(request.GET, view=key, cursor=None),
            "count": counts.get(count, 0),
            "current": key == view,
            "hot": key in ("attention", _R.REFUSED.value) and bool(counts.get(count)),
        }
        for key, label, count in TABS
        if key in ALWAYS or counts.get(count) or key == view
    ]
