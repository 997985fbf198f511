"""Business Centers: what an agency's token reaches."""

from __future__ import annotations

from sparkops.sandbox.ads.call import Call, Data, Refused, endpoint
from sparkops.sandbox.world import BusinessCenter

ASSET_TYPES = ("ADVERTISER", "TIKTOK_SHOP", "TT_ACCOUNT", "CATALOG", "PIXEL", "LEAD")


def mine(call: Call) -> list[BusinessCenter]:
    user = call.world.ads_users[call.token.user_id] if call.token else None
    return [call.world.business_centers[one] for one in (user.bc_ids if user else [])]


def named(call: Call) -> BusinessCenter:
    bc_id = call.needed("bc_id")
    for bc in mine(call):
        if bc.id == bc_id:
            return bc
    raise Refused(40001, f"No permission to operate Business Center {bc_id}.")


@endpoint("GET", "/bc/get/")
def get(call: Call) -> Data:
    wanted = call.text("bc_id")
    found = [bc for bc in mine(call) if wanted in ("", bc.id)]
    rows, page_info = call.page(found, most=50)
    shown = [
        {
            "bc_info": {
                "bc_id": bc.id,
                "name": bc.name,
                "company": bc.name,
                "currency": bc.currency,
                "timezone": bc.timezone,
                "registered_area": bc.registered_area,
                "status": "ENABLE",
                "type": "NORMAL",
            },
            "user_role": "ADMIN",
            "ext_user_role": {"finance_role": "MANAGER"},
        }
        for bc in rows
    ]
    return {"list": shown, "page_info": page_info}


def assets(call: Call, bc: BusinessCenter) -> list[Data]:
    kind = call.choice("asset_type", ASSET_TYPES, call.needed("asset_type"))
    world = call.world
    rows: list[Data] = []
    if kind == "ADVERTISER":
        rows = [
            {
                "asset_id": one,
                "asset_name": world.advertisers[one].name,
                "advertiser_role": "ADMIN",
                "advertiser_account_type": "AUCTION",
                "advertiser_status": world.advertisers[one].status,
            }
            for one in bc.advertiser_ids
        ]
    elif kind == "TIKTOK_SHOP":
        rows = [
            {"asset_id": one, "asset_name": world.shops[one].name, "store_role": "AD_PROMOTION"}
            for one in bc.shop_ids
        ]
    elif kind == "TT_ACCOUNT":
        rows = [
            {
                "asset_id": one.identity_id,
                "asset_name": one.display_name,
                "tt_account_roles": ["VIDEO_ADS"],
            }
            for one in world.identities
            if one.bc_id == bc.id
        ]
    keyword = str(call.filtering().get("keyword", "")).lower()
    for row in rows:
        row |= {"asset_type": kind, "owner_bc_name": bc.name}
    return [row for row in rows if keyword in row["asset_name"].lower()]


@endpoint("GET", "/bc/asset/get/")
def asset_get(call: Call) -> Data:
    rows, page_info = call.page(assets(call, named(call)), most=50)
    return {"list": rows, "page_info": page_info}


@endpoint("GET", "/bc/asset/admin/get/")
def asset_admin_get(call: Call) -> Data:
    rows, page_info = call.page(assets(call, named(call)), most=50)
    shown = [{**row, "relation_type": "OWNER_BC", "relation_status": "BOUND"} for row in rows]
    return {"list": shown, "page_info": page_info}


def _nothing(call: Call) -> Data:
    """The list exists and is empty: the seeded Business Centers have none of these."""
    named(call)
    _, page_info = call.page([], most=50)
    return {"list": [], "page_info": page_info}


for _path in ("/bc/partner/get/", "/bc/partner/asset/get/", "/bc/transaction/get/"):
    endpoint("GET", _path)(_nothing)
endpoint("GET", "/bc/account/transaction/get/")(_nothing)


@endpoint("GET", "/bc/balance/get/")
def balance(call: Call) -> Data:
    bc = named(call)
    total = sum(float(call.world.advertisers[one].balance) for one in bc.advertiser_ids)
    return {
        "account_balance": total,
        "valid_account_balance": total,
        "currency": bc.currency,
        "cash_balance": total,
        "grant_balance": 0.0,
    }


@endpoint("GET", "/advertiser/transaction/get/")
def transactions(call: Call) -> Data:
    call.advertiser()
    _, page_info = call.page([], most=50)
    return {"transaction_list": [], "page_info": page_info}
