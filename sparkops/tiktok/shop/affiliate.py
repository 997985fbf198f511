"""Orders that creators brought, with their commissions (contract 8.6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from sparkops.tiktok.paging import Page
from sparkops.tiktok.shop.caller import Caller, Listing
from sparkops.tiktok.values import (
    Count,
    Flag,
    Maybe,
    RateHundredths,
    Record,
    RequiredId,
    Text,
    TextId,
    UnixTime,
    WireMoney,
    known,
)


class AffiliateSku(Record):
    """One SKU of an order that a creator brought, and the commission for it.

    Amounts are positive here and pairs of number and currency, never converted: this report
    attributes, finance decides the money. For ``content_type`` VIDEO, ``content_id`` is the
    TikTok video id. The username is no key: it can change.
    """

    sku_id: TextId = ""
    product_id: TextId = ""
    quantity: Count = None
    returned_quantity: Count = None
    refunded_quantity: Count = None
    price: Maybe[WireMoney] = None
    creator_username: Text = ""
    content_id: TextId = ""
    content_type: Annotated[
        Text, known("SHOP", "VIDEO", "LIVE", "PRE_LIVE", "PROMOTION_PAGE", "LINKSHARE")
    ] = ""
    open_collaboration_id: TextId = ""
    target_collaboration_id: TextId = ""
    campaign_id: TextId = ""
    commission_model: Annotated[Text, known("Fixed commission", "Tiered commission")] = ""
    commission_tier_setting: Text = ""
    commission_rate: RateHundredths = None
    shop_ads_commission_rate: RateHundredths = None
    partner_commission_rate: RateHundredths = None
    estimated_commission_base: Maybe[WireMoney] = None
    estimated_paid_commission: Maybe[WireMoney] = None
    estimated_paid_shop_ads_commission: Maybe[WireMoney] = None
    estimated_paid_partner_commission: Maybe[WireMoney] = None
    estimated_cofunded_creator_bonus_amount: Maybe[WireMoney] = None
    actual_commission_base: Maybe[WireMoney] = None
    actual_paid_commission: Maybe[WireMoney] = None
    actual_paid_shop_ads_commission: Maybe[WireMoney] = None
    actual_paid_partner_commission: Maybe[WireMoney] = None
    actual_cofunded_creator_bonus_amount: Maybe[WireMoney] = None
    settlement_status: Annotated[Text, known("SETTLED", "UNSETTLED")] = ""
    fully_return: Flag = None


class AffiliateOrder(Record):
    """An order with at least one SKU sold through a creator."""

    id: RequiredId
    status: Annotated[Text, known("PROCESSING", "COMPLETED", "CANCELLED", "FROZEN", "DEDUCTED")] = (
        ""
    )
    create_time: UnixTime = None
    delivery_time: UnixTime = None
    skus: list[AffiliateSku] = []


class AffiliateOrdersPage(Record):
    """``total_count`` counts SKU rows, not orders."""

    orders: list[AffiliateOrder] = []
    next_page_token: Text = ""
    total_count: Count = None


AFFILIATE_ORDERS = Listing(
    "affiliate_orders", AffiliateOrdersPage, AffiliateOrder, "orders", "a list of affiliate orders"
)


class Affiliate:
    """Reads of affiliate orders. Calls raise ``TikTokError``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def orders(
        self,
        *,
        create_time_ge: datetime | None = None,
        create_time_lt: datetime | None = None,
        program_id: str | None = None,
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[AffiliateOrdersPage, AffiliateOrder]]:
        """Orders by time of creation, at most three months at once."""
        body = {
            "create_time_ge": create_time_ge,
            "create_time_lt": create_time_lt,
            "program_id": program_id,
        }
        return self._caller.pages(
            AFFILIATE_ORDERS, body=body, page_size=page_size, page_token=page_token
        )
