"""GMV Max campaigns and their days (marketing contract 7).

Campaign rows carry the money; creative rows say which post spent it. What creatives leave over
stays without a post (P24).
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from campaigns.inbound.spans import AskedPage, asked_spans
from campaigns.models import Campaign, GmvMaxDay
from creators.actions.known import know_posts
from sparkops.catalog.inbound import ad_account_parts, open_ads
from sparkops.catalog.models import AdAccount, Product
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.gmv_max import GmvMaxCampaign
from sparkops.tiktok.ads.reports import ReportRow

PRODUCT_CARD = "-1"
Grain = GmvMaxDay.Grain
Asked = tuple[dict[str, str], ReportRow]


def _campaign_pages(api: AdsApi, part: str, _window: Window) -> Iterator[Any]:
    yield from api.gmv_max.campaign_pages(part, "PRODUCT_GMV_MAX")


def load_campaigns(rows: Sequence[GmvMaxCampaign], context: Context) -> Counts:
    """GMV Max campaigns of the ad account."""
    account = AdAccount.objects.get(advertiser_id=context.part)
    return merge(
        Campaign,
        [
            {
                "ad_account_id": account.pk,
                "campaign_id": row.campaign_id,
                "name": row.campaign_name,
                "kind": Campaign.Kind.GMV_MAX_PRODUCT.value,
                "objective": row.objective_type,
                "operation_status": row.operation_status,
                "secondary_status": row.secondary_status,
                "created_at": row.create_time,
                "modified_at": row.modify_time,
                "seen_at": context.now,
            }
            for row in rows
        ],
        key=["campaign_id"],
        unwatched=["seen_at"],
    )


def _day_pages(api: AdsApi, part: str, window: Window) -> Iterator[Any]:
    campaigns = [
        row.campaign_id
        for page in api.gmv_max.campaign_pages(part, "PRODUCT_GMV_MAX")
        for row in page.items
    ]
    if not campaigns:
        return
    stores = [store.store_id for store in api.gmv_max.stores(part).items]
    for store in stores:
        for first, last in asked_spans(window):
            asked = {"from": first.isoformat(), "to": last.isoformat(), "store": store}
            for page in api.gmv_max.reports.campaign_pages(part, store, "PRODUCT", first, last):
                yield AskedPage({**asked, "grain": Grain.CAMPAIGN.value}, page)
            products: set[str] = set()
            for page in api.gmv_max.reports.product_pages(part, store, campaigns, first, last):
                products |= {row.id_of("item_group_id") for row in page.items}
            if products:
                for page in api.gmv_max.reports.creative_pages(
                    part, store, campaigns, sorted(products - {""})[:100], first, last
                ):
                    yield AskedPage({**asked, "grain": Grain.CREATIVE.value}, page)


def load_days(rows: Sequence[Asked], context: Context) -> Counts:
    """Rows of one page, all of one grain, in the ad account's currency and days."""
    account = AdAccount.objects.get(advertiser_id=context.part)
    campaigns = dict(
        Campaign.objects.filter(
            campaign_id__in={row.id_of("campaign_id") for _, row in rows}
        ).values_list("campaign_id", "pk")
    )
    items = {row.id_of("item_id") for _, row in rows}
    posts = know_posts(
        {item: "" for item in items if item and item != PRODUCT_CARD},
        now=context.now,
        source="ads",
    )
    products = dict(
        Product.objects.filter(
            product_id__in={row.id_of("item_group_id") for _, row in rows}
        ).values_list("product_id", "pk")
    )
    return merge(
        GmvMaxDay,
        [
            _row(asked, row, campaigns, posts, products, account, context)
            for asked, row in rows
            if row.day is not None and row.id_of("campaign_id") in campaigns
        ],
        key=["campaign_id", "grain", "key", "day"],
        unwatched=["read_at"],
    )


def _row(
    asked: dict[str, str],
    row: ReportRow,
    campaigns: dict[str, int],
    posts: dict[str, int],
    products: dict[str, int],
    account: AdAccount,
    context: Context,
) -> dict[str, Any]:
    product, item = row.id_of("item_group_id"), row.id_of("item_id")
    return {
        "campaign_id": campaigns[row.id_of("campaign_id")],
        "grain": asked["grain"],
        "key": f"{product}/{item}" if product else "",
        "day": row.day,
        "product_id": products.get(product),
        "post_id": posts.get(item),
        "currency": account.currency,
        "cost": row.number("cost") or Decimal(0),
        "net_cost": row.number("net_cost"),
        "orders": int(row.number("orders") or 0),
        "gross_revenue": row.number("gross_revenue") or Decimal(0),
        "read_at": context.now,
    }


GMV_MAX_CAMPAIGNS = Stream(
    name="gmv_max_campaigns",
    label="GMV Max campaigns",
    kind=Connection.Kind.ADS,
    every=timedelta(minutes=15),
    parts=ad_account_parts,
    open=open_ads,
    pages=_campaign_pages,
    load=load_campaigns,
    first=None,
    skip_equal_pages=False,
)
GMV_MAX_DAYS = Stream(
    name="gmv_max_days",
    label="GMV Max spend",
    kind=Connection.Kind.ADS,
    every=timedelta(minutes=30),
    parts=ad_account_parts,
    open=open_ads,
    pages=_day_pages,
    load=load_days,
    overlap=timedelta(days=7),
)
