"""Outreach written by a program, the blocklist, collisions and exclusivity."""

from typing import Any

import pytest

from creators.models import Creator
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from sparkops.outreach.models import Outreach
from tests.api.conftest import Caller, done, refused
from tests.api.world import World
from tests.factories.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def fields(answer: Any) -> set[str]:
    assert answer.status_code == 422, answer.content
    return {one["field"] for one in answer.json()["errors"]}


def test_a_draft_is_written_changed_read_and_deleted(
    cast: Cast, world: World, caller: Caller
) -> None:
    segment = done(caller, "segments/", {"name": "Us", "handles": [world.creator.handle]})
    product_id = world.sku.product.product_id
    body = {
        "name": "Autumn call", "segment_id": segment["id"], "channel": "shop",
        "body": "Hi {handle}, {rate} for you", "product_ids": [product_id],
    }  # fmt: skip
    made = done(caller, "outreaches/", body)
    assert (made["state"], made["quiet_days"], made["total"]) == ("draft", 14, 0)
    here = f"outreaches/{made['id']}/"
    preview = caller.get(f"{here}preview/").json()
    assert "rate" in preview["missing"]
    assert preview["creators"] == 1
    follow_ups = [{"wait_days": 3, "body": "Still there?"}]
    changed = caller.patch(here, {"rate": "0.15", "follow_ups": follow_ups}).json()
    assert (changed["rate"], changed["follow_ups"]) == ("0.1500", follow_ups)
    assert (changed["product_ids"], changed["body"]) == ([product_id], body["body"])
    assert caller.get(here).json() == changed
    preview = caller.get(f"{here}preview/").json()
    assert preview["missing"] == ""
    assert [one["text"] for one in preview["messages"]] == ["Hi @maya.glow, 15.0% for you"]
    kept = caller.patch(here, {"quiet_days": 0}).json()
    assert (kept["quiet_days"], kept["follow_ups"]) == (0, follow_ups)

    assert fields(caller.post("outreaches/", {**body, "name": "B", "body": "{moon}"})) == {"body"}
    assert fields(caller.post("outreaches/", {**body, "segment_id": 404})) == {"segment_id"}
    assert "rate" in fields(caller.post("outreaches/", {**body, "name": "B", "rate": "0.9"}))
    three = {**body, "name": "B", "follow_ups": follow_ups * 3}
    assert fields(caller.post("outreaches/", three)) == {"follow_ups"}
    assert refused(caller, "outreaches/", {**body, "product_ids": ["4"]}) == "unknown_product"
    assert refused(caller, "outreaches/", body) == "name_taken"

    running = caller.patch(f"outreaches/{world.rows['outreaches']}/", {"quiet_days": 3})
    assert (running.status_code, running.json()["code"]) == (422, "started")
    assert done(caller, f"{here}delete/")["name"] == "Autumn call"
    assert caller.get(here).status_code == 404
    with client_scope(cast.client.pk):
        verbs = set(Event.objects.values_list("verb", flat=True))
        assert {"outreach.saved", "outreach.deleted"} <= verbs
        assert not Outreach.objects.filter(name="Autumn call").exists()


def test_a_segment_is_a_list_a_filter_or_what_a_search_found(
    cast: Cast, world: World, caller: Caller
) -> None:
    by_filter = {"name": "Mayas", "filters": {"q": "maya"}}
    assert done(caller, "segments/", by_filter)["filters"] == {"q": "maya"}
    wrong = {**by_filter, "name": "B", "filters": {"posted": "moon"}}
    assert fields(caller.post("segments/", wrong)) == {"filters.posted"}
    unknown = {**by_filter, "name": "B", "filters": {"moon": "1"}}
    assert refused(caller, "segments/", unknown) == "unknown_filter"
    found = {"name": "Found", "search_id": world.rows["market-searches"]}
    assert done(caller, "segments/", found)["handles"] == ["found.0"]
    with client_scope(cast.client.pk):
        assert Creator.objects.filter(handle="found.0", source="market").exists()
    assert refused(caller, "segments/", {**found, "name": "B", "handles": ["a"]}) == "one_kind"
    assert refused(caller, "segments/", {"name": "B"}) == "one_kind"
    assert refused(caller, "segments/", {"name": "B", "search_id": 404}) == "unknown_search"


def test_only_who_was_skipped_is_written_to_anyway(
    cast: Cast, world: World, caller: Caller
) -> None:
    here = f"outreach-recipients/{world.rows['outreach-recipients']}/override/"
    assert refused(caller, here, {"reason": "She asked"}) == "not_skipped"
    with client_scope(cast.client.pk):
        outreach = Outreach.objects.get()
        outreach.recipients.update(state="skipped", reason="Contacted by Ben")
    row = done(caller, here, {"reason": "She asked"})
    assert (row["state"], row["overridden"], row["reason"]) == ("queued", True, "")


def test_a_creator_is_blocked_with_evidence_and_the_block_lifted(
    cast: Cast, world: World, caller: Caller
) -> None:
    here = f"creators/{world.creator.pk}/"
    block = done(caller, f"{here}block/", {"reason": "Fake orders", "evidence": "Order 5774"})
    assert (block["creator"], block["reason"]) == ("maya.glow", "Fake orders")
    again = done(caller, f"{here}block/", {"reason": "Fake returns", "evidence": "Order 5775"})
    assert (again["id"], again["reason"]) == (block["id"], "Fake returns")
    assert [one["id"] for one in caller.rows("blocks/", open="true")] == [block["id"]]
    assert refused(caller, f"{here}block/", {"reason": "No evidence"}) == "invalid"
    with client_scope(cast.client.pk):
        assert Creator.objects.get(pk=world.creator.pk).blocked_at is not None
    lifted = done(caller, f"{here}unblock/")
    assert lifted["lifted_by"].startswith("API key Test")
    assert caller.post(f"{here}unblock/").status_code == 404
    assert caller.rows("blocks/", open="true") == []
    with client_scope(cast.client.pk):
        assert Creator.objects.get(pk=world.creator.pk).blocked_at is None


def test_collisions_are_accepted_with_a_reason(world: World, caller: Caller) -> None:
    here = f"collisions/{world.rows['collisions']}/accept/"
    [open_one] = caller.rows("collisions/")
    assert (open_one["post_id"], open_one["ads"]) == (world.post.pk, 2)
    assert refused(caller, here, {"reason": " "}) == "invalid"
    accepted = done(caller, here, {"reason": "Both clients agreed"})
    assert accepted["accepted_by"].startswith("API key Test")
    assert refused(caller, here, {"reason": "Again"}) == "accepted"
    assert caller.rows("collisions/") == []
    assert caller.rows("collisions/", view="accepted") == [accepted]


def test_exclusivity_is_noted_once_and_ended(world: World, caller: Caller) -> None:
    body = {"handle": "@maya.glow", "starts_on": "2026-12-01", "ends_on": "2026-12-31"}
    row = done(caller, "exclusivities/", body)
    assert (row["creator_id"], row["ends_on"]) == (world.creator.pk, "2026-12-31")
    assert refused(caller, "exclusivities/", {**body, "ends_on": "2027-01-31"}) == "twice"
    assert refused(caller, "exclusivities/", {**body, "ends_on": "2026-11-01"}) == "backwards"
    assert refused(caller, "exclusivities/", {**body, "handle": "nobody"}) == "unknown"
    assert done(caller, f"exclusivities/{row['id']}/end/")["ended_at"]
    assert refused(caller, f"exclusivities/{row['id']}/end/") == "ended"
    assert row["id"] not in [one["id"] for one in caller.rows("exclusivities/")]
