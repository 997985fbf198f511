"""Calls about campaigns, ad groups and ads of one ad account (contract 6).

Nothing is ever created running: a create sends DISABLE, a later call enables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sparkops.tiktok.ads.calls import Caller, PageOf, Result
from sparkops.tiktok.ads.drafts import (
    AdGroupDraft,
    AdGroupPatch,
    AdPatch,
    CampaignDraft,
    CampaignPatch,
    SparkAdDraft,
)
from sparkops.tiktok.ads.encoding import batch, json_amount, utc_text
from sparkops.tiktok.ads.entities import Ad, AdGroup, AdReviews, Campaign, CreatedAds, StatusChange

NewStatus = Literal["ENABLE", "DISABLE", "DELETE"]
EVERY_STATUS = "STATUS_ALL"
IDS_PER_CALL = 100
CHANGES_PER_CALL = 20


class Campaigns:
    """Campaigns of one ad account at a time. GMV Max campaigns are listed in ``gmv_max``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def pages(
        self,
        advertiser_id: str,
        *,
        campaign_ids: Sequence[str] | None = None,
        primary_status: str = EVERY_STATUS,
        page_size: int = 1000,
        start: int = 1,
    ) -> Iterator[PageOf[Campaign]]:
        """All campaigns, deleted ones included unless ``primary_status`` says otherwise."""
        filtering = _filtering(primary_status, campaign_ids=campaign_ids)
        return self._caller.pages(
            "/campaign/get/",
            {"advertiser_id": advertiser_id, "filtering": filtering},
            Campaign,
            what="a list of campaigns",
            advertiser_id=advertiser_id,
            page_size=page_size,
            most=1000,
            start=start,
        )

    def create(self, advertiser_id: str, draft: CampaignDraft) -> Result[Campaign]:
        """Create a paused campaign. Look it up by name before sending a failed create again."""
        body = {"advertiser_id": advertiser_id, **draft.body()}
        return self._caller.write(
            "/campaign/create/",
            body,
            Campaign,
            what="a campaign",
            advertiser_id=advertiser_id,
        )

    def update(self, advertiser_id: str, campaign_id: str, patch: CampaignPatch) -> Result[None]:
        """Change name or budget; TikTok refuses a budget below 105% of what was spent."""
        body = {"advertiser_id": advertiser_id, "campaign_id": campaign_id, **patch.body()}
        return self._caller.order(
            "/campaign/update/", body, advertiser_id=advertiser_id, repeatable=True
        )

    def set_status(
        self, advertiser_id: str, campaign_ids: Sequence[str], status: NewStatus
    ) -> Result[StatusChange]:
        """Switch 1 to 20 campaigns; also the only known way for GMV Max campaigns."""
        body = {
            "advertiser_id": advertiser_id,
            "campaign_ids": batch(campaign_ids, CHANGES_PER_CALL, "campaigns"),
            "operation_status": status,
        }
        return self._caller.write(
            "/campaign/status/update/",
            body,
            StatusChange,
            what="a status change",
            advertiser_id=advertiser_id,
            repeatable=True,
        )


class AdGroups:
    """Ad groups of one ad account at a time."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def pages(
        self,
        advertiser_id: str,
        *,
        campaign_ids: Sequence[str] | None = None,
        adgroup_ids: Sequence[str] | None = None,
        primary_status: str = EVERY_STATUS,
        page_size: int = 1000,
        start: int = 1,
    ) -> Iterator[PageOf[AdGroup]]:
        """All ad groups, deleted ones included unless ``primary_status`` says otherwise."""
        filtering = _filtering(primary_status, campaign_ids=campaign_ids, adgroup_ids=adgroup_ids)
        return self._caller.pages(
            "/adgroup/get/",
            {"advertiser_id": advertiser_id, "filtering": filtering},
            AdGroup,
            what="a list of ad groups",
            advertiser_id=advertiser_id,
            page_size=page_size,
            most=1000,
            start=start,
        )

    def create(self, advertiser_id: str, draft: AdGroupDraft) -> Result[AdGroup]:
        """Create a paused ad group."""
        body = {"advertiser_id": advertiser_id, **draft.body()}
        return self._caller.write(
            "/adgroup/create/",
            body,
            AdGroup,
            what="an ad group",
            advertiser_id=advertiser_id,
        )

    def update(self, advertiser_id: str, adgroup_id: str, patch: AdGroupPatch) -> Result[None]:
        """Change an ad group at once."""
        body = {"advertiser_id": advertiser_id, "adgroup_id": adgroup_id, **patch.body()}
        return self._caller.order(
            "/adgroup/update/", body, advertiser_id=advertiser_id, repeatable=True
        )

    def set_status(
        self,
        advertiser_id: str,
        adgroup_ids: Sequence[str],
        status: NewStatus,
        *,
        allow_partial_success: bool = False,
    ) -> Result[StatusChange]:
        """Switch 1 to 20 ad groups; with partial success read ``value.error_list``."""
        body = {
            "advertiser_id": advertiser_id,
            "adgroup_ids": batch(adgroup_ids, CHANGES_PER_CALL, "ad groups"),
            "operation_status": status,
            "allow_partial_success": allow_partial_success,
        }
        return self._caller.write(
            "/adgroup/status/update/",
            body,
            StatusChange,
            what="a status change",
            advertiser_id=advertiser_id,
            repeatable=True,
        )

    def set_lifetime_budgets(
        self, advertiser_id: str, budgets: Mapping[str, Decimal]
    ) -> Result[None]:
        """Set lifetime budgets (ad group id to amount); they hold at once."""
        rows = [{"adgroup_id": key, "budget": json_amount(value)} for key, value in budgets.items()]
        return self._set_budgets(advertiser_id, {"budget": rows})

    def schedule_daily_budgets(
        self, advertiser_id: str, budgets: Mapping[str, Decimal]
    ) -> Result[None]:
        """Set daily budgets from 00:00 of the next day in the ad account's zone."""
        rows = [
            {"adgroup_id": key, "scheduled_budget": json_amount(value)}
            for key, value in budgets.items()
        ]
        return self._set_budgets(advertiser_id, {"scheduled_budget": rows})

    def _set_budgets(self, advertiser_id: str, budgets: Mapping[str, Any]) -> Result[None]:
        body = {"advertiser_id": advertiser_id, **budgets}
        return self._caller.order(
            "/adgroup/budget/update/", body, advertiser_id=advertiser_id, repeatable=True
        )


