"""Campaigns, ad groups and Spark ads: bodies as the contract lists them, nothing starts running."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.drafts import (
    AdGroupDraft,
    AdGroupPatch,
    AdPatch,
    CampaignDraft,
    CampaignPatch,
    SparkAdDraft,
)

from .conftest import ADVERTISER, TikTok

START = datetime(2026, 12, 1, 9, 0, tzinfo=timezone(timedelta(hours=1)))
AD_GROUP: dict[str, Any] = {
    "campaign_id": "1810000000000001",
    "adgroup_name": "SPK-serum-us-18-34",
    "promotion_type": "WEBSITE",
    "location_ids": ["6252001"],
    "budget_mode": "BUDGET_MODE_DAY",
    "budget": Decimal("20.50"),
    "schedule_type": "SCHEDULE_FROM_NOW",
    "schedule_start_time": START,
    "optimization_goal": "CLICK",
    "billing_event": "CPC",
}
SPARK: dict[str, Any] = {
    "ad_name": "SPK-serum-maya-01",
    "identity_type": "AUTH_CODE",
    "identity_id": "6f1c2f0e",
    "tiktok_item_id": "7450000000000000123",
}


def test_campaign_is_created_paused(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"campaign_id": 1810000000000001, "operation_status": "DISABLE"}, "rq-3")
    made = api.campaigns.create(
        ADVERTISER,
        CampaignDraft(
            campaign_name="SPK-serum-traffic",
            objective_type="TRAFFIC",
            budget_mode="BUDGET_MODE_TOTAL",
            budget=Decimal("600.10"),
            request_id="7450000000000000123",
        ),
    )
    assert tiktok.last.path == "/open_api/v1.3/campaign/create/"
    assert tiktok.bodies[-1] == {
        "advertiser_id": ADVERTISER,
        "campaign_name": "SPK-serum-traffic",
        "objective_type": "TRAFFIC",
        "budget_mode": "BUDGET_MODE_TOTAL",
        "budget": 600.1,
        "operation_status": "DISABLE",
        "request_id": "7450000000000000123",
    }
    assert b'"budget":600.1' in tiktok.last.body
    assert (made.value.campaign_id, made.request_id) == ("1810000000000001", "rq-3")


@pytest.mark.parametrize(
    "wrong",
    [
        {"budget": None},
        {"budget_mode": "BUDGET_MODE_INFINITE"},
        {"budget": Decimal("0")},
        {"budget": Decimal("NaN")},
        {"operation_status": "ENABLE"},
        {"campaign_name": ""},
        {"campaign_name": "x" * 513},
        {"request_id": "abc"},
        {"budgett": Decimal("1")},
    ],
)
def test_campaign_draft_refuses(wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {
        "campaign_name": "n",
        "objective_type": "TRAFFIC",
        "budget_mode": "BUDGET_MODE_DAY",
        "budget": Decimal("51"),
    }
    assert CampaignDraft(**right)
    with pytest.raises(ValidationError):
        CampaignDraft(**(right | wrong))


def test_amount_a_json_number_cannot_hold_is_not_sent(api: AdsApi, tiktok: TikTok) -> None:
    with pytest.raises(ValueError, match="too many digits"):
        api.campaigns.update(
            ADVERTISER, "1", CampaignPatch(budget=Decimal("123456789012345678.01"))
        )
    assert tiktok.requests == []


def test_campaign_update_sends_only_what_changes(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({})
    api.campaigns.update(ADVERTISER, "181", CampaignPatch(budget=Decimal("75.00")))
    assert tiktok.last.path == "/open_api/v1.3/campaign/update/"
    assert tiktok.bodies[-1] == {"advertiser_id": ADVERTISER, "campaign_id": "181", "budget": 75}


def test_nothing_to_update_counts_as_done(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_refuse(40012, "Nothing to update")
    assert api.campaigns.update(ADVERTISER, "181", CampaignPatch(campaign_name="same")).raw == {}


def test_ad_group_body(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"adgroup_id": "181101", "campaign_id": "1810000000000001"})
    api.ad_groups.create(ADVERTISER, AdGroupDraft(**AD_GROUP))
    assert tiktok.last.path == "/open_api/v1.3/adgroup/create/"
    assert tiktok.bodies[-1] == {
        "advertiser_id": ADVERTISER,
        "campaign_id": "1810000000000001",
        "adgroup_name": "SPK-serum-us-18-34",
        "promotion_type": "WEBSITE",
        "placement_type": "PLACEMENT_TYPE_NORMAL",
        "placements": ["PLACEMENT_TIKTOK"],
        "location_ids": ["6252001"],
        "budget_mode": "BUDGET_MODE_DAY",
        "budget": 20.5,
        "schedule_type": "SCHEDULE_FROM_NOW",
        "schedule_start_time": "2026-12-01 08:00:00",
        "optimization_goal": "CLICK",
        "billing_event": "CPC",
        "pacing": "PACING_MODE_SMOOTH",
        "operation_status": "DISABLE",
    }


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"location_ids": None}, "places"),
        ({"placement_type": "PLACEMENT_TYPE_AUTOMATIC"}, "automatic"),
        ({"schedule_type": "SCHEDULE_START_END"}, "schedule_end_time"),
        ({"budget_mode": "BUDGET_MODE_TOTAL"}, "schedule_end_time"),
        ({"schedule_end_time": START - timedelta(days=1)}, "after"),
        ({"schedule_start_time": datetime(2026, 12, 1)}, "timezone"),  # noqa: DTZ001
        ({"dayparting": "01" * 167}, "pattern"),
        ({"operation_status": "ENABLE"}, "DISABLE"),
    ],
)
def test_ad_group_draft_refuses(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        AdGroupDraft(**(AD_GROUP | wrong))


@pytest.mark.parametrize(
    "identity",
    [
        {"identity_type": "AUTH_CODE", "identity_id": "code-identity"},
        {"identity_type": "TT_USER", "identity_id": "own-account"},
        {
            "identity_type": "BC_AUTH_TT",
            "identity_id": "linked-account",
            "identity_authorized_bc_id": "7412000000000000011",
        },
    ],
)
def test_spark_ad_body_per_identity(identity: dict[str, str], api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"ad_ids": [1810000000000201], "need_audit": True})
    made = api.ads.create_spark(
        ADVERTISER,
        "1810000000000101",
        [
            SparkAdDraft(
                **(SPARK | identity),
                call_to_action="SHOP_NOW",
                landing_page_url="https://shop.example/serum",
            )
        ],
    )
    assert tiktok.last.path == "/open_api/v1.3/ad/create/"
    # The post brings video and text, so video_id, image_ids and ad_text must be left out.
    assert tiktok.bodies[-1] == {
        "advertiser_id": ADVERTISER,
        "adgroup_id": "1810000000000101",
        "creatives": [
            {
                "ad_name": "SPK-serum-maya-01",
                "ad_format": "SINGLE_VIDEO",
                **identity,
                "tiktok_item_id": "7450000000000000123",
                "call_to_action": "SHOP_NOW",
                "landing_page_url": "https://shop.example/serum",
                "operation_status": "DISABLE",
            }
        ],
    }
    assert made.value.ad_ids == ["1810000000000201"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"identity_type": "CUSTOMIZED_USER"},
        {"identity_type": "BC_AUTH_TT"},
        {"identity_id": ""},
        {"tiktok_item_id": ""},
        {"ad_text": "own text"},
        {"video_id": "v1"},
        {"item_duet_status": "ENABLE"},
        {"item_stitch_status": "ENABLE", "promotional_music_disabled": True},
    ],
)
def test_spark_ad_draft_refuses(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SparkAdDraft(**(SPARK | wrong))


def test_duet_can_be_set_when_music_is_kept() -> None:
    draft = SparkAdDraft(**SPARK, promotional_music_disabled=False, item_duet_status="DISABLE")
    assert draft.body()["promotional_music_disabled"] is False


def test_ad_update_is_a_patch(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({})
    api.ads.update(ADVERTISER, "181101", [AdPatch(ad_id="181201", ad_name="new")])
    assert tiktok.bodies[-1] == {
        "advertiser_id": ADVERTISER,
        "adgroup_id": "181101",
        "patch_update": True,
        "creatives": [{"ad_id": "181201", "ad_name": "new"}],
    }


def test_status_of_each_kind(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"status": "DISABLE", "ad_ids": [5]})
    api.campaigns.set_status(ADVERTISER, ["5"], "DELETE")
    api.ad_groups.set_status(ADVERTISER, ["5"], "ENABLE", allow_partial_success=True)
    switched = api.ads.set_status(ADVERTISER, ["5"], "DISABLE")
    assert [asked.path.removeprefix("/open_api/v1.3") for asked in tiktok.requests] == [
        "/campaign/status/update/",
        "/adgroup/status/update/",
        "/ad/status/update/",
    ]
    assert tiktok.bodies == [
        {"advertiser_id": ADVERTISER, "campaign_ids": ["5"], "operation_status": "DELETE"},
        {
            "advertiser_id": ADVERTISER,
            "adgroup_ids": ["5"],
            "operation_status": "ENABLE",
            "allow_partial_success": True,
        },
        {"advertiser_id": ADVERTISER, "ad_ids": ["5"], "operation_status": "DISABLE"},
    ]
    assert (switched.value.ids, switched.value.status) == (["5"], "DISABLE")


@pytest.mark.parametrize("count", [0, 21])
def test_at_most_twenty_are_switched_at_once(count: int, api: AdsApi, tiktok: TikTok) -> None:
    with pytest.raises(ValueError, match="1 to 20"):
        api.ads.set_status(ADVERTISER, [str(n) for n in range(count)], "DISABLE")
    assert tiktok.requests == []


def test_partial_success_names_what_failed(api: AdsApi, tiktok: TikTok) -> None:
    failed = [{"adgroup_id": "2", "error_message": "gone"}]
    tiktok.will_answer(
        {
            "code": 20001,
            "message": "Partial success",
            "data": {"adgroup_ids": ["1"], "status": "ENABLE", "error_list": failed},
        }
    )
    switched = api.ad_groups.set_status(
        ADVERTISER, ["1", "2"], "ENABLE", allow_partial_success=True
    )
    assert switched.partial
    assert switched.value.ids == ["1"]
    assert switched.value.error_list == failed


def test_ad_group_budgets(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({})
    api.ad_groups.set_lifetime_budgets(ADVERTISER, {"1": Decimal("600")})
    api.ad_groups.schedule_daily_budgets(ADVERTISER, {"2": Decimal("25.55")})
    api.ad_groups.update(ADVERTISER, "3", AdGroupPatch(budget=Decimal("30")))
    assert tiktok.bodies == [
        {"advertiser_id": ADVERTISER, "budget": [{"adgroup_id": "1", "budget": 600}]},
        {
            "advertiser_id": ADVERTISER,
            "scheduled_budget": [{"adgroup_id": "2", "scheduled_budget": 25.55}],
        },
        {"advertiser_id": ADVERTISER, "adgroup_id": "3", "budget": 30},
    ]


def test_lists_include_deleted_ones_and_narrow(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept({"list": []})
    next(api.ad_groups.pages(ADVERTISER, campaign_ids=["1"]))
    next(
        api.ads.pages(
            ADVERTISER,
            ad_ids=["9"],
            modified_after=datetime(2026, 11, 20, tzinfo=UTC),
            primary_status="STATUS_NOT_DELETE",
        )
    )
    assert [asked.path for asked in tiktok.requests] == [
        "/open_api/v1.3/adgroup/get/",
        "/open_api/v1.3/ad/get/",
    ]
    assert [asked.params["filtering"] for asked in tiktok.requests] == [
        '{"primary_status":"STATUS_ALL","campaign_ids":["1"]}',
        '{"primary_status":"STATUS_NOT_DELETE","ad_ids":["9"],'
        '"modified_after":"2026-11-20 00:00:00"}',
    ]
    assert tiktok.last.params["page_size"] == "1000"


def test_more_than_a_hundred_ids_are_refused(api: AdsApi, tiktok: TikTok) -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        next(api.ads.pages(ADVERTISER, ad_ids=[str(n) for n in range(101)]))


def test_ad_that_lost_its_permission(api: AdsApi, tiktok: TikTok) -> None:
    words = [
        "AD_STATUS_ASSET_AUTHORIZATION_LOST",
        "AD_STATUS_ADGROUP_ASSET_AUTHORIZATION_LOST",
        "AD_STATUS_CREATOR_AUTHORIZATION_REVOKED",
        "AD_STATUS_DELIVERY_OK",
        "AD_STATUS_OF_TOMORROW",
    ]
    rows = [{"ad_id": str(n), "secondary_status": word} for n, word in enumerate(words, 1)]
    tiktok.will_accept({"list": [{**rows[0], "modify_time": None}, *rows[1:]]})
    page = next(api.ads.pages(ADVERTISER))
    assert [ad.has_lost_authorization for ad in page.items] == [True, True, True, False, False]
    assert page.items[0].modify_time is None
    assert page.findings.words == {"rows.secondary_status=AD_STATUS_OF_TOMORROW": 1}


def test_review_reasons(api: AdsApi, tiktok: TikTok) -> None:
    tiktok.will_accept(
        {
            "ad_review_map": {
                "181201": {
                    "is_approved": False,
                    "review_status": "UNAVAILABLE",
                    "reject_info": [{"reasons": ["No disclosure"], "suggestion": "Add one"}],
                    "last_audit_time": 1795350600,
                }
            }
        }
    )
    review = api.ads.reviews(ADVERTISER, ["181201"]).value.ad_review_map["181201"]
    assert review.reject_info[0].reasons == ["No disclosure"]
    assert review.last_audit_time == datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
    assert tiktok.last.path == "/open_api/v1.3/ad/review_info/"
    assert tiktok.last.params == {"advertiser_id": ADVERTISER, "ad_ids": '["181201"]'}
