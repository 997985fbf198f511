"""Free samples: requests of creators, answers to them, and what was posted (contract 8.7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from sparkops.tiktok.paging import Page
from sparkops.tiktok.shop.caller import UP_TO_50, Caller, Listing
from sparkops.tiktok.shop.shops import Done
from sparkops.tiktok.values import (
    Count,
    Flag,
    Maybe,
    RateFraction,
    RatePercent,
    Record,
    RequiredId,
    Text,
    TextId,
    UnixTime,
    WireMoney,
    known,
)

RejectReason = Literal["NOT_MATCH", "OFFLINE", "OUT_OF_STOCK", "OTHER"]
DEEPLINK_DAYS = range(1, 15)


class SampleCreator(Record):
    creator_open_id: TextId = ""
    username: Text = ""
    nickname: Text = ""
    follower_count: Count = None
    avatar_url: Text = ""
    gmv: Maybe[WireMoney] = None
    content_count: Count = None
    fulfillment_percentage: RatePercent = None
    ec_video_view: Count = None


class SampleProduct(Record):
    id: TextId = ""
    title: Text = ""
    sku_id: TextId = ""
    sku_name: Text = ""
    sku_image_url: Text = ""


class SampleApplication(Record):
    """A creator's request for a free unit. ``commission_rate`` is a fraction on the wire here."""

    id: RequiredId
    status: Annotated[
        Text,
        known(
            "PENDING",
            "AWAITING_SHIPMENT",
            "SHIPPED",
            "CONTENT_PENDING",
            "COMPLETED",
            "REJECT_CANCELLED",
            "OVERDUE_CANCELLED",
            "UNFULFILL_CANCELLED",
            "DEL_OPEN_COLLAB",
            "SELLER_NOT_SHIP_CANCELLED",
            "WITHDRAW_CANCELLED",
            "UNFULFILLABLE_CANCELLED",
            "OPS_CANCELLED",
            "OPS_FAILED",
            "OPS_COMPLETED",
        ),
    ] = ""
    fulfillment_status: Annotated[
        Text,
        known(
            "PENDING",
            "ONGOING",
            "SUCCEED",
            "FAILED",
            "OVERDUE",
            "SUSPEND",
            "CANCELLED",
            "EXEMPTED",
        ),
    ] = ""
    commission_rate: RateFraction = None
    order_id: TextId = ""
    tracking_number: Text = ""
    available_quantity: Count = None
    is_approvable: Flag = None
    disapprovable_reasons: list[Text] = []
    approve_expiration_time: UnixTime = None
    shipment_expiration_time: UnixTime = None
    partner_name: Text = ""
    creator: Maybe[SampleCreator] = None
    product: Maybe[SampleProduct] = None


class SampleApplicationsPage(Record):
    sample_applications: list[SampleApplication] = []
    next_page_token: Text = ""
    total_count: Count = None


class FulfilledProduct(Record):
    id: TextId = ""
    main_image_url: Text = ""


class FulfilledContent(Record):
    """What the creator posted. For VIDEO, ``id`` is the TikTok video id."""

    id: TextId = ""
    format: Annotated[Text, known("VIDEO", "LIVE")] = ""
    url: Text = ""
    page_link: Text = ""
    description: Text = ""
    create_time: UnixTime = None
    live_end_time: UnixTime = None
    view_count: Count = None
    like_count: Count = None
    comment_count: Count = None
    paid_order_count: Count = None


class Fulfillment(Record):
    product: Maybe[FulfilledProduct] = None
    content: Maybe[FulfilledContent] = None


class FulfillmentsPage(Record):
    fulfillments: list[Fulfillment] = []


class Deeplink(Record):
    deeplink: Text = ""


SAMPLE_APPLICATIONS = Listing(
    "samples_search",
    SampleApplicationsPage,
    SampleApplication,
    "sample_applications",
    "a list of sample requests",
    sizes=UP_TO_50,
    default_size=50,
)
FULFILLMENTS = Listing(
    "samples_fulfillments",
    FulfillmentsPage,
    Fulfillment,
    "fulfillments",
    "what was posted for a sample",
)


class Samples:
    """Sample requests. Calls raise ``TikTokError``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def search(
        self,
        *,
        status: str | None = None,
        product_id: str | None = None,
        username: str | None = None,
        order_id: str | None = None,
        creator_open_id: str | None = None,
        target_collaboration_id: str | None = None,
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[SampleApplicationsPage, SampleApplication]]:
        """Requests, all or by one of the filters."""
        body = {
            "status": status,
            "product_id": product_id,
            "username": username,
            "order_id": order_id,
            # Both spelled so by TikTok.
            "creator_user_oepn_id": creator_open_id,
            "target_collabration_id": target_collaboration_id,
        }
        return self._caller.pages(
            SAMPLE_APPLICATIONS, body=body, page_size=page_size, page_token=page_token
        )

    def fulfillments(
        self, application_id: str, content_format: Literal["VIDEO", "LIVE"] = "VIDEO"
    ) -> Page[FulfillmentsPage, Fulfillment]:
        """What the creator posted for a sample, of one format."""
        return self._caller.page(
            FULFILLMENTS, application_id, body={"content_format": content_format}
        )

    def approve(self, application_id: str) -> Done:
        """Grant a sample. TikTok then makes an order; check ``is_approvable`` first.

        With ``outcome_unknown`` read the request again before repeating.
        """
        return self._review(application_id, {"review_result": "APPROVE"})

    def reject(self, application_id: str, reason: RejectReason) -> Done:
        """Refuse a sample. With ``outcome_unknown`` read the request again before repeating."""
        body = {"review_result": "REJECT", "reject_reason": reason}
        return self._review(application_id, body)

    def deeplink(
        self, *, product_id: str, sku_id: str, collaboration_id: str | None = None, days: int = 7
    ) -> str:
        """A link (for a QR code) with which a creator asks for this sample."""
        if days not in DEEPLINK_DAYS:
            raise ValueError("a sample link is valid for 1 to 14 days")
        query = {
            "product_id": product_id,
            "sku_id": sku_id,
            "collaboration_id": collaboration_id,
            "valid_days": days,
        }
        return self._caller.record(Deeplink, "a link", "samples_deeplink", query=query).deeplink

    def _review(self, application_id: str, body: dict[str, str]) -> Done:
        return self._caller.record(Done, "an answer", "samples_review", application_id, body=body)
