"""Columns of entries, orders and restatements."""

from decimal import Decimal

from django.urls import reverse

from profit.models import Entry, Order, Restatement
from profit.rules.words import tiktok_word, word
from sparkops.web import formats
from sparkops.web.tables import Column, Table


def _account(row: Entry | Restatement) -> str:
    return word(row.account)


def _stage(row: Entry) -> str:
    return row.stage.capitalize()


def _cause(row: Entry) -> str:
    return row.cause[:1].upper() + row.cause[1:]


def _reported(row: Entry) -> str:
    """The amount in TikTok's words where it was converted."""
    if row.raw_currency == row.currency:
        return ""
    return f"reported as {formats.money(row.raw_amount, row.raw_currency)}"


ENTRIES = Table(
    name="entries",
    caption="Ledger entries",
    default_sort="-booked",
    columns=(
        Column("account", "Account", _account, phone="title", export="account"),
        Column("amount", "Amount", kind="money", currency="currency", sub=_reported),
        Column(
            "raw", "As reported", "raw_amount", kind="money", currency="raw_currency", shown=False
        ),
        Column("order_day", "Order date", kind="date", fold=1),
        Column("event_day", "Event date", kind="date", fold=3),
        Column("stage", "Stage", _stage, kind="badge", export="stage"),
        Column("order", "Order", "order_id", shown=False),
        Column("source", "Source", sub=_cause, fold=1),
        Column("rule", "Rule", fold=3),
        Column("booked", "Booked", "booked_at", kind="datetime", sort="booked_at", fold=2),
    ),
)


def orders_table(slug: str) -> Table:
    """Orders with what they made; `slug` is the client's."""

    def href(row: Order) -> str:
        return reverse("profit:order", kwargs={"client": slug, "order_id": row.order_id})

    return Table(
        name="orders",
        caption="Orders and what they made",
        default_sort="-created",
        row_href=href,
        columns=(
            Column("order", "Order", "order_id", kind="link", href=href, phone="title"),
            Column("created", "Ordered", "created_at", kind="datetime", sort="created_at"),
            Column(
                "status", "Status", _status, kind="badge", sub="status", fold=1, export="status"
            ),
            Column("sample", "Kind", _kind, fold=2),
            Column("gmv", "GMV", kind="money", currency="currency"),
            Column("cm3", "CM3", _cm3, kind="money", currency="currency"),
            Column("sure", "Costs", _sure, kind="badge", fold=1),
        ),
    )


def overlap_table(slug: str) -> Table:
    """Orders by who claims them; `add_creators` sets the handles."""

    def href(row: Order) -> str:
        return reverse("profit:order", kwargs={"client": slug, "order_id": row.order_id})

    return Table(
        name="overlap",
        caption="Orders and who claims them",
        default_sort="-created",
        row_href=href,
        columns=(
            Column("order", "Order", "order_id", kind="link", href=href, phone="title"),
            Column("created", "Ordered", "created_at", kind="datetime", sort="created_at"),
            Column("claim", "Claimed by", _claim, sub=_creators),
            Column("gmv", "GMV, once", "gmv", kind="money", currency="currency"),
            Column("cm3", "CM3", _cm3, kind="money", currency="currency"),
        ),
    )


def _claim(row: Order) -> str:
    names = [("GMV Max", row.by_ads), ("an affiliate", row.by_affiliate)]  # type: ignore[attr-defined]
    found = " and ".join(name for name, claims in names if claims)
    return found[:1].upper() + found[1:] if found else "Neither"


def _creators(row: Order) -> str:
    return ", ".join(f"@{handle}" for handle in row.creators)  # type: ignore[attr-defined]


def restatements_table(slug: str) -> Table:
    """What was restated; a row of an order opens the order."""

    def href(row: Restatement) -> str:
        if not row.order_id:
            return ""
        return reverse("profit:order", kwargs={"client": slug, "order_id": row.order_id})

    return Table(
        name="restatements",
        caption="Amounts that changed after they were booked",
        default_sort="-booked",
        columns=(
            Column("booked", "When", "booked_at", kind="datetime", sort="booked_at"),
            Column("account", "Line", _account, phone="title", export="account"),
            Column("what", "Of", _what, href=href, fold=1),
            Column("month", "Month", _month, fold=2, export="month"),
            Column("before", "Before", kind="money", currency="currency"),
            Column("after", "After", kind="money", currency="currency"),
            Column("effect", "Net moved", kind="money", currency="currency"),
            Column("stage", "Stage", _stages, fold=2),
            Column("kind", "Reason", _reason, kind="badge", tone=_no_tone),
            Column("cause", "Why", sub="rule", fold=1),
        ),
    )


def _what(row: Restatement) -> str:
    kind, _, name = row.subject.partition("/")
    return f"{kind.replace('_', ' ').capitalize()} {name}"


def _month(row: Restatement) -> str:
    return f"{row.month:%B %Y}"


def _stages(row: Restatement) -> str:
    before, after = row.stage_before or "nothing", row.stage_after or "nothing"
    words = after if before == after else f"{before} → {after}"
    return words.capitalize()


def _reason(row: Restatement) -> str:
    return row.get_kind_display()


def _no_tone(_row: Restatement) -> str:
    return ""


def _status(row: Order) -> str:
    return tiktok_word(row.status)


def _kind(row: Order) -> str:
    if row.is_sample:
        return "Sample"
    return "Replacement" if row.is_replacement else ""


def _cm3(row: Order) -> Decimal | None:
    """Nothing where a unit cost is missing: that would be no profit (PD7)."""
    return None if row.uncosted else row.cm3  # type: ignore[attr-defined]


def _sure(row: Order) -> str:
    return "Cost missing" if row.uncosted else ""  # type: ignore[attr-defined]
