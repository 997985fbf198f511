"""What we ask TikTok to create or change: campaign, ad group and Spark ad (contract 6.2 to 6.4).

A draft refuses unknown fields, because a typing error would otherwise be dropped by TikTok without
a word and leave, say, a budget unset. Amounts are in the ad account's currency. What TikTok checks
by market (minimum budgets, names already taken) is left to TikTok.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from sparkops.tiktok.ads.encoding import json_amount, utc_text
from sparkops.tiktok.ads.identities import BC_AUTH_TT

Budget = Annotated[Decimal, Field(gt=0), PlainSerializer(json_amount)]
Moment = Annotated[AwareDatetime, PlainSerializer(utc_text)]
BudgetMode = Literal[
    "BUDGET_MODE_INFINITE",
    "BUDGET_MODE_TOTAL",
    "BUDGET_MODE_DAY",
    "BUDGET_MODE_DYNAMIC_DAILY_BUDGET",
]
Name = Annotated[str, Field(min_length=1, max_length=512)]


class Draft(BaseModel):
    """Base of all requests: unknown fields refused, unset fields not sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def body(self) -> dict[str, Any]:
        """The fields to send."""
        return self.model_dump(exclude_none=True)


class CampaignDraft(Draft):
    """`request_id` (digits) lets the same name be used twice and guards 10 seconds, no longer."""

    campaign_name: Name
    objective_type: str
    budget_mode: BudgetMode
    budget: Budget | None = None
    budget_optimize_on: bool | None = None
    campaign_type: str | None = None
    virtual_objective_type: str | None = None
    sales_destination: str | None = None
    campaign_product_source: str | None = None
    special_industries: list[str] | None = None
    po_number: str | None = None
    operation_status: Literal["DISABLE"] = "DISABLE"
    request_id: str | None = Field(default=None, pattern=r"^\d{1,19}$")

    @model_validator(mode="after")
    def _budget_fits_mode(self) -> Self:
        if (self.budget is None) != (self.budget_mode == "BUDGET_MODE_INFINITE"):
            raise ValueError("a campaign has a budget unless its mode is BUDGET_MODE_INFINITE")
        return self


class CampaignPatch(Draft):
    """Changes of a campaign; its budget mode can never change."""

    campaign_name: Name | None = None
    budget: Budget | None = None
    special_industries: list[str] | None = None
    po_number: str | None = None


class GmvMaxPatch(Draft):
    """Changes of a GMV Max campaign: its `budget` a day and `roas_bid`, the ROI target, which has
    one decimal."""

    budget: Budget | None = None
    roas_bid: Budget | None = None


class AdGroupDraft(Draft):
    """Times are aware and sent in UTC. Under campaign budget optimization leave the budget out."""

    campaign_id: str
    adgroup_name: Name
    promotion_type: str | None = None
    placement_type: Literal["PLACEMENT_TYPE_AUTOMATIC", "PLACEMENT_TYPE_NORMAL"] = (
        "PLACEMENT_TYPE_NORMAL"
    )
    placements: list[str] | None = ["PLACEMENT_TIKTOK"]
    location_ids: list[str] | None = Field(default=None, max_length=3000)
    zipcode_ids: list[str] | None = None
    budget_mode: BudgetMode | None = None
    budget: Budget | None = None
    schedule_type: Literal["SCHEDULE_FROM_NOW", "SCHEDULE_START_END"]
    schedule_start_time: Moment
    schedule_end_time: Moment | None = None
    dayparting: str | None = Field(default=None, pattern=r"^[01]{336}$")
    optimization_goal: str
    optimization_event: str | None = None
    pixel_id: str | None = None
    billing_event: str
    bid_type: str | None = None
    bid_price: Budget | None = None
    conversion_bid_price: Budget | None = None
    pacing: Literal["PACING_MODE_SMOOTH", "PACING_MODE_FAST"] = "PACING_MODE_SMOOTH"
    gender: str | None = None
    age_groups: list[str] | None = None
    languages: list[str] | None = None
    comment_disabled: bool | None = None
    video_download_disabled: bool | None = None
    share_disabled: bool | None = None
    brand_safety_type: str | None = None
    click_attribution_window: str | None = None
    view_attribution_window: str | None = None
    engaged_view_attribution_window: str | None = None
    shopping_ads_type: str | None = None
    product_source: str | None = None
    store_id: str | None = None
    store_authorized_bc_id: str | None = None
    catalog_id: str | None = None
    operation_status: Literal["DISABLE"] = "DISABLE"
    request_id: str | None = Field(default=None, pattern=r"^\d{1,19}$")

    @model_validator(mode="after")
    def _places_are_named(self) -> Self:
        if not self.location_ids and not self.zipcode_ids:
            raise ValueError("an ad group needs places: location_ids or zipcode_ids")
        if self.placement_type == "PLACEMENT_TYPE_AUTOMATIC" and self.placements:
            raise ValueError("automatic placement takes no list of placements: send None")
        return self

    @model_validator(mode="after")
    def _end_fits_schedule(self) -> Self:
        needs_end = self.budget_mode == "BUDGET_MODE_TOTAL" or (
            self.schedule_type == "SCHEDULE_START_END"
        )
        if needs_end and self.schedule_end_time is None:
            raise ValueError("this schedule or budget mode needs schedule_end_time")
        if self.schedule_end_time and self.schedule_end_time <= self.schedule_start_time:
            raise ValueError("schedule_end_time must be after schedule_start_time")
        return self


