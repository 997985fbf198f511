"""Columns of the list of tasks."""

from datetime import date
from typing import Any

from sparkops.talk.models import Task
from sparkops.talk.queries.subjects import KINDS, thread_path
from sparkops.web.tables import Column, Table


def tasks_table(slug: str, today: date) -> Table:
    """Tasks of one client; `today` is the day of its zone, for what is overdue."""

    def href(row: Task) -> str:
        return thread_path(row.subject_type, row.subject_id, slug)

    def tone(row: Task) -> str:
        if row.done_at:
            return "ok"
        return "bad" if row.due_on and row.due_on < today else "half"

    def state(row: Task) -> str:
        if row.done_at:
            return "Done"
        return "Overdue" if row.due_on and row.due_on < today else "Open"

    return Table(
        name="tasks",
        caption="Tasks",
        default_sort="due",
        row_href=href,
        columns=(
            Column("label", "What", sub=_kind, href=href, sort="label", phone="title"),
            Column("assignee", "Assignee", lambda row: str(row.assignee or "Nobody")),
            Column("due", "Due", "due_on", kind="date", sort="due_on"),
            Column("state", "State", state, kind="badge", tone=tone),
            Column("set_by", "Given by", fold=2),
            Column("set", "Given", "set_at", kind="ago", sort="set_at", fold=1),
        ),
    )


def _kind(row: Any) -> str:
    known = KINDS.get(row.subject_type)
    return known.noun if known else row.subject_type
