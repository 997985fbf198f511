"""Columns of the list of reports."""

from django.urls import reverse

from sparkops.reports.models import Report
from sparkops.web.tables import Column, Table


def reports_table(slug: str) -> Table:
    """Reports of one client, the newest period first."""

    def href(row: Report) -> str:
        return reverse("reports:report", kwargs={"client": slug, "pk": row.pk})

    return Table(
        name="reports",
        caption="Reports",
        default_sort="-first",
        row_href=href,
        columns=(
            Column("period", "Period", str, href=href, phone="title"),
            Column("first", "From", "first", kind="date", sort="first", fold=1),
            Column("made", "Made", "made_at", kind="ago", sort="made_at"),
            Column("by", "By", "made_by", fold=2),
        ),
    )
