"""Ad accounts and what runs in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any


@dataclass
class BusinessCenter:
    id: str
    name: str
    currency: str
    timezone: str
    registered_area: str
    advertiser_ids: list[str] = field(default_factory=list)
    shop_ids: list[str] = field(default_factory=list)


@dataclass
class Advertiser:
    """An ad account. ``utc_offset_hours`` is fixed, without daylight saving; its days follow it.

    ``timezone`` is what the API calls so (``Etc/GMT+8`` means UTC-8). ``fx`` is how many units of
    the account's currency one unit of the shop's currency is worth.
    """

    id: str
    name: str
    company: str
    brand_key: str
    bc_id: str
    currency: str
    country: str
    timezone: str
    display_timezone: str
    utc_offset_hours: int
    created_at: datetime
    fx: Decimal = Decimal(1)
    status: str = "STATUS_ENABLE"
    rejection_reason: str = ""
    balance: Decimal = Decimal(0)

    @property
    def zone(self) -> dt.timezone:
        return dt.timezone(timedelta(hours=self.utc_offset_hours))


@dataclass
class Identity:
    """A TikTok account an ad account may use besides codes: TT_USER, BC_AUTH_TT or TTS_TT."""

    identity_id: str
    identity_type: str
    advertiser_ids: list[str]
    display_name: str
    username: str
    bc_id: str = ""
    shop_id: str = ""
    creator_id: str = ""
    available_status: str = "AVAILABLE"


@dataclass
class Switch:
    """From ``at`` on the entity has this operation status: ENABLE, DISABLE or DELETE."""

    at: datetime
    status: str


@dataclass
class Switched:
    """What campaigns, ad groups and ads have in common.

    ``fields`` are the settings as sent. ``budgets`` is the history of the budget, so that a change
    never rewrites what was spent before it.
    """

    id: str
    advertiser_id: str
    name: str
    created_at: datetime
    modified_at: datetime
    switches: list[Switch]
    fields: dict[str, Any] = field(default_factory=dict)
    budgets: list[tuple[datetime, Decimal]] = field(default_factory=list)

    def operation_status(self, now: datetime) -> str:
        status = "DISABLE"
        for switch in self.switches:
            if switch.at <= now:
                status = switch.status
        return status

    def budget_at(self, moment: datetime) -> Decimal:
        budget = Decimal(0)
        for since, amount in self.budgets:
            if since <= moment:
                budget = amount
        return budget

    @property
    def budget(self) -> Decimal:
        return self.budgets[-1][1] if self.budgets else Decimal(0)

    def set_budget(self, amount: Decimal, now: datetime) -> None:
        self.budgets.append((now, amount))
        self.modified_at = now

    def switch(self, status: str, now: datetime) -> None:
        self.switches.append(Switch(now, status))
        self.modified_at = now


@dataclass
class Campaign(Switched):
    objective_type: str = "TRAFFIC"
    budget_mode: str = "BUDGET_MODE_INFINITE"


@dataclass
class AdGroup(Switched):
    """``starts_at`` / ``ends_at`` is the schedule."""

    campaign_id: str = ""
    budget_mode: str = "BUDGET_MODE_DAY"
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass
class Ad(Switched):
    """``item_id`` is set on Spark ads. ``pace`` is the share of the ad group's daily
    budget it spends.

    ``reviews`` are the outcomes of reviews: AUDIT (again under review), APPROVED or REJECTED, the
    last with ``rejected_reason``.
    """

    campaign_id: str = ""
    adgroup_id: str = ""
    item_id: str = ""
    identity_type: str = ""
    identity_id: str = ""
    pace: Decimal = Decimal("0.85")
    reviews: list[Switch] = field(default_factory=list)
    rejected_reason: str = ""

    def review(self, now: datetime) -> str:
        """AUDIT, APPROVED or REJECTED."""
        word = "AUDIT"
        for review in self.reviews:
            if review.at <= now:
                word = review.status
        return word


@dataclass
class GmvMaxCampaign(Switched):
    """A GMV Max campaign. ``item_ids`` are hand-picked posts, empty with AUTO_SELECTION.

    ``removed`` is the history of posts taken out (True) or put back (False).
    """

    shop_id: str = ""
    bc_id: str = ""
    shopping_ads_type: str = "PRODUCT"
    roas_bid: Decimal = Decimal(2)
    product_ids: list[str] = field(default_factory=list)
    item_ids: list[str] = field(default_factory=list)
    removed: list[tuple[datetime, str, bool]] = field(default_factory=list)
    affiliate_posts: bool = True
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    pace: Decimal = Decimal("0.9")
    identities: list[dict[str, Any]] = field(default_factory=list)
    sessions: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Comment:
    """A comment under an ad."""

    id: str
    ad_id: str
    text: str
    user_name: str
    created_at: datetime
    likes: int = 0
    original_comment_id: str = ""
    status: str = "PUBLIC"
