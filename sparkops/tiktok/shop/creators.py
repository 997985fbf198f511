"""Creators of the marketplace, and the quota for contacting them (contract 8.1 - 8.3, 8.9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field

from sparkops.tiktok.paging import Page, walk_numbers
from sparkops.tiktok.shop.caller import UP_TO_50, Caller, Listing
from sparkops.tiktok.values import (
    Amount,
    Count,
    Flag,
    Maybe,
    RateFraction,
    RateHundredths,
    RateTenThousandths,
    Record,
    RequiredId,
    Text,
    TextId,
    UnixMillis,
    WireMoney,
    known,
)

DATA_GROUPS = (
    "BASIC_CREATOR_INFORMATION",
    "CONTENT_PERFORMANCE",
    "FOLLOWER_INFORMATION",
    "COLLABORATION",
    "SALES_AND_GMV",
)


FilterOption = Literal[
    "OPTION_VERTICAL_PRO",
    "OPTION_LANGUAGE",
    "OPTION_CREATOR_LEVEL",
    "OPTION_SORTER",
    "OPTION_BRAND",
]


class Avatar(Record):
    url: Text = ""


class NumberRange(Record):
    """Instead of an exact figure; US only. ``formatted_range`` is TikTok's wording of it."""

    minimum_amount: Amount = None
    maximum_amount: Amount = None
    formatted_range: Text = ""
    currency: Text = ""


class Gender(Record):
    gender: Annotated[Text, known("MALE", "FEMALE")] = ""
    percentage: RateTenThousandths = None


class TopFollowers(Record):
    age_ranges: list[Text] = []
    major_gender: Maybe[Gender] = None


class CreatorProfile(Record):
    has_collaborated: Flag = None
    has_invited_90d: Flag = None
    is_creator_blocked: Flag = None
    is_fast_growing: Flag = None
    is_official_recommend: Flag = None
    is_eligible_flat_fee: Flag = None
    is_rising_star: Flag = None
    creator_level: Count = None
    pps_score: Amount = None
    creator_bind_mcn_name: Text = ""
    user_type_tag: list[Count] = []


class CreatorMetrics(Record):
    """Figures of the last 30 days. Exact ones are missing where a creator withholds them."""

    follower_count: Count = None
    gmv: Maybe[WireMoney] = None
    video_gmv: Maybe[WireMoney] = None
    live_gmv: Maybe[WireMoney] = None
    gmv_range: Maybe[NumberRange] = None
    video_gmv_range: Maybe[NumberRange] = None
    live_gmv_range: Maybe[NumberRange] = None
    units_sold: Count = None
    units_sold_range: Maybe[NumberRange] = None


class MarketplaceCreator(CreatorMetrics):
    """A row of the search. ``username`` can change; ``creator_open_id`` is the key."""

    creator_open_id: RequiredId
    username: Text = ""
    nickname: Text = ""
    avatar: Maybe[Avatar] = None
    selection_region: Text = ""
    category_ids: list[TextId] = []
    avg_ec_video_view_count: Amount = None
    avg_ec_live_uv: Amount = None
    top_follower_demographics: Maybe[TopFollowers] = None
    creator_profile: Maybe[CreatorProfile] = None


class CreatorsPage(Record):
    """``search_key`` must go back with the following pages; the walker does that."""

    creators: list[MarketplaceCreator] = []
    next_page_token: Text = ""
    search_key: Text = ""


class Share(Record):
    """A share of an audience or of sales: ``key`` is an age range, place, category or format."""

    key: Text = ""
    value: RateFraction = None


class CreatorDetail(CreatorMetrics):
    """A creator in full; groups that were not asked for stay empty."""

    creator_open_id: TextId = ""
    username: Text = ""
    nickname: Text = ""
    bio_description: Text = ""
    avatar: Maybe[Avatar] = None
    profile_tt_uri: Text = ""
    selection_region: Text = ""
    category_ids: list[TextId] = []
    follower_age: list[Share] = []
    follower_gender: list[Share] = []
    follower_location: list[Share] = []
    ec_video_count: Count = None
    ec_live_count: Count = None
    avg_ec_video_play_count: Amount = None
    avg_ec_video_like_count: Amount = None
    avg_ec_video_comment_count: Amount = None
    avg_ec_video_share_count: Amount = None
    ec_video_engagement_rate: RateHundredths = None
    avg_ec_live_uv: Amount = None
    avg_ec_live_like_count: Amount = None
    avg_ec_live_comment_count: Amount = None
    avg_ec_live_share_count: Amount = None
    ec_live_engagement_rate: RateHundredths = None
    gpm: Maybe[WireMoney] = None
    video_gpm: Maybe[WireMoney] = None
    live_gpm: Maybe[WireMoney] = None
    gpm_range: Maybe[NumberRange] = None
    avg_gmv_per_buyer: Maybe[WireMoney] = None
    category_gmv_distribution: list[Share] = []
    content_gmv_distribution: list[Share] = []
    brand_collaboration_count: Count = None
    top_collaborated_brand_ids: list[TextId] = []
    promoted_product_num: Count = None
    avg_commission_rate: RateHundredths = None
    avg_commission_rate_range: Maybe[NumberRange] = None
    post_rate: RateHundredths = None
    pps: Amount = None
    rating: Amount = None
    product_original_price_range: Maybe[NumberRange] = None
    creator_profile: Maybe[CreatorProfile] = None


