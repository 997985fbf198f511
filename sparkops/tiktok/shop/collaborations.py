"""Open collaborations, and invitations to single creators (contract 8.4, 8.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import AliasChoices, Field, model_validator

from sparkops.tiktok.paging import Page
from sparkops.tiktok.shop.caller import Caller, Listing
from sparkops.tiktok.shop.creators import Avatar, NumberRange
from sparkops.tiktok.values import (
    Count,
    Flag,
    Maybe,
    RateHundredths,
    Record,
    RequiredId,
    Text,
    TextId,
    UnixTime,
    known,
    unix_seconds,
)

MAX_INVITED_CREATORS = 50
MAX_INVITED_PRODUCTS = 100
# Hundredths of a percent: 1 % to 80 %.
COMMISSION_BOUNDS = range(100, 8001)
MAX_RULE_PRODUCTS = 100

CollaborationStatus = Annotated[Text, known("NORMAL", "TERMINATING", "DELETING")]
EffectiveStatus = Annotated[Text, known("EFFECTIVE_ALL", "EFFECTIVE_PARTIALLY", "EFFECTIVE_NONE")]


class CurrentCommission(Record):
    rate: RateHundredths = None
    start_time: UnixTime = None
    end_time: UnixTime = None


class OpenProduct(Record):
    id: TextId = ""
    title: Text = ""
    inventory: Count = None
    status: Text = ""
    original_price: Maybe[NumberRange] = None


class OpenCollaboration(Record):
    """A product any creator may promote."""

    id: RequiredId
    status: CollaborationStatus = ""
    current_commission: Maybe[CurrentCommission] = None
    product: Maybe[OpenProduct] = None
    showcase_creator_count: Count = None
    content_creator_count: Count = None


class OpenCollaborationsPage(Record):
    open_collaborations: list[OpenCollaboration] = []
    next_page_token: Text = ""
    total_count: Count = None


class AutoAddProduct(Record):
    enable: Flag = None
    commission_rate: RateHundredths = None


class OpenSettings(Record):
    auto_add_product: Maybe[AutoAddProduct] = None


class SampleThresholds(Record):
    minimum_follower_count: Count = None
    minimum_gmv: Text | dict[str, Any] = ""
    avg_ec_video_views: Count = None
    category_ids: list[TextId] = []
    predicted_fulfillment_rank: Text = ""


class SampleRule(Record):
    """When creators get a free sample of a product.

    TikTok takes the terms nested under ``sample_rule``; read both nested and flat.
    """

    product_id: TextId = ""
    activate_status: Annotated[Text, known("ACTIVATE", "DEACTIVATE")] = ""
    status: Text = ""
    sample_quota: Count = None
    available_quantity: Count = None
    is_sample_time_unlimited: Flag = None
    start_time: UnixTime = None
    end_time: UnixTime = None
    thresholds: Maybe[SampleThresholds] = None

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or not isinstance(data.get("sample_rule"), Mapping):
            return data
        return data["sample_rule"] | {k: v for k, v in data.items() if k != "sample_rule"}


class SampleRulesPage(Record):
    sample_rules: list[SampleRule] = []


class ContentCreator(Record):
    creator_open_id: TextId = ""
    username: Text = ""
    follower_count: Count = None


class CreatorContent(Record):
    """How much a creator posted for a product: counts only, no content ids."""

    creator_profile: Maybe[ContentCreator] = None
    video_count: Count = None
    live_count: Count = None
    promotion_status: CollaborationStatus = ""
    promotion_end_time: UnixTime = None


class CreatorContentPage(Record):
    creator_content_details: list[CreatorContent] = []
    next_page_token: Text = ""
    total_count: Count = None


class FreeSampleRule(Record):
    has_free_sample: Flag = None
    is_sample_approval_exempt: Flag = None


class ContactInfo(Record):
    email: Text = ""


class TargetCollaborationHead(Record):
    """What search and detail share. TikTok misspells the count in the search."""

    id: RequiredId
    name: Text = ""
    type: Annotated[Text, known("STANDARD", "TOP_CREATOR_PROGRAM")] = ""
    start_time: UnixTime = None
    end_time: UnixTime = None
    create_time: UnixTime = None
    update_time: UnixTime = None
    creator_invited_count: Count = Field(
        default=None,
        validation_alias=AliasChoices("creator_invited_count", "creator_inivited_count"),
    )
    showcase_creator_count: Count = None
    content_creator_count: Count = None
    product_count: Count = None
    free_sample_rule: Maybe[FreeSampleRule] = None


class TargetCollaborationsPage(Record):
    target_collaborations: list[TargetCollaborationHead] = []
    next_page_token: Text = ""
    total_count: Count = None


class TargetCommission(NumberRange):
    """Rates, and what they come to at the product's price range."""

    rate: RateHundredths = None
    shop_ads_commission_rate: RateHundredths = None
    effective_time: UnixTime = None


