"""GMV Max campaigns and their days (marketing contract 7).

Campaign rows carry the money; creative rows say which post spent it. What creatives leave over
stays without a post (P24).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from campaigns.inbound.by_hand import notice
from campaigns.inbound.spans import (
    ATTRIBUTED,
    REREAD,
    WEEK,
    Report,
    WholeReport,
    asked_spans,
    earlier,
)
from campaigns.inbound.unlisted import know_campaigns
from campaigns.models import Campaign, GmvMaxDay, Level
from campaigns.rules.budgets import DAILY
from campaigns.rules.roi import RoiDefinition, roi_definition
from creators.actions.known import know_posts
from sparkops.catalog.inbound import ad_account_parts, ad_account_zone, open_ads
from sparkops.catalog.models import AdAccount, Product
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.calls import Result
from sparkops.tiktok.ads.gmv_max import CampaignKind, GmvMaxCampaign, GmvMaxSettings
from sparkops.tiktok.ads.gmv_max_report import PromotionType
from sparkops.tiktok.ads.reports import ReportRow
from sparkops.tiktok.values import Findings, findings

PRODUCT_CARD = "-1"
MOST_IDS = 100
# Left out of the list unless asked for by this word; their cost stays in the reports.
STATUSES = ("", "STATUS_DELETE")
SWITCHES = ("ENABLE", "DISABLE")
"""The budget of a GMV Max campaign is always that of a day."""
NOTHING = {
    "cost": Decimal(0),
    "net_cost": None,
    "orders": 0,
    "gross_revenue": Decimal(0),
    "roi_definition": RoiDefinition.UNKNOWN.value,
}
Grain = GmvMaxDay.Grain
Kind = Campaign.Kind
# Numbers by campaign (own id), key within it, and day.
Given = dict[tuple[int, str, date], dict[str, Any]]
SETTINGS_KINDS = {"PRODUCT": Kind.GMV_MAX_PRODUCT.value, "LIVE": Kind.GMV_MAX_LIVE.value}


@dataclass(frozen=True)
class Listed:
    """A campaign and the kind it was listed under, which its row does not say."""

    kind: str
    row: GmvMaxCampaign


@dataclass(frozen=True)
class ListedPage:
    """A page of the campaign list of one kind."""

    kind: str
    page: Any

    @property
    def raw(self) -> dict[str, Any]:
        return {"kind": self.kind, **self.page.raw}

    @property
    def items(self) -> list[Listed]:
        return [Listed(self.kind, row) for row in self.page.items]

    @property
    def findings(self) -> Any:
        return self.page.findings

    @property
    def row_count(self) -> int:
        return int(self.page.row_count)

    @property
    def request_id(self) -> str:
        return str(self.page.request_id)


def _campaign_pages(api: AdsApi, part: str, _window: Window) -> Iterator[ListedPage]:
    kinds: tuple[tuple[CampaignKind, str], ...] = (
        ("PRODUCT_GMV_MAX", Kind.GMV_MAX_PRODUCT.value),
        ("LIVE_GMV_MAX", Kind.GMV_MAX_LIVE.value),
    )
    for word, kind in kinds:
        for status in STATUSES:
            for page in api.gmv_max.campaign_pages(part, word, primary_status=status):
                yield ListedPage(kind, page)


def load_campaigns(rows: Sequence[Listed], context: Context) -> Counts:
    """GMV Max campaigns of the ad account, deleted ones with TikTok's word for it."""
    account = AdAccount.objects.get(advertiser_id=context.part)
    found = [
        {
            "ad_account_id": account.pk,
            "campaign_id": one.row.campaign_id,
            "name": one.row.campaign_name or one.row.campaign_id,
            "kind": one.kind,
            "objective": one.row.objective_type,
            "operation_status": one.row.operation_status,
            "secondary_status": one.row.secondary_status,
            "created_at": one.row.create_time,
            "modified_at": one.row.modify_time,
            "seen_at": context.now,
        }
        for one in rows
    ]
    notice(Level.CAMPAIGN, found, account, now=context.now)
    return merge(
        Campaign,
        found,
        key=["campaign_id"],
        unwatched=["seen_at"],
    )


@dataclass(frozen=True)
class SettingsPage:
    """The settings of one campaign, which its row in the list does not have."""

    result: Result[GmvMaxSettings]

    @property
    def raw(self) -> dict[str, Any]:
        return self.result.raw

    @property
    def items(self) -> list[GmvMaxSettings]:
        return [self.result.value]

    @property
    def findings(self) -> Findings:
        return findings(self.result.value)

    @property
    def row_count(self) -> int:
        return 1

    @property
    def request_id(self) -> str:
        return self.result.request_id


