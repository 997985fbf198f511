"""The Marketing API v1.3 of the sandbox.

``call.py`` has the conventions every endpoint shares; each other module registers the endpoints of
one area on ``API``.
"""

from sparkops.sandbox.ads import (
    accounts,
    adgroups,
    ads,
    business_center,
    campaigns,
    comments,
    creator_accounts,
    gmv_max,
    gmv_max_campaigns,
    gmv_max_report,
    identities,
    oauth,
    posts,
    reports,
    tasks,
)
from sparkops.sandbox.ads.call import API

__all__ = [
    "API",
    "accounts",
    "adgroups",
    "ads",
    "business_center",
    "campaigns",
    "comments",
    "creator_accounts",
    "gmv_max",
    "gmv_max_campaigns",
    "gmv_max_report",
    "identities",
    "oauth",
    "posts",
    "reports",
    "tasks",
]
