"""Many posts and creators changed at once, by ids or by the filters of the lists."""

from typing import Any

import pytest

from creators.models import Creator, Post
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from tests.api.conftest import Caller, done, refused
from tests.api.world import World
from tests.factories.cast import Cast
from tests.factories.creators import make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def changed(caller: Caller, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = done(caller, path, body)["data"]
    return found


def test_posts_are_tagged_by_ids_and_the_tag_taken_back(
    cast: Cast, world: World, caller: Caller
) -> None:
    with client_scope(cast.client.pk):
        other = make_post("bea.bright")
    both = {"ids": [world.post.pk, other.pk], "tag": "Autumn"}
    [first] = changed(caller, "post-batches/", both)
    assert (first["kind"], first["tag"], first["changed"]) == ("tag", "autumn", 2)
    [again] = changed(caller, "post-batches/", both)
    assert (again["chosen"], again["changed"]) == (2, 0)
    assert {one["id"] for one in caller.rows("posts/", tag="autumn")} == set(both["ids"])
    undone = done(caller, f"post-batches/{first['id']}/undo/")
    assert undone["undone_at"]
    assert refused(caller, f"post-batches/{first['id']}/undo/") == "undone"
    assert caller.rows("posts/", tag="autumn") == []
    assert caller.get(f"post-batches/{first['id']}/").json() == undone
    with client_scope(cast.client.pk):
        verbs = set(Event.objects.values_list("verb", flat=True))
        assert {"posts.tagged", "posts.batch_undone"} <= verbs


def test_all_that_filters_match_are_given_to_a_person(
    cast: Cast, world: World, caller: Caller
) -> None:
    with client_scope(cast.client.pk):
        make_post("bea.bright")
    media = cast.members["media"]
    asked = {"filters": {"creator": "maya.glow"}, "tag": "glow", "owner": media.email.upper()}
    tagged, assigned = changed(caller, "post-batches/", asked)
    assert (tagged["changed"], assigned["changed"], assigned["owner"]) == (1, 1, media.name)
    mine = {"filters": {"owner": str(media.pk)}, "owner": None}
    [nobody] = changed(caller, "post-batches/", mine)
    assert (nobody["changed"], nobody["owner"]) == (1, None)
    with client_scope(cast.client.pk):
        assert not Post.objects.exclude(owner=None).exists()


def test_creators_are_put_into_a_tier(cast: Cast, world: World, caller: Caller) -> None:
    body = {"filters": {"q": "maya"}, "tier": "core"}
    [batch] = changed(caller, "creator-batches/", body)
    assert (batch["kind"], batch["tier"], batch["changed"]) == ("tier", "core", 1)
    with client_scope(cast.client.pk):
        assert list(Creator.objects.filter(tier="core")) == [world.creator]
    done(caller, f"creator-batches/{batch['id']}/undo/")
    with client_scope(cast.client.pk):
        assert not Creator.objects.filter(tier="core").exists()


def test_a_filter_that_cannot_be_read_changes_nothing(
    cast: Cast, world: World, caller: Caller
) -> None:
    here = "post-batches/"
    assert refused(caller, here, {"filters": {"moon": "1"}, "tag": "x"}) == "unknown_filter"
    wrong = caller.post(here, {"filters": {"posted": "moon"}, "tag": "x"})
    assert [one["field"] for one in wrong.json()["errors"]] == ["filters.posted"]
    ids = {"ids": [world.post.pk]}
    assert refused(caller, here, {**ids, "filters": {}, "tag": "x"}) == "one_kind"
    assert refused(caller, here, {"tag": "x"}) == "one_kind"
    assert refused(caller, here, {"ids": [404], "tag": "x"}) == "unknown_id"
    assert refused(caller, here, {"ids": [], "tag": "x"}) == "none_chosen"
    assert refused(caller, here, ids) == "nothing"
    stranger = {**ids, "tag": "x", "owner": cast.stranger.email}
    assert refused(caller, here, stranger) == "unknown_person"
    assert refused(caller, "creator-batches/", {"filters": {"q": "zz"}, "tag": "x"}) == (
        "none_chosen"
    )
    with client_scope(cast.client.pk):
        assert not world.post.tags.exists()