def _settings_pages(api: AdsApi, part: str, window: Window) -> Iterator[SettingsPage]:
    for page in _campaign_pages(api, part, window):
        for one in page.items:
            if one.row.operation_status in SWITCHES:
                yield SettingsPage(api.gmv_max.campaign_info(part, one.row.campaign_id))


def load_settings(rows: Sequence[GmvMaxSettings], context: Context) -> Counts:
    """The budget a day and the ROI target of campaigns, in the ad account's currency.

    Every campaign has both; an answer without one of them is damaged, and what stands is kept.
    """
    account = AdAccount.objects.get(advertiser_id=context.part)
    found = [
        {
            "ad_account_id": account.pk,
            "campaign_id": row.campaign_id,
            "name": row.campaign_name or row.campaign_id,
            "kind": SETTINGS_KINDS.get(row.shopping_ads_type, Kind.GMV_MAX_PRODUCT.value),
            "budget": row.budget,
            "budget_mode": DAILY,
            "roi_target": row.roas_bid,
            "seen_at": context.now,
        }
        for row in rows
        if row.budget is not None and row.roas_bid is not None
    ]
    # Before its first reading a campaign has no budget here, which nobody changed.
    named = [row["campaign_id"] for row in found]
    read = set(
        Campaign.objects.filter(campaign_id__in=named, budget_mode=DAILY).values_list(
            "campaign_id", flat=True
        )
    )
    again = [row for row in found if row["campaign_id"] in read]
    notice(Level.CAMPAIGN, again, account, now=context.now)
    return merge(Campaign, found, key=["campaign_id"], insert_only=["kind"], unwatched=["seen_at"])


def _day_pages(api: AdsApi, part: str, window: Window) -> Iterator[WholeReport]:
    """Three reports a span, each over all shops of the account: its rows replace the stored ones.

    An account without GMV Max campaigns is not asked, because TikTok may refuse it the report.
    """
    if not any(page.items for page in _campaign_pages(api, part, window)):
        return
    stores = sorted({store.store_id for store in api.gmv_max.stores(part).items})
    for first, last in asked_spans(window):
        product = _campaigns(api, part, stores, "PRODUCT", first, last)
        yield WholeReport(first, last, product, f"{Grain.CAMPAIGN}/{Kind.GMV_MAX_PRODUCT}")
        live = _campaigns(api, part, stores, "LIVE", first, last)
        yield WholeReport(first, last, live, f"{Grain.CAMPAIGN}/{Kind.GMV_MAX_LIVE}")
        ids = {row.id_of("campaign_id") for page in product for row in page.items} - {""}
        creatives = _creatives(api, part, stores, sorted(ids), first, last)
        yield WholeReport(first, last, creatives, f"{Grain.CREATIVE}/{Kind.GMV_MAX_PRODUCT}")


def _earlier_pages(api: AdsApi, part: str, window: Window) -> Iterator[WholeReport]:
    return _day_pages(api, part, earlier(window))


def _campaigns(
    api: AdsApi, part: str, stores: Sequence[str], kind: PromotionType, first: date, last: date
) -> list[Any]:
    return [
        page
        for store in stores
        for page in api.gmv_max.reports.campaign_pages(part, store, kind, first, last)
    ]


def _creatives(
    api: AdsApi, part: str, stores: Sequence[str], campaigns: Sequence[str], first: date, last: date
) -> list[Any]:
    found: list[Any] = []
    for store in stores:
        for some in _batches(campaigns):
            products: set[str] = set()
            for page in api.gmv_max.reports.product_pages(part, store, some, first, last):
                products |= {row.id_of("item_group_id") for row in page.items}
            for group in _batches(sorted(products - {""})):
                found += api.gmv_max.reports.creative_pages(part, store, some, group, first, last)
    return found


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(ids), MOST_IDS):
        yield ids[begin : begin + MOST_IDS]


def load_days(reports: Sequence[Report], context: Context) -> Counts:
    """Rows of one grain and kind, in the ad account's currency and days.

    A row that TikTok no longer gives becomes zero, as with ads.
    """
    account = AdAccount.objects.get(advertiser_id=context.part)
    return sum((_load(one, account, context) for one in reports), Counts())


def take_rows(rows: Sequence[ReportRow], account: AdAccount, *, kind: str, now: datetime) -> Counts:
    """Only the days these rows name; what they leave out stays, as in a file of some campaigns."""
    by_grain: dict[str, list[ReportRow]] = {}
    for row in rows:
        by_grain.setdefault(_grain(row), []).append(row)
    return sum(
        (
            _merged(grain, _given(some, account, kind, now), account, now)
            for grain, some in by_grain.items()
        ),
        Counts(),
    )