class CreatorPage(Record):
    creator: Maybe[CreatorDetail] = None


class FilterOptions(Record):
    """Values one filter takes. They differ per market and change: kept as sent, in the extras."""


class QuotaLevel(Record):
    """One GMV tier: from ``left_gmv`` to ``right_gmv`` of the past 30 days."""

    gmv_tier: Text = ""
    reached_max_follower_cnt: Count = None
    left_gmv: Maybe[WireMoney] = None
    right_gmv: Maybe[WireMoney] = None


class OutreachQuota(Record):
    """The week's budget of new contacts, shared by invitations and messages."""

    shop_id: TextId = ""
    quota_type: Text = ""
    gmv_tier: Text = ""
    quota_sum: Count = None
    quota_use: Count = None
    unlimited: Flag = None
    reached_max_follower_cnt: Count = None
    new_connect_count: Count = None
    pair_connect_count: Count = None
    start_time: UnixMillis = None
    end_time: UnixMillis = None
    gmv_level_rule: list[QuotaLevel] = []

    @property
    def remaining(self) -> int | None:
        """Contacts left this week; None when unlimited or not told."""
        if self.unlimited or self.quota_sum is None or self.quota_use is None:
            return None
        return max(0, self.quota_sum - self.quota_use)

    @property
    def follower_cap(self) -> int | None:
        """Creators above this many followers cannot be contacted; None without a cap."""
        return self.reached_max_follower_cnt or None


class OutreachRecord(Record):
    """What was sent to whom."""

    creator_open_id: TextId = Field(
        default="", validation_alias=AliasChoices("creator_open_id", "creator_user_open_id")
    )
    username: Text = ""


class OutreachRecordsPage(Record):
    records: list[OutreachRecord] = []
    total_count: Count = None


CREATORS = Listing(
    "creators_search",
    CreatorsPage,
    MarketplaceCreator,
    "creators",
    "a list of creators",
    sizes=frozenset({12, 20}),
    default_size=20,
)
CREATOR = Listing("creator_detail", CreatorPage, CreatorDetail, "creator", "a creator")
QUOTA = Listing("outreach_quota", OutreachQuota, OutreachQuota, "quota_sum", "an outreach quota")
OUTREACH_RECORDS = Listing(
    "outreach_records",
    OutreachRecordsPage,
    OutreachRecord,
    "records",
    "a list of contacts",
    sizes=UP_TO_50,
    default_size=50,
)


class Creators:
    """Reads of the creator marketplace. Calls raise ``TikTokError``.

    The search has a daily quota; used up, it raises ``Throttled`` with reason ``daily_quota``.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def search(
        self,
        *,
        keyword: str | None = None,
        filters: Mapping[str, Any] | None = None,
        search_key: str | None = None,
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[CreatorsPage, MarketplaceCreator]]:
        """Creators by words in their names and by ``filters`` (the body of contract 8.2).

        To go on from a stored ``page_token`` give the ``search_key`` of that walk too.
        """
        body = {**(filters or {}), "keyword": keyword, "search_key": search_key}
        return self._caller.pages(
            CREATORS,
            body=body,
            page_size=page_size,
            page_token=page_token,
            carried=("search_key",),
        )

    def detail(
        self, creator_open_id: str, *, data_groups: Sequence[str] = DATA_GROUPS
    ) -> Page[CreatorPage, CreatorDetail]:
        """One creator; ``items`` holds it."""
        return self._caller.page(CREATOR, creator_open_id, query={"data_groups": list(data_groups)})

    def filters(self, option_type: FilterOption) -> FilterOptions:
        """Values that one filter of the search accepts in this market."""
        return self._caller.record(
            FilterOptions,
            "the search filters",
            "creators_filters",
            body={"option_type": option_type},
        )

    def quota(self) -> OutreachQuota:
        """How many new creators may still be contacted this week."""
        return self._caller.record(OutreachQuota, "an outreach quota", "outreach_quota")

    def quota_page(self) -> Page[OutreachQuota, OutreachQuota]:
        """The quota as a page that can be kept; ``items`` holds it."""
        return self._caller.page(QUOTA).picking(lambda quota: [quota])

    def outreach_records(
        self, *, page_size: int = 50, start: int = 1
    ) -> Iterator[Page[OutreachRecordsPage, OutreachRecord]]:
        """Who was contacted, page by page from ``start``."""
        size = OUTREACH_RECORDS.check_size(page_size)

        def fetch(index: int) -> Page[OutreachRecordsPage, OutreachRecord]:
            body = {"page_index": index, "page_size": size}
            page = self._caller.page(OUTREACH_RECORDS, body=body)
            return page.followed_by(str(index + 1) if page.row_count >= size else "")

        return walk_numbers(fetch, api="shop", start=start)
