"""What somebody needs to connect to the sandbox: addresses, apps, codes and tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sparkops.sandbox.seed.accounts import AGENCY_USER
from sparkops.sandbox.world import World
from sparkops.sandbox.world.access import (
    issue_ads_code,
    issue_ads_token,
    issue_shop_code,
    issue_shop_token,
)


def issue(world: World, now: datetime) -> dict[str, Any]:
    """Fresh codes and tokens.

    ``ads`` reaches all ad accounts through the agency's user, ``shop`` is the first brand's shop;
    ``brands`` has codes and tokens of each brand alone. Codes are unused: ads codes live 1 hour,
    shop codes 30 minutes. Addresses are added by ``for_base_url``.
    """
    ads_app = next(iter(world.ads_apps.values()))
    shop_app = next(iter(world.shop_apps.values()))
    first = next(iter(world.brands.values()))
    agency = issue_ads_token(world, ads_app.app_id, AGENCY_USER, now)
    shop_token = issue_shop_token(world, shop_app.app_key, first.seller_id, now)
    return {
        "ads": {
            "app_id": ads_app.app_id,
            "secret": ads_app.secret,
            "access_token": agency.access_token,
            "advertiser_ids": agency.advertiser_ids,
            "oauth_code": issue_ads_code(world, ads_app.app_id, AGENCY_USER, now).code,
        },
        "shop": {
            "app_key": shop_app.app_key,
            "app_secret": shop_app.app_secret,
            "service_id": shop_app.service_id,
            "auth_code": issue_shop_code(world, shop_app.app_key, first.seller_id, now).code,
            "access_token": shop_token.access_token,
            "shop_cipher": world.shops[first.shop_id].cipher,
        },
        "brands": [_brand(world, key, now) for key in world.brands],
    }


def _brand(world: World, key: str, now: datetime) -> dict[str, Any]:
    brand = world.brands[key]
    shop = world.shops[brand.shop_id]
    ads_app = next(iter(world.ads_apps))
    shop_app = next(iter(world.shop_apps))
    return {
        "key": brand.key,
        "name": brand.name,
        "market": brand.market,
        "currency": brand.currency,
        "zone": brand.zone,
        "ads_user": brand.ads_user_id,
        "seller": brand.seller_id,
        "advertiser_ids": list(brand.advertiser_ids),
        "bc_id": brand.bc_id,
        "oauth_code": issue_ads_code(world, ads_app, brand.ads_user_id, now).code,
        "shop_id": shop.id,
        "shop_cipher": shop.cipher,
        "shop_auth_code": issue_shop_code(world, shop_app, brand.seller_id, now).code,
    }


def for_base_url(issued: dict[str, Any], base_url: str) -> dict[str, Any]:
    """The same with the addresses: both APIs, both consent pages and the auth host are one."""
    ads = {"base_url": base_url, **issued["ads"]}
    shop = {"base_url": base_url, "auth_base_url": base_url, **issued["shop"]}
    return {"ads": ads, "shop": shop, "brands": issued["brands"]}
