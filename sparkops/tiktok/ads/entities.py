"""Campaigns, ad groups and ads as TikTok describes them (contract 6).

Amounts are Decimals in the ad account's currency; times are UTC; status words are kept as sent.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from sparkops.tiktok.ads.post_parts import IdentityType
from sparkops.tiktok.ads.status_words import (
    AUTHORIZATION_LOST,
    AdGroupStatus,
    AdStatus,
    CampaignStatus,
    OperationStatus,
)
from sparkops.tiktok.values import (
    Amount,
    Flag,
    Record,
    RequiredId,
    Text,
    TextId,
    WrittenTime,
    known,
)


class Campaign(Record):
    """A campaign; ``budget`` is null or 0 when the mode is BUDGET_MODE_INFINITE."""

    campaign_id: RequiredId
    advertiser_id: TextId = ""
    campaign_name: Text = ""
    campaign_type: Text = ""
    objective_type: Text = ""
    objective: Text = ""
    virtual_objective_type: Text = ""
    sales_destination: Text = ""
    budget: Amount = None
    budget_mode: Text = ""
    budget_optimize_on: Flag = None
    roas_bid: Amount = None
    deep_bid_type: Text = ""
    operation_status: OperationStatus = ""
    secondary_status: CampaignStatus = ""
    is_smart_performance_campaign: Flag = None
    is_new_structure: Flag = None
    create_time: WrittenTime = None
    modify_time: WrittenTime = None


class AdGroup(Record):
    """``dayparting`` is 336 characters of 0 and 1: half hours from Monday 00:00."""

    adgroup_id: RequiredId
    campaign_id: RequiredId
    advertiser_id: TextId = ""
    adgroup_name: Text = ""
    campaign_name: Text = ""
    promotion_type: Text = ""
    placement_type: Text = ""
    placements: list[Text] = Field(default_factory=list)
    location_ids: list[TextId] = Field(default_factory=list)
    budget: Amount = None
    budget_mode: Text = ""
    scheduled_budget: Amount = None
    schedule_type: Text = ""
    schedule_start_time: WrittenTime = None
    schedule_end_time: WrittenTime = None
    dayparting: Text = ""
    optimization_goal: Text = ""
    optimization_event: Text = ""
    pixel_id: TextId = ""
    billing_event: Text = ""
    bid_type: Text = ""
    bid_price: Amount = None
    conversion_bid_price: Amount = None
    deep_bid_type: Text = ""
    pacing: Text = ""
    gender: Text = ""
    age_groups: list[Text] = Field(default_factory=list)
    languages: list[Text] = Field(default_factory=list)
    comment_disabled: Flag = None
    video_download_disabled: Flag = None
    share_disabled: Flag = None
    click_attribution_window: Text = ""
    view_attribution_window: Text = ""
    engaged_view_attribution_window: Text = ""
    shopping_ads_type: Text = ""
    product_source: Text = ""
    store_id: TextId = ""
    store_authorized_bc_id: TextId = ""
    operation_status: OperationStatus = ""
    secondary_status: AdGroupStatus = ""
    create_time: WrittenTime = None
    modify_time: WrittenTime = None


class Ad(Record):
    """``tiktok_item_id`` is the post of a Spark ad. Smart+ ads may come without ``modify_time``."""

    ad_id: RequiredId
    adgroup_id: TextId = ""
    campaign_id: TextId = ""
    advertiser_id: TextId = ""
    ad_name: Text = ""
    adgroup_name: Text = ""
    campaign_name: Text = ""
    operation_status: OperationStatus = ""
    secondary_status: AdStatus = ""
    identity_type: IdentityType = ""
    identity_id: TextId = ""
    identity_authorized_bc_id: TextId = ""
    tiktok_item_id: TextId = ""
    video_id: Text = ""
    image_ids: list[Text] = Field(default_factory=list)
    ad_format: Text = ""
    ad_text: Text = ""
    landing_page_url: Text = ""
    call_to_action: Text = ""
    call_to_action_id: TextId = ""
    dark_post_status: Text = ""
    promotional_music_disabled: Flag = None
    item_duet_status: Text = ""
    item_stitch_status: Text = ""
    is_aco: Flag = None
    creative_type: Text = ""
    smart_plus_ad_id: TextId = ""
    create_time: WrittenTime = None
    modify_time: WrittenTime = None

    @property
    def has_lost_authorization(self) -> bool:
        """TikTok stopped the ad because the permission behind it is gone."""
        return self.secondary_status in AUTHORIZATION_LOST


class CreatedAds(Record):
    """Answer of ``/ad/create/``: ids in the order of the request."""

    ad_ids: list[TextId]
    need_audit: Flag = None
    creatives: list[Ad] = Field(default_factory=list)


class StatusChange(Record):
    """Which ids now have which status; ``error_list`` names those that failed (partial success)."""

    status: Text = ""
    campaign_ids: list[TextId] = Field(default_factory=list)
    adgroup_ids: list[TextId] = Field(default_factory=list)
    ad_ids: list[TextId] = Field(default_factory=list)
    error_list: list[dict[str, Any]] = Field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """The ids, whichever kind was switched."""
        return self.campaign_ids or self.adgroup_ids or self.ad_ids


class Rejection(Record):
    """One reason of TikTok's review, with what to change."""

    reasons: list[Text] = Field(default_factory=list)
    suggestion: Text = ""
    content_info: Any = None


class AdReview(Record):
    """TikTok's review of one ad: ALL_AVAILABLE, PART_AVAILABLE or UNAVAILABLE, with reasons."""

    is_approved: Flag = None
    review_status: Annotated[Text, known("ALL_AVAILABLE", "PART_AVAILABLE", "UNAVAILABLE")] = ""
    reject_info: list[Rejection] = Field(default_factory=list)
    forbidden_placements: list[Any] = Field(default_factory=list)
    forbidden_locations: list[Any] = Field(default_factory=list)
    last_audit_time: WrittenTime = None


class AdReviews(Record):
    """Reviews by ad id."""

    ad_review_map: dict[str, AdReview]
