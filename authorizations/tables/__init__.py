"""Columns of the rights ledger."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.html import format_html

from authorizations.models import Authorization, Fee
from authorizations.rules.states import USABLE, State
from creators.models.post import title_of
from sparkops.tenants.permissions import Permission
from sparkops.web import formats
from sparkops.web.links import page_of
from sparkops.web.tables import Column, Table

TONES = {
    State.DRAFT: "half",
    State.REQUESTED: "info half",
    State.SUBMITTED: "info half",
    State.VERIFIED: "ok",
    State.IN_USE: "ok",
    State.EXPIRING: "warn",
    State.EXPIRED: "bad",
    State.POST_UNAVAILABLE: "bad",
    State.REJECTED: "bad",
}
Row = Mapping[str, Any]
STATE_NAMES = dict(Authorization.State.choices)
KIND_NAMES = dict(Authorization.Kind.choices)
METHOD_NAMES = {"": "", **dict(Authorization.Method.choices)}
FEE_NAMES = dict(Fee.State.choices)


def ledger_table(slug: str | None, *, by_stake: bool = False, ended: bool = False) -> Table:
    """The list of authorizations of one client, or with None of several; codes are masked, also in
    exports (AR9).

    Rows are those of `queries.listed` with what `queries.add_shown` adds. With `by_stake` they
    also carry `stake`, and what costs most per day comes first (N4). Of what has `ended` the newest
    comes first, by the moment at which it did.
    """
    href = page_of("authorizations:detail", client=slug)
    return Table(
        name="authorizations",
        caption="Authorizations",
        default_sort="-stake" if by_stake else "-ends" if ended else "ends",
        row_href=href,
        kind="authorization",
        columns=(
            Column("post", "Post", _post, sub=_who, href=href, phone="title"),
            Column("state", "State", _state, kind="badge", tone=_tone, sort="state"),
            Column("ends", "Ends", _ends, sub=_limit, export="ends_at",
                   sort="ended_at" if ended else "ends_at"),
            Column("stake", "Spend a day", _amount, kind="money", currency=_currency,
                   sort="stake" if by_stake else None),
            Column("fee", "Fee", _fee, sub=_fee_and_code, kind="badge", tone=_fee_tone, fold=2),
            Column("agreed", "Agreed fee", _agreed, kind="money", currency=_agreed_currency,
                   shown=False, edit="fee", edit_permission=Permission.COST_EDIT.value),
            Column("kind", "Kind", _kind, sub=_code_or_method, fold=2),
            Column("method", "Method", _method, shown=False),
            Column("next", "What to do", "next_action", fold=3, css="roomy"),
            Column("accounts", "Ad accounts", _account_count, export=_accounts, shown=False),
            Column("created", "Known since", "created_at", kind="date", sort="created_at",
                   shown=False),
        ),
    )  # fmt: skip


def _agreed(row: Row) -> Any:
    return row["fee__amount"]


def _agreed_currency(row: Row) -> str:
    return row["fee__currency"] or ""


def _post(row: Row) -> str:
    if row["post_id"] is not None:
        return title_of(row["post__caption"], row["post__item_id"])
    return "Every post" if row["kind"] == "account" else "Post not known yet"


def _who(row: Row) -> str:
    handle = row["creator__handle"]
    return f"@{handle}" if handle else "creator not known yet"


def _state(row: Row) -> str:
    return STATE_NAMES[row["state"]]


def _tone(row: Row) -> str:
    return TONES.get(row["state"], "")


FEE_TONES = {"agreed": "half", "due": "warn", "paid": "ok", "frozen": "bad"}


def _fee(row: Row) -> str:
    if row["fee__state"] is None:
        return "not recorded"
    return "no fee" if row["fee__amount"] == 0 else FEE_NAMES[row["fee__state"]]


def _fee_tone(row: Row) -> str:
    return FEE_TONES.get(row["fee__state"], "")


def _fee_and_code(row: Row) -> str:
    """The fee beside what became of the code (N9)."""
    amount = f"{row['fee__amount']:,.2f} {row['fee__currency']}" if row["fee__amount"] else ""
    return " · ".join(part for part in (amount, "code held" if row["held"] else "") if part)


def _kind(row: Row) -> str:
    return KIND_NAMES[row["kind"]]


def _method(row: Row) -> str:
    """How Content Suite says it was granted (TA9)."""
    return METHOD_NAMES[row["method"]]


def _code_or_method(row: Row) -> str:
    return row["code_mask"] or _method(row)


def _ends(row: Row) -> Any:
    """Time left and the day: a right is never shown as a date alone."""
    end, now = row["ends_at"], row["standing"].now
    if end is None:
        return "Until it is switched off" if row["kind"] == "account" else "Unknown"
    day = formats.day(timezone.localdate(end), today=timezone.localdate(now))
    left = formats.span(end - now) if end > now else formats.ago(end, now=now)
    tone = formats.time_left_tone(end, now=now) if row["state"] in USABLE else ""
    return format_html(
        '<span class="nowrap"><b class="{}">{}</b> <span class="t3">· {}</span></span>',
        f"tone-{tone}" if tone else "",
        left,
        day,
    )


def _limit(row: Row) -> str:
    """What ends the right to spend, where that is not the permission itself (N2)."""
    standing = row["standing"]
    if row["state"] not in USABLE or row["post_id"] is None:
        return ""
    if standing.covered_until is None:
        return "Not covered: no usage terms with an end"
    if standing.covered_until == row["ends_at"] or standing.clock is None:
        return ""
    day = formats.day(
        timezone.localdate(standing.covered_until), today=timezone.localdate(standing.now)
    )
    return f"Covered until {day}, limited by {standing.clock.name}"


def _amount(row: Row) -> Any:
    return row["standing"].spend.amount if row["standing"].spend else None


def _currency(row: Row) -> str:
    return row["standing"].spend.currency if row["standing"].spend else ""


def _account_count(row: Row) -> str:
    return formats.plural(len(row["accounts"]), "account")


def _accounts(row: Row) -> str:
    return ", ".join(row["accounts"]) or "none"
