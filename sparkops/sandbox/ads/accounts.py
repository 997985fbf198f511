"""Ad accounts: what they are and what they have."""

from __future__ import annotations

from sparkops.sandbox.ads.call import Call, Data, endpoint
from sparkops.sandbox.world import Advertiser

MOST_IDS = 100


def row(advertiser: Advertiser) -> Data:
    """All fields in the order and with the nulls of the sample."""
    return {
        "company": advertiser.company,
        "address": None,
        "status": advertiser.status,
        "contacter": None,
        "license_province": None,
        "license_city": None,
        "currency": advertiser.currency,
        "promotion_area": "0",
        "promotion_center_city": None,
        "cellphone_number": None,
        "timezone": advertiser.timezone,
        "description": f"https://{advertiser.brand_key}.example",
        "rejection_reason": advertiser.rejection_reason,
        "advertiser_id": advertiser.id,
        "license_no": "",
        "promotion_center_province": None,
        "name": advertiser.name,
        "industry": "291905",
        "telephone_number": None,
        "license_url": "",
        "role": "ROLE_CHILD_ADVERTISER",
        "advertiser_account_type": "AUCTION",
        "create_time": int(advertiser.created_at.timestamp()),
        "owner_bc_id": advertiser.bc_id,
        "language": "en",
        "email": None,
        "country": advertiser.country,
        "balance": float(advertiser.balance),
        "brand": None,
        "display_timezone": advertiser.display_timezone,
        "ads_only_mode": False,
    }


@endpoint("GET", "/advertiser/info/")
def info(call: Call) -> Data:
    call.need("advertiser_ids")
    wanted = [call.reach(one) for one in call.texts("advertiser_ids", MOST_IDS)]
    if call.texts("fields") == ["company_name_editable"]:
        return {
            "list": [{"advertiser_id": one.id, "company_name_editable": True} for one in wanted]
        }
    return {"list": [call.only_fields(row(one), ["advertiser_id"]) for one in wanted]}


@endpoint("GET", "/advertiser/balance/get/")
def balance(call: Call) -> Data:
    bc_id = call.needed("bc_id")
    reached = call.token.advertiser_ids if call.token else []
    found = [
        {
            "advertiser_id": one.id,
            "advertiser_name": one.name,
            "advertiser_status": "SHOW_ACCOUNT_STATUS_APPROVED",
            "advertiser_type": "AUCTION",
            "timezone": one.display_timezone,
            "currency": one.currency,
            "account_balance": float(one.balance),
            "valid_account_balance": float(one.balance),
            "frozen_balance": 0.0,
            "tax": 0.0,
            "cash_balance": float(one.balance),
            "valid_cash_balance": float(one.balance),
            "grant_balance": 0.0,
            "valid_grant_balance": 0.0,
            "transfer_type": "NONE",
            "advertiser_bc_list": [{"bc_id": one.bc_id}],
            "account_open_days": (call.now - one.created_at).days,
            "balance_reminder": False,
        }
        for one in call.world.advertisers.values()
        if one.bc_id == bc_id and one.id in reached
    ]
    rows, page_info = call.page(found, most=50)
    return {"advertiser_account_list": rows, "page_info": page_info}
