"""What of an invitation was changed outside SparkOps, as a difference (AB11)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

ENDED = "COMPLETED"


@dataclass(frozen=True)
class Terms:
    """Terms of a target collaboration. Rates are fractions; None is not told, or differs by
    product."""

    name: str
    rate: Decimal | None
    shop_ads_rate: Decimal | None
    ends_at: datetime | None
    status: str = ""


@dataclass(frozen=True)
class Change:
    """One term: what SparkOps sent, and what TikTok holds now."""

    what: str
    sent: Decimal | datetime | str | None
    now: Decimal | datetime | str | None


def changes_of(sent: Terms, read: Terms) -> list[Change]:
    """What differs; a rate that was not sent is TikTok's to choose and no change. An invitation
    whose end has come is over, not changed; one that ended early was ended by somebody."""
    if read.status == ENDED and sent.ends_at and read.ends_at and read.ends_at < sent.ends_at:
        return [Change("Ended early", sent.ends_at, read.ends_at)]
    if read.status == ENDED:
        return []
    found = []
    if sent.name != read.name:
        found.append(Change("Name", sent.name, read.name))
    if sent.rate != read.rate:
        found.append(Change("Commission", sent.rate, read.rate))
    if sent.shop_ads_rate is not None and sent.shop_ads_rate != read.shop_ads_rate:
        found.append(Change("Commission of ads", sent.shop_ads_rate, read.shop_ads_rate))
    if sent.ends_at != read.ends_at:
        found.append(Change("End", sent.ends_at, read.ends_at))
    return found
