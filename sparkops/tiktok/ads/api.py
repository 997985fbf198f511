"""The Marketing API of one connection, by area.

    with Transport(base_url, "ads") as transport:
        api = AdsApi(transport, access_token, limiter, app_id=app_id, secret=secret)
        for page in api.posts.pages(advertiser_id):
            store(page.raw, page.request_id); use(page.items)

Every call raises ``errors.TikTokError``. Limiter keys and rates: ``rates``.
"""

from __future__ import annotations

from sparkops.tiktok.ads.advertisers import Advertisers
from sparkops.tiktok.ads.business_center import BusinessCenters
from sparkops.tiktok.ads.calls import Caller
from sparkops.tiktok.ads.campaigns import AdGroups, Ads, Campaigns
from sparkops.tiktok.ads.comments import Comments
from sparkops.tiktok.ads.gmv_max import GmvMax
from sparkops.tiktok.ads.identities import Identities
from sparkops.tiktok.ads.posts import Posts
from sparkops.tiktok.ads.reports import Reports
from sparkops.tiktok.limits import Limiter
from sparkops.tiktok.transport import Transport


class AdsApi:
    """All areas under one access token. Holds no connection of its own; ``transport`` does."""

    def __init__(
        self,
        transport: Transport,
        access_token: str,
        limiter: Limiter,
        *,
        app_id: str,
        secret: str,
    ) -> None:
        caller = Caller(transport, access_token, limiter, app_id=app_id)
        self.advertisers = Advertisers(caller, app_id=app_id, secret=secret)
        self.posts = Posts(caller)
        self.identities = Identities(caller)
        self.campaigns = Campaigns(caller)
        self.ad_groups = AdGroups(caller)
        self.ads = Ads(caller)
        self.reports = Reports(caller)
        self.gmv_max = GmvMax(caller)
        self.comments = Comments(caller)
        self.business_centers = BusinessCenters(caller)
