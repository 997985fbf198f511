"""What triage knows of a post, and the thresholds it is held against; both travel as JSON."""

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Rule:
    """A client's thresholds. `cpm` is what 1,000 paid impressions cost, in `currency`.

    `gpm_factor` is how many times the break-even the organic gpm has to reach. A score of at least
    `green_from` is green, of at least `amber_from` amber.
    """

    currency: str = "USD"
    cpm: Decimal = Decimal("8.00")
    min_views: int = 1_000
    min_age_hours: int = 48
    max_age_days: int = 30
    min_stock_days: int = 14
    min_cover_days: int = 3
    min_clicks: int = 30
    min_prior_posts: int = 5
    view_ratio: Decimal = Decimal("1.5")
    engagement_rate: Decimal = Decimal("0.04")
    share_rate: Decimal = Decimal("0.005")
    product_ctr: Decimal = Decimal("0.01")
    min_orders: int = 3
    gpm_factor: Decimal = Decimal("1.0")
    green_from: int = 75
    amber_from: int = 60


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a post at the moment `at`; numbers are organic and to date.

    `baseline_views` is the median of the creator's earlier posts at the same age, of `prior_posts`
    of them. `shop_engagement` is the shop's median rate. `break_even_roas` is what profit published
    for the post's products. `stock` is the scarcest linked product's, sold at `units_per_day`.
    `cover_days` are whole days of cover left, None for cover without an end.
    """

    at: datetime
    published_at: datetime | None = None
    availability: str = "unknown"
    measured: bool = False
    views: int = 0
    likes: int = 0
    comments: int = 0
    shares: int = 0
    product_clicks: int = 0
    orders: int = 0
    gmv: Decimal = Decimal(0)
    currency: str = ""
    prior_posts: int = 0
    baseline_views: Decimal | None = None
    shop_engagement: Decimal | None = None
    has_product: bool = False
    break_even_roas: Decimal | None = None
    stock: int | None = None
    units_per_day: Decimal | None = None
    covered: bool = False
    cover_days: int | None = None
    creator_known: bool = False


def rule_from(stored: dict[str, Any]) -> Rule:
    """A rule from JSON; what it does not name has its default."""
    return Rule(**_read(Rule, stored))


def facts_from(stored: dict[str, Any]) -> Facts:
    """Facts from JSON, as `dataclasses.asdict` wrote them."""
    return Facts(**_read(Facts, stored))


def _read(kind: Any, stored: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields(kind):
        value = stored.get(one.name)
        if value is None:
            if one.name in stored:
                found[one.name] = None
        elif "Decimal" in str(one.type):
            found[one.name] = Decimal(str(value))
        elif "datetime" in str(one.type):
            found[one.name] = _moment(value)
        else:
            found[one.name] = value
    return found


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
