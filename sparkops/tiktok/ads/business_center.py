"""Business Centers and what an agency's login reaches through them (contract 10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from sparkops.tiktok.ads.calls import Caller, PageOf
from sparkops.tiktok.values import Maybe, Record, RequiredId, Text, TextId, known

AssetType = Literal["ADVERTISER", "TIKTOK_SHOP", "TT_ACCOUNT", "CATALOG", "PIXEL", "LEAD"]


class BusinessCenterInfo(Record):
    """The Business Center itself; ``currency`` and ``timezone`` are its own."""

    bc_id: RequiredId
    company: Text = ""
    currency: Text = ""
    timezone: Text = ""
    registered_area: Text = ""
    status: Text = ""
    type: Text = ""


class BusinessCenter(Record):
    """A Business Center and the login's role in it."""

    bc_info: BusinessCenterInfo
    user_role: Annotated[Text, known("ADMIN", "STANDARD")] = ""
    ext_user_role: Maybe[dict[str, Any]] = None


class Asset(Record):
    """Something a Business Center holds: an ad account, a shop, a TikTok account."""

    asset_id: RequiredId
    asset_type: Text = ""
    asset_name: Text = ""
    advertiser_role: Annotated[Text, known("ADMIN", "OPERATOR", "ANALYST")] = ""
    advertiser_account_type: Text = ""
    store_role: Text = ""
    catalog_role: Text = ""
    tt_account_roles: list[Any] = Field(default_factory=list)
    owner_bc_name: Text = ""
    owner_bc_id: TextId = ""

    @property
    def is_read_only(self) -> bool:
        """An analyst of an ad account may read it but not change it."""
        return self.advertiser_role == "ANALYST"


class BusinessCenters:
    """Calls about Business Centers; they belong to no single ad account."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def pages(self, *, page_size: int = 50, start: int = 1) -> Iterator[PageOf[BusinessCenter]]:
        """Business Centers the login belongs to."""
        return self._caller.pages(
            "/bc/get/",
            {},
            BusinessCenter,
            what="a list of Business Centers",
            page_size=page_size,
            most=50,
            start=start,
        )

    def asset_pages(
        self,
        bc_id: str,
        asset_type: AssetType,
        *,
        keyword: str = "",
        page_size: int = 50,
        start: int = 1,
    ) -> Iterator[PageOf[Asset]]:
        """Assets of one kind the login may use in a Business Center."""
        params = {
            "bc_id": bc_id,
            "asset_type": asset_type,
            "filtering": {"keyword": keyword} if keyword else None,
        }
        return self._caller.pages(
            "/bc/asset/get/",
            params,
            Asset,
            what="a list of Business Center assets",
            page_size=page_size,
            most=50,
            start=start,
        )
