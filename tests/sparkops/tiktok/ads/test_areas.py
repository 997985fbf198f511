"""Ad accounts, identities, GMV Max, comments, Business Centers: requests and odd readings."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sparkops.tiktok.ads.advertisers import Advertiser
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.identities import IdentityRef

from .conftest import ADVERTISER, TikTok

MAYA = IdentityRef("identity-1", "TT_USER")
DAY = date(2026, 11, 20)


def path_and_query(tiktok: TikTok) -> tuple[str, dict[str, str]]:
    return tiktok.last.path.removeprefix("/open_api/v1.3"), tiktok.last.params


def test_advertiser_info_request(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"list": []})
    api.advertisers.info(["1", "2"])
    assert path_and_query(tiktok) == ("/advertiser/info/", {"advertiser_ids": '["1","2"]'})


@pytest.mark.parametrize(
    ("row", "hours"),
    [
        ({"timezone": "Etc/GMT+8", "display_timezone": "America/Los_Angeles"}, -8),
        # By the POSIX rule the sign is turned round.
        ({"timezone": "Etc/GMT+8"}, -8),
        ({"timezone": "Etc/GMT-3", "display_timezone": "Nowhere/At_All"}, 3),
        ({"timezone": "Europe/Moscow"}, 3),
    ],
)
def test_zone_of_an_ad_account(row: dict[str, Any], hours: int) -> None:
    zone = Advertiser(advertiser_id="1", **row).zone()
    assert datetime(2026, 11, 20, tzinfo=zone).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize("name", ["", "Nowhere/At_All", "../etc/passwd", "/etc"])
def test_ad_account_without_a_usable_zone_says_so(name: str) -> None:
    with pytest.raises(ValueError, match="no usable time zone for ad account 77"):
        Advertiser(advertiser_id="77", timezone=name).zone()


def test_identity_request(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"identity_list": []})
    next(
        api.identities.pages(
            ADVERTISER, "BC_AUTH_TT", identity_authorized_bc_id="bc-1", keyword="maya"
        )
    )
    assert path_and_query(tiktok) == (
        "/identity/get/",
        {
            "advertiser_id": ADVERTISER,
            "identity_type": "BC_AUTH_TT",
            "identity_authorized_bc_id": "bc-1",
            "filtering": '{"keyword":"maya"}',
            "page": "1",
            "page_size": "100",
        },
    )


def test_business_center_identity_needs_its_business_center(api: AdsApi) -> None:
    with pytest.raises(ValueError, match="Business Center"):
        IdentityRef("i", "BC_AUTH_TT")
    with pytest.raises(ValueError, match="Business Center"):
        api.identities.pages(ADVERTISER, "BC_AUTH_TT")
    with pytest.raises(ValueError, match="id"):
        IdentityRef("", "TT_USER")


def test_identity_info_reads_the_other_picture_key(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept(
        {
            "identity_info": {
                "identity_id": "identity-1",
                "identity_type": "TT_USER",
                "profile_image_url": "https://pictures.example/a.jpeg",
            }
        }
    )
    identity = api.identities.info(ADVERTISER, MAYA).value
    assert identity.picture_url == "https://pictures.example/a.jpeg"
    assert identity.ref() == MAYA
    assert path_and_query(tiktok) == (
        "/identity/info/",
        {"advertiser_id": ADVERTISER, "identity_id": "identity-1", "identity_type": "TT_USER"},
    )


def test_health_check_of_posts(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept(
        {
            "video_details": [
                {
                    "item_id": "745",
                    "status": "ITEM_STATUS_ONLY_AUTHOR_SEE",
                    "auth_info": {"auth_end_time": "2025-05-20T11:40:50Z"},
                }
            ]
        }
    )
    post = api.identities.post_details(ADVERTISER, MAYA, ["745"]).items[0]
    assert not post.is_promotable
    assert post.auth_info is not None
    assert post.auth_info.auth_end_time == datetime(2025, 5, 20, 11, 40, 50, tzinfo=UTC)
    path, query = path_and_query(tiktok)
    assert path == "/identity/video/info/"
    assert query["item_ids"] == '["745"]'
    with pytest.raises(ValueError, match="1 to 20"):
        api.identities.post_details(ADVERTISER, MAYA, [str(n) for n in range(21)])


def test_gmv_max_requests(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"campaign_id": "182", "authorization_status": "EFFECTIVE"})
    api.gmv_max.stores(ADVERTISER)
    assert path_and_query(tiktok) == ("/gmv_max/store/list/", {"advertiser_id": ADVERTISER})
    shop = {"advertiser_id": ADVERTISER, "store_id": "749", "store_authorized_bc_id": "741"}
    right = api.gmv_max.exclusive_authorization(ADVERTISER, "749", "741")
    assert right.value.authorization_status == "EFFECTIVE"
    assert path_and_query(tiktok) == ("/gmv_max/exclusive_authorization/get/", shop)
    api.gmv_max.identities(ADVERTISER, "749", "741")
    assert path_and_query(tiktok) == ("/gmv_max/identity/get/", shop)
    api.gmv_max.campaign_info(ADVERTISER, "182")
    assert path_and_query(tiktok) == (
        "/campaign/gmv_max/info/",
        {"advertiser_id": ADVERTISER, "campaign_id": "182"},
    )
    next(api.gmv_max.campaign_pages(ADVERTISER, "LIVE_GMV_MAX", store_ids=["749"]))
    assert path_and_query(tiktok) == (
        "/gmv_max/campaign/get/",
        {
            "advertiser_id": ADVERTISER,
            "filtering": '{"gmv_max_promotion_types":["LIVE_GMV_MAX"],"store_ids":["749"]}',
            "page": "1",
            "page_size": "100",
        },
    )
    api.gmv_max.occupied_ads(ADVERTISER, "749", "SPU", "172")
    assert path_and_query(tiktok) == (
        "/gmv_max/occupied_custom_shop_ads/list/",
        {
            "advertiser_id": ADVERTISER,
            "store_id": "749",
            "occupied_asset_type": "SPU",
            "asset_ids": '["172"]',
        },
    )


def test_gmv_max_posts_of_codes_and_identities(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept(
        {"item_list": [{"item_id": "745", "identity_info": {"identity_type": "AUTH_CODE"}}]}
    )
    page = next(api.gmv_max.post_pages(ADVERTISER, "749", "741", identities=[MAYA]))
    assert page.items[0].identity_info is not None
    assert page.items[0].identity_info.identity_type == "AUTH_CODE"
    path, query = path_and_query(tiktok)
    assert path == "/gmv_max/video/get/"
    assert query["need_auth_code_video"] == "true"
    assert query["identity_list"] == '[{"identity_id":"identity-1","identity_type":"TT_USER"}]'
    with pytest.raises(ValueError, match="identities"):
        api.gmv_max.post_pages(ADVERTISER, "749", "741", with_code_posts=False)


def test_comment_requests(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"comments": []})
    next(api.comments.pages(ADVERTISER, "168", DAY, DAY, comment_types=["COMMENT"]))
    assert path_and_query(tiktok) == (
        "/comment/list/",
        {
            "advertiser_id": ADVERTISER,
            "search_field": "ADGROUP_ID",
            "search_value": "168",
            "start_time": "2026-11-20",
            "end_time": "2026-11-20",
            "comment_type": '["COMMENT"]',
            "page": "1",
            "page_size": "100",
        },
    )
    api.comments.set_visibility(ADVERTISER, ["c1"], "HIDDEN")
    api.comments.reply(
        ADVERTISER, MAYA, ad_id="181", tiktok_item_id="745", comment_id="c1", text="Thanks 💛"
    )
    replied = [json.loads(asked.body) for asked in tiktok.requests[1:]]
    assert replied == [
        {"advertiser_id": ADVERTISER, "comment_ids": ["c1"], "operation": "HIDDEN"},
        {
            "advertiser_id": ADVERTISER,
            "identity_id": "identity-1",
            "identity_type": "TT_USER",
            "ad_id": "181",
            "tiktok_item_id": "745",
            "comment_id": "c1",
            "comment_type": "REPLY",
            "text": "Thanks 💛",
        },
    ]


def test_business_centers_and_their_assets(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept(
        {
            "list": [
                {
                    "bc_info": {"bc_id": 7412000000000000011, "timezone": "Etc/GMT+8"},
                    "user_role": "ADMIN",
                    "ext_user_role": {"finance_role": "MANAGER"},
                }
            ]
        }
    )
    center = next(api.business_centers.pages()).items[0]
    assert center.bc_info.bc_id == "7412000000000000011"
    assert path_and_query(tiktok) == ("/bc/get/", {"page": "1", "page_size": "50"})
    tiktok.forget()
    tiktok.will_accept(
        {
            "list": [
                {"asset_id": "1", "advertiser_role": "ANALYST"},
                {"asset_id": "2", "advertiser_role": "OPERATOR"},
            ]
        }
    )
    assets = next(api.business_centers.asset_pages("741", "ADVERTISER")).items
    assert [asset.is_read_only for asset in assets] == [True, False]
    assert path_and_query(tiktok) == (
        "/bc/asset/get/",
        {"bc_id": "741", "asset_type": "ADVERTISER", "page": "1", "page_size": "50"},
    )
