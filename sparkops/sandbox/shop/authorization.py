"""Authorized shops, seller accounts and the end of an authorization (contract 4.3)."""

from typing import Any

from . import errors
from .gate import Call, shops_of

ACTIVE = "2"


def shops(call: Call) -> dict[str, Any]:
    """The shops a token covers, with the cipher their data is asked for by."""
    return {
        "shops": [
            {
                "id": shop.id,
                "name": shop.name,
                "region": shop.region,
                "seller_type": "LOCAL",
                "cipher": shop.cipher,
                "code": shop.code,
            }
            for shop in shops_of(call.seller, call.world)
        ]
    }


def category_assets(call: Call) -> dict[str, Any]:
    """Partner tokens only; every token of the sandbox belongs to a seller."""
    raise errors.wrong_token_kind()


def deauthorize(call: Call) -> None:
    """Ends the authorization of the shop in the cipher."""
    call.shop.deauthorized_at = call.now


def active_shops(call: Call) -> dict[str, Any]:
    shops = shops_of(call.seller, call.world)
    return {"shops": [{"id": shop.id, "region": shop.region} for shop in shops]}


def permissions(call: Call) -> dict[str, Any]:
    """Permissions of cross-border sellers; local ones have none."""
    return {"permissions": []}


def status(call: Call) -> dict[str, Any]:
    return {
        "seller_status_data": {
            "seller_status": ACTIVE,
            "shop_statuses": [
                {"shop_id": shop.id, "shop_status": ACTIVE}
                for shop in shops_of(call.seller, call.world)
            ],
            "tax_form_status": ACTIVE,
            "partner_channel": "",
        }
    }


def creators(call: Call) -> dict[str, Any]:
    """The shop's own TikTok account."""
    return {"shop_creators": [{"type": "OFFICIAL", "binding_status": "BOUND"}]}
