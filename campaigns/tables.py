"""Columns of the list of ads."""

from decimal import Decimal
from typing import Any

from django.urls import reverse

from sparkops.web.tables import Column, Table


def ads_table(slug: str) -> Table:
    """The list of ads of one client. Revenue is what the platform claims, said so in its head."""

    def href(row: Any) -> str:
        return reverse("campaigns:ad", kwargs={"client": slug, "pk": row.pk})

    return Table(
        name="ads",
        caption="Ads",
        default_sort="-created",
        row_href=href,
        columns=(
            Column("name", "Ad", sub=_who, href=href, phone="title"),
            Column("state", "State", _state, kind="badge"),
            Column("account", "Ad account", "ad_account.name", fold=2),
            Column("spend", "Spend", kind="money", currency="currency"),
            Column("impressions", "Impressions", kind="int", fold=1),
            Column("ctr", "CTR", _ctr, kind="percent", fold=2),
            Column("revenue", "Platform-attributed revenue", "claimed_revenue", kind="money",
                   currency="currency", fold=2),
            Column("word", "TikTok's word", "secondary_status", fold=3),
            Column("created", "Created", "created_at", kind="date", sort="created_at", fold=3),
        ),
    )  # fmt: skip


def _who(row: Any) -> str:
    return str(row.post.creator) if row.post and row.post.creator else ""


def _state(row: Any) -> str:
    return str(row.get_state_display())


def _ctr(row: Any) -> Any:
    return Decimal(row.clicks) / row.impressions if row.impressions else None
