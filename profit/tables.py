"""Columns of entries and orders."""

from decimal import Decimal

from django.urls import reverse

from profit.models import Order
from sparkops.web.tables import Column, Table

ENTRIES = Table(
    name="entries",
    caption="Ledger entries",
    default_sort="-booked",
    columns=(
        Column("account", "Account", "account", phone="title"),
        Column("amount", "Amount", kind="money", currency="currency"),
        Column("raw", "As reported", "raw_amount", kind="money", currency="raw_currency", fold=3),
        Column("order_day", "Order date", kind="date", fold=1),
        Column("event_day", "Event date", kind="date", fold=3),
        Column("stage", "Stage", kind="badge"),
        Column("order", "Order", "order_id", fold=2),
        Column("source", "Source", sub="cause", fold=1),
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
            Column("status", "Status", kind="badge", fold=1),
            Column("sample", "Kind", _kind, fold=2),
            Column("gmv", "GMV", kind="money", currency="currency"),
            Column("cm3", "CM3", _cm3, kind="money", currency="currency"),
            Column("sure", "Costs", _sure, kind="badge", fold=1),
        ),
    )


def _kind(row: Order) -> str:
    if row.is_sample:
        return "Sample"
    return "Replacement" if row.is_replacement else ""


def _cm3(row: Order) -> Decimal | None:
    """Nothing where a unit cost is missing: that would be no profit (PD7)."""
    return None if row.uncosted else row.cm3  # type: ignore[attr-defined]


def _sure(row: Order) -> str:
    return "Cost missing" if row.uncosted else ""  # type: ignore[attr-defined]
