"""Who a creator is when names change: the stable id decides (CT2, Shop contract 8.1)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from creators.actions.known import know_creators, know_posts
from creators.actions.meet import CreatorFacts, meet_creators
from creators.models import Creator, Handle, Post
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def scope(cast: Cast) -> Iterator[None]:
    with client_scope(cast.client.pk):
        yield


def meet(*people: tuple[str, str], now: datetime = NOW) -> dict[str, int]:
    facts = [CreatorFacts(handle, creator_id) for handle, creator_id in people]
    return meet_creators(facts, now=now, source="shop")


def names_of(pk: int) -> set[str]:
    return set(Handle.objects.filter(creator_id=pk).values_list("handle", flat=True))


def test_a_renamed_creator_is_the_same_row_and_is_found_by_both_names() -> None:
    before = meet(("Mia.Glow", "id-mia"))["mia.glow"]
    after = meet(("@mia_new", "id-mia"), now=LATER)["mia_new"]
    assert after == before
    assert Creator.objects.get(pk=after).handle == "mia_new"
    assert names_of(after) == {"mia.glow", "mia_new"}
    assert know_creators(["mia.glow"], now=LATER, source="orders") == {"mia.glow": before}
    assert Creator.objects.count() == 1


def test_a_name_known_from_an_order_joins_the_person_it_turns_out_to_be() -> None:
    mia = meet(("mia", "id-mia"))["mia"]
    posts = know_posts({"7000000000000000001": "mia.new"}, now=NOW, source="orders")
    assert Creator.objects.count() == 2
    assert meet(("mia.new", "id-mia"), now=LATER) == {"mia.new": mia}
    assert Post.objects.get(pk=posts["7000000000000000001"]).creator_id == mia
    assert Creator.objects.get().handle == "mia.new"
    assert names_of(mia) == {"mia", "mia.new"}


def test_a_name_taken_over_by_somebody_else_brings_no_history_along() -> None:
    first = meet(("glow", "id-first"))["glow"]
    know_posts({"7000000000000000002": "glow"}, now=NOW, source="shop")
    second = meet(("glow", "id-second"), now=LATER)["glow"]
    assert second != first
    assert Post.objects.get().creator_id == first
    assert str(Creator.objects.get(pk=first)) == "@glow"
    assert know_creators(["glow"], now=LATER, source="shop") == {"glow": second}
    assert meet(("glow.old", "id-first"), now=LATER) == {"glow.old": first}
    assert Creator.objects.get(pk=first).handle == "glow.old"


def test_two_creators_may_swap_their_names_in_one_answer() -> None:
    before = meet(("ana", "id-ana"), ("bea", "id-bea"))
    after = meet(("bea", "id-ana"), ("ana", "id-bea"), now=LATER)
    assert after == {"bea": before["ana"], "ana": before["bea"]}
    assert dict(Creator.objects.values_list("creator_id", "handle")) == {
        "id-ana": "bea",
        "id-bea": "ana",
    }


def test_facts_fill_in_and_silence_takes_nothing_away() -> None:
    full = CreatorFacts("mia", "id-mia", "Mia Glow", 12_000, "https://img.example/a", "US")
    meet_creators([full], now=NOW, source="shop")
    meet_creators([CreatorFacts("mia", "id-mia")], now=LATER, source="shop")
    mia = Creator.objects.get()
    assert (mia.display_name, mia.follower_count, mia.region) == ("Mia Glow", 12_000, "US")


def test_one_answer_about_sixty_costs_what_one_about_two_costs(
    django_assert_max_num_queries: Any,
) -> None:
    with django_assert_max_num_queries(6):
        meet(("a1", "id-1"), ("a2", "id-2"))
    with django_assert_max_num_queries(6):
        meet(*[(f"b{n}", f"id-b{n}") for n in range(60)])
