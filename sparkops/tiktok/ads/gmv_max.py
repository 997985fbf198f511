"""GMV Max: shops, rights, identities, posts and campaigns (contract 7).

Numbers are in ``gmv_max_report``. Absent values have no key here, where other areas send null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from sparkops.tiktok.ads.calls import Caller, PageOf, Result
from sparkops.tiktok.ads.drafts import GmvMaxDraft, GmvMaxPatch
from sparkops.tiktok.ads.encoding import batch
from sparkops.tiktok.ads.gmv_max_report import GmvMaxReports
from sparkops.tiktok.ads.identities import IdentityRef
from sparkops.tiktok.ads.post_parts import IdentityType
from sparkops.tiktok.ads.status_words import CampaignStatus, OperationStatus
from sparkops.tiktok.values import (
    Amount,
    Count,
    Flag,
    Maybe,
    Record,
    RequiredId,
    Text,
    TextId,
    WrittenTime,
    known,
)

CampaignKind = Literal["PRODUCT_GMV_MAX", "LIVE_GMV_MAX"]
OccupiedKind = Literal["IDENTITY_TT_USER", "IDENTITY_BC_AUTH_TT", "IDENTITY_TTS_TT", "SPU"]


class StoreBusinessCenter(Record):
    """The Business Center a shop is reached through."""

    bc_id: TextId = ""
    bc_name: Text = ""
    bc_profile_image: Text = ""
    user_role: Text = ""


class ExclusiveAdvertiser(Record):
    """The one ad account with GMV Max rights for a shop."""

    advertiser_id: TextId = ""
    advertiser_name: Text = ""
    advertiser_status: Text = ""


class Store(Record):
    """A shop as one Business Center reaches it: a shop in two of them comes twice."""

    store_id: RequiredId
    store_name: Text = ""
    store_code: Text = ""
    store_status: Annotated[Text, known("ACTIVE", "INACTIVE", "NEW_CREATE")] = ""
    store_role: Annotated[Text, known("AD_PROMOTION", "MANAGER", "UNSET")] = ""
    is_gmv_max_available: Flag = None
    is_owner_bc: Flag = None
    store_authorized_bc_id: TextId = ""
    store_authorized_bc_info: Maybe[StoreBusinessCenter] = None
    exclusive_authorized_advertiser_info: Maybe[ExclusiveAdvertiser] = None
    targeting_region_codes: list[Text] = Field(default_factory=list)
    thumbnail_url: Text = ""


class ExclusiveAuthorization(Record):
    """Whether an ad account holds the right, had it, or never had it."""

    authorization_status: Annotated[Text, known("EFFECTIVE", "INEFFECTIVE", "UNAUTHORIZED")] = ""
    advertiser_id: TextId = ""
    advertiser_name: Text = ""
    advertiser_status: Text = ""
    store_id: TextId = ""
    identity_id: TextId = ""


class GmvMaxIdentity(Record):
    """An identity and whether GMV Max may use it; a shop's own account (TTS_TT) has no name."""

    identity_id: RequiredId
    identity_type: IdentityType
    display_name: Text = ""
    user_name: Text = ""
    profile_image: Text = ""
    product_gmv_max_available: Flag = None
    live_gmv_max_available: Flag = None
    unavailable_reason: Annotated[Text, known("OCCUPIED", "UNAUTHORIZED")] = ""
    is_running_custom_shop_ads: Flag = None
    identity_authorized_bc_id: TextId = ""
    identity_authorized_shop_id: TextId = ""
    store_id: TextId = ""


class GmvMaxCampaign(Record):
    """A row of the campaign list; the settings come with ``campaign_info``. Times in UTC."""

    campaign_id: RequiredId
    advertiser_id: TextId = ""
    campaign_name: Text = ""
    operation_status: OperationStatus = ""
    secondary_status: CampaignStatus = ""
    objective_type: Text = ""
    create_time: WrittenTime = None
    modify_time: WrittenTime = None
    roi_protection_compensation_status: Annotated[Text, known("IN_EFFECT", "NOT_ELIGIBLE")] = ""


class NamedIdentity(Record):
    """An identity as a campaign or a post names it."""

    identity_id: TextId = ""
    identity_type: IdentityType = ""
    identity_authorized_bc_id: TextId = ""
    identity_authorized_shop_id: TextId = ""
    store_id: TextId = ""
    display_name: Text = ""
    user_name: Text = ""


class GmvMaxMedia(Record):
    """File facts; ``preview_url`` lives 6 hours, ``video_cover_url`` 24."""

    video_id: TextId = ""
    duration: Amount = None
    width: Count = None
    height: Count = None
    fps: Amount = None
    bit_rate: Count = None
    size: Count = None
    definition: Text = ""
    format: Text = ""
    signature: Text = ""
    preview_url: Text = ""
    video_cover_url: Text = ""


