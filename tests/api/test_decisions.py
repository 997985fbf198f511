"""What people decide, decided by a program: the same rules and the same log."""

import pytest

from campaigns.models import SpendCap
from creators.models import Application, RateChange
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from sparkops.outreach.models import Outreach, Segment
from sparkops.talk.models import Task
from sparkops.tenants.permissions import Permission
from tests.api.conftest import Caller, done, make_caller, refused
from tests.api.world import World
from tests.factories.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def test_applications_rates_and_tasks(cast: Cast, world: World, caller: Caller) -> None:
    rows = world.rows
    assert done(caller, f"applications/{rows['applications']}/approve/")["state"] == "approved"
    assert refused(caller, f"applications/{rows['applications']}/decline/")
    assert done(caller, f"applications/{rows['applications']}/reopen/")["state"] == "new"
    assert done(caller, f"rate-changes/{rows['rate-changes']}/decline/")["state"] == "declined"
    assert done(caller, f"tasks/{rows['tasks']}/finish/")["done_at"] is not None
    assert done(caller, f"tasks/{rows['tasks']}/reopen/")["done_at"] is None
    with client_scope(cast.client.pk):
        assert Application.objects.get().state == "new"
        assert RateChange.objects.get().decided_by.startswith("API key Test")
        assert Task.objects.get().done_at is None
        verbs = set(Event.objects.values_list("verb", flat=True))
    assert {"application.approved", "application.reopened", "task.done"} <= verbs


def test_plans_and_caps(cast: Cast, world: World, caller: Caller) -> None:
    plan = {
        "name": "Autumn", "post_ids": [world.post.pk], "objective": "VIDEO_VIEWS",
        "advertiser_id": world.account.advertiser_id, "daily_budget": "20",
        "starts_at": "2026-11-21T00:00:00Z", "ends_at": "2026-11-24T00:00:00Z",
    }  # fmt: skip
    made = done(caller, "plans/", plan)
    assert made["state"] == "draft"
    assert [one["post_id"] for one in made["lines"]] == [world.post.pk]
    assert refused(caller, f"plans/{made['id']}/confirm/") == "wrong_state"
    assert done(caller, f"plans/{made['id']}/withdraw/")["state"] == "withdrawn"
    assert refused(caller, "plans/", {**plan, "post_ids": [404]}) == "unknown_post"
    cap = {"starts_on": "2026-11-20", "amount": {"amount": "50", "currency": "USD"}}
    row = done(caller, "caps/", {**cap, "creator_id": world.creator.pk})
    assert row["amount"] == {"amount": "50.00", "currency": "USD"}
    assert done(caller, f"caps/{row['id']}/remove/")["removed_by"].startswith("API key Test")
    assert refused(caller, "caps/", {"starts_on": "2026-11-20"}) == "invalid"
    zero = {**cap, "amount": {"amount": "0", "currency": "USD"}}
    assert refused(caller, "caps/", zero) == "invalid"
    with client_scope(cast.client.pk):
        assert SpendCap.objects.filter(removed_at=None).count() == 1


def test_guards_comments_outreach_and_webhooks(cast: Cast, world: World, caller: Caller) -> None:
    rows = world.rows
    check = f"guard-checks/{rows['guard-checks']}/"
    assert done(caller, f"{check}dismiss/")["outcome"] == "dismissed"
    assert refused(caller, f"{check}accept/")
    comment = f"ad-comments/{rows['ad-comments']}/"
    assert done(caller, f"{comment}settle/", {"note": "Answered by mail"})["handled_at"]
    assert caller.rows("ad-comments/", open="true") == []
    outreach = f"outreaches/{rows['outreaches']}/"
    assert done(caller, f"{outreach}pause/")["state"] == "paused"
    assert refused(caller, f"{outreach}pause/")
    assert done(caller, f"{outreach}stop/")["state"] == "stopped"
    assert refused(caller, "segments/", {"name": "Nobody", "handles": ["unknown"]}) == "nobody"
    assert done(caller, "segments/", {"name": "Us", "handles": [world.creator.handle]})
    replay = f"webhook-messages/{rows['webhook-messages']}/replay/"
    assert refused(caller, replay) == "is_off"
    with client_scope(cast.client.pk):
        assert Outreach.objects.get().state == "stopped"
        assert Segment.objects.filter(name="Us").exists()


def test_contact_data_of_applicants_needs_its_scope(cast: Cast, world: World) -> None:
    for scopes, email in (
        ([Permission.VIEW], None),
        ([Permission.CONTACT_VIEW], "new@example.com"),
    ):
        caller = make_caller(cast.agency, cast.client, scopes=scopes)
        assert [one["email"] for one in caller.rows("applications/")] == [email]
