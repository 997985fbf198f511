"""Ad days of a worked example, as Ads Manager and GMV Max report them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from campaigns.models import Ad, AdDay, AdGroup, Campaign, GmvMaxDay
from creators.models import Post
from profit.rules import facts
from profit.rules.worked_examples import ShopCase
from sparkops.catalog.models import AdAccount, Product, Shop
from sparkops.connections.models import Connection
from sparkops.money import ZERO

GMV_MAX = "gmv_max"


class AdRows:
    """Writes each ad row of a case as a campaign's day; GMV Max with the products it promoted."""

    def __init__(
        self,
        case: ShopCase,
        shop: Shop,
        connection: Connection,
        posts: Mapping[str, Post],
        products: Mapping[str, Product],
        now: datetime,
    ) -> None:
        self.case, self.shop, self.connection = case, shop, connection
        self.posts, self.products, self.now = posts, products, now

    def write(self) -> None:
        """Every row; each has a campaign of its own, so that no two rows are one day's number."""
        for row in self.case.facts.ad_rows:
            campaign = self._campaign(row)
            if row.campaign_kind.startswith(GMV_MAX):
                self._gmv_max_day(campaign, row)
            else:
                self._ad_day(campaign, row)

    def _campaign(self, row: facts.AdRow) -> Campaign:
        offset = row.offset.utcoffset(None) or timedelta()
        account, _ = AdAccount.objects.get_or_create(
            advertiser_id=row.ad_account_id,
            currency=row.currency,
            utc_offset_minutes=int(offset.total_seconds() // 60),
            defaults={
                "connection": self.connection,
                "shop": self.shop,
                "name": row.ad_account_id,
                "timezone": "UTC",
            },
        )
        kind = row.campaign_kind
        return Campaign.objects.create(
            ad_account=account,
            campaign_id=f"campaign-{row.row_id}",
            name=row.campaign_id,
            kind=Campaign.Kind.GMV_MAX_PRODUCT if kind == GMV_MAX else kind,
            seen_at=self.now,
        )

    def _ad_day(self, campaign: Campaign, row: facts.AdRow) -> None:
        group = AdGroup.objects.create(
            campaign=campaign, adgroup_id=f"group-{row.row_id}", name="", seen_at=self.now
        )
        ad = Ad.objects.create(
            ad_group=group,
            ad_account=campaign.ad_account,
            post=self.posts.get(row.post_id or ""),
            ad_id=f"ad-{row.row_id}",
            name="",
            state=Ad.State.LIVE,
            seen_at=self.now,
        )
        AdDay.objects.create(
            ad=ad,
            day=row.day,
            currency=row.currency,
            spend=row.cost,
            credit=row.credit_used,
            claimed_revenue=row.platform_gross_revenue,
            read_at=self.now,
        )

    def _gmv_max_day(self, campaign: Campaign, row: facts.AdRow) -> None:
        grains = GmvMaxDay.Grain
        net = row.cost - row.credit_used
        own = row.product_id or row.post_id
        GmvMaxDay.objects.create(
            campaign=campaign,
            grain=grains.CREATIVE if own else grains.CAMPAIGN,
            key=f"{row.product_id or ''}/{row.post_id or ''}" if own else "",
            day=row.day,
            product=self.products.get(row.product_id or ""),
            post=self.posts.get(row.post_id or ""),
            currency=row.currency,
            cost=row.cost,
            net_cost=net,
            gross_revenue=row.platform_gross_revenue,
            read_at=self.now,
        )
        for product in () if own else row.promoted_products:
            GmvMaxDay.objects.create(
                campaign=campaign,
                grain=grains.PRODUCT,
                key=product,
                day=row.day,
                product=self.products[product],
                currency=row.currency,
                cost=ZERO,
                read_at=self.now,
            )
