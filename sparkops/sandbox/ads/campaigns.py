"""Campaigns: create, read, change, switch. GMV Max campaigns are listed in gmv_max_campaigns."""

from __future__ import annotations

from decimal import Decimal

from sparkops.sandbox.ads.call import Call, Data, Refused, endpoint, invalid, number
from sparkops.sandbox.ads.entities import (
    CAMPAIGN_MINIMUM,
    AnyEntity,
    check_above_spend,
    check_minimum,
    check_name,
    check_request_id,
    common,
    note_change,
    select,
    update_status,
)
from sparkops.sandbox.world import Advertiser, Campaign, Switch
from sparkops.sandbox.world.statuses import campaign_status

OBJECTIVES = (
    "REACH",
    "TRAFFIC",
    "VIDEO_VIEWS",
    "ENGAGEMENT",
    "LEAD_GENERATION",
    "APP_PROMOTION",
    "WEB_CONVERSIONS",
    "PRODUCT_SALES",
    "RF_REACH",
)
BUDGET_MODES = (
    "BUDGET_MODE_INFINITE",
    "BUDGET_MODE_TOTAL",
    "BUDGET_MODE_DAY",
    "BUDGET_MODE_DYNAMIC_DAILY_BUDGET",
)
KEPT = (
    "campaign_type",
    "virtual_objective_type",
    "sales_destination",
    "campaign_product_source",
    "budget_optimize_on",
    "special_industries",
    "po_number",
    "app_id",
    "bid_type",
)


def row(call: Call, campaign: Campaign) -> Data:
    fields = campaign.fields
    return {
        "secondary_status": campaign_status(campaign, call.now),
        "is_smart_performance_campaign": False,
        "campaign_name": campaign.name,
        "is_new_structure": True,
        "campaign_type": fields.get("campaign_type", "REGULAR_CAMPAIGN"),
        "campaign_id": campaign.id,
        "roas_bid": 0,
        "budget_mode": campaign.budget_mode,
        "budget_optimize_on": bool(fields.get("budget_optimize_on", False)),
        "operation_status": campaign.operation_status(call.now),
        "objective": "LANDING_PAGE",
        "objective_type": campaign.objective_type,
        "virtual_objective_type": fields.get("virtual_objective_type"),
        "sales_destination": fields.get("sales_destination"),
        "campaign_product_source": fields.get("campaign_product_source"),
        "special_industries": fields.get("special_industries"),
        "po_number": fields.get("po_number"),
        "budget": number(campaign.budget),
        "deep_bid_type": None,
        **common(campaign),
    }


def of_advertiser(call: Call, advertiser: Advertiser) -> list[Campaign]:
    return [c for c in call.world.campaigns.values() if c.advertiser_id == advertiser.id]


def named(call: Call, advertiser: Advertiser) -> Campaign:
    """The campaign of ``campaign_id``, which must not be deleted."""
    campaign = call.world.campaigns.get(call.needed("campaign_id"))
    if campaign is None or campaign.advertiser_id != advertiser.id:
        raise Refused(40007, "The campaign does not exist in this ad account.")
    if campaign.operation_status(call.now) == "DELETE":
        raise invalid("campaign_id: The campaign is deleted.")
    return campaign


@endpoint("GET", "/campaign/get/")
def get(call: Call) -> Data:
    advertiser = call.advertiser()
    filtering = call.filtering()
    found = select(
        call,
        of_advertiser(call, advertiser),
        lambda one: campaign_status(one, call.now),
        {"campaign_ids": lambda one: one.id},
    )
    if filtering.get("objective_type"):
        found = [one for one in found if one.objective_type == filtering["objective_type"]]
    if filtering.get("campaign_name"):
        found = [one for one in found if str(filtering["campaign_name"]) in one.name]
    rows, page_info = call.page(found)
    shown = [call.only_fields(row(call, one), ["campaign_id"]) for one in rows]
    return {"list": shown, "page_info": page_info}


@endpoint("POST", "/campaign/create/")
def create(call: Call) -> Data:
    advertiser = call.advertiser()
    call.need("campaign_name", "objective_type")
    objective = call.choice("objective_type", OBJECTIVES)
    if objective == "PRODUCT_SALES":
        call.need("campaign_product_source")
        call.choice("campaign_product_source", ["CATALOG", "STORE"])
    if objective != "RF_REACH":
        call.need("budget_mode")
    mode = call.choice("budget_mode", BUDGET_MODES, "BUDGET_MODE_INFINITE")
    if mode == "BUDGET_MODE_DYNAMIC_DAILY_BUDGET" and not call.flag("budget_optimize_on"):
        raise invalid("budget_mode: BUDGET_MODE_DYNAMIC_DAILY_BUDGET needs budget_optimize_on.")
    budget = Decimal(0)
    if mode != "BUDGET_MODE_INFINITE":
        budget = check_minimum(call.amount("budget"), CAMPAIGN_MINIMUM)
    status = call.choice("operation_status", ["ENABLE", "DISABLE"], "ENABLE")
    others = of_advertiser(call, advertiser)
    name = check_name(call, call.text("campaign_name"), "campaign_name", others)
    check_request_id(call)
    campaign = Campaign(
        id=call.world.new_id("campaign"),
        advertiser_id=advertiser.id,
        name=name,
        created_at=call.now,
        modified_at=call.now,
        switches=[Switch(call.now, status)],
        fields={field: call.params[field] for field in KEPT if field in call.params},
        budgets=[(call.now, budget)],
        objective_type=objective,
        budget_mode=mode,
    )
    call.world.campaigns[campaign.id] = campaign
    note_change(call, campaign, "CAMPAIGN", "CREATE", "", name)
    return row(call, campaign)


@endpoint("POST", "/campaign/update/")
def update(call: Call) -> Data:
    advertiser = call.advertiser()
    campaign = named(call, advertiser)
    others = [one for one in of_advertiser(call, advertiser) if one is not campaign]
    budget = call.amount("budget")
    if budget is not None:
        check_minimum(budget, CAMPAIGN_MINIMUM)
        ads = [ad for ad in call.world.ads.values() if ad.campaign_id == campaign.id]
        if campaign.budget_mode == "BUDGET_MODE_TOTAL":
            check_above_spend(call, advertiser, ads, budget)
    if "campaign_name" in call.params:
        name = check_name(call, call.text("campaign_name"), "campaign_name", others)
        note_change(call, campaign, "CAMPAIGN", "NAME", campaign.name, name)
        campaign.name = name
    if budget is not None:
        note_change(call, campaign, "CAMPAIGN", "BUDGET", str(campaign.budget), str(budget))
        campaign.set_budget(budget, call.now)
    for field in ("special_industries", "po_number"):
        if field in call.params:
            campaign.fields[field] = call.params[field]
    campaign.modified_at = call.now
    return row(call, campaign)


@endpoint("POST", "/campaign/status/update/")
def status_update(call: Call) -> Data:
    known: dict[str, AnyEntity] = {**call.world.campaigns, **call.world.gmv_max}
    data = update_status(call, "campaign_ids", known, "CAMPAIGN")
    data["campaign_list"] = [
        {"campaign_id": one, "status": data["status"]} for one in data["campaign_ids"]
    ]
    return data
