"""What the P&L is told apart by beside what an entry names: campaigns, and sources of orders."""

from enum import StrEnum

from profit.rules.entries import Account


class Origin(StrEnum):
    """How a table tells sales and costs apart by where they came from."""

    CAMPAIGN = "campaign"
    SOURCE = "source"


class Source(StrEnum):
    """Where an order came from, as far as TikTok's reports tell (domain 6.6).

    They tell creators' sales, not whether the rest came from the shop tab, from search or from the
    brand's own posts: that stays unattributed. `SAMPLE` holds what samples cost.
    """

    AFFILIATE_ADS = "affiliate_ads"
    LIVE = "live"
    AFFILIATE_ORGANIC = "affiliate_organic"
    SAMPLE = "sample"


SOURCE_NAMES = {
    Source.AFFILIATE_ADS: "Ads on creators' posts",
    Source.LIVE: "Creators' LIVEs",
    Source.AFFILIATE_ORGANIC: "Creators, without ads",
    Source.SAMPLE: "Samples",
}

OF_ADS = frozenset(
    {
        Account.AD_SPEND,
        Account.AD_CREDIT,
        Account.PLATFORM_CLAIMED_REVENUE,
        Account.SPEND_OUTSIDE_AUTHORIZATION,
        Account.SPEND_ON_AUTHORIZATION_BOUNDARY_DAYS,
        Account.SPEND_OUTSIDE_USAGE_RIGHTS,
    }
)
# Every other account holds amounts of orders: what was sold, given back, and cost by selling it.
NOT_OF_ORDERS = OF_ADS | {
    Account.CREATOR_FEES,
    Account.SAMPLE_COST,
    Account.CUSTOM_COST,
    Account.AGENCY_FEES,
}
