"""Creators, collaborations, samples, messages and the quota they share."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sparkops.sandbox.world import Creator, SampleApplication

from .caller import Answer, Caller

CREATORS = "/affiliate_seller/202608/marketplace_creators"
TARGETS = "/affiliate_seller/202508/target_collaborations"
SAMPLES = "/affiliate_seller/202508/sample_applications/search"
AFFILIATE_ORDERS = "/affiliate_seller/202410/orders/search"
QUOTA = "/affiliate_seller/202607/creator_outreach/quota"
WEEK = 7 * 24 * 3600


def a_stranger(caller: Caller, followers: int = 9_000) -> Creator:
    """A creator nobody knows yet, added to the world."""
    known = next(iter(caller.world.creators.values()))
    number = len(caller.world.creators)
    creator = Creator(
        **vars(known)
        | {
            "id": caller.world.new_id("creator"),
            "open_id": f"uACafstranger{number}",
            "im_id": caller.world.new_id("creator_im"),
            "handle": f"stranger{number}",
            "follower_count": followers,
            "earlier_handles": [],
        }
    )
    caller.world.creators[creator.id] = creator
    return creator


def quota(caller: Caller) -> dict[str, Any]:
    found: dict[str, Any] = caller.get(QUOTA).data["data"]
    return found


def used(caller: Caller) -> int:
    return int(quota(caller)["quota_use"])


def invite(caller: Caller, creators: list[Creator], product_ids: list[str], **extra: Any) -> Answer:
    end = int(caller.world.now().timestamp()) + 30 * 24 * 3600
    body = {
        "name": "Holiday push",
        "message": "We loved your review",
        "end_time": str(end),
        "products": [{"id": one, "target_commission_rate": 2000} for one in product_ids],
        "creator_user_open_ids": [one.open_id for one in creators],
        "seller_contact_info": {"email": "partners@example.com"},
        "free_sample_rule": {"has_free_sample": True, "is_sample_approval_exempt": False},
    }
    return caller.post(TARGETS, body | extra)


def products(caller: Caller) -> list[str]:
    return [p.id for p in caller.world.products.values() if p.shop_id == caller.shop.id]


def test_marketplace_pages_end_and_share_one_search_key(reader: Caller) -> None:
    keys, seen, query = set(), [], {"page_size": 12}
    token = ""
    while True:
        more = {"page_token": token} if token else {}
        data = reader.post(f"{CREATORS}/search", {"keyword": ""}, query | more).data
        keys.add(data["search_key"])
        seen += [row["creator_open_id"] for row in data["creators"]]
        token = data["next_page_token"]
        if not token:
            break
    assert len(keys) == 1
    assert len(seen) == len(set(seen))
    market = {c.open_id for c in reader.world.creators.values() if c.market == reader.shop.region}
    assert set(seen) == market


def test_marketplace_filters(reader: Caller) -> None:
    body = {
        "gmv_ranges": ["GMV_RANGE_1000_10000"],
        "follower_demographics": {"count_range": {"count_ge": 5000, "count_le": 100000}},
    }
    rows = reader.every("POST", f"{CREATORS}/search", "creators", {"page_size": 20}, body)
    assert rows
    for row in rows:
        assert 5000 <= row["follower_count"] <= 100000
        if "gmv" in row:
            assert 1000 <= Decimal(row["gmv"]["amount"]) < 10000
        else:
            assert row["gmv_range"]["minimum_amount"] == "1000"
    refused = reader.post(f"{CREATORS}/search", {"gmv_ranges": ["HUGE"]}, {"page_size": 20})
    assert (refused.status, refused.code) == (400, 36009004)


def test_creator_detail_by_data_groups(reader: Caller) -> None:
    row = reader.post(f"{CREATORS}/search", {"keyword": ""}, {"page_size": 12}).data["creators"][0]
    path = f"{CREATORS}/{row['creator_open_id']}"
    whole = reader.get(path).data["creator"]
    assert whole["username"] == row["username"]
    followers = reader.get(path, {"data_groups": "FOLLOWER_INFORMATION"}).data["creator"]
    assert followers.keys() == {
        "creator_open_id",
        "follower_age",
        "follower_gender",
        "follower_location",
    }
    assert sum(Decimal(one["value"]) for one in followers["follower_age"]) == 1
    unknown = reader.get(f"{CREATORS}/nobody")
    assert (unknown.status, unknown.code) == (400, 45101003)


def test_rates_use_the_convention_of_their_endpoint(reader: Caller) -> None:
    plan = next(
        p for p in reader.world.target_collaborations.values() if p.shop_id == reader.shop.id
    )
    detail = reader.get(f"{TARGETS}/{plan.id}").data["target_collaboration"]
    for offer, row in zip(plan.products, detail["products"], strict=True):
        assert row["commission"]["rate"] == int(offer.rate * 10000)
    application = next(a for a in reader.world.samples.values() if a.shop_id == reader.shop.id)
    rows = reader.every("POST", SAMPLES, "sample_applications", {"page_size": 50}, {"title": ""})
    row = next(one for one in rows if one["id"] == application.id)
    assert Decimal(row["commission_rate"]) == application.commission_rate
    orders = reader.post(AFFILIATE_ORDERS, {"create_time_ge": 1}, {"page_size": 1}).data["orders"]
    sku = orders[0]["skus"][0]
    affiliate = reader.world.orders[orders[0]["id"]].affiliate
    assert affiliate is not None
    assert sku["commission_rate"] == str(int(affiliate.rate * 10000))


def test_list_and_detail_spell_the_invited_count_differently(reader: Caller) -> None:
    found = reader.post(f"{TARGETS}/search", {"collaboration_status": "VALID"}, {"page_size": 20})
    row = found.data["target_collaborations"][0]
    detail = reader.get(f"{TARGETS}/{row['id']}").data["target_collaboration"]
    assert row["creator_inivited_count"] == detail["creator_invited_count"]
    assert isinstance(detail["end_time"], int)


@pytest.mark.parametrize("brand", ["lumen", "harbour", "kornblume"])
def test_affiliate_commission_equals_the_settled_one(reader: Caller, brand: str) -> None:
    caller = reader.of(brand)
    rows = caller.every(
        "POST", AFFILIATE_ORDERS, "orders", {"page_size": 100}, {"create_time_ge": 1}
    )
    settled = [row for row in rows if row["skus"][0]["settlement_status"] == "SETTLED"]
    fields = ("affiliate_commission_amount", "affiliate_ads_commission_amount")
    compared = 0
    for row in settled[:120]:
        path = f"/finance/202501/orders/{row['id']}/statement_transactions"
        parts = caller.get(path).data["sku_transactions"]
        if not parts:
            continue
        compared += 1
        booked = sum(
            Decimal(part["fee_tax_breakdown"]["fee"][name]) for part in parts for name in fields
        )
        reported = sum(
            Decimal(sku["actual_paid_commission"]["amount"])
            + Decimal(sku["actual_paid_shop_ads_commission"]["amount"])
            for sku in row["skus"]
        )
        assert reported == -booked, row["id"]
    assert compared > 20


def test_affiliate_orders_count_sku_rows_and_filter_by_program(reader: Caller) -> None:
    head = reader.post(AFFILIATE_ORDERS, {"create_time_ge": 1}, {"page_size": 1}).data
    rows = reader.every(
        "POST", AFFILIATE_ORDERS, "orders", {"page_size": 100}, {"create_time_ge": 1}
    )
    assert head["total_count"] == sum(len(row["skus"]) for row in rows)
    program = rows[0]["skus"][0]
    program_id = program["open_collaboration_id"] or program["target_collaboration_id"]
    some = reader.every(
        "POST", AFFILIATE_ORDERS, "orders", {"page_size": 100}, {"program_id": program_id}
    )
    assert rows[0]["id"] in {row["id"] for row in some}
    for row in some:
        for sku in row["skus"]:
            assert program_id in (sku["open_collaboration_id"], sku["target_collaboration_id"])


def test_standard_and_ads_commission_are_alternatives(reader: Caller) -> None:
    rows = reader.every(
        "POST", AFFILIATE_ORDERS, "orders", {"page_size": 100}, {"create_time_ge": 1}
    )
    kinds = set()
    for row in rows:
        for sku in row["skus"]:
            standard = sku["estimated_paid_commission"]["amount"]
            ads = sku["estimated_paid_shop_ads_commission"]["amount"]
            assert "0" in (standard, ads)
            kinds.add(ads != "0")
    assert kinds == {True, False}


def test_invitation_spends_quota_once_per_creator(writer: Caller) -> None:
    creator, before = a_stranger(writer), used(writer)
    first, second = products(writer)[:2]
    made = invite(writer, [creator], [first]).data
    assert made["target_collaboration_conflicts"] == []
    assert used(writer) == before + 1
    assert invite(writer, [creator], [second]).code == 0
    assert used(writer) == before + 1
    detail = writer.get(f"{TARGETS}/{made['target_collaboration']['id']}").data
    plan = detail["target_collaboration"]
    assert [one["creator_open_id"] for one in plan["creators"]] == [creator.open_id]
    assert plan["products"][0]["commission"]["rate"] == 2000
    assert "shop_ads_commission_rate" not in plan["products"][0]["commission"]


def test_second_invitation_for_the_same_product_is_a_conflict_with_code_0(writer: Caller) -> None:
    creator, product = a_stranger(writer), products(writer)[0]
    first = invite(writer, [creator], [product]).data["target_collaboration"]["id"]
    other = a_stranger(writer)
    again = invite(writer, [creator, other], [product]).data
    assert again["target_collaboration_conflicts"] == [
        {"creator_user_open_id": creator.open_id, "product_id": product}
    ]
    detail = writer.get(f"{TARGETS}/{again['target_collaboration']['id']}").data
    invited = detail["target_collaboration"]["creators"]
    assert [one["creator_open_id"] for one in invited] == [other.open_id]
    check = writer.post(
        "/affiliate_seller/202605/target_collaborations/conflicts/check",
        {"creator_open_id_list": [creator.open_id], "product_id_list": [product]},
    ).data
    assert check["has_conflict"]
    assert check["conflict_items"][0]["existing_collaboration_id"] == first


def test_unknown_creators_and_products_are_named_with_code_0(writer: Caller) -> None:
    creator, product = a_stranger(writer), products(writer)[0]
    answer = invite(
        writer,
        [creator],
        [product, "1729000000000000000"],
        creator_user_open_ids=[creator.open_id, "nobody"],
    )
    assert answer.data["invalid_open_id_list"] == ["nobody"]
    assert answer.data["invalid_product_id_list"] == ["1729000000000000000"]
    assert answer.data["target_collaboration"]["id"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"end_time": "0"}, "end_time"),
        ({"end_time": "soon"}, "end_time"),
        ({"products": []}, "products"),
        ({"creator_user_open_ids": []}, "creator_user_open_ids"),
        ({"creator_user_open_ids": ["x"] * 51}, "creator_user_open_ids"),
        ({"products": [{"id": "1", "target_commission_rate": 99}]}, "target_commission_rate"),
        ({"products": [{"id": "1", "target_commission_rate": 8001}]}, "target_commission_rate"),
        ({"products": [{"id": "1"}] * 101}, "products"),
    ],
)
def test_invitation_with_a_wrong_field_changes_nothing(
    writer: Caller, change: dict[str, Any], field: str
) -> None:
    before, plans = used(writer), len(writer.world.target_collaborations)
    answer = invite(writer, [a_stranger(writer)], products(writer)[:1], **change)
    assert (answer.status, answer.code) == (400, 36009004)
    assert f"'{field}'" in answer.body["message"]
    assert (used(writer), len(writer.world.target_collaborations)) == (before, plans)


def test_used_up_quota_refuses_new_creators_until_the_next_week(writer: Caller) -> None:
    known = writer.world.quotas[writer.shop.id]
    known.quota = used(writer)
    refused = invite(writer, [a_stranger(writer)], products(writer)[:1])
    assert refused.status == 400
    assert refused.code not in (0, 36009004)
    state = quota(writer)
    assert state["quota_sum"] == state["quota_use"]
    writer.control("clock", set=state_end(state))
    fresh = writer.of(writer.brand)
    assert used(fresh) == 0
    assert invite(fresh, [a_stranger(fresh)], products(fresh)[:1]).code == 0


def state_end(state: dict[str, Any]) -> str:
    end = datetime.fromtimestamp(int(state["end_time"]) / 1000, UTC)
    return (end + timedelta(hours=1)).isoformat()


def test_follower_cap_of_low_tiers(writer: Caller) -> None:
    writer.world.quotas[writer.shop.id].follower_cap = 20_000
    big, small = a_stranger(writer, 20_001), a_stranger(writer, 20_000)
    assert invite(writer, [big], products(writer)[:1]).status == 400
    assert invite(writer, [small], products(writer)[:1]).code == 0


def conversation(caller: Caller, creator: Creator) -> str:
    body = {"creator_open_id": creator.open_id, "only_need_conversation_id": False}
    data = caller.post("/affiliate_seller/202508/conversations", body).data
    assert data["creator_im_id"] == creator.im_id
    found: str = data["conversation_id"]
    return found


def send(caller: Caller, conversation_id: str, text: str = "Hi!", kind: str = "TEXT") -> Answer:
    path = f"/affiliate_seller/202412/conversations/{conversation_id}/messages"
    content = text if kind != "TEXT" else json.dumps({"content": text}, ensure_ascii=False)
    return caller.post(path, {"msg_type": kind, "content": content})


def thread(caller: Caller, conversation_id: str) -> list[dict[str, Any]]:
    path = f"/affiliate_seller/202412/conversation/{conversation_id}/messages"
    rows = caller.every("GET", path, "messages", {"page_size": 2})
    return [row["message_body"] for row in rows]


def test_conversation_is_opened_once_and_costs_nothing_yet(writer: Caller) -> None:
    creator, before = a_stranger(writer), used(writer)
    body = {"creator_open_id": creator.open_id, "only_need_conversation_id": True}
    first = writer.post("/affiliate_seller/202508/conversations", body).data
    again = writer.post("/affiliate_seller/202508/conversations", body).data
    assert (first["is_new"], again["is_new"]) == (True, False)
    assert first["conversation_id"] == again["conversation_id"]
    assert used(writer) == before


def test_message_appears_and_spends_quota(writer: Caller) -> None:
    creator, before = a_stranger(writer), used(writer)
    chat = conversation(writer, creator)
    sent = send(writer, chat, "código até sexta? 🙌").data["message_id"]
    assert used(writer) == before + 1
    rows = thread(writer, chat)
    assert [row["id"] for row in rows] == [sent]
    assert json.loads(rows[0]["content"]) == {"content": "código até sexta? 🙌"}
    assert rows[0]["sender_id"] != creator.im_id
    assert send(writer, chat).code == 0
    assert used(writer) == before + 1


def test_five_unanswered_messages_are_the_most(writer: Caller) -> None:
    creator = a_stranger(writer)
    chat = conversation(writer, creator)
    assert [send(writer, chat, str(number)).code for number in range(5)] == [0] * 5
    refused = send(writer, chat)
    assert refused.status == 400
    assert refused.code not in (0, 36009004)
    assert len(thread(writer, chat)) == 5
    writer.control("clock", advance_seconds=60)
    writer.control(
        "creator_message", shop_id=writer.shop.id, handle=creator.handle, text="Here I am"
    )
    writer.control("clock", advance_seconds=60)
    assert send(writer, chat).code == 0
    rows = thread(writer, chat)
    assert [row["sender_id"] == creator.im_id for row in rows[:3]] == [False, True, False]


def test_unreplied_and_unread_lists(writer: Caller) -> None:
    creator = a_stranger(writer)
    chat = conversation(writer, creator)
    writer.control("creator_message", shop_id=writer.shop.id, handle=creator.handle, text="Hey")
    path = "/affiliate_seller/202412/conversations"

    def ids(status: str) -> set[str]:
        query = {"page_size": 50, "conversation_status": status}
        return {row["id"] for row in writer.every("GET", path, "conversations", query)}

    assert chat in ids("UNREAD")
    assert chat in ids("UNREPLIED")
    read = writer.post(
        "/affiliate_seller/202412/conversatons/read", {"conversation_ids": [chat, "7"]}
    ).data
    assert read["failed_conversation_ids"] == ["7"]
    assert chat not in ids("UNREAD")
    assert chat in ids("UNREPLIED")
    writer.control("clock", advance_seconds=60)
    send(writer, chat)
    assert chat not in ids("UNREPLIED")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("TEXT", "no json"),
        ("TEXT", '{"text": "x"}'),
        ("SYSTEM", '{"content": "x"}'),
        ("PRODUCT_CARD", '{"product_id": "1"}'),
        ("TARGET_ COLLABORATION_CARD", '{"target_collaboration_id": "1"}'),
        ("FREE_SAMPLE_CARD", '{"apply_id": "1"}'),
    ],
)
def test_message_with_wrong_content(writer: Caller, kind: str, content: str) -> None:
    chat = conversation(writer, a_stranger(writer))
    path = f"/affiliate_seller/202412/conversations/{chat}/messages"
    answer = writer.post(path, {"msg_type": kind, "content": content})
    assert (answer.status, answer.code) == (400, 36009004)
    assert thread(writer, chat) == []


def test_cards_of_the_own_shop(writer: Caller) -> None:
    chat = conversation(writer, a_stranger(writer))
    card = json.dumps({"product_id": products(writer)[0]})
    assert send(writer, chat, card, "PRODUCT_CARD").code == 0
    assert thread(writer, chat)[0]["type"] == "PRODUCT_CARD"


def pending(caller: Caller) -> SampleApplication:
    rows = caller.post(SAMPLES, {"status": "PENDING"}, {"page_size": 20}).data
    return caller.world.samples[rows["sample_applications"][0]["id"]]


def one_sample(caller: Caller, application_id: str) -> dict[str, Any]:
    rows = caller.every("POST", SAMPLES, "sample_applications", {"page_size": 50}, {"title": ""})
    found: dict[str, Any] = next(row for row in rows if row["id"] == application_id)
    return found


def review(caller: Caller, application_id: str, **body: str) -> Answer:
    path = f"/affiliate_seller/202507/sample_applications/{application_id}/review"
    return caller.post(path, body)


def test_approved_sample_waits_for_shipment_and_has_an_order(writer: Caller) -> None:
    application = pending(writer)
    assert one_sample(writer, application.id)["is_approvable"]
    assert review(writer, application.id, review_result="APPROVE").code == 0
    row = one_sample(writer, application.id)
    assert row["status"] == "AWAITING_SHIPMENT"
    assert not row["is_approvable"]
    order = writer.get("/order/202507/orders", {"ids": row["order_id"]}).data["orders"][0]
    assert order["is_sample_order"]
    assert order["payment"]["total_amount"] == "0"
    assert review(writer, application.id, review_result="APPROVE").code != 0
    writer.control("clock", advance_seconds=6 * 24 * 3600)
    assert one_sample(writer, application.id)["status"] == "CONTENT_PENDING"


def test_rejected_sample_needs_a_known_reason(writer: Caller) -> None:
    application = pending(writer)
    assert review(writer, application.id, review_result="REJECT").code == 36009004
    wrong = review(writer, application.id, review_result="REJECT", reject_reason="MOOD")
    assert wrong.code == 36009004
    assert one_sample(writer, application.id)["status"] == "PENDING"
    right = review(writer, application.id, review_result="REJECT", reject_reason="NOT_MATCH")
    assert right.code == 0
    assert one_sample(writer, application.id)["status"] == "REJECT_CANCELLED"


def test_sample_without_stock_cannot_be_approved(writer: Caller) -> None:
    application = pending(writer)
    writer.control("set_stock", product_id=application.product_id, stock=0)
    row = one_sample(writer, application.id)
    assert (row["is_approvable"], row["disapprovable_reasons"]) == (False, ["OUT_OF_STOCK"])
    assert review(writer, application.id, review_result="APPROVE").status == 400
    assert one_sample(writer, application.id)["status"] == "PENDING"


def test_unreviewed_sample_runs_out_after_a_week(writer: Caller) -> None:
    application = pending(writer)
    writer.control("clock", advance_seconds=WEEK)
    fresh = writer.of(writer.brand)
    assert one_sample(fresh, application.id)["status"] == "OVERDUE_CANCELLED"


def test_sample_filters_are_spelled_as_tiktok_spells_them(reader: Caller) -> None:
    application = next(a for a in reader.world.samples.values() if a.shop_id == reader.shop.id)
    creator = reader.world.creators[application.creator_id]
    rows = reader.every(
        "POST",
        SAMPLES,
        "sample_applications",
        {"page_size": 50},
        {"creator_user_oepn_id": creator.open_id},
    )
    assert {row["creator"]["creator_open_id"] for row in rows} == {creator.open_id}


def test_fulfilment_links_the_sample_to_the_post(reader: Caller) -> None:
    done = reader.post(SAMPLES, {"status": "COMPLETED"}, {"page_size": 20}).data
    application = reader.world.samples[done["sample_applications"][0]["id"]]
    path = f"/affiliate_seller/202409/sample_applications/{application.id}/fulfillments/search"
    contents = reader.post(path, {"content_format": "VIDEO"}).data["fulfillments"]
    assert [one["content"]["id"] for one in contents] == application.item_ids
    post = reader.world.posts[application.item_ids[0]]
    assert contents[0]["content"]["create_time"] == int(post.posted_at.timestamp())
    assert reader.post(path, {"content_format": "LIVE"}).data["fulfillments"] == []


def found(reader: Caller, **body: Any) -> list[str]:
    data = reader.post(f"{CREATORS}/search", body, {"page_size": 20}).data
    return [one["username"] for one in data["creators"]]


def test_the_search_filters_by_category_content_and_program(reader: Caller) -> None:
    everyone = found(reader)
    assert found(reader, category=[{"parent_category_id": "601450"}]) == everyone
    assert found(reader, category=[{"parent_category_id": "1"}]) == []
    assert found(reader, content_performance={"avg_video_views": "999999999"}) == []
    assert found(reader, content_performance={"avg_engagement_rate": "5"}) == everyone
    assert found(reader, content_performance={"avg_engagement_rate": "6"}) == []
    assert found(reader, affiliate_data={"creator_agency_staus": "AGENCY_MANAGED"}) == []
    posting = found(reader, affiliate_data={"post_rate": "BETTER"})
    by_handle = {one.handle: one for one in reader.world.creators.values()}
    assert all(by_handle[one].fulfilment_rate >= Decimal("0.7") for one in posting)


@pytest.mark.parametrize(
    "body",
    [
        {"category": [{"child_category_id_list": ["7"]}]},
        {"content_performance": {"avg_video_views": "1", "avg_shoppable_video_views": "1"}},
        {"content_performance": {"avg_engagement_rate": "21"}},
        {"content_performance": {"avg_video_views": "many"}},
        {"affiliate_data": {"post_rate": "BEST"}},
        {"affiliate_data": {"creator_agency_staus": "MINE"}},
    ],
)
def test_the_search_refuses_filters_it_does_not_know(reader: Caller, body: dict[str, Any]) -> None:
    refused = reader.post(f"{CREATORS}/search", body, {"page_size": 20})
    assert (refused.status, refused.code) == (400, 36009004)
