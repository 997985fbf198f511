"""What calls about creators put on the wire (contract 2)."""

import pytest

from sparkops.tiktok.shop.collaborations import InvitedProduct
from tests.sparkops.tiktok.shop.wire import (
    SINCE,
    SINCE_S,
    SIZE,
    UNTIL,
    UNTIL_S,
    Wire,
    assert_on_the_wire,
    first,
)
from tests.sparkops.tiktok.stand_in import ok

A = "/affiliate_seller"
CALLS = [
    Wire(
        "creators_search",
        lambda a: first(a.creators.search(keyword="glow", page_size=12)),
        "POST",
        f"{A}/202608/marketplace_creators/search",
        {"page_size": "12"},
        {"keyword": "glow"},
    ),
    Wire(
        "creator_detail",
        lambda a: a.creators.detail("uA-c_1", data_groups=["COLLABORATION", "SALES_AND_GMV"]),
        "GET",
        f"{A}/202608/marketplace_creators/uA-c_1",
        {"data_groups": "COLLABORATION,SALES_AND_GMV"},
        None,
    ),
    Wire(
        "creators_filters",
        lambda a: a.creators.filters("OPTION_LANGUAGE"),
        "POST",
        f"{A}/202608/marketplace_creators/search/filter",
        {},
        {"option_type": "OPTION_LANGUAGE"},
    ),
    Wire(
        "outreach_quota",
        lambda a: a.creators.quota(),
        "GET",
        f"{A}/202607/creator_outreach/quota",
        {},
        None,
    ),
    Wire(
        "outreach_records",
        lambda a: first(a.creators.outreach_records()),
        "POST",
        f"{A}/202608/creator_outreach/records/query",
        {},
        {"page_index": 1, "page_size": 50},
    ),
    Wire(
        "open_collab_search",
        lambda a: first(a.collaborations.open()),
        "POST",
        f"{A}/202412/open_collaborations/search",
        {**SIZE, "sort_field": "product_original_price"},
        None,
    ),
    Wire(
        "open_collab_settings_get",
        lambda a: a.collaborations.open_settings(),
        "GET",
        f"{A}/202409/open_collaboration_settings",
        {},
        None,
    ),
    Wire(
        "sample_rules_get",
        lambda a: a.collaborations.sample_rules(["9", "10"]),
        "GET",
        f"{A}/202410/open_collaborations/sample_rules",
        {"product_ids": "9,10"},
        None,
    ),
    Wire(
        "open_collab_content",
        lambda a: first(a.collaborations.creator_content("9")),
        "GET",
        f"{A}/202508/open_collaborations/creator_content_details",
        {**SIZE, "product_id": "9"},
        None,
    ),
    Wire(
        "target_collab_search",
        lambda a: first(a.collaborations.targets(status="CANCELING", page_size=20)),
        "POST",
        f"{A}/202508/target_collaborations/search",
        {"page_size": "20"},
        {"collaboration_status": "CANCELING"},
    ),
    Wire(
        "target_collab_detail",
        lambda a: a.collaborations.target("3"),
        "GET",
        f"{A}/202508/target_collaborations/3",
        {},
        None,
    ),
    Wire(
        "target_collab_link",
        lambda a: a.collaborations.target_link("3"),
        "POST",
        f"{A}/202509/target_collaboration/3/link",
        {},
        None,
    ),
    Wire(
        "target_conflicts_check",
        lambda a: a.collaborations.conflicts(creator_open_ids=["u1"], product_ids=["9"]),
        "POST",
        f"{A}/202605/target_collaborations/conflicts/check",
        {},
        {"creator_open_id_list": ["u1"], "product_id_list": ["9"]},
    ),
    Wire(
        "target_collab_create",
        lambda a: a.collaborations.invite(
            name="Push",
            message="Olá",
            end_time=UNTIL,
            products=[InvitedProduct("9", 1500, 1000), InvitedProduct("10", 800)],
            creator_open_ids=["u1"],
            contact_email="partners@example.com",
            has_free_sample=True,
        ),
        "POST",
        f"{A}/202508/target_collaborations",
        {},
        {
            "name": "Push",
            "message": "Olá",
            "end_time": str(UNTIL_S),
            "products": [
                {"id": "9", "target_commission_rate": 1500, "shop_ads_commission_rate": 1000},
                {"id": "10", "target_commission_rate": 800},
            ],
            "creator_user_open_ids": ["u1"],
            "seller_contact_info": {"email": "partners@example.com"},
            "free_sample_rule": {"has_free_sample": True, "is_sample_approval_exempt": False},
        },
    ),
    Wire(
        "target_collab_update",
        lambda a: a.collaborations.change_rates(
            "77", [InvitedProduct("9", 1500, 1000), InvitedProduct("10", 800)]
        ),
        "PUT",
        f"{A}/202508/target_collaborations/77",
        {},
        {
            "products": [
                {"id": "9", "commission_rate": 1500, "target_ad_commission_rate": 1000},
                {"id": "10", "commission_rate": 800},
            ],
        },
    ),
    Wire(
        "samples_search",
        lambda a: first(a.samples.search(creator_open_id="u1", target_collaboration_id="3")),
        "POST",
        f"{A}/202508/sample_applications/search",
        {"page_size": "50"},
        {"creator_user_oepn_id": "u1", "target_collabration_id": "3"},
    ),
    Wire(
        "samples_review",
        lambda a: a.samples.reject("4", "OUT_OF_STOCK"),
        "POST",
        f"{A}/202507/sample_applications/4/review",
        {},
        {"review_result": "REJECT", "reject_reason": "OUT_OF_STOCK"},
    ),
    Wire(
        "samples_review",
        lambda a: a.samples.approve("4"),
        "POST",
        f"{A}/202507/sample_applications/4/review",
        {},
        {"review_result": "APPROVE"},
    ),
    Wire(
        "samples_fulfillments",
        lambda a: a.samples.fulfillments("4", "LIVE"),
        "POST",
        f"{A}/202409/sample_applications/4/fulfillments/search",
        {},
        {"content_format": "LIVE"},
    ),
    Wire(
        "samples_deeplink",
        lambda a: a.samples.deeplink(product_id="9", sku_id="2"),
        "GET",
        f"{A}/202512/sample_applications/deeplink",
        {"product_id": "9", "sku_id": "2", "valid_days": "7"},
        None,
    ),
    Wire(
        "affiliate_orders",
        lambda a: first(a.affiliate.orders(create_time_ge=SINCE, create_time_lt=UNTIL)),
        "POST",
        f"{A}/202410/orders/search",
        SIZE,
        {"create_time_ge": SINCE_S, "create_time_lt": UNTIL_S},
    ),
    Wire(
        "conversation_create",
        lambda a: a.messages.open("u1"),
        "POST",
        f"{A}/202508/conversations",
        {},
        {"creator_open_id": "u1", "only_need_conversation_id": False},
        answer={"conversation_id": "6"},
    ),
    Wire(
        "conversations",
        lambda a: first(a.messages.conversations(status="UNREPLIED")),
        "GET",
        f"{A}/202412/conversations",
        {
            "page_size": "50",
            "conversation_status": "UNREPLIED",
            "only_need_conversation_id": "false",
        },
        None,
    ),
    Wire(
        "messages",
        lambda a: first(a.messages.messages("6")),
        "GET",
        f"{A}/202412/conversation/6/messages",
        {"page_size": "20"},
        None,
    ),
    Wire(
        "message_send",
        lambda a: a.messages.send_text("6", "Olá María 🙌"),
        "POST",
        f"{A}/202412/conversations/6/messages",
        {},
        {"msg_type": "TEXT", "content": '{"content":"Olá María 🙌"}'},
        answer={"message_id": "5"},
    ),
    Wire(
        "messages_newest",
        lambda a: a.messages.newest(),
        "GET",
        f"{A}/202412/conversations/messages/list/newest",
        {},
        None,
    ),
    Wire(
        "conversations_read",
        lambda a: a.messages.mark_read(["6"]),
        "POST",
        f"{A}/202412/conversatons/read",
        {},
        {"conversation_ids": ["6"]},
    ),
    Wire(
        "conversation_counts",
        lambda a: a.messages.group_counts(),
        "GET",
        f"{A}/202608/conversations/group_counts",
        {},
        None,
    ),
]


@pytest.mark.parametrize("wire", CALLS, ids=lambda wire: wire.key)
def test_each_call_on_the_wire(api, tiktok, wire):
    tiktok.answers(ok(wire.answer))
    wire.call(api)
    (request,) = tiktok.received
    assert_on_the_wire(request, wire)
