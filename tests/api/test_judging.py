"""Posts in doubt, verdicts and evidence packs, decided and taken by a program."""

import hashlib
import json

import pytest

from campaigns.models import PostVerdict, TriageRule
from creators.models import MatchClues, PostMatch
from sparkops.audit.models import Event
from sparkops.catalog.models import Product
from sparkops.isolation.scope import client_scope
from sparkops.tenants.permissions import Permission
from tests.api.conftest import Caller, done, make_caller, refused
from tests.api.world import World
from tests.factories.cast import Cast
from tests.factories.creators import make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def verbs(cast: Cast) -> set[str]:
    with client_scope(cast.client.pk):
        return set(Event.objects.values_list("verb", flat=True))


def test_a_post_in_doubt_is_decided_once(cast: Cast, world: World, caller: Caller) -> None:
    product_id = world.sku.product.product_id
    here = f"post-matches/{world.rows['post-matches']}/"
    [row] = caller.rows("post-matches/")
    assert (row["post_id"], row["reasons"]) == (world.post.pk, ["Two products fit."])
    assert row["evidence"] == ["The caption says “serum”."]
    assert refused(caller, f"{here}decide/", {"product_id": "404"}) == "unknown_product"
    decided = done(caller, f"{here}decide/", {"product_id": product_id})
    assert (decided["state"], decided["product_id"]) == ("decided", product_id)
    assert decided["decided_by"].startswith("API key Test")
    assert refused(caller, f"{here}decide/", {}) == "decided"
    assert caller.rows("post-matches/") == []
    assert caller.get(here).json() == decided
    assert "post.match_decided" in verbs(cast)


def test_an_author_is_named_only_where_nobody_is_known(
    cast: Cast, world: World, caller: Caller
) -> None:
    with client_scope(cast.client.pk):
        post = make_post("lost.one")
        post.creator = None
        post.save(update_fields=["creator"])
        match = PostMatch.objects.create(
            post=post, state="review", reasons=["Nobody is named."], seen_at=post.first_seen_at
        )
    here = f"post-matches/{match.pk}/decide/"
    unknown = caller.post(here, {"creator": "nobody.here"})
    assert unknown.json()["errors"][0]["field"] == "creator"
    assert done(caller, here, {"creator": f"@{world.creator.handle}"})["creator"] == (
        world.creator.shown_handle
    )
    with client_scope(cast.client.pk):
        post.refresh_from_db()
        assert post.creator_id == world.creator.pk


def test_the_words_of_a_product_are_set_whole(cast: Cast, world: World, caller: Caller) -> None:
    product_id = world.sku.product.product_id
    body = {"product_id": product_id, "hashtags": ["#Glow", "dew"], "mentions": ["@glow.shop"]}
    row = done(caller, "product-words/", body)
    assert (row["hashtags"], row["mentions"], row["keywords"]) == (
        ["glow", "dew"],
        ["glow.shop"],
        [],
    )
    assert refused(caller, "product-words/", {"product_id": "404"}) == "unknown_product"
    with client_scope(cast.client.pk):
        product = Product.objects.get(product_id=product_id)
        assert MatchClues.objects.get(product=product).keywords == []
        # What nobody decided is looked at again with the new words.
        assert not PostMatch.objects.filter(state="review").exists()


def test_a_decision_beats_the_rule_and_can_be_taken_back(
    cast: Cast, world: World, caller: Caller
) -> None:
    here = f"posts/{world.post.pk}/decide/"
    declined = done(caller, here, {"decision": "declined", "note": "Off brand"})
    assert (declined["standing"], declined["decision_note"]) == ("rejected", "Off brand")
    assert caller.get(f"posts/{world.post.pk}/verdict/").json() == declined
    assert [one["post_id"] for one in caller.rows("verdicts/", standing="rejected")] == [
        world.post.pk
    ]
    assert caller.rows("verdicts/", decided="no") == []
    assert refused(caller, here, {"decision": "declined", "note": " "}) == "invalid"
    back = done(caller, here, {"decision": "", "note": "It is fine"})
    assert (back["decision"], back["decided_by"], back["standing"]) == ("", "", back["earned"])
    assert caller.post("posts/404/decide/", {"decision": "", "note": "x"}).status_code == 404
    assert {"triage.decided", "triage.decision_taken_back"} <= verbs(cast)
    with client_scope(cast.client.pk):
        assert PostVerdict.objects.get().decision == ""


