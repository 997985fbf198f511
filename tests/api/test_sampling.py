"""Rules for samples and reminders of them, set and sent by a program."""

from datetime import timedelta

import pytest

from creators.models import Creator, SampleAnswer, SamplePolicy
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.api.conftest import Caller, done, refused
from tests.api.world import TODAY, World
from tests.factories.cast import Cast
from tests.factories.creators import make_sample
from tests.profit.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def test_rules_are_changed_in_parts_and_answer_what_is_open(
    cast: Cast, world: World, caller: Caller
) -> None:
    with client_scope(cast.client.pk):
        Creator.objects.filter(pk=world.creator.pk).update(follower_count=5_000)
        open_request = make_sample(world.creator, "requested")
    asked = {"approves": True, "min_followers": 1_000, "margin": "0.05", "max_price": "40"}
    rules = caller.patch("sample-rules/", asked).json()
    assert (rules["approves"], rules["min_followers"], rules["version"]) == (True, 1_000, 1)
    assert (rules["margin"], rules["min_fulfilment"]) == ("0.0500", None)
    assert rules["max_price"] == {"amount": "40.00", "currency": "USD"}
    less = caller.patch("sample-rules/", {"min_followers": None, "max_price": None}).json()
    assert less == {**rules, "min_followers": None, "max_price": None, "version": 2}
    assert caller.get("sample-rules/").json() == less
    with client_scope(cast.client.pk):
        answer = SampleAnswer.objects.get(sample=open_request)
        assert (answer.word, answer.policy_version) == ("approve", 2)
    wrong = caller.patch("sample-rules/", {"margin": "1.5", "min_posts": -1})
    assert {one["field"] for one in wrong.json()["errors"]} == {"margin", "min_posts"}


def test_reminders_are_set_and_one_is_sent_per_sample(
    cast: Cast, world: World, caller: Caller
) -> None:
    words = "Hi {handle}, {product} waits"
    assert caller.patch("sample-reminders/", {"reminder_text": words}).status_code == 200
    kept = caller.patch("sample-reminders/", {"remind_on_day": 6}).json()
    assert kept == {"remind_on_day": 6, "reminder_text": words}
    assert caller.patch("sample-reminders/", {"remind_on_day": 3}).status_code == 422
    with client_scope(cast.client.pk):
        assert SamplePolicy.objects.get().remind_on_day == 6
        Creator.objects.filter(pk=world.creator.pk).update(creator_id="7001")
        creator = Creator.objects.get(pk=world.creator.pk)
        sample = make_sample(creator, "delivered", delivered_at=NOW - timedelta(days=6))
        fresh = make_sample(creator, "delivered", delivered_at=NOW - timedelta(days=1))
    sent = done(caller, f"samples/{sample.pk}/remind/")
    assert (sent["sample_id"], sent["state"]) == (sample.pk, "waiting")
    assert sent["text"] == "Hi maya.glow, the product waits"
    assert refused(caller, f"samples/{sample.pk}/remind/") == "reminded"
    assert refused(caller, f"samples/{fresh.pk}/remind/") == "not_now"
    with client_scope(cast.client.pk):
        assert Command.objects.filter(kind="samples.remind").count() == 1


def test_an_extra_week_is_given_and_taken_back(cast: Cast, world: World, caller: Caller) -> None:
    with client_scope(cast.client.pk):
        sample = make_sample(world.creator, "delivered", due_on=TODAY)
    assert done(caller, f"samples/{sample.pk}/extend/")["due_on"] == "2026-11-27"
    assert done(caller, f"samples/{sample.pk}/shorten/")["due_on"] == "2026-11-20"
