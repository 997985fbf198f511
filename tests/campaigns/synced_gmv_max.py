"""Planning a GMV Max campaign in a client that was read from the sandbox."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from campaigns.actions import approval
from campaigns.actions import plans as plan_actions
from campaigns.actions.gmv_max_launch import GmvMaxDraft, plan_gmv_max
from campaigns.models import Campaign, GmvMaxLaunch
from sparkops import clock
from sparkops.catalog.models import AdAccount, Product, Shop
from sparkops.connections.apis import ads_api
from sparkops.isolation.scope import client_scope
from sparkops.tiktok.ads.gmv_max import GmvMaxCampaign
from tests.campaigns.synced import MINA


def primary() -> AdAccount:
    """The ad account that holds the shop's GMV Max right: it runs the shop's campaign."""
    [running] = Campaign.objects.filter(kind="gmv_max_product", operation_status="ENABLE")
    return running.ad_account


def free_products() -> list[Product]:
    """Products that no running campaign of the demo promotes."""
    return list(Product.objects.order_by("-product_id")[:2])


def wanted(**changes: Any) -> GmvMaxDraft:
    now = clock.now().replace(microsecond=0)
    draft = GmvMaxDraft(
        plan_name="Serum in GMV Max",
        shop=Shop.objects.get(),
        ad_account=primary(),
        products=free_products(),
        daily_budget=Decimal("120.00"),
        target_roas=Decimal("3.5"),
        starts_at=now + timedelta(hours=1),
        ends_at=now + timedelta(days=6),
    )
    return replace(draft, **changes)


def approved(draft: GmvMaxDraft) -> GmvMaxLaunch:
    """The campaign of a plan that went through gates, both approvals, and the undo window."""
    now = clock.now()
    plan = plan_gmv_max(draft, by=MINA, now=now)
    plan_actions.propose(plan, by=MINA, now=now)
    plan_actions.confirm(plan, by=MINA, now=now)
    _, token = approval.make_link(plan, recipient="Ada", by=MINA, now=now)
    link = approval.open_link(token, now=now)
    approval.approve(link, who=approval.Visitor("Ada", ""), now=now)
    return plan.gmv_max.get()


def ended_at_tiktok(client_id: int) -> list[GmvMaxCampaign]:
    """The campaigns that were made here, as they stood before they were deleted, so that others may
    promote the same products."""
    with client_scope(client_id):
        account = primary()
    advertiser = account.advertiser_id
    with ads_api(client_id, account.connection_id) as api:
        found = [
            row
            for page in api.gmv_max.campaign_pages(advertiser, "PRODUCT_GMV_MAX")
            for row in page.items
            if row.campaign_name.startswith("GMV Max ")
        ]
        for row in found:
            api.campaigns.set_status(advertiser, [row.campaign_id], "DELETE")
    return found
