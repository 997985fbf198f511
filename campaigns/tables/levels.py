"""Columns of the lists of ad groups and of campaigns."""

from decimal import Decimal
from typing import Any

from campaigns.models import Ad
from campaigns.rules.statuses import AdState, read_status
from campaigns.tables import AD_TONES, cost_per_conversion, return_on_spend
from sparkops.web.links import page_of
from sparkops.web.tables import Column, Table

DAILY = "BUDGET_MODE_DAY"


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
            Column("name", "Campaign", sub=_kind, href=href, phone="title", sort="name"),
            *_numbers(),
            Column("created", "Created", "created_at", kind="date", sort="created_at", fold=2),
            Column("account", "Ad account", "ad_account.name", shown=False),
            Column("campaign_id", "Campaign id", shown=False),
        ),
    )  # fmt: skip


def state_of(row: Any) -> str:
    """What TikTok's words of an ad group or campaign mean."""
    read = read_status(row.secondary_status, operation=row.operation_status)
    if read.state is AdState.UNKNOWN:
        return "Switched on" if read.word.upper() == "ENABLE" else "Unknown status"
    return str(Ad.State(read.state.value).label)


def tone_of(row: Any) -> str:
    """The colour of that state."""
    read = read_status(row.secondary_status, operation=row.operation_status)
    return AD_TONES.get(Ad.State(read.state.value), "")


def _numbers() -> tuple[Column, ...]:
    return (
        Column("status", "Status", state_of, kind="badge", tone=tone_of),
        Column("live", "Live ads", kind="int", sort="live"),
        Column("spend", "Spend", kind="money", currency="currency", sort="spend"),
        Column("revenue", "Platform-attributed revenue", "claimed_revenue", kind="money",
               currency="currency", sort="claimed_revenue", fold=2, phone="none"),
        Column("roas", "Platform ROAS", _roas, kind="number", fold=3),
        Column("budget", "Budget", budget_of, kind="money", currency="currency", sub=_how_long,
               fold=1),
        Column("impressions", "Impressions", kind="int", sort="impressions", shown=False),
        Column("clicks", "Clicks", kind="int", shown=False),
        Column("conversions", "Conversions", kind="int", sort="conversions", shown=False),
        Column("cpa", "Cost per conversion", _cpa, kind="money", currency="currency",
               shown=False),
    )  # fmt: skip


def _kind(row: Any) -> str:
    return str(row.get_kind_display())


def _roas(row: Any) -> Decimal | None:
    return return_on_spend(row.claimed_revenue, row.spend)


def _cpa(row: Any) -> Decimal | None:
    return cost_per_conversion(row.spend, row.conversions)


def budget_of(row: Any) -> Decimal | None:
    """A budget in the account's currency; TikTok writes 0 where the level has none of its own."""
    return row.budget or None


def _how_long(row: Any) -> str:
    if budget_of(row) is None:
        return ""
    return "a day" if row.budget_mode == DAILY else "in all"
