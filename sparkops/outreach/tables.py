"""Columns of outreach and of its recipients."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse

from sparkops.outreach.models import Collision, Outreach, Recipient
from sparkops.outreach.rules.collisions import dated, why_bid, why_exclusive
from sparkops.web import formats
from sparkops.web.tables import Column, Table

TONES = {
    Recipient.State.QUEUED: "half",
    Recipient.State.SENT: "ok",
    Recipient.State.SKIPPED: "line",
    Recipient.State.FAILED: "bad",
}
STATE_TONES = {
    Outreach.State.DRAFT: "line",
    Outreach.State.RUNNING: "info",
    Outreach.State.PAUSED: "warn",
    Outreach.State.STOPPED: "line",
    Outreach.State.DONE: "ok",
}


def outreach_table(slug: str) -> Table:
    """Every outreach, the newest first. Rows are `queries.outreaches.outreaches`."""

    def href(row: Any) -> str:
        return reverse("outreach:outreach", kwargs={"client": slug, "pk": row.pk})

    return Table(
        name="outreach",
        caption="Outreach",
        default_sort="-created",
        row_href=href,
        columns=(
            Column("name", "Outreach", "name", sub=_to_whom, href=href, phone="title"),
            Column("state", "State", _state, kind="badge", tone=_state_tone),
            Column("sent", "Sent", "sent_count", kind="int"),
            Column("queued", "Queued", "queued_count", kind="int", fold=2),
            Column("skipped", "Skipped", "skipped_count", kind="int", fold=2),
            Column("failed", "Failed", "failed_count", kind="int", fold=2),
            Column("created", "Written", "created_at", kind="ago", sort="created_at", fold=3),
        ),
    )


def recipients_table(slug: str, zone: Any, now: datetime, *, may_edit: bool) -> Table:
    """Recipients in the order in which they were noted; moments are of the shop's zone."""

    def anyway(row: Any) -> str:
        return "Write anyway" if may_edit and row.state == Recipient.State.SKIPPED else ""

    def override(row: Any) -> str:
        if not anyway(row):
            return ""
        return reverse("outreach:override", kwargs={"client": slug, "pk": row.pk})

    def href(row: Any) -> str:
        return reverse("creators:creator", kwargs={"client": slug, "pk": row.creator_id})

    return Table(
        name="recipients",
        caption="Recipients",
        default_sort="number",
        columns=(
            Column("number", "No.", kind="int", sort="number", align="start", fold=3,
                   phone="none"),
            Column("creator", "Creator", _creator, sub=_name, href=href, phone="title"),
            Column("state", "Result", _recipient_state, kind="badge", tone=_tone),
            Column("reason", "Why", _why(zone, now), phone="wide"),
            Column("sent", "Sent", "sent_at", kind="ago", fold=2),
            Column("anyway", "Override", anyway, kind="link", href=override, css="act"),
        ),
    )  # fmt: skip


def threads_table(slug: str) -> Table:
    """Conversations, the newest first."""

    def href(row: Any) -> str:
        return reverse("outreach:thread", kwargs={"client": slug, "pk": row.pk})

    return Table(
        name="threads",
        caption="Conversations",
        default_sort="-last",
        row_href=href,
        columns=(
            Column("creator", "Creator", _creator, sub=_name, href=href, phone="title"),
            Column("text", "Last words", "last_text", phone="wide"),
            Column("waits", "State", _waits, kind="badge", tone=_waits_tone),
            Column("who", "Who answers", _assigned, fold=2),
            Column("last", "When", "last_at", kind="ago", sort="last_at"),
        ),
    )


def collisions_table(slug: str) -> Table:
    """Where another client of the agency is at the same creator or post, the newest first."""

    def what(row: Any) -> str:
        if row.kind == Collision.Kind.EXCLUSIVE:
            return reverse("creators:creator", kwargs={"client": slug, "pk": row.creator_id})
        return reverse("creators:post", kwargs={"client": slug, "pk": row.post_id})

    def accept(row: Any) -> str:
        if row.accepted_at:
            return ""
        return reverse("outreach:collision-accept", kwargs={"client": slug, "pk": row.pk})

    def offered(row: Any) -> str:
        return "" if row.accepted_at else "Accept"

    return Table(
        name="collisions",
        caption="Collisions",
        default_sort="-since",
        columns=(
            Column("what", "Creator or post", str, sub=_kind, href=what, phone="title"),
            Column("why", "Why", _elsewhere, sub=_of_whom, phone="wide"),
            Column("accepted", "Accepted", _accepted, sub=_because, fold=2),
            Column("since", "Since", "since", kind="ago", sort="since", fold=3),
            Column("accept", "Override", offered, kind="link", href=accept, css="act"),
        ),
    )


def why_collision(row: Any) -> str:
    """What it means, in words."""
    if row.kind == Collision.Kind.EXCLUSIVE:
        return why_exclusive(row.ends_on)
    return why_bid(row.ads)


def _kind(row: Any) -> str:
    return str(row.get_kind_display())


def _elsewhere(row: Any) -> str:
    if row.kind == Collision.Kind.EXCLUSIVE:
        return f"Held until {dated(row.ends_on)}"
    return f"{formats.plural(row.ads, 'live ad')} behind it"


def _of_whom(row: Any) -> str:
    by = "by" if row.kind == Collision.Kind.EXCLUSIVE else "of"
    return f"{by} another client of your agency"


def _accepted(row: Any) -> str:
    return f"by {row.accepted_by}" if row.accepted_at else ""


def _because(row: Any) -> str:
    return str(row.reason)


def _waits(row: Any) -> str:
    return "Waits" if row.waits else "Answered"


def _waits_tone(row: Any) -> str:
    return "warn" if row.waits else "ok"


def _assigned(row: Any) -> str:
    return str(row.assigned_to) if row.assigned_to else ""


def _why(zone: Any, now: datetime) -> Callable[[Any], str]:
    def why(row: Any) -> str:
        if row.state == Recipient.State.QUEUED and row.due_at:
            until = formats.moment(row.due_at, now=now, zone=zone)
            return f"Queued until {until}. {row.reason}".strip()
        if row.next_at:
            moment = formats.moment(row.next_at, now=now, zone=zone)
            return f"Follow-up {row.next_step} comes {moment}."
        return str(row.reason)

    return why


def _to_whom(row: Any) -> str:
    return f"{row.get_channel_display()} to {row.segment}"


def _state(row: Any) -> str:
    return str(row.get_state_display())


def _state_tone(row: Any) -> str:
    return STATE_TONES[Outreach.State(row.state)]


def _creator(row: Any) -> str:
    return str(row.creator)


def _name(row: Any) -> str:
    return str(row.creator.display_name)


def _recipient_state(row: Any) -> str:
    return str(row.get_state_display())


def _tone(row: Any) -> str:
    return TONES[Recipient.State(row.state)]
