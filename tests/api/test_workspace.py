"""What people do beside the lists, done by a program: the same rules, the same log."""

from typing import Any

import pytest

from authorizations.models import Fee, Finding
from campaigns.models import GuardRule
from profit.models import CustomCost, FeeRule
from sparkops.alerts.models import Alert
from sparkops.audit.models import Event
from sparkops.catalog.models import FxRate
from sparkops.desk.models import SavedView
from sparkops.isolation.scope import client_scope
from sparkops.portal.queries import is_signed
from sparkops.renewals.models import Ask, Run
from sparkops.talk.models import Comment, Task
from sparkops.tenants.permissions import Permission
from tests.api.conftest import Caller, done, make_caller, refused
from tests.api.world import World
from tests.factories.cast import Cast
from tests.factories.creators import make_post
from tests.profit.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def verbs(cast: Cast) -> set[str]:
    with client_scope(cast.client.pk):
        return set(Event.objects.values_list("verb", flat=True))


def test_a_guard_is_written_changed_and_switched_off(
    cast: Cast, world: World, caller: Caller
) -> None:
    rule = {
        "name": "Too dear", "level": "ad", "action": "pause", "mode": "suggest",
        "window_days": 7, "every_hours": 24,
        "conditions": [{"metric": "spend", "op": "above", "value": "50"}],
    }  # fmt: skip
    made = done(caller, "guards/", {**rule, "advertiser_id": world.account.advertiser_id})
    assert (made["version"], made["advertiser_id"]) == (1, world.account.advertiser_id)
    assert made["conditions"][0]["metric"] == "spend"
    here = f"guards/{made['id']}/"
    off = caller.patch(here, {"mode": "off"}).json()
    assert (off["version"], off["mode"], off["name"]) == (2, "off", "Too dear")
    [condition] = off["conditions"]
    assert {**condition, "value": "50.00"} == made["conditions"][0]
    assert off["advertiser_id"] == world.account.advertiser_id
    assert caller.get(here).json() == off
    # The form of the page decides, in its own words.
    budget = caller.post("guards/", {**rule, "action": "budget"})
    told = {one["field"]: one["detail"] for one in budget.json()["errors"]}
    assert budget.status_code == 422
    assert told["percent"] == "Say by how many percent."
    assert told["level"] == "Ads have no budget or bid of their own. Choose ad groups."
    assert refused(caller, "guards/", {**rule, "advertiser_id": "404"}) == "unknown_ad_account"
    assert refused(caller, "guards/", {**rule, "conditions": []}) == "invalid"
    assert {"guard.made", "guard.changed"} <= verbs(cast)
    with client_scope(cast.client.pk):
        assert GuardRule.objects.get(pk=made["id"]).changed_by.startswith("API key Test")


def test_a_key_speaks_and_gives_tasks_under_its_own_name(
    cast: Cast, world: World, caller: Caller
) -> None:
    on = {"subject_type": "post", "subject_id": world.post.pk}
    said = done(caller, "comments/", {**on, "text": "@manager stock is low"})
    assert said["author_name"].startswith("API key Test")
    answer = {**on, "text": "Noted", "reply_to_id": said["id"]}
    assert done(caller, "comments/", answer)["reply_to_id"] == said["id"]
    assert refused(caller, "comments/", {**answer, "reply_to_id": 404}) == "unknown_comment"
    assert refused(caller, "comments/", {**on, "subject_id": 404, "text": "x"}) == "unknown_object"
    with client_scope(cast.client.pk):
        told = Alert.objects.get(subject_type="comment", subject_id=said["id"])
        assert told.title.endswith(f"named you: {world.post}")
    done(caller, f"comments/{said['id']}/take-back/")
    assert said["id"] not in [one["id"] for one in caller.rows("comments/")]
    other = make_caller(cast.agency, cast.client)
    assert refused(other, f"comments/{said['id']}/put-back/") == "not_yours"
    assert refused(other, f"comments/{world.rows['comments']}/take-back/") == "not_yours"
    done(caller, f"comments/{said['id']}/put-back/")

    task = {**on, "assignee": "Media@north.example", "due_on": "2026-12-01"}
    assert done(caller, "tasks/", task)["assignee"] == cast.members["media"].name
    assert refused(caller, "tasks/", {**on, "assignee": "viewer@north.example"}) == "unknown_person"
    assert refused(caller, "tasks/", on) == "empty_task"
    with client_scope(cast.client.pk):
        assert Task.objects.get(subject_id=world.post.pk).assignee == cast.members["media"]
        assert Comment.objects.get(pk=said["id"]).removed_at is None


