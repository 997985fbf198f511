"""Shops a token reaches, their state and their webhook subscriptions (contract 4.3, 11.1)."""

from __future__ import annotations

from typing import Annotated

from sparkops.tiktok.paging import Page
from sparkops.tiktok.shop.caller import Caller, Listing
from sparkops.tiktok.values import (
    Count,
    Flag,
    Maybe,
    Record,
    RequiredId,
    Text,
    TextId,
    UnixTime,
    known,
)

MAX_ADDRESS_LENGTH = 255

# seller_status and shop_status are numbers written as text.
STATUS_WORDS = {
    "0": "new",
    "1": "pending",
    "2": "active",
    "3": "deactivated",
    "4": "rejected",
    "6": "withdrawn",
}
StatusNumber = Annotated[Text, known(*STATUS_WORDS)]


class Shop(Record):
    """``cipher`` names the shop in calls; store it per shop, read it again on reconnect."""

    id: RequiredId
    name: Text = ""
    region: Text = ""
    seller_type: Annotated[Text, known("CROSS_BORDER", "LOCAL")] = ""
    cipher: Text = ""
    code: Text = ""


class ShopsPage(Record):
    shops: list[Shop] = []


class ActiveShop(Record):
    id: RequiredId
    region: Text = ""


class ActiveShopsPage(Record):
    shops: list[ActiveShop] = []


class ShopCreator(Record):
    """An official or marketing TikTok account bound to the shop."""

    type: Annotated[Text, known("OFFICIAL", "MARKETING")] = ""
    binding_status: Text = ""


class ShopCreatorsPage(Record):
    shop_creators: list[ShopCreator] = []


class ShopStatus(Record):
    shop_id: TextId = ""
    shop_status: StatusNumber = ""


class SellerStatus(Record):
    """Seller and shop states as numbers in text; ``STATUS_WORDS`` says what they mean."""

    seller_status: StatusNumber = ""
    shop_statuses: list[ShopStatus] = []
    tax_form_status: Text = ""
    partner_channel: Text = ""


class SellerStatusPage(Record):
    seller_status_data: Maybe[SellerStatus] = None


class Webhook(Record):
    event_type: Text = ""
    address: Text = ""
    create_time: UnixTime = None
    update_time: UnixTime = None


class WebhooksPage(Record):
    webhooks: list[Webhook] = []
    total_count: Count = None


class Done(Record):
    """The answer of a write that says nothing but that it was accepted."""

    success: Flag = None


SHOPS = Listing("shops", ShopsPage, Shop, "shops", "a list of shops")
ACTIVE_SHOPS = Listing("active_shops", ActiveShopsPage, ActiveShop, "shops", "a list of shops")
SHOP_CREATORS = Listing(
    "shop_creators", ShopCreatorsPage, ShopCreator, "shop_creators", "the accounts of a shop"
)
SELLER_STATUS = Listing(
    "seller_status", SellerStatusPage, SellerStatus, "seller_status_data", "the state of a seller"
)
WEBHOOKS = Listing("webhooks", WebhooksPage, Webhook, "webhooks", "a list of webhooks")


class Shops:
    """Calls about the connection itself. They raise ``TikTokError``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def authorized(self) -> Page[ShopsPage, Shop]:
        """Shops this token reaches, with their ciphers. Needs no cipher itself."""
        return self._caller.page(SHOPS)

    def active(self) -> Page[ActiveShopsPage, ActiveShop]:
        """Active shops of the seller. Needs no cipher."""
        return self._caller.page(ACTIVE_SHOPS)

    def creators(self) -> Page[ShopCreatorsPage, ShopCreator]:
        """The shop's own TikTok accounts."""
        return self._caller.page(SHOP_CREATORS)

    def seller_status(self) -> Page[SellerStatusPage, SellerStatus]:
        """State of the seller and each shop. Needs no cipher."""
        return self._caller.page(SELLER_STATUS)

    def deauthorize(self) -> Done:
        """End the authorization of this shop. TikTok mails the seller about it."""
        return self._caller.record(Done, "an answer", "deauthorize_shop")

    def webhooks(self) -> Page[WebhooksPage, Webhook]:
        """Where this shop's events go."""
        return self._caller.page(WEBHOOKS)

    def set_webhook(self, event_type: str, address: str) -> Done:
        """Send events of a type to an address: HTTPS, a domain name, no port."""
        if len(address) > MAX_ADDRESS_LENGTH:
            raise ValueError(f"the address is longer than {MAX_ADDRESS_LENGTH} characters")
        body = {"address": address, "event_type": event_type}
        return self._caller.record(Done, "an answer", "webhook_put", body=body)

    def remove_webhook(self, event_type: str) -> Done:
        """Send events of a type no longer. Succeeds also when there was none."""
        return self._caller.record(
            Done, "an answer", "webhook_delete", body={"event_type": event_type}
        )