def _load(report: Report, account: AdAccount, context: Context) -> Counts:
    grain, kind = report.about.split("/")
    stored = GmvMaxDay.objects.filter(
        campaign__ad_account=account,
        campaign__kind=kind,
        grain=grain,
        day__gte=report.first,
        day__lte=report.last,
    ).values_list("campaign_id", "key", "day", "product_id", "post_id")
    gone: Given = {
        (campaign, key, day): {"product_id": product, "post_id": post, **NOTHING}
        for campaign, key, day, product, post in stored
    }
    given = _given(report.rows, account, kind, context.now)
    return _merged(grain, gone | given, account, context.now)


def _given(rows: Sequence[ReportRow], account: AdAccount, kind: str, now: datetime) -> Given:
    dated = [(row, row.day) for row in rows if row.day is not None]
    campaigns = know_campaigns(
        (row.id_of("campaign_id") for row, _ in dated), account, kind=kind, now=now
    )
    posts = know_posts(
        {item: "" for row, _ in dated if (item := row.id_of("item_id")) and item != PRODUCT_CARD},
        now=now,
        source="ads",
    )
    named = {row.id_of("item_group_id") for row, _ in dated} - {""}
    products = dict(Product.objects.filter(product_id__in=named).values_list("product_id", "pk"))
    found: Given = {}
    for row, day in dated:
        if row.id_of("campaign_id") in campaigns:
            product, item = row.id_of("item_group_id"), row.id_of("item_id")
            found[campaigns[row.id_of("campaign_id")], _key(product, item), day] = {
                "product_id": products.get(product),
                "post_id": posts.get(item),
                **_numbers(row),
            }
    return found


def _merged(grain: str, whole: Given, account: AdAccount, now: datetime) -> Counts:
    return merge(
        GmvMaxDay,
        [
            {
                "campaign_id": campaign,
                "grain": grain,
                "key": key,
                "day": day,
                "currency": account.currency,
                **numbers,
                "read_at": now,
            }
            for (campaign, key, day), numbers in whole.items()
        ],
        key=["campaign_id", "grain", "key", "day"],
        unwatched=["read_at"],
    )


def _grain(row: ReportRow) -> str:
    if not row.id_of("item_group_id"):
        return Grain.CAMPAIGN.value
    return Grain.CREATIVE.value if row.id_of("item_id") else Grain.PRODUCT.value


def _key(product: str, item: str) -> str:
    return f"{product}/{item}" if product else ""


def _numbers(row: ReportRow) -> dict[str, Any]:
    cost = row.number("cost") or Decimal(0)
    revenue = row.number("gross_revenue") or Decimal(0)
    return {
        "cost": cost,
        "net_cost": row.number("net_cost"),
        "orders": int(row.number("orders") or 0),
        "gross_revenue": revenue,
        "roi_definition": roi_definition(row.number("roi"), cost, revenue).value,
    }


GMV_MAX_CAMPAIGNS = Stream(
    name="gmv_max_campaigns",
    label="GMV Max campaigns",
    kind=Connection.Kind.ADS,
    every=timedelta(minutes=15),
    parts=ad_account_parts,
    zone=ad_account_zone,
    open=open_ads,
    pages=_campaign_pages,
    load=load_campaigns,
    first=None,
    skip_equal_pages=False,
)
GMV_MAX_SETTINGS = Stream(
    name="gmv_max_settings",
    label="GMV Max budgets and targets",
    kind=Connection.Kind.ADS,
    every=timedelta(minutes=30),
    parts=ad_account_parts,
    zone=ad_account_zone,
    open=open_ads,
    pages=_settings_pages,
    load=load_settings,
    first=None,
    skip_equal_pages=False,
)
GMV_MAX_DAYS = Stream(
    name="gmv_max_days",
    label="GMV Max spend",
    kind=Connection.Kind.ADS,
    every=timedelta(minutes=30),
    parts=ad_account_parts,
    zone=ad_account_zone,
    open=open_ads,
    pages=_day_pages,
    load=load_days,
    overlap=REREAD,
    skip_equal_pages=False,
)
EARLIER_GMV_MAX_DAYS = replace(
    GMV_MAX_DAYS,
    name="earlier_gmv_max_days",
    label="GMV Max spend of earlier weeks",
    every=WEEK,
    pages=_earlier_pages,
    overlap=ATTRIBUTED,
    first=ATTRIBUTED,
)