def test_creators_are_asked_for_rights_and_renewals(
    cast: Cast, world: World, caller: Caller
) -> None:
    with client_scope(cast.client.pk):
        free = make_post("new.one")
    asked = {"post_ids": [free.pk], "days": 30, "price": "120", "language": "de"}
    first = caller.post("requests/", asked, Idempotency_Key="r-1")
    assert (first.status_code, first.json()["total"]) == (202, 1)
    assert first.json()["price"] == {"amount": "120.00", "currency": "USD"}
    again = caller.post("requests/", asked, Idempotency_Key="r-1")
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    run = done(caller, "requests/", {"authorization_ids": [world.authorization.pk], "days": 60})
    assert caller.get(f"requests/{run['id']}/").json()["total"] == 1
    [row] = caller.rows("request-messages/", run=str(run["id"]))
    assert row["authorization_id"] == world.authorization.pk
    assert refused(caller, "requests/", {"days": 30}) == "one_kind"
    assert refused(caller, "requests/", {"days": 30, "post_ids": [404]}) == "unknown_post"
    assert refused(caller, "requests/", {"days": 30, "post_ids": [world.post.pk]}) == "nobody"
    gone = {"days": 30, "authorization_ids": [404]}
    assert refused(caller, "requests/", gone) == "unknown_authorization"
    assert refused(caller, f"request-messages/{row['id']}/sent/") == "not_to_copy"
    with client_scope(cast.client.pk):
        assert Run.objects.filter(actor__startswith="API key Test").count() == 2
        Ask.objects.filter(pk=row["id"]).update(state="copy", channel="copy", text="Hi {link}")
    sent = done(caller, f"request-messages/{row['id']}/sent/")
    assert (sent["state"], sent["text"]) == ("sent", "Hi https://…")


def test_fees_findings_cases_and_links(cast: Cast, world: World, caller: Caller) -> None:
    rows, here = world.rows, f"authorizations/{world.authorization.pk}/fee/"
    fee = {"fee": {"amount": "150", "currency": "USD"}, "due_on": "2026-12-01"}
    assert done(caller, here, fee)["state"] == "agreed"
    assert done(caller, f"{here}paid/", {"paid_on": "2026-11-20"})["state"] == "paid"
    assert refused(caller, f"{here}paid/", {"paid_on": "2026-11-20"}) == "fee_not_payable"
    assert refused(caller, here, fee) == "fee_settled"
    minus = {"fee": {"amount": "-1", "currency": "USD"}}
    assert refused(caller, here, minus) == "invalid"
    settled = done(caller, f"findings/{rows['findings']}/settle/", {"note": "Asked her"})
    assert (settled["note"], settled["over_by"][:12]) == ("Asked her", "API key Test")
    assert caller.rows("findings/", open="true") == []
    assert done(caller, f"cases/{rows['cases']}/settle/", {"note": "Half"})["state"] == "settled"
    assert refused(caller, f"cases/{rows['cases']}/settle/", {"note": "Half"}) == "settled"
    body = {"post_id": world.post.pk, "template_id": rows["terms-versions"]}
    made = done(caller, "creator-links/", body)
    assert is_signed(made["url"].rstrip("/").rpartition("/")[2])
    assert "url" not in caller.rows("creator-links/")[0]
    assert done(caller, f"creator-links/{made['link']['id']}/revoke/")["revoked_at"]
    assert refused(caller, "creator-links/", {**body, "post_id": 404}) == "unknown_post"
    assert refused(caller, "creator-links/", {**body, "template_id": 404}) == "unknown_terms"
    with client_scope(cast.client.pk):
        assert Fee.objects.get(authorization=world.authorization).state == "paid"
        assert Finding.objects.get(pk=rows["findings"]).over_at == NOW


def test_terms_are_published_as_on_their_page(cast: Cast, world: World, caller: Caller) -> None:
    new = {"name": "Short", "days": 14, "fee": "90", "channels": ["spark"]}
    first = done(caller, "terms-versions/", new)
    assert (first["number"], first["days"], first["hold_days"]) == (1, 14, 7)
    assert first["fee"] == {"amount": "90.00", "currency": "USD"}
    assert refused(caller, "terms-versions/", new) == "name_taken"
    again = {"template_id": first["template_id"], "fee": None, "disclosure": False}
    second = done(caller, "terms-versions/", again)
    assert (second["number"], second["fee"], second["channels"]) == (2, None, ["spark"])
    assert second["disclosure"] is False
    assert refused(caller, "terms-versions/", again) == "unchanged"
    assert refused(caller, "terms-versions/", {"days": 3}) == "one_kind"
    gone = caller.post("terms-versions/", {"template_id": 404})
    assert gone.status_code == 404
    assert "terms_template.published" in verbs(cast)


