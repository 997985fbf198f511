"""Columns of the list of ads."""

from decimal import Decimal
from typing import Any

from django.urls import reverse

from campaigns.models import Ad
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
            Column("state", "State", _state, kind="badge", tone=tone_of, sub=_strange_word),
            Column("account", "Ad account", "ad_account.name", fold=2, phone="none"),
            Column("spend", "Spend", kind="money", currency="currency"),
            Column("impressions", "Impressions", kind="int", fold=1, phone="none"),
            Column("clicks", "Clicks", kind="int", fold=3, phone="none"),
            Column("ctr", "CTR", _ctr, kind="percent", fold=2, phone="none"),
            Column("revenue", "Platform-attributed revenue", "claimed_revenue", kind="money",
                   currency="currency", fold=2),
            Column("created", "Created", "created_at", kind="date", sort="created_at", fold=3,
                   phone="none"),
        ),
    )  # fmt: skip


TONES = {
    Ad.State.LIVE: "ok",
    Ad.State.IN_REVIEW: "info",
    Ad.State.REJECTED: "bad",
    Ad.State.LOST_PERMISSION: "bad",
    Ad.State.PRODUCT_UNAVAILABLE: "bad",
    Ad.State.LIMITED: "warn",
}


def tone_of(row: Any) -> str:
    """The tone of an ad's state; what is over, paused or unknown has none."""
    return TONES.get(row.state, "")


def _strange_word(row: Any) -> str:
    """A word of TikTok that is new to us is shown as it came."""
    return str(row.secondary_status) if row.state == Ad.State.UNKNOWN else ""


def _who(row: Any) -> str:
    return str(row.post.creator) if row.post and row.post.creator else ""


def _state(row: Any) -> str:
    return str(row.get_state_display())


def _ctr(row: Any) -> Any:
    return Decimal(row.clicks) / row.impressions if row.impressions else None
