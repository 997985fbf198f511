"""Looking after creators: owner, tier, tags, the blocklist, and doing it with all that match."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from creators.actions.answers import answer
from creators.actions.blocks import block_creator, lift_block
from creators.actions.creator_batches import (
    assign_creators,
    tag_creators,
    tier_creators,
    undo_batch,
)
from creators.actions.meet import CreatorFacts, meet_creators
from creators.models import Block, Creator, CreatorBatch, CreatorTag
from creators.queries import find_creators
from creators.rules.tags import split_tags
from sparkops.audit.models import Event
from sparkops.audit.record import Actor
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.outreach.actions import contacts
from sparkops.outreach.models import Contact
from sparkops.outreach.queries.contacts import why_never
from sparkops.outreach.queries.segments import members
from sparkops.tenants.models import Client
from sparkops.web.keyset import PAGE_SIZE
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_creator, make_product, make_sample
from tests.sparkops.outreach import reaching

pytestmark = pytest.mark.django_db
BY = Actor("Ann")
MANY = PAGE_SIZE + 7


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser_of(cast: Cast) -> Any:
    def signed_in(role: str) -> Browser:
        browser = Browser()
        browser.force_login(cast.members[role])
        return browser

    return signed_in


def url_of(cast: Cast, name: str, **kwargs: Any) -> str:
    return reverse(name, kwargs={"client": cast.client.slug, **kwargs})


def many_creators() -> list[int]:
    """More than a page of creators whose handle begins with `mia`, and three others."""
    mine = [make_creator(f"mia{n}").pk for n in range(MANY)]
    for n in range(3):
        make_creator(f"zoe{n}")
    return mine


def test_ct9_tag_owner_and_tier_for_all_that_match_and_not_only_the_page(
    cast: Cast, browser_of: Any
) -> None:
    """CT9: every matching creator, none of the others, and back again."""
    with client_scope(cast.client.pk):
        mine = many_creators()
    owner = cast.members["affiliate"]
    listed = browser_of("affiliate").get(url_of(cast, "creators:creators") + "?q=mia")
    url = url_of(cast, "creators:creator-batch")
    assert f"{url}?q=mia&amp;all=1" in listed.content.decode()
    assert f"All {MANY} in this view" in listed.content.decode()
    asked = browser_of("affiliate").get(f"{url}?q=mia&all=1").content.decode()
    assert f"Change {MANY} creators" in asked
    data = {"q": "mia", "all": "1", "set_tag": "#Top  Pick", "set_tier": "core"}
    data["set_owner"] = str(owner.pk)
    assert browser_of("viewer").post(url, data).status_code == 403
    done = browser_of("affiliate").post(url, data)
    assert done.status_code == 302
    with client_scope(cast.client.pk):
        tagged = set(CreatorTag.objects.values_list("creator_id", "name"))
        assert tagged == {(pk, "top pick") for pk in mine}
        changed = Creator.objects.filter(owner=owner, tier="core")
        assert set(changed.values_list("pk", flat=True)) == set(mine)
        batches = list(CreatorBatch.objects.order_by("pk"))
    page = browser_of("affiliate").get(done.headers["Location"]).content.decode()
    assert f"{MANY} creators given to {owner}" in page
    for batch in batches:
        back = url_of(cast, "creators:creator-batch-undo", pk=batch.pk)
        assert browser_of("affiliate").post(back).status_code == 302
    with client_scope(cast.client.pk):
        assert not CreatorTag.objects.exists()
        assert not Creator.objects.exclude(owner=None, tier="").exists()


def test_ct9_the_export_of_creators_holds_all_that_match(cast: Cast, browser_of: Any) -> None:
    """CT9: every row of the filtered list with tier and tags, also beyond the page."""
    with client_scope(cast.client.pk):
        mine = many_creators()
        tag_creators(mine, "winner", by=BY, now=NOW)
        tier_creators(mine[:1], "core", by=BY, now=NOW)
    url = url_of(cast, "creators:creators") + "?tag=Winner&export=csv"
    sheet = browser_of("owner").get(url).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert len(rows) == MANY
    assert {row["Tags"] for row in rows} == {"winner"}
    assert [row["Tier"] for row in rows if row["Tier"]] == ["Core"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"id": "7"}, "Write a tag, or choose a person or a tier."),
        ({"set_tag": "x"}, "Choose creators in the list first."),
        ({"id": "7", "set_tier": "gold"}, "gold"),
    ],
)
def test_a_change_that_says_nothing_or_means_nobody_is_refused(
    cast: Cast, browser_of: Any, data: dict[str, str], sentence: str
) -> None:
    answered = browser_of("owner").post(url_of(cast, "creators:creator-batch"), data)
    assert answered.status_code == 422
    assert sentence in answered.content.decode()


def test_taking_back_leaves_alone_what_was_so_before_or_changed_since(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        first, second, third = (make_creator(name).pk for name in ("a", "b", "c"))
        ann, ben = cast.members["owner"], cast.members["manager"]
        tag_creators([first], "winner", by=BY, now=NOW)
        tagged = tag_creators([first, second], "Winner", by=BY, now=NOW)
        assert (tagged.chosen, tagged.changed) == (2, 1)
        assign_creators([third], ben, by=BY, now=NOW)
        given = assign_creators([first, second, third], ann, by=BY, now=NOW)
        tiered = tier_creators([first, second], "core", by=BY, now=NOW)
        assign_creators([second], None, by=BY, now=NOW)
        tier_creators([second], "partner", by=BY, now=NOW)
        assert undo_batch(tagged, by=BY, now=NOW) == 1
        assert undo_batch(given, by=BY, now=NOW) == 2
        assert undo_batch(tiered, by=BY, now=NOW) == 1
        assert list(CreatorTag.objects.values_list("creator_id", flat=True)) == [first]
        rows = {row.pk: (row.owner_id, row.tier) for row in Creator.objects.all()}
        assert rows == {first: (None, ""), second: (None, "partner"), third: (ben.pk, "")}
        with pytest.raises(Refusal):
            undo_batch(given, by=BY, now=NOW)


def test_the_list_filters_by_tag_owner_and_tier_and_costs_the_same_for_more(
    cast: Cast, browser_of: Any
) -> None:
    ann = cast.members["owner"]
    with client_scope(cast.client.pk):
        make_creator("mia")
        make_creator("zoe")
    url, browser = url_of(cast, "creators:creators"), browser_of("owner")
    browser.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get(url)
    with client_scope(cast.client.pk):
        mine = many_creators()
        tag_creators(mine, "winner", by=BY, now=NOW)
        assign_creators(mine, ann, by=BY, now=NOW)
        tier_creators(mine, "core", by=BY, now=NOW)
    with CaptureQueriesContext(connection) as more:
        browser.get(url)
    assert len(more) == len(few)
    for query in ("tag=winner", f"owner={ann.pk}", "tier=core"):
        page = browser.get(f"{url}?{query}").content.decode()
        assert f"{PAGE_SIZE} of {MANY} creators" in page
        assert "@zoe" not in page
    assert "@mia<" not in browser.get(f"{url}?owner={ann.pk}").content.decode()
    assert "@zoe<" in browser.get(f"{url}?owner=none").content.decode()


def test_the_record_holds_owner_tier_and_tags_and_the_log_what_they_were(
    cast: Cast, browser_of: Any
) -> None:
    with client_scope(cast.client.pk):
        mia = make_creator("mia")
        tag_creators([mia.pk], "old", by=BY, now=NOW)
    url = url_of(cast, "creators:edit", pk=mia.pk)
    data = {"owner": str(cast.members["owner"].pk), "tier": "partner", "tags": "Vegan, #UGC ,vegan"}
    assert browser_of("affiliate").post(url, data).status_code == 302
    with client_scope(cast.client.pk):
        event = Event.objects.get(verb="creator.placed")
        assert event.data["before"] == {"owner": "", "tier": "", "tags": ["old"]}
        assert event.data["after"]["tags"] == ["ugc", "vegan"]
    page = browser_of("viewer").get(url_of(cast, "creators:creator", pk=mia.pk)).content.decode()
    for word in ("Partner", ">vegan<", ">ugc<", str(cast.members["owner"])):
        assert word in page
    stranger = browser_of("affiliate").post(url, data | {"owner": str(cast.stranger.pk)})
    assert stranger.status_code == 422


def test_a_segment_by_tag_and_owner_is_looked_up_by_both(cast: Cast) -> None:
    """A stored filter keeps its owner, also where nobody asks who the people are."""
    with client_scope(cast.client.pk):
        mia, zoe = make_creator("mia"), make_creator("zoe")
        tag_creators([mia.pk, zoe.pk], "winner", by=BY, now=NOW)
        assign_creators([zoe.pk], cast.members["owner"], by=BY, now=NOW)
        saved = {"tag": "winner", "owner": str(cast.members["owner"].pk)}
        segment = reaching.everyone(now=NOW)
        segment.filters = saved
        assert [str(one) for one in members(segment, zone="UTC", now=NOW)] == ["@zoe"]
        rows = find_creators(Creator.objects.all(), {"owner": "none"}, zone="UTC", now=NOW)
        assert [str(one) for one in rows] == ["@mia"]


def test_a_block_needs_reason_and_evidence_and_is_lifted_with_both_kept(
    cast: Cast, browser_of: Any
) -> None:
    with client_scope(cast.client.pk):
        mia = make_creator("mia")
    url = url_of(cast, "outreach:block", pk=mia.pk)
    assert browser_of("viewer").get(url).status_code == 403
    bare = browser_of("affiliate").post(url, {"reason": "Sold the samples."})
    assert bare.status_code == 422
    data = {"reason": "Sold the samples.", "evidence": "https://example.com/listing/7"}
    assert browser_of("affiliate").post(url, data).status_code == 302
    listed = browser_of("owner").get(url_of(cast, "creators:creators") + "?view=blocked")
    assert "1 creator" in listed.content.decode()
    page = browser_of("owner").get(url_of(cast, "creators:creator", pk=mia.pk)).content.decode()
    assert "Sold the samples." in page
    assert "https://example.com/listing/7" in page
    viewer = browser_of("viewer").get(url_of(cast, "creators:creator", pk=mia.pk))
    assert "Sold the samples." not in viewer.content.decode()
    assert "Lift the block" in browser_of("affiliate").get(url).content.decode()
    assert browser_of("affiliate").post(url).status_code == 302
    with client_scope(cast.client.pk):
        kept = Block.objects.get()
        assert kept.lifted_by
        assert kept.evidence == data["evidence"]
        assert Creator.objects.get().blocked_at is None
        assert why_never(Contact.objects.get()) == ""
        verbs = set(Event.objects.values_list("verb", flat=True))
        assert {"creator.blocked", "creator.unblocked"} <= verbs


def test_a_blocked_creator_gets_no_message_and_no_sample(cast: Cast) -> None:
    """Domain 5.5: a block stops invites and samples, and is no obstacle to a no."""
    with client_scope(cast.client.pk):
        mia = make_creator("mia")
        contacts.block(mia, reason="Deleted a post in its hold.", by=BY, now=NOW)
        assert why_never(Contact.objects.get(creator=mia)) == "The creator is blocked."
        sample = make_sample(mia, "requested", product=make_product(), status="PENDING")
        client = Client.objects.get(pk=cast.client.pk)
        with pytest.raises(Refusal, match="@mia is blocked"):
            answer(sample, "approve", client=client, by=BY, now=NOW)
        answer(sample, "decline", reason="OTHER", client=client, by=BY, now=NOW)


def test_a_second_block_keeps_the_first_date_and_there_is_one(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        mia = make_creator("mia")
        block_creator(mia, reason="First", by=BY, now=NOW)
        block_creator(mia, reason="Second", evidence="seen", by=BY, now=NOW)
        assert Block.objects.get().reason == "Second"
        with pytest.raises(Refusal):
            block_creator(mia, reason=" ", by=BY, now=NOW)
        lift_block(mia, by=BY, now=NOW)
        lift_block(mia, by=BY, now=NOW)
        assert Event.objects.filter(verb="creator.unblocked").count() == 1


def test_ct2_two_rows_that_are_one_person_keep_tags_owner_and_block(cast: Cast) -> None:
    """CT2: when TikTok's id says that two rows are one creator, nothing people noted is lost."""
    with client_scope(cast.client.pk):
        known = make_creator("mia", creator_id="open-1")
        bare = make_creator("mia.new")
        tag_creators([known.pk, bare.pk], "winner", by=BY, now=NOW)
        tag_creators([bare.pk], "vegan", by=BY, now=NOW)
        assign_creators([bare.pk], cast.members["owner"], by=BY, now=NOW)
        block_creator(Creator.objects.get(pk=bare.pk), reason="Spam", by=BY, now=NOW)
        meet_creators([CreatorFacts("mia.new", creator_id="open-1")], now=NOW, source="shop")
        row = Creator.objects.get()
        assert (row.pk, row.handle, row.owner) == (known.pk, "mia.new", cast.members["owner"])
        assert sorted(row.tags.values_list("name", flat=True)) == ["vegan", "winner"]
        assert row.blocked_at == NOW
        assert row.blocks.count() == 1


def test_tags_in_one_line_have_one_spelling() -> None:
    assert split_tags(" #Top   Pick, vegan,,VEGAN , #") == ["top pick", "vegan"]
