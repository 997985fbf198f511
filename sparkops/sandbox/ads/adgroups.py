"""Ad groups: create, read, change, switch, budgets."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sparkops.sandbox.ads.call import (
    Call,
    Data,
    Refused,
    endpoint,
    invalid,
    moment_text,
    number,
    parse_moment,
)
from sparkops.sandbox.ads.entities import (
    ADGROUP_MINIMUM,
    check_above_spend,
    check_minimum,
    check_name,
    check_request_id,
    common,
    note_change,
    select,
    update_status,
)
from sparkops.sandbox.world import AdGroup, Advertiser, Campaign, Switch
from sparkops.sandbox.world.delivery import local_day
from sparkops.sandbox.world.statuses import adgroup_status

GOALS_WITHOUT_TYPE = ("REACH", "VIDEO_VIEWS", "ENGAGEMENT")
BILLING = {
    "CLICK": "CPC",
    "REACH": "CPM",
    "VIDEO_VIEW": "CPV",
    "ENGAGED_VIEW": "CPV",
    "ENGAGED_VIEW_FIFTEEN": "CPV",
}
BILLING_EVENTS = ("CPC", "CPM", "CPV", "OCPM")
BUDGET_MODES = (
    "BUDGET_MODE_DAY",
    "BUDGET_MODE_TOTAL",
    "BUDGET_MODE_DYNAMIC_DAILY_BUDGET",
    "BUDGET_MODE_INFINITE",
)
SCHEDULES = ("SCHEDULE_FROM_NOW", "SCHEDULE_START_END")
PACINGS = ("PACING_MODE_SMOOTH", "PACING_MODE_FAST")
PLACEMENT_TYPES = ("PLACEMENT_TYPE_AUTOMATIC", "PLACEMENT_TYPE_NORMAL")
CLICK_WINDOWS = ("OFF", "ONE_DAY", "SEVEN_DAYS", "FOURTEEN_DAYS", "TWENTY_EIGHT_DAYS")
VIEW_WINDOWS = ("OFF", "ONE_DAY", "SEVEN_DAYS")
LATEST_START = datetime(2028, 1, 1, tzinfo=UTC)
LATEST_END = datetime(2038, 1, 1, tzinfo=UTC)
START_TOLERANCE = timedelta(hours=12)
OPEN_END = timedelta(days=3652)
MOST_LOCATIONS = 3000
DAYPARTING_LENGTH = 336
# Every key of the answer in its order, with what it holds when nobody set it.
EMPTY: Data = {
    "budget_mode": None,
    "included_custom_actions": [],
    "delivery_mode": None,
    "auto_targeting_enabled": False,
    "app_download_url": None,
    "placements": ["PLACEMENT_TIKTOK"],
    "pixel_id": None,
    "conversion_window": None,
    "schedule_type": None,
    "brand_safety_partner": None,
    "interest_category_ids": [],
    "adgroup_id": None,
    "campaign_name": None,
    "schedule_infos": None,
    "share_disabled": False,
    "brand_safety_type": "NO_BRAND_SAFETY",
    "campaign_id": None,
    "ios14_quota_type": "UNOCCUPIED",
    "network_types": [],
    "app_type": None,
    "bid_type": "BID_TYPE_NO_BID",
    "conversion_bid_price": 0,
    "optimization_goal": None,
    "deep_bid_type": None,
    "video_download_disabled": False,
    "schedule_end_time": None,
    "scheduled_budget": 0,
    "is_hfss": False,
    "frequency": None,
    "bid_price": 0,
    "actions": [],
    "deep_cpa_bid": 0,
    "adgroup_name": None,
    "category_id": "0",
    "purchased_impression": None,
    "budget": 0,
    "app_id": None,
    "promotion_type": None,
    "age_groups": None,
    "next_day_retention": None,
    "pacing": None,
    "device_price_ranges": None,
    "location_ids": [],
    "secondary_status": None,
    "billing_event": None,
    "advertiser_id": None,
    "create_time": None,
    "operation_status": None,
    "placement_type": "PLACEMENT_TYPE_NORMAL",
    "optimization_event": None,
    "audience_ids": [],
    "secondary_optimization_event": None,
    "excluded_custom_actions": [],
    "languages": [],
    "modify_time": None,
    "excluded_audience_ids": [],
    "rf_estimated_cpr": None,
    "skip_learning_phase": False,
    "operating_systems": [],
    "creative_material_mode": "CUSTOM",
    "search_result_enabled": False,
    "rf_purchased_type": None,
    "inventory_filter_enabled": False,
    "adgroup_app_profile_page_state": None,
    "rf_estimated_frequency": None,
    "gender": "GENDER_UNLIMITED",
    "statistic_type": None,
    "purchased_reach": None,
    "is_new_structure": True,
    "interest_keyword_ids": [],
    "bid_display_mode": "CPMV",
    "dayparting": "1" * DAYPARTING_LENGTH,
    "keywords": None,
    "schedule_start_time": None,
    "comment_disabled": False,
    "frequency_schedule": None,
    "feed_type": None,
    "zipcode_ids": None,
    "shopping_ads_type": None,
    "product_source": None,
    "store_id": None,
    "store_authorized_bc_id": None,
    "catalog_id": None,
    "click_attribution_window": None,
    "view_attribution_window": None,
    "engaged_view_attribution_window": None,
}
SETTABLE = tuple(
    name
    for name in EMPTY
    if name
    not in {
        "adgroup_id", "campaign_name", "secondary_status", "advertiser_id", "create_time",
        "modify_time", "operation_status", "budget", "budget_mode", "campaign_id",
        "adgroup_name", "schedule_start_time", "schedule_end_time", "is_new_structure",
        "scheduled_budget",
    }
)  # fmt: skip


def row(call: Call, adgroup: AdGroup) -> Data:
    campaign = call.world.campaigns[adgroup.campaign_id]
    now_budget = adgroup.budget_at(call.now)
    planned = adgroup.budget if adgroup.budget != now_budget else Decimal(0)
    return {
        **EMPTY,
        **{name: value for name, value in adgroup.fields.items() if name in EMPTY},
        **common(adgroup),
        "budget_mode": adgroup.budget_mode,
        "budget": number(now_budget),
        "scheduled_budget": number(planned),
        "adgroup_id": adgroup.id,
        "adgroup_name": adgroup.name,
        "campaign_id": campaign.id,
        "campaign_name": campaign.name,
        "schedule_start_time": moment_text(adgroup.starts_at),
        "schedule_end_time": moment_text(adgroup.ends_at),
        "secondary_status": adgroup_status(call.world, adgroup, call.now),
        "operation_status": adgroup.operation_status(call.now),
    }


def of_advertiser(call: Call, advertiser: Advertiser) -> list[AdGroup]:
    return [g for g in call.world.adgroups.values() if g.advertiser_id == advertiser.id]


def named(call: Call, advertiser: Advertiser, adgroup_id: str) -> AdGroup:
    """The ad group of that id, which must not be deleted."""
    adgroup = call.world.adgroups.get(adgroup_id)
    if adgroup is None or adgroup.advertiser_id != advertiser.id:
        raise Refused(40007, f"The ad group {adgroup_id} does not exist in this ad account.")
    if adgroup.operation_status(call.now) == "DELETE":
        raise invalid("adgroup_id: The ad group is deleted.")
    return adgroup


@endpoint("GET", "/adgroup/get/")
def get(call: Call) -> Data:
    advertiser = call.advertiser()
    found = select(
        call,
        of_advertiser(call, advertiser),
        lambda one: adgroup_status(call.world, one, call.now),
        {"campaign_ids": lambda one: one.campaign_id, "adgroup_ids": lambda one: one.id},
    )
    wanted_name = call.filtering().get("adgroup_name")
    if wanted_name:
        found = [one for one in found if str(wanted_name) in one.name]
    rows, page_info = call.page(found)
    shown = [call.only_fields(row(call, one), ["adgroup_id"]) for one in rows]
    return {"list": shown, "page_info": page_info}


@endpoint("POST", "/adgroup/create/")
def create(call: Call) -> Data:
    advertiser = call.advertiser()
    campaign = _campaign(call, advertiser)
    _check_required(call, campaign)
    _check_words(call)
    starts_at, ends_at = _schedule(call)
    mode = call.choice("budget_mode", BUDGET_MODES, "BUDGET_MODE_DAY")
    budget = Decimal(0)
    if not campaign.fields.get("budget_optimize_on"):
        budget = _checked_budget(call, mode, starts_at, ends_at)
    others = of_advertiser(call, advertiser)
    name = check_name(call, call.text("adgroup_name"), "adgroup_name", others)
    check_request_id(call)
    adgroup = AdGroup(
        id=call.world.new_id("adgroup"),
        advertiser_id=advertiser.id,
        name=name,
        created_at=call.now,
        modified_at=call.now,
        switches=[
            Switch(call.now, call.choice("operation_status", ["ENABLE", "DISABLE"], "ENABLE"))
        ],
        fields={field: call.params[field] for field in SETTABLE if field in call.params},
        budgets=[(call.now, budget)],
        campaign_id=campaign.id,
        budget_mode=mode,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    call.world.adgroups[adgroup.id] = adgroup
    note_change(call, adgroup, "ADGROUP", "CREATE", "", name)
    return row(call, adgroup)


def _campaign(call: Call, advertiser: Advertiser) -> Campaign:
    campaign = call.world.campaigns.get(call.needed("campaign_id"))
    if campaign is None or campaign.advertiser_id != advertiser.id:
        raise Refused(40007, "The campaign does not exist in this ad account.")
    if campaign.operation_status(call.now) == "DELETE":
        raise invalid("campaign_id: The campaign is deleted.")
    return campaign


def _check_required(call: Call, campaign: Campaign) -> None:
    names = ["adgroup_name", "schedule_type", "schedule_start_time", "optimization_goal"]
    names += ["billing_event", "pacing"]
    if campaign.objective_type not in GOALS_WITHOUT_TYPE:
        names.append("promotion_type")
    if campaign.fields.get("budget_optimize_on"):
        names.append("bid_type")
    else:
        names += ["budget_mode", "budget"]
    call.need(*names)
    if not call.texts("location_ids", MOST_LOCATIONS) and not call.texts("zipcode_ids"):
        raise invalid("Missing required field(s): location_ids.")


def _check_words(call: Call) -> None:
    billing = call.choice("billing_event", BILLING_EVENTS)
    goal = call.text("optimization_goal")
    fitting = BILLING.get(goal, "OCPM")
    if billing != fitting:
        raise invalid(f"billing_event: {billing} does not fit optimization_goal {goal}.")
    call.choice("pacing", PACINGS)
    call.choice("placement_type", PLACEMENT_TYPES)
    call.choice("click_attribution_window", CLICK_WINDOWS)
    call.choice("view_attribution_window", VIEW_WINDOWS)
    call.choice("engaged_view_attribution_window", ("ONE_DAY", "SEVEN_DAYS"))
    bid_type = call.choice("bid_type", ("BID_TYPE_NO_BID", "BID_TYPE_CUSTOM"))
    if bid_type == "BID_TYPE_CUSTOM":
        call.need("conversion_bid_price" if billing == "OCPM" else "bid_price")
    dayparting = call.text("dayparting")
    if dayparting and (len(dayparting) != DAYPARTING_LENGTH or set(dayparting) - {"0", "1"}):
        raise invalid("dayparting: Must be 336 characters of 0 and 1.")


def _schedule(call: Call) -> tuple[datetime, datetime]:
    kind = call.choice("schedule_type", SCHEDULES)
    starts_at = parse_moment(call.text("schedule_start_time"), "schedule_start_time")
    if starts_at < call.now - START_TOLERANCE:
        raise invalid("schedule_start_time: Must not be more than 12 hours in the past.")
    if starts_at >= LATEST_START:
        raise invalid("schedule_start_time: Must be before 2028-01-01 00:00:00.")
    if kind == "SCHEDULE_START_END" or call.text("budget_mode") == "BUDGET_MODE_TOTAL":
        call.need("schedule_end_time")
        ends_at = parse_moment(call.text("schedule_end_time"), "schedule_end_time")
        if ends_at <= starts_at:
            raise invalid("schedule_end_time: Must be after schedule_start_time.")
        if ends_at >= LATEST_END:
            raise invalid("schedule_end_time: Must be before 2038-01-01 00:00:00.")
        return starts_at, ends_at
    return starts_at, starts_at + OPEN_END


def _checked_budget(call: Call, mode: str, starts_at: datetime, ends_at: datetime) -> Decimal:
    minimum = ADGROUP_MINIMUM
    if mode == "BUDGET_MODE_TOTAL":
        days = max(1, -(-int((ends_at - starts_at).total_seconds()) // 86400))
        minimum = ADGROUP_MINIMUM * days - Decimal("0.01")
    return check_minimum(call.amount("budget"), minimum)


@endpoint("POST", "/adgroup/update/")
def update(call: Call) -> Data:
    advertiser = call.advertiser()
    adgroup = named(call, advertiser, call.needed("adgroup_id"))
    budget = call.amount("budget")
    if budget is not None:
        _check_new_budget(call, advertiser, adgroup, budget)
    if "adgroup_name" in call.params:
        others = [one for one in of_advertiser(call, advertiser) if one is not adgroup]
        adgroup.name = check_name(call, call.text("adgroup_name"), "adgroup_name", others)
    if "schedule_end_time" in call.params:
        ends_at = parse_moment(call.text("schedule_end_time"), "schedule_end_time")
        if adgroup.starts_at and ends_at <= adgroup.starts_at:
            raise invalid("schedule_end_time: Must be after schedule_start_time.")
        adgroup.ends_at = ends_at
    if budget is not None:
        note_change(call, adgroup, "ADGROUP", "BUDGET", str(adgroup.budget), str(budget))
        adgroup.set_budget(budget, call.now)
    changed = {field: call.params[field] for field in SETTABLE if field in call.params}
    adgroup.fields.update(changed)
    adgroup.modified_at = call.now
    return {**row(call, adgroup), "need_audit": False}


def _check_new_budget(
    call: Call, advertiser: Advertiser, adgroup: AdGroup, budget: Decimal
) -> None:
    check_minimum(budget, ADGROUP_MINIMUM)
    if adgroup.budget_mode == "BUDGET_MODE_TOTAL":
        ads = [ad for ad in call.world.ads.values() if ad.adgroup_id == adgroup.id]
        check_above_spend(call, advertiser, ads, budget)


@endpoint("POST", "/adgroup/status/update/")
def status_update(call: Call) -> Data:
    partial = call.flag("allow_partial_success")
    known: dict[str, Any] = dict(call.world.adgroups)
    return update_status(call, "adgroup_ids", known, "ADGROUP", partial=partial)


@endpoint("POST", "/adgroup/budget/update/")
def budget_update(call: Call) -> Data:
    """Lifetime budgets at once; daily ones from midnight of the account's next day."""
    advertiser = call.advertiser()
    at_once, scheduled = call.json("budget", list), call.json("scheduled_budget", list)
    if bool(at_once) == bool(scheduled):
        raise invalid("Exactly one of budget and scheduled_budget is required.")
    name = "budget" if at_once else "scheduled_budget"
    tomorrow = local_day(advertiser, call.now) + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), advertiser.zone).astimezone(UTC)
    planned = []
    for entry in at_once or scheduled:
        adgroup = named(call, advertiser, str(entry.get("adgroup_id", "")))
        budget = Decimal(str(entry.get(name, 0)))
        _check_new_budget(call, advertiser, adgroup, budget)
        planned.append((adgroup, budget))
    for adgroup, budget in planned:
        note_change(call, adgroup, "ADGROUP", "BUDGET", str(adgroup.budget), str(budget))
        adgroup.set_budget(budget, call.now if at_once else midnight)
        adgroup.modified_at = call.now
    return {"adgroup_ids": [adgroup.id for adgroup, _ in planned]}


@endpoint("GET", "/adgroup/review_info/")
def review_info(call: Call) -> Data:
    advertiser = call.advertiser()
    call.need("adgroup_ids")
    shown = {}
    for adgroup_id in call.texts("adgroup_ids", 20):
        named(call, advertiser, adgroup_id)
        denied = [
            ad.rejected_reason
            for ad in call.world.ads.values()
            if ad.adgroup_id == adgroup_id and ad.review(call.now) == "REJECTED"
        ]
        shown[adgroup_id] = {
            "is_approved": not denied,
            "review_status": "PART_AVAILABLE" if denied else "ALL_AVAILABLE",
            "reject_info": [{"reasons": denied, "suggestion": ""}] if denied else [],
        }
    return {"adgroup_review_map": shown}


@endpoint("POST", "/adgroup/appeal/")
def appeal(call: Call) -> Data:
    """Asks for another review of the group's rejected ads, which then wait in review."""
    advertiser = call.advertiser()
    adgroup = named(call, advertiser, call.needed("adgroup_id"))
    for ad in call.world.ads.values():
        if ad.adgroup_id == adgroup.id and ad.review(call.now) == "REJECTED":
            ad.reviews.append(Switch(call.now, "AUDIT"))
            ad.modified_at = call.now
    return {}
