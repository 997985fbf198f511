"""Columns of the list of comments."""

from django.urls import reverse

from campaigns.models import AdComment
from sparkops.web.tables import Column, Table


def comments_table(slug: str) -> Table:
    """Comments under ads, with the response clock of risky ones."""

    def href(row: AdComment) -> str:
        return reverse("campaigns:comment", kwargs={"client": slug, "pk": row.pk})

    return Table(
        name="comments",
        caption="Comments under ads",
        default_sort="-written",
        row_href=href,
        columns=(
            Column("text", "Comment", lambda row: str(row), sub="user_name", href=href,
                   phone="title"),
            Column("state", "State", _state, kind="badge", tone=_tone, sub="risk"),
            Column("due", "Answer by", "due_at", kind="date"),
            Column("ad", "Ad", lambda row: str(row.ad), fold=1),
            Column("likes", "Likes", kind="int", fold=2),
            Column("written", "Written", "written_at", kind="ago", sort="written_at", fold=1),
        ),
    )  # fmt: skip


def _state(row: AdComment) -> str:
    if row.doing:
        return str(row.get_doing_display())
    if row.handled_at:
        return "Hidden" if row.status == "HIDDEN" else "Handled"
    return "Needs an answer" if row.due_at else "Nothing to do"


def _tone(row: AdComment) -> str:
    if row.doing:
        return "info"
    if row.handled_at:
        return "ok"
    return "bad" if row.due_at else ""
