"""Columns of the ledger's entries."""

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