class TargetProduct(Record):
    id: RequiredId
    title: Text = ""
    main_image_url: Text = ""
    status: Text = ""
    collaboration_status: CollaborationStatus = ""
    commission_effective_status: EffectiveStatus = ""
    original_price: Maybe[NumberRange] = None
    commission: Maybe[TargetCommission] = None


class TargetCreator(Record):
    creator_open_id: RequiredId
    username: Text = ""
    nickname: Text = ""
    avatar: Maybe[Avatar] = None
    selection_region: Text = ""
    collaboration_status: CollaborationStatus = ""
    product_effective_status: EffectiveStatus = ""
    showcase_product_count: Count = None
    content_product_count: Count = None


class TargetCollaboration(TargetCollaborationHead):
    """An invitation in full."""

    message: Text = ""
    seller_contact_info: Maybe[ContactInfo] = None
    products: list[TargetProduct] = []
    creators: list[TargetCreator] = []


class TargetCollaborationPage(Record):
    target_collaboration: Maybe[TargetCollaboration] = None


class InvitationConflict(Record):
    """A creator who already holds an invitation for the product."""

    creator_user_open_id: TextId = Field(
        default="", validation_alias=AliasChoices("creator_user_open_id", "creator_open_id")
    )
    product_id: TextId = ""
    existing_collaboration_id: TextId = ""


class CreatedCollaboration(Record):
    id: TextId = ""


class InvitationResult(Record):
    """The outcome of an invitation. Partly done is normal: look at all three lists."""

    target_collaboration: Maybe[CreatedCollaboration] = None
    target_collaboration_conflicts: list[InvitationConflict] = []
    invalid_open_id_list: list[TextId] = []
    invalid_product_id_list: list[TextId] = []

    @property
    def collaboration_id(self) -> str:
        """Id of what was created; empty when nothing was."""
        return self.target_collaboration.id if self.target_collaboration else ""

    @property
    def complete(self) -> bool:
        """True when every creator was invited for every product."""
        return bool(self.collaboration_id) and not (
            self.target_collaboration_conflicts
            or self.invalid_open_id_list
            or self.invalid_product_id_list
        )


class ConflictCheck(Record):
    has_conflict: Flag = None
    conflict_items: list[InvitationConflict] = []


class CollaborationLink(Record):
    link: Text = ""


@dataclass(frozen=True, slots=True)
class InvitedProduct:
    """A product of an invitation; rates in hundredths of a percent (1500 is 15 %)."""

    id: str
    target_commission_rate: int
    shop_ads_commission_rate: int | None = None


class UpdateFailed(Record):
    products: list[TextId] = []
    creators: list[TextId] = []


class UpdateResult(Record):
    """What of a change did not apply; TikTok answers so with code 0."""

    update_failed: Maybe[UpdateFailed] = None


OPEN_COLLABORATIONS = Listing(
    "open_collab_search",
    OpenCollaborationsPage,
    OpenCollaboration,
    "open_collaborations",
    "a list of open collaborations",
)
SAMPLE_RULES = Listing(
    "sample_rules_get", SampleRulesPage, SampleRule, "sample_rules", "the sample rules"
)
CREATOR_CONTENT = Listing(
    "open_collab_content",
    CreatorContentPage,
    CreatorContent,
    "creator_content_details",
    "what creators posted",
)
TARGET_COLLABORATIONS = Listing(
    "target_collab_search",
    TargetCollaborationsPage,
    TargetCollaborationHead,
    "target_collaborations",
    "a list of invitations",
    sizes=frozenset({20, 50, 100}),
)
TARGET_COLLABORATION = Listing(
    "target_collab_detail",
    TargetCollaborationPage,
    TargetCollaboration,
    "target_collaboration",
    "an invitation",
)


