"""Columns of what a person was told."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from sparkops.alerts.models import Alert, Delivery
from sparkops.web.tables import Column, Table

TONES = {Alert.Severity.CRITICAL: "bad", Alert.Severity.WARNING: "warn"}


def notices_table() -> Table:
    """A person's notices; each opens the page that answers it."""
    return Table(
        name="notices",
        caption="Notifications",
        default_sort="-raised",
        row_href="alert.path",
        columns=(
            Column("title", "What", "alert.title", sub=_said, href="alert.path", phone="title"),
            Column("client", "Client", lambda row: row.client.name),
            Column("state", "State", _state, kind="badge", tone=_tone),
            Column("raised", "When", "alert.raised_at", kind="ago", sort="alert__raised_at"),
        ),
    )


def _said(row: Delivery) -> SafeString | str:
    return format_html('<span class="clamp2">{}</span>', row.alert.body) if row.alert.body else ""


def _state(row: Delivery) -> str:
    if row.alert.resolved_at:
        return "Over"
    return "Seen" if row.seen_at else "New"


def _tone(row: Delivery) -> str:
    if row.alert.resolved_at or row.seen_at:
        return "ok"
    return TONES.get(Alert.Severity(row.alert.severity), "info")