def test_an_evidence_pack_is_asked_for_and_its_document_has_the_hash(
    cast: Cast, world: World, caller: Caller
) -> None:
    pack = done(caller, f"posts/{world.post.pk}/evidence/")
    # A pack of so few rows is built while one waits.
    assert (pack["state"], pack["progress"]) == ("ready", pack["steps"])
    assert pack["pdf_url"].endswith(f"/c/glow/campaigns/evidence/{pack['id']}.pdf")
    assert [one["id"] for one in caller.rows("evidence-packs/", post=str(world.post.pk))] == [
        pack["id"], world.rows["evidence-packs"],
    ]  # fmt: skip
    taken = caller.get(f"evidence-packs/{pack['id']}/document/").json()
    assert hashlib.sha256(taken["document"].encode()).hexdigest() == taken["sha256"]
    assert taken["sha256"] == pack["sha256"]
    assert world.post.item_id in json.dumps(json.loads(taken["document"]))
    with client_scope(cast.client.pk):
        event = Event.objects.get(verb="evidence.downloaded")
        assert event.data["sha256"] == taken["sha256"]
        assert event.actor.startswith("API key Test")
    narrow = make_caller(cast.agency, cast.client, scopes=[Permission.CAMPAIGN_LAUNCH])
    assert narrow.get("evidence-packs/").status_code == 403


def test_the_rule_is_changed_in_parts_with_a_note(cast: Cast, world: World, caller: Caller) -> None:
    with client_scope(cast.client.pk):
        PostVerdict.objects.all().delete()
        TriageRule.objects.all().delete()
    first = caller.get("triage-rule/").json()
    assert (first["version"], first["thresholds"]["engagement_rate"]) == (1, "0.0400")
    asked = {"note": "Smaller brand", "seen_version": 1, "min_views": 500, "share_rate": "0.01"}
    second = caller.patch("triage-rule/", asked).json()
    assert (second["version"], second["note"]) == (2, "Smaller brand")
    assert second["thresholds"] == {
        **first["thresholds"], "min_views": 500, "share_rate": "0.0100",
    }  # fmt: skip
    assert caller.get("triage-rule/").json()["version"] == 2

    def refusal(change: dict[str, object]) -> str:
        answer = caller.patch("triage-rule/", change)
        assert answer.status_code == 422, answer.content
        return str(answer.json()["code"])

    assert refusal(asked) == "rule_changed"
    assert refusal({"note": "Again", "seen_version": 2}) == "same_rule"
    assert refusal({"seen_version": 2, "min_views": 400}) == "no_note"
    bands = {"note": "Bands", "seen_version": 2, "green_from": 10}
    wrong = caller.patch("triage-rule/", bands)
    assert [one["field"] for one in wrong.json()["errors"]] == ["green_from"]
    unseen = caller.patch("triage-rule/", {"note": "Bands", "green_from": 90})
    assert [one["field"] for one in unseen.json()["errors"]] == ["seen_version"]


def test_a_rule_is_tried_on_the_past(cast: Cast, world: World, caller: Caller) -> None:
    made = done(caller, "back-tests/", {"min_views": 50, "product_ctr": "0.02"})
    assert (made["thresholds"]["min_views"], made["finished_at"]) == (50, None)
    assert made["thresholds"]["product_ctr"] == "0.0200"
    assert refused(caller, "back-tests/", {"green_from": 10}) == "invalid"
    before = caller.get(f"back-tests/{world.rows['back-tests']}/").json()
    assert (before["launched"], before["profitable"], before["lost"]) == (1, 1, 0)
    assert before["posts"][0]["profit"] == {"amount": "12.50", "currency": "USD"}
    with client_scope(cast.client.pk):
        assert TriageRule.objects.count() == 1
        event = Event.objects.get(verb="triage.back_test_started")
        assert event.actor.startswith("API key Test")
