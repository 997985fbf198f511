"""Columns of the watchdog's list."""

from typing import Any

from django.urls import reverse

from authorizations.rules.watch import Kind
from sparkops.web.tables import Column, Table

FINDING_TONES = {
    Kind.REVOKED: "bad",
    Kind.UNLISTED: "bad",
    Kind.DELETED: "bad",
    Kind.REMOVED: "bad",
    Kind.PRIVATE: "bad",
    Kind.LINK_LOST: "warn",
    Kind.CAPTION: "warn",
    Kind.REGION: "warn",
    Kind.EXTENDED: "info",
}


def findings_table(slug: str) -> Table:
    """What was found on posts of one client."""

    def href(row: Any) -> str:
        return reverse("authorizations:finding", kwargs={"client": slug, "pk": row.pk})

    return Table(
        name="findings",
        caption="Findings of the watchdog",
        default_sort="-noticed",
        row_href=href,
        columns=(
            Column("what", "What", _what, sub=_who, href=href, phone="title"),
            Column("kind", "Kind", _kind, kind="badge", tone=_tone),
            Column("sentence", "What happened", "sentence", sub=_says, fold=1),
            Column("account", "Ad account", _account, fold=2, phone="none"),
            Column("noticed", "Noticed", "noticed_at", kind="date", sort="noticed_at"),
            Column("over", "Over", "over_at", kind="date", fold=3),
        ),
    )


def _what(row: Any) -> str:
    return str(row.post) if row.post else "Linked account"


def _who(row: Any) -> str:
    subject = row.post or row.authorization
    return f"@{subject.creator.handle}" if subject.creator else "creator not known yet"


def _kind(row: Any) -> str:
    return str(row.get_kind_display())


def _tone(row: Any) -> str:
    return FINDING_TONES.get(Kind(row.kind), "")


def _says(row: Any) -> str:
    return f"TikTok says {row.tiktok_says}" if row.tiktok_says else ""


def _account(row: Any) -> str:
    return str(row.ad_account) if row.ad_account else "all"


def cases_table(slug: str) -> Table:
    """Broken holds of one client."""

    def href(row: Any) -> str:
        return reverse("authorizations:case", kwargs={"client": slug, "pk": row.pk})

    return Table(
        name="cases",
        caption="Cases about broken holds",
        default_sort="-opened",
        row_href=href,
        columns=(
            Column("post", "Post", "post", sub=_who, href=href, phone="title"),
            Column("state", "State", _case_state, kind="badge", tone=_case_tone),
            Column("what", "What happened", "finding.sentence", sub=_says_of_case, fold=1),
            Column("hold", "Held until", "hold_until", kind="date", fold=2),
            Column("fees", "Fees stopped", "frozen_fees", fold=3),
            Column("opened", "Opened", "opened_at", kind="date", sort="opened_at"),
        ),
    )


def _case_state(row: Any) -> str:
    return str(row.get_state_display())


def _case_tone(row: Any) -> str:
    return "bad" if row.state == "open" else "ok"


def _says_of_case(row: Any) -> str:
    return _says(row.finding)