class GmvMaxPost(Record):
    """A post GMV Max may use, with the products it shows (``spu_id_list``)."""

    item_id: RequiredId
    text: Text = ""
    spu_id_list: list[TextId] = Field(default_factory=list)
    identity_info: Maybe[NamedIdentity] = None
    video_info: Maybe[GmvMaxMedia] = None
    can_change_anchor: Flag = None


class GmvMaxSettings(Record):
    """Everything a GMV Max campaign was set up with.

    ``budget`` a day and ``roas_bid`` (the ROI target) in the ad account's currency; times in UTC.
    """

    campaign_id: RequiredId
    advertiser_id: TextId = ""
    campaign_name: Text = ""
    store_id: TextId = ""
    store_authorized_bc_id: TextId = ""
    shopping_ads_type: Annotated[Text, known("PRODUCT", "LIVE")] = ""
    product_specific_type: Annotated[Text, known("ALL", "CUSTOMIZED_PRODUCTS")] = ""
    item_group_ids: list[TextId] = Field(default_factory=list)
    product_video_specific_type: Annotated[Text, known("AUTO_SELECTION", "CUSTOM_SELECTION")] = ""
    optimization_goal: Text = ""
    deep_bid_type: Text = ""
    roas_bid: Amount = None
    budget: Amount = None
    schedule_type: Text = ""
    schedule_start_time: WrittenTime = None
    schedule_end_time: WrittenTime = None
    operation_status: OperationStatus = ""
    placements: list[Text] = Field(default_factory=list)
    location_ids: list[TextId] = Field(default_factory=list)
    age_groups: list[Text] = Field(default_factory=list)
    identity_list: list[NamedIdentity] = Field(default_factory=list)
    item_list: list[GmvMaxPost] = Field(default_factory=list)
    custom_anchor_video_list: list[GmvMaxPost] = Field(default_factory=list)
    affiliate_posts_enabled: Flag = None
    auto_budget_enabled: Flag = None
    roi_protection_enabled: Flag = None
    campaign_custom_anchor_video_id: TextId = ""
    promotion_days: Maybe[dict[str, Any]] = None


class OccupiedAd(Record):
    """A shop ad that uses an identity or product which GMV Max would take over."""

    ad_id: RequiredId
    advertiser_id: TextId = ""
    campaign_id: TextId = ""
    adgroup_id: TextId = ""
    create_time: WrittenTime = None


