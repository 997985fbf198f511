"""Columns of the rights ledger."""

from typing import Any

from django.urls import reverse

from sparkops.web.tables import Column, Table


def ledger_table(slug: str) -> Table:
    """The list of authorizations of one client; codes are masked, also in exports (AR9)."""

    def href(row: Any) -> str:
        return reverse("authorizations:detail", kwargs={"client": slug, "pk": row.pk})

    return Table(
        name="authorizations",
        caption="Authorizations",
        default_sort="ends",
        row_href=href,
        columns=(
            Column("creator", "Creator", _creator, sub=_post, href=href, phone="title"),
            Column("state", "State", _state, kind="badge", sort="state"),
            Column("kind", "Kind", _kind, sub="code_mask", fold=1),
            Column("ends", "Ends", "ends_at", kind="datetime", sort="ends_at"),
            Column("accounts", "Ad accounts", _accounts, fold=2),
            Column("problem", "What to do", _next, fold=1),
            Column("created", "Known since", "created_at", kind="date", sort="created_at", fold=3),
        ),
    )


def _creator(row: Any) -> str:
    return str(row.creator) if row.creator else "Creator not known yet"


def _post(row: Any) -> str:
    return str(row.post) if row.post else "all posts" if row.kind == "account" else "post not known"


def _state(row: Any) -> str:
    return str(row.get_state_display())


def _kind(row: Any) -> str:
    return str(row.get_kind_display())


def _accounts(row: Any) -> str:
    names = [one.ad_account.name for one in row.redemptions.all() if one.state == "redeemed"]
    return ", ".join(names) or "none"


def _next(row: Any) -> str:
    return row.next_action or ""