class AdGroupPatch(Draft):
    """Changes of an ad group; `budget` here holds at once."""

    adgroup_name: Name | None = None
    budget: Budget | None = None
    schedule_end_time: Moment | None = None
    dayparting: str | None = Field(default=None, pattern=r"^[01]{336}$")
    bid_price: Budget | None = None
    conversion_bid_price: Budget | None = None
    comment_disabled: bool | None = None


class SparkAdDraft(Draft):
    """A Spark ad from an existing post; the post brings its own video and text.

    An empty `ad_name` lets TikTok use the ad id.
    """

    ad_name: Annotated[str, Field(max_length=512)] = ""
    ad_format: Literal["SINGLE_VIDEO", "CAROUSEL_ADS"] = "SINGLE_VIDEO"
    identity_type: Literal["AUTH_CODE", "TT_USER", "BC_AUTH_TT"]
    identity_id: Annotated[str, Field(min_length=1)]
    identity_authorized_bc_id: str | None = None
    tiktok_item_id: Annotated[str, Field(min_length=1)]
    call_to_action: str | None = None
    call_to_action_id: str | None = None
    landing_page_url: str | None = None
    promotional_music_disabled: bool | None = None
    item_duet_status: Literal["ENABLE", "DISABLE"] | None = None
    item_stitch_status: Literal["ENABLE", "DISABLE"] | None = None
    dark_post_status: Literal["ON", "OFF"] | None = None
    item_group_ids: list[str] | None = None
    sku_ids: list[str] | None = None
    showcase_products: list[dict[str, Any]] | None = None
    tracking_pixel_id: str | None = None
    utm_params: list[dict[str, str]] | None = None
    impression_tracking_url: str | None = None
    click_tracking_url: str | None = None
    operation_status: Literal["DISABLE"] = "DISABLE"

    @model_validator(mode="after")
    def _identity_is_whole(self) -> Self:
        if self.identity_type == BC_AUTH_TT and not self.identity_authorized_bc_id:
            raise ValueError("a BC_AUTH_TT identity needs the id of its Business Center")
        return self

    @model_validator(mode="after")
    def _duet_and_stitch_need_music(self) -> Self:
        asked = self.item_duet_status or self.item_stitch_status
        if asked and self.promotional_music_disabled is not False:
            raise ValueError(
                "duet and stitch can be set only with promotional_music_disabled=False"
            )
        return self


class AdPatch(Draft):
    """Changes of one ad; fields left out stay as they are (patch mode)."""

    ad_id: str
    ad_name: str | None = None
    identity_type: str | None = None
    identity_id: str | None = None
    identity_authorized_bc_id: str | None = None
    tiktok_item_id: str | None = None


class GmvMaxDraft(Draft):
    """A GMV Max campaign of chosen products (contract 7.2).

    `budget` is a day's, `roas_bid` the ROI target with one decimal. `request_id` (digits) keeps
    TikTok from creating it twice within 10 seconds, no longer.
    """

    request_id: str = Field(pattern=r"^\d{1,19}$")
    store_id: str
    store_authorized_bc_id: str
    campaign_name: Name
    shopping_ads_type: Literal["PRODUCT"] = "PRODUCT"
    product_specific_type: Literal["CUSTOMIZED_PRODUCTS"] = "CUSTOMIZED_PRODUCTS"
    item_group_ids: list[str] = Field(min_length=1, max_length=400)
    optimization_goal: Literal["VALUE"] = "VALUE"
    deep_bid_type: Literal["VO_MIN_ROAS"] = "VO_MIN_ROAS"
    roas_bid: Annotated[Decimal, Field(gt=0, decimal_places=1), PlainSerializer(json_amount)]
    budget: Budget
    schedule_type: Literal["SCHEDULE_START_END"] = "SCHEDULE_START_END"
    schedule_start_time: Moment
    schedule_end_time: Moment
    product_video_specific_type: Literal["AUTO_SELECTION", "CUSTOM_SELECTION"]
    identity_list: list[dict[str, str]] | None = Field(default=None, max_length=20)
    item_list: list[dict[str, Any]] | None = Field(default=None, max_length=400)
    affiliate_posts_enabled: bool | None = None
    operation_status: Literal["DISABLE"] = "DISABLE"

    @model_validator(mode="after")
    def _chosen_posts_are_named(self) -> Self:
        if (self.product_video_specific_type == "CUSTOM_SELECTION") != bool(self.item_list):
            raise ValueError("chosen posts and only they come as item_list")
        return self