def test_costs_rates_and_rules_are_entered_and_taken_back(
    cast: Cast, world: World, caller: Caller
) -> None:
    cost = {
        "name": "Editor", "cost": {"amount": "80", "currency": "USD"}, "starts_on": "2026-11-01",
        "ends_on": "2026-11-30", "creator_id": world.creator.pk,
    }  # fmt: skip
    row = done(caller, "custom-costs/", cost)
    assert row["creator"] == world.creator.shown_handle
    assert done(caller, f"custom-costs/{row['id']}/remove/")["id"] == row["id"]
    assert caller.post(f"custom-costs/{row['id']}/remove/").status_code == 404
    assert refused(caller, "custom-costs/", {**cost, "ends_on": "2026-10-01"}) == "window"
    rate = {"base": "GBP", "quote": "USD", "day": "2026-11-01", "rate": "1.31", "source": "Bank"}
    row = done(caller, "exchange-rates/", rate)
    assert refused(caller, "exchange-rates/", {**rate, "quote": "GBP"}) == "same_currency"
    done(caller, f"exchange-rates/{row['id']}/remove/")
    market = world.books.shop.market
    rule = {
        "market": market, "kind": "referral", "rate": "0.07", "effective_from": "2026-11-01",
        "base": "item_revenue", "source": "Fee page",
    }  # fmt: skip
    known = done(caller, "fee-rules/", rule)
    assert known["rate"] == "0.070000"
    assert refused(caller, "fee-rules/", {**rule, "rate": "7"}) == "rate"
    assert refused(caller, "fee-rules/", {**rule, "base": "moon"}) == "base"
    done(caller, f"fee-rules/{known['id']}/remove/")
    done(caller, f"creator-fees/{world.rows['creator-fees']}/remove/")
    removed = {f"{one}.removed" for one in ("custom_cost", "fx_rate", "fee_rule", "creator_fee")}
    assert removed <= verbs(cast)
    with client_scope(cast.client.pk):
        assert not CustomCost.objects.filter(name="Editor").exists()
        assert not FxRate.objects.filter(base="GBP").exists()
        assert not FeeRule.objects.filter(source="Fee page").exists()


def test_views_are_saved_for_the_team(cast: Cast, world: World, caller: Caller) -> None:
    body = {"page": "authorizations/", "section": "Rights", "query": "tab=expiring&cursor=x",
            "name": "Ends soon"}  # fmt: skip
    view = done(caller, "saved-views/", body)
    assert view["query"] == "tab=expiring"
    assert refused(caller, "saved-views/", body) == "name_taken"
    assert refused(caller, "saved-views/", {**body, "page": "nowhere/"}) == "no_such_page"
    here = f"saved-views/{view['id']}/"
    assert done(caller, f"{here}rename/", {"name": "Ends this week"})["name"] == "Ends this week"
    assert done(caller, f"{here}delete/")["removed_at"]
    assert view["id"] not in [one["id"] for one in caller.rows("saved-views/")]
    assert done(caller, f"{here}restore/")["removed_at"] is None
    theirs = f"saved-views/{world.rows['saved-views']}/rename/"
    narrow = make_caller(cast.agency, cast.client, scopes=[Permission.COMMENT])
    assert refused(narrow, theirs, {"name": "Mine"}) == "not_yours"
    assert done(caller, theirs, {"name": "Ours"})["name"] == "Ours"
    with client_scope(cast.client.pk):
        assert SavedView.objects.get(pk=view["id"]).is_shared


def test_nothing_of_this_is_done_without_its_scope(world: World, reader: Caller) -> None:
    wanted: dict[str, Any] = {
        "guards/": "campaign.launch", "comments/": "comment", "tasks/": "comment",
        "requests/": "authorization.edit", "saved-views/": "comment",
        "custom-costs/": "cost.edit", "creator-links/": "authorization.edit",
        f"authorizations/{world.authorization.pk}/fee/": "cost.edit",
    }  # fmt: skip
    for path, scope in wanted.items():
        answer = reader.post(path, {})
        assert answer.status_code == 403, path
        assert scope in answer.json()["detail"], path