class Collaborations:
    """Open collaborations and invitations. Calls raise ``TikTokError``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def open(
        self, *, page_size: int | None = None, page_token: str = ""
    ) -> Iterator[Page[OpenCollaborationsPage, OpenCollaboration]]:
        """Products open to every creator."""
        query = {"sort_field": "product_original_price"}
        return self._caller.pages(
            OPEN_COLLABORATIONS, query=query, page_size=page_size, page_token=page_token
        )

    def open_settings(self) -> OpenSettings:
        """Whether new products join open collaborations by themselves."""
        return self._caller.record(OpenSettings, "the settings", "open_collab_settings_get")

    def sample_rules(self, product_ids: Sequence[str]) -> Page[SampleRulesPage, SampleRule]:
        """Free-sample rules of up to 100 products."""
        if not 1 <= len(product_ids) <= MAX_RULE_PRODUCTS:
            raise ValueError(f"ask for 1 to {MAX_RULE_PRODUCTS} products at once")
        return self._caller.page(SAMPLE_RULES, query={"product_ids": list(product_ids)})

    def creator_content(
        self, product_id: str, *, page_size: int | None = None, page_token: str = ""
    ) -> Iterator[Page[CreatorContentPage, CreatorContent]]:
        """How much each creator posted for a product."""
        return self._caller.pages(
            CREATOR_CONTENT,
            query={"product_id": product_id},
            page_size=page_size,
            page_token=page_token,
        )

    def targets(
        self,
        *,
        status: str = "VALID",
        filters: Mapping[str, Any] | None = None,
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[TargetCollaborationsPage, TargetCollaborationHead]]:
        """Invitations in one status: ONGOING, EXPIRING, VALID, CANCELING or COMPLETED."""
        body = {**(filters or {}), "collaboration_status": status}
        return self._caller.pages(
            TARGET_COLLABORATIONS, body=body, page_size=page_size, page_token=page_token
        )

    def target(self, collaboration_id: str) -> Page[TargetCollaborationPage, TargetCollaboration]:
        """One invitation in full; ``items`` holds it."""
        return self._caller.page(TARGET_COLLABORATION, collaboration_id)

    def change_rates(
        self, collaboration_id: str, products: Sequence[InvitedProduct]
    ) -> UpdateResult:
        """Set the rates of an invitation. `products` are all of its products: one that is left out
        is removed. A raise counts at once, a cut from the shop's next midnight on. Repeating it
        changes nothing.

        Raises ``ValueError`` for rates that TikTok is known to refuse.
        """
        _check_products(products)
        body = {
            "products": [
                {
                    "id": product.id,
                    "commission_rate": product.target_commission_rate,
                    "target_ad_commission_rate": product.shop_ads_commission_rate,
                }
                for product in products
            ]
        }
        return self._caller.record(
            UpdateResult, "an answer", "target_collab_update", collaboration_id, body=body
        )

    def target_link(self, collaboration_id: str) -> str:
        """The link with which a creator accepts an invitation."""
        answer = self._caller.record(
            CollaborationLink, "a link", "target_collab_link", collaboration_id
        )
        return answer.link

    def conflicts(
        self, *, creator_open_ids: Sequence[str], product_ids: Sequence[str]
    ) -> ConflictCheck:
        """Which creators already hold an invitation for which product. Changes nothing."""
        body = {
            "creator_open_id_list": list(creator_open_ids),
            "product_id_list": list(product_ids),
        }
        return self._caller.record(
            ConflictCheck, "a conflict check", "target_conflicts_check", body=body
        )

    def invite(
        self,
        *,
        name: str,
        message: str,
        end_time: datetime,
        products: Sequence[InvitedProduct],
        creator_open_ids: Sequence[str],
        contact_email: str,
        has_free_sample: bool = False,
        is_sample_approval_exempt: bool = False,
    ) -> InvitationResult:
        """Create a target collaboration. Uses quota, and is never repeated by itself.

        Raises ``ValueError`` for what TikTok is known to refuse, ``TikTokError`` otherwise; with
        ``outcome_unknown`` look for the name among the invitations before trying again.
        """
        _check_invitation(products, creator_open_ids)
        body = {
            "name": name,
            "message": message,
            "end_time": str(unix_seconds(end_time)),
            "products": [
                {
                    "id": product.id,
                    "target_commission_rate": product.target_commission_rate,
                    "shop_ads_commission_rate": product.shop_ads_commission_rate,
                }
                for product in products
            ],
            "creator_user_open_ids": list(creator_open_ids),
            "seller_contact_info": {"email": contact_email},
            "free_sample_rule": {
                "has_free_sample": has_free_sample,
                "is_sample_approval_exempt": is_sample_approval_exempt,
            },
        }
        return self._caller.record(
            InvitationResult, "an invitation", "target_collab_create", body=body
        )


def _check_invitation(products: Sequence[InvitedProduct], creators: Sequence[str]) -> None:
    if not 1 <= len(creators) <= MAX_INVITED_CREATORS:
        raise ValueError(f"an invitation goes to 1 to {MAX_INVITED_CREATORS} creators")
    _check_products(products)


def _check_products(products: Sequence[InvitedProduct]) -> None:
    if not 1 <= len(products) <= MAX_INVITED_PRODUCTS:
        raise ValueError(f"an invitation holds 1 to {MAX_INVITED_PRODUCTS} products")
    for product in products:
        rates = (product.target_commission_rate, product.shop_ads_commission_rate)
        if any(rate is not None and rate not in COMMISSION_BOUNDS for rate in rates):
            raise ValueError("a commission must be between 1 % and 80 %")
