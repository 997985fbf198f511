"""Campaigns, ads and their numbers from the Marketing API."""

from campaigns.inbound.comments import COMMENTS
from campaigns.inbound.gmv_max import (
    EARLIER_GMV_MAX_DAYS,
    GMV_MAX_CAMPAIGNS,
    GMV_MAX_DAYS,
    GMV_MAX_SETTINGS,
)
from campaigns.inbound.hierarchy import AD_GROUPS, ADS, CAMPAIGNS
from campaigns.inbound.hours import AD_HOURS
from campaigns.inbound.numbers import AD_DAYS, EARLIER_AD_DAYS

STREAMS = (
    CAMPAIGNS,
    AD_GROUPS,
    ADS,
    AD_DAYS,
    AD_HOURS,
    GMV_MAX_CAMPAIGNS,
    GMV_MAX_SETTINGS,
    GMV_MAX_DAYS,
    COMMENTS,
    EARLIER_AD_DAYS,
    EARLIER_GMV_MAX_DAYS,
)

__all__ = ["STREAMS"]