class Ads:
    """Ads of one ad account at a time."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def pages(
        self,
        advertiser_id: str,
        *,
        campaign_ids: Sequence[str] | None = None,
        adgroup_ids: Sequence[str] | None = None,
        ad_ids: Sequence[str] | None = None,
        modified_after: datetime | None = None,
        primary_status: str = EVERY_STATUS,
        page_size: int = 1000,
        start: int = 1,
    ) -> Iterator[PageOf[Ad]]:
        """Ads, deleted ones included; ``modified_after`` (aware) narrows to what changed."""
        filtering = _filtering(
            primary_status, campaign_ids=campaign_ids, adgroup_ids=adgroup_ids, ad_ids=ad_ids
        )
        if modified_after is not None:
            filtering["modified_after"] = utc_text(modified_after)
        return self._caller.pages(
            "/ad/get/",
            {"advertiser_id": advertiser_id, "filtering": filtering},
            Ad,
            what="a list of ads",
            advertiser_id=advertiser_id,
            page_size=page_size,
            most=1000,
            start=start,
        )

    def create_spark(
        self, advertiser_id: str, adgroup_id: str, drafts: Sequence[SparkAdDraft]
    ) -> Result[CreatedAds]:
        """Create 1 to 20 paused Spark ads in one ad group; one error fails them all."""
        body = {
            "advertiser_id": advertiser_id,
            "adgroup_id": adgroup_id,
            "creatives": [draft.body() for draft in batch(drafts, CHANGES_PER_CALL, "ads")],
        }
        return self._caller.write(
            "/ad/create/",
            body,
            CreatedAds,
            what="the ads",
            advertiser_id=advertiser_id,
        )

    def update(
        self, advertiser_id: str, adgroup_id: str, patches: Sequence[AdPatch]
    ) -> Result[None]:
        """Change ads of one ad group in patch mode, so that unnamed fields stay as they are."""
        body = {
            "advertiser_id": advertiser_id,
            "adgroup_id": adgroup_id,
            "patch_update": True,
            "creatives": [patch.body() for patch in batch(patches, CHANGES_PER_CALL, "ads")],
        }
        return self._caller.order("/ad/update/", body, advertiser_id=advertiser_id, repeatable=True)

    def set_status(
        self, advertiser_id: str, ad_ids: Sequence[str], status: NewStatus
    ) -> Result[StatusChange]:
        """Switch 1 to 20 ads."""
        body = {
            "advertiser_id": advertiser_id,
            "ad_ids": batch(ad_ids, CHANGES_PER_CALL, "ads"),
            "operation_status": status,
        }
        return self._caller.write(
            "/ad/status/update/",
            body,
            StatusChange,
            what="a status change",
            advertiser_id=advertiser_id,
            repeatable=True,
        )

    def reviews(self, advertiser_id: str, ad_ids: Sequence[str]) -> Result[AdReviews]:
        """Why TikTok's review let 1 to 100 ads run or not."""
        params = {"advertiser_id": advertiser_id, "ad_ids": batch(ad_ids, IDS_PER_CALL, "ads")}
        return self._caller.read(
            "/ad/review_info/",
            params,
            AdReviews,
            what="reviews of ads",
            advertiser_id=advertiser_id,
        )


def _filtering(primary_status: str, **ids: Sequence[str] | None) -> dict[str, Any]:
    """``filtering`` with at most 100 ids a list, as TikTok allows."""
    filtering: dict[str, Any] = {"primary_status": primary_status}
    for name, values in ids.items():
        if values is not None:
            filtering[name] = batch(values, IDS_PER_CALL, name)
    return filtering