class GmvMax:
    """Calls about GMV Max of one ad account at a time; ``reports`` holds the numbers."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.reports = GmvMaxReports(caller)

    def stores(self, advertiser_id: str) -> PageOf[Store]:
        """Shops the ad account may advertise, and who holds their GMV Max right."""
        return self._caller.whole(
            "/gmv_max/store/list/",
            {"advertiser_id": advertiser_id},
            Store,
            what="a list of shops",
            advertiser_id=advertiser_id,
            key="store_list",
        )

    def exclusive_authorization(
        self, advertiser_id: str, store_id: str, store_authorized_bc_id: str
    ) -> Result[ExclusiveAuthorization]:
        """Whether this ad account may run GMV Max for the shop."""
        return self._caller.read(
            "/gmv_max/exclusive_authorization/get/",
            _store(advertiser_id, store_id, store_authorized_bc_id),
            ExclusiveAuthorization,
            what="a GMV Max right",
            advertiser_id=advertiser_id,
        )

    def identities(
        self, advertiser_id: str, store_id: str, store_authorized_bc_id: str
    ) -> PageOf[GmvMaxIdentity]:
        """Identities of a shop and whether GMV Max may use them."""
        return self._caller.whole(
            "/gmv_max/identity/get/",
            _store(advertiser_id, store_id, store_authorized_bc_id),
            GmvMaxIdentity,
            what="a list of identities",
            advertiser_id=advertiser_id,
            key="identity_list",
        )

    def post_pages(
        self,
        advertiser_id: str,
        store_id: str,
        store_authorized_bc_id: str,
        *,
        identities: Sequence[IdentityRef] = (),
        with_code_posts: bool = True,
        spu_ids: Sequence[str] | None = None,
        page_size: int = 50,
        start: int = 1,
    ) -> Iterator[PageOf[GmvMaxPost]]:
        """Posts GMV Max may use, of up to 20 identities and of creators' codes.

        Raises ``ValueError`` when neither is asked for: TikTok would answer with an empty list.
        """
        if not identities and not with_code_posts:
            raise ValueError("ask for posts of identities, of codes, or of both")
        named = (
            [ref.params() for ref in batch(identities, 20, "identities")] if identities else None
        )
        params = {
            **_store(advertiser_id, store_id, store_authorized_bc_id),
            "identity_list": named,
            "need_auth_code_video": with_code_posts,
            "spu_id_list": list(spu_ids) if spu_ids else None,
        }
        return self._caller.pages(
            "/gmv_max/video/get/",
            params,
            GmvMaxPost,
            what="a list of posts",
            advertiser_id=advertiser_id,
            key="item_list",
            page_size=page_size,
            most=50,
            start=start,
        )

    def occupied_ads(
        self, advertiser_id: str, store_id: str, kind: OccupiedKind, asset_id: str
    ) -> PageOf[OccupiedAd]:
        """Running shop ads that use one identity or product (SPU)."""
        params = {
            "advertiser_id": advertiser_id,
            "store_id": store_id,
            "occupied_asset_type": kind,
            "asset_ids": [asset_id],
        }
        return self._caller.whole(
            "/gmv_max/occupied_custom_shop_ads/list/",
            params,
            OccupiedAd,
            what="a list of ads",
            advertiser_id=advertiser_id,
            key="occupied_custom_shop_ads",
        )

    def campaign_pages(
        self,
        advertiser_id: str,
        kind: CampaignKind,
        *,
        store_ids: Sequence[str] | None = None,
        campaign_ids: Sequence[str] | None = None,
        primary_status: str = "",
        page_size: int = 100,
        start: int = 1,
    ) -> Iterator[PageOf[GmvMaxCampaign]]:
        """Campaigns of one kind; deleted ones only with ``primary_status`` STATUS_DELETE."""
        filtering: dict[str, Any] = {"gmv_max_promotion_types": [kind]}
        if store_ids is not None:
            filtering["store_ids"] = batch(store_ids, 10, "shops")
        if campaign_ids is not None:
            filtering["campaign_ids"] = batch(campaign_ids, 100, "campaigns")
        if primary_status:
            filtering["primary_status"] = primary_status
        return self._caller.pages(
            "/gmv_max/campaign/get/",
            {"advertiser_id": advertiser_id, "filtering": filtering},
            GmvMaxCampaign,
            what="a list of GMV Max campaigns",
            advertiser_id=advertiser_id,
            page_size=page_size,
            most=100,
            start=start,
        )

    def campaign_info(self, advertiser_id: str, campaign_id: str) -> Result[GmvMaxSettings]:
        """All settings of one campaign."""
        return self._caller.read(
            "/campaign/gmv_max/info/",
            {"advertiser_id": advertiser_id, "campaign_id": campaign_id},
            GmvMaxSettings,
            what="a GMV Max campaign",
            advertiser_id=advertiser_id,
        )

    def update(self, advertiser_id: str, campaign_id: str, patch: GmvMaxPatch) -> Result[None]:
        """Change the budget or the ROI target; switching goes through ``campaigns``."""
        content = {"advertiser_id": advertiser_id, "campaign_id": campaign_id, **patch.body()}
        return self._caller.order(
            "/campaign/gmv_max/update/", content, advertiser_id=advertiser_id, repeatable=True
        )

    def create(self, advertiser_id: str, draft: GmvMaxDraft) -> Result[GmvMaxSettings]:
        """Create a campaign, asked to be switched off: read it back, TikTok documents no such
        field. Look it up by name before sending a failed create again."""
        return self._caller.write(
            "/campaign/gmv_max/create/",
            {"advertiser_id": advertiser_id, **draft.body()},
            GmvMaxSettings,
            what="a GMV Max campaign",
            advertiser_id=advertiser_id,
        )

    def choose_posts(
        self,
        advertiser_id: str,
        campaign_id: str,
        action: Literal["ADD", "REMOVE"],
        posts: Mapping[str, Sequence[str]],
    ) -> Result[None]:
        """Put posts (id to their products' SPU ids) into a running campaign or take them out.

        Seen at TikTok after about 20 minutes. Repeating it changes nothing.
        """
        items = [{"item_id": one, "spu_id_list": list(spus)} for one, spus in posts.items()]
        content = {
            "advertiser_id": advertiser_id,
            "campaign_id": campaign_id,
            "action": action,
            "item_list": batch(items, 400, "posts"),
        }
        return self._caller.order(
            "/campaign/gmv_max/creative/update/",
            content,
            advertiser_id=advertiser_id,
            repeatable=True,
        )


def _store(advertiser_id: str, store_id: str, store_authorized_bc_id: str) -> dict[str, str]:
    return {
        "advertiser_id": advertiser_id,
        "store_id": store_id,
        "store_authorized_bc_id": store_authorized_bc_id,
    }
