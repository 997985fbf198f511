"""Columns of the lists of ad groups and of campaigns."""

from decimal import Decimal
from typing import Any

from campaigns.rules.budgets import own_budget, span_of
from campaigns.tables import cost_each, kind_of, platform_roas, state_of_level, tone_of_level
from sparkops.web.links import page_of
from sparkops.web.tables import Column, Table


def groups_table(slug: str) -> Table:
    """Ad groups of one client with the sums of their ads; see `queries.levels`."""
    href = page_of("campaigns:group", client=slug)
    return Table(
        name="ad-groups",
        caption="Ad groups",
        default_sort="-spend",
        row_href=href,
        columns=(
            Column("name", "Ad group", sub="campaign.name", href=href, phone="title", sort="name"),
            *_numbers(),
            Column("ends", "Flight ends", "ends_at", kind="date", sort="ends_at", fold=2),
            Column("account", "Ad account", "campaign.ad_account.name", shown=False),
            Column("adgroup_id", "Ad group id", shown=False),
        ),
    )  # fmt: skip


def campaigns_table(slug: str) -> Table:
    """Campaigns of one client other than GMV Max, with the sums of their ads."""
    href = page_of("campaigns:campaign", client=slug)
    return Table(
        name="campaigns",
        caption="Campaigns",
        default_sort="-spend",
        row_href=href,
        columns=(
            Column("name", "Campaign", sub=kind_of, href=href, phone="title", sort="name"),
            *_numbers(),
            Column("created", "Created", "created_at", kind="date", sort="created_at", fold=2),
            Column("account", "Ad account", "ad_account.name", shown=False),
            Column("campaign_id", "Campaign id", shown=False),
        ),
    )  # fmt: skip


def _numbers() -> tuple[Column, ...]:
    return (
        Column("status", "Status", state_of_level, kind="badge", tone=tone_of_level),
        Column("live", "Live ads", kind="int", sort="live"),
        Column("spend", "Spend", kind="money", currency="currency", sort="spend"),
        Column("revenue", "Platform-attributed revenue", "claimed_revenue", kind="money",
               currency="currency", sort="claimed_revenue", fold=2, phone="none"),
        Column("roas", "Platform ROAS", platform_roas, kind="number", fold=3),
        Column("budget", "Budget", _budget, kind="money", currency="currency", sub=_how_long,
               fold=1),
        Column("impressions", "Impressions", kind="int", sort="impressions", shown=False),
        Column("clicks", "Clicks", kind="int", shown=False),
        Column("conversions", "Conversions", kind="int", sort="conversions", shown=False),
        Column("cpa", "Cost per conversion", cost_each, kind="money", currency="currency",
               shown=False),
    )  # fmt: skip


def _budget(row: Any) -> Decimal | None:
    return own_budget(row.budget)


def _how_long(row: Any) -> str:
    return span_of(row.budget_mode) if own_budget(row.budget) is not None else ""
