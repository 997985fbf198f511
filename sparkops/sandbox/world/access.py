"""Handing out OAuth codes and tokens, for both APIs."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

from sparkops.sandbox.world.people import AdsToken, Code, CreatorToken, OauthCode, ShopToken
from sparkops.sandbox.world.state import World

ADS_CODE_LIFE = timedelta(hours=1)
SHOP_CODE_LIFE = timedelta(minutes=30)
SHOP_ACCESS_LIFE = timedelta(days=7)
SHOP_REFRESH_LIFE = timedelta(days=365)
CREATOR_CODE_LIFE = timedelta(minutes=10)
CREATOR_ACCESS_LIFE = timedelta(days=1)
CREATOR_REFRESH_LIFE = timedelta(days=365)


def issue_ads_code(world: World, app_id: str, user_id: str, now: datetime) -> OauthCode:
    code = OauthCode(
        code=world.new_secret("ads_oauth_code"),
        api="ads",
        app=app_id,
        owner_id=user_id,
        created_at=now,
        expires_at=now + ADS_CODE_LIFE,
    )
    world.oauth_codes[code.code] = code
    return code


def issue_ads_token(world: World, app_id: str, user_id: str, now: datetime) -> AdsToken:
    """A long-term token that reaches every ad account the user has at this moment."""
    token = AdsToken(
        access_token=world.new_secret("ads_token"),
        app_id=app_id,
        user_id=user_id,
        advertiser_ids=list(world.ads_users[user_id].advertiser_ids),
        scope=list(world.ads_apps[app_id].scope),
        created_at=now,
    )
    world.ads_tokens[token.access_token] = token
    return token


def issue_shop_code(world: World, app_key: str, seller_id: str, now: datetime) -> OauthCode:
    code = OauthCode(
        code=f"{world.sellers[seller_id].region}_{world.new_secret('shop_oauth_code', 48)}",
        api="shop",
        app=app_key,
        owner_id=seller_id,
        created_at=now,
        expires_at=now + SHOP_CODE_LIFE,
    )
    world.oauth_codes[code.code] = code
    return code


def issue_shop_token(world: World, app_key: str, seller_id: str, now: datetime) -> ShopToken:
    """A new pair of shop tokens; earlier pairs of the seller keep working until they end."""
    token = ShopToken(
        access_token=f"ROW_{world.new_secret('shop_access', 60)}",
        refresh_token=f"ROW_{world.new_secret('shop_refresh', 60)}",
        app_key=app_key,
        seller_id=seller_id,
        user_type=0,
        scopes=list(world.shop_apps[app_key].scopes),
        created_at=now,
        access_expires_at=now + SHOP_ACCESS_LIFE,
        refresh_expires_at=now + SHOP_REFRESH_LIFE,
    )
    world.shop_tokens[token.access_token] = token
    return token


def issue_creator_code(world: World, app_id: str, creator_id: str, now: datetime) -> OauthCode:
    code = OauthCode(
        code=world.new_secret("creator_oauth_code"),
        api="creator",
        app=app_id,
        owner_id=creator_id,
        created_at=now,
        expires_at=now + CREATOR_CODE_LIFE,
    )
    world.oauth_codes[code.code] = code
    return code


def issue_creator_token(world: World, creator_id: str, now: datetime) -> CreatorToken:
    token = CreatorToken(
        access_token=f"act.{world.new_secret('creator_access', 48)}",
        refresh_token=f"rft.{world.new_secret('creator_refresh', 48)}",
        creator_id=creator_id,
        open_id=f"-000{creator_id}",
        access_expires_at=now + CREATOR_ACCESS_LIFE,
        refresh_expires_at=now + CREATOR_REFRESH_LIFE,
    )
    world.creator_tokens[token.access_token] = token
    return token


def make_code(world: World, item_id: str, starts_at: datetime, days: int) -> Code:
    """The creator switches ad authorization on for ``days`` days and copies the code."""
    raw = bytes.fromhex(world.new_secret("spark_code", 96))
    code = Code(
        text="#" + base64.b64encode(raw).decode(),
        item_id=item_id,
        creator_id=world.posts[item_id].creator_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=days),
    )
    world.codes[code.text] = code
    return code
