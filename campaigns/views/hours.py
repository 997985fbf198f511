"""Today and yesterday by hour, for the pages of ads, ad groups and campaigns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from campaigns.models import Ad
from campaigns.queries.levels import Hour, hours_of_ads
from sparkops.catalog.models import AdAccount
from sparkops.web import charts, formats

_NOTHING = Hour(0, Decimal(0), 0, 0, 0)


@dataclass(frozen=True)
class HourRow:
    """One hour that began today, with the spend of the same hour of yesterday as `before`."""

    label: str
    spend: Decimal
    before: Decimal
    impressions: int
    clicks: int
    conversions: int


@dataclass(frozen=True)
class Hours:
    """What templates/campaigns/by_hour.html shows. `zone` is the account's, as people write it."""

    zone: str
    chart: charts.Chart
    rows: Sequence[HourRow]


def hours_shown(ads: QuerySet[Ad], account: AdAccount, now: datetime) -> Hours | None:
    """The hours of `ads`, which are all of `account`; None when neither day had any delivery."""
    local = now.astimezone(account.zone)
    today, yesterday = local.date(), local.date() - timedelta(days=1)
    found = hours_of_ads(ads, (today, yesterday))
    if not any(found.values()):
        return None
    now_by, then_by = ({one.hour: one for one in found[day]} for day in (today, yesterday))
    so_far = [now_by.get(hour, _NOTHING) for hour in range(local.hour + 1)]
    before = [then_by.get(hour, _NOTHING).spend for hour in range(24)]
    return Hours(
        str(account.zone).replace("-", "\N{MINUS SIGN}"),
        _chart(so_far, before, account.currency),
        [
            HourRow(f"{hour:02}:00", one.spend, before[hour], one.impressions, one.clicks,
                    one.conversions)
            for hour, one in enumerate(so_far)
        ],
    )  # fmt: skip


def _chart(so_far: Sequence[Hour], before: Sequence[Decimal], currency: str) -> charts.Chart:
    spent = sum((one.spend for one in so_far), Decimal(0))
    then = sum(before[: len(so_far)], Decimal(0))
    return charts.hourly(
        "ad-hours",
        "Spend by hour, today and yesterday",
        f"Spent today so far: {formats.money(spent, currency)}; by this hour of yesterday:"
        f" {formats.money(then, currency)}.",
        (
            charts.Series("spend", "Today", [one.spend for one in so_far]),
            charts.Series("prev", "Yesterday", before),
        ),
        currency,
    )
