"""Clients of one agency at the same creator or post, without their names (N17)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from creators.models import Creator, Post
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from sparkops.outreach.actions.collisions import keep_exclusivity
from sparkops.outreach.actions.sending import plan
from sparkops.outreach.models import Collision, Exclusivity, Letter, Recipient
from sparkops.outreach.tasks import find_collisions
from sparkops.tenants.models import Client
from tests.factories.ads import an_ad
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_post
from tests.sparkops.outreach import reaching

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
UNTIL = (NOW + 30 * DAY).date()
SENTENCE = "Another client of your agency has this creator exclusively until Dec 20, 2026."


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def browse(cast: Cast, role: str = "affiliate") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"outreach:{name}", kwargs={"client": "glow", **kwargs})


def text(answer: Any) -> str:
    return answer.content.decode()


def main(answer: Any) -> str:
    """The page without its frame: the switch of clients names those that the person works for."""
    return text(answer).partition("<main")[2].partition("</main>")[0]


def hold(client: Client, handle: str = "maker0", days: int = 30) -> None:
    """The client knows three creators and has one of them exclusively."""
    with client_scope(client.pk):
        reaching.people(3, now=NOW, first_posted_at=NOW)
        keep_exclusivity(
            handle, starts_on=NOW.date(), ends_on=(NOW + days * DAY).date(),
            note=f"Secret terms of {client.name}", by=reaching.MINA, now=NOW,
        )  # fmt: skip


def look(client: Client) -> None:
    find_collisions(client_id=client.pk)


def test_n17_a_creator_held_by_another_client_is_left_out_until_somebody_accepts_it(
    cast: Cast,
) -> None:
    """N17: outreach skips with the last day and no name; a stranger's agency counts for nothing;
    accepted with a reason, the creator is written to, and the log says who and why."""
    hold(cast.sister)
    hold(cast.foreign, "maker1")
    with client_scope(cast.client.pk):
        reaching.people(3, now=NOW, first_posted_at=NOW)
        reaching.started(reaching.everyone(now=NOW), now=NOW)
    look(cast.client)
    with client_scope(cast.client.pk):
        assert plan(zone=reaching.ZONE, now=NOW) == 2
        row = Recipient.objects.get(creator__handle="maker0")
        assert (row.state, row.reason) == ("skipped", SENTENCE)
        [found] = Collision.objects.all()
    page = main(browse(cast).get(url("collisions")))
    assert "Held until Dec 20, 2026" in page
    assert "by another client of your agency" in page
    for name in (cast.sister.name, cast.foreign.name, "Secret terms"):
        assert name not in page
    accept = url("collision-accept", pk=found.pk)
    assert browse(cast, "viewer").get(accept).status_code == 403
    assert SENTENCE in main(browse(cast).get(accept))
    assert browse(cast).post(accept, {"reason": ""}).status_code == 422
    assert browse(cast).post(accept, {"reason": "Both brands agreed."}).status_code == 302
    assert browse(cast).post(accept, {"reason": "Again."}).status_code == 422
    look(cast.client)
    with client_scope(cast.client.pk):
        event = Event.objects.get(verb="collision.accepted")
        assert (event.reason, event.data["kind"]) == ("Both brands agreed.", "exclusive")
        reaching.started(reaching.everyone("All", now=NOW), now=NOW, name="Winter")
        plan(zone=reaching.ZONE, now=NOW + DAY)
        letters = Letter.objects.filter(recipient__outreach__name="Winter")
        assert letters.filter(recipient__creator__handle="maker0").exists()
    accepted = text(browse(cast).get(url("collisions"), {"view": "accepted"}))
    assert "Both brands agreed." in accepted


def test_n17_write_anyway_reaches_one_creator_who_is_held_elsewhere(cast: Cast) -> None:
    """N17: the override of one recipient, with its reason, as for an earlier contact (AB7)."""
    hold(cast.sister)
    with client_scope(cast.client.pk):
        reaching.people(1, now=NOW, first_posted_at=NOW)
        reaching.started(reaching.everyone(now=NOW), now=NOW)
    look(cast.client)
    with client_scope(cast.client.pk):
        assert plan(zone=reaching.ZONE, now=NOW) == 0
        row = Recipient.objects.get()
    answer = browse(cast).post(url("override", pk=row.pk), {"reason": "Agreed by phone."})
    assert answer.status_code == 302
    with client_scope(cast.client.pk):
        assert plan(zone=reaching.ZONE, now=NOW) == 1
        assert Event.objects.get(verb="outreach.overridden").reason == "Agreed by phone."


def test_n17_what_ended_binds_nobody_and_what_comes_again_is_new(cast: Cast) -> None:
    """N17: ended by a person or by its last day, it is over; held again, it is not accepted."""
    hold(cast.sister, days=3)
    with client_scope(cast.client.pk):
        reaching.people(1, now=NOW)
    look(cast.client)
    with client_scope(cast.client.pk):
        Collision.objects.update(accepted_at=NOW, accepted_by="Mina", reason="Once")
    with client_scope(cast.sister.pk):
        held = Exclusivity.objects.get()
    owner = browse(cast, "owner")
    end = reverse("outreach:exclusivity-end", kwargs={"client": "peak", "pk": held.pk})
    assert owner.post(end).status_code == 302
    assert owner.post(end).status_code == 422
    look(cast.client)
    with client_scope(cast.client.pk):
        assert Collision.objects.get().over_at == NOW
    with client_scope(cast.sister.pk):
        keep_exclusivity(
            "@Maker0", starts_on=NOW.date(), ends_on=UNTIL, note="", by=reaching.MINA, now=NOW
        )
    look(cast.client)
    with client_scope(cast.client.pk):
        again = Collision.objects.get()
        assert (again.over_at, again.accepted_at, again.ends_on) == (None, None, UNTIL)


def test_n17_two_clients_with_live_ads_behind_one_post_see_it_both(cast: Cast) -> None:
    """N17: each learns that another one bids, and how many ads; a paused ad bids for nothing."""
    for client, ads in ((cast.client, 1), (cast.sister, 2), (cast.foreign, 4)):
        with client_scope(client.pk):
            post = make_post("maker0", NOW)
            Post.objects.filter(pk=post.pk).update(item_id="7400000000000000001")
            for number in range(ads):
                an_ad(f"Secret ad {number} of {client.name}", post)
            quiet = make_post("maker0", NOW)
            Post.objects.filter(pk=quiet.pk).update(item_id="7400000000000000002")
            an_ad("Paused", quiet, state="paused")
    for client, behind in ((cast.client, "2 live ads"), (cast.sister, "1 live ad")):
        look(client)
        with client_scope(client.pk):
            [found] = Collision.objects.all()
            assert (found.kind, found.subject) == ("bid", "7400000000000000001")
        here = reverse("outreach:collisions", kwargs={"client": client.slug})
        page = text(browse(cast, "owner").get(here))
        assert f"{behind} behind it" in page
        assert "Secret ad" not in page


def test_bad_input_of_an_exclusivity_gets_a_sentence_and_keeps_nothing(cast: Cast) -> None:
    """N17: an unknown handle, days that run backwards, days that are taken."""
    with client_scope(cast.client.pk):
        reaching.people(1, now=NOW)
    good = {"handle": "@Maker0", "starts_on": "2026-11-20", "ends_on": "2026-12-20", "note": "x"}
    browser, here = browse(cast), url("collisions")
    for wrong, sentence in (
        ({"handle": "nobody"}, "No creator here has this handle."),
        ({"ends_on": "2026-11-19"}, "The last day is before the first."),
        ({"starts_on": "soon"}, "Enter a valid date."),
    ):
        answer = browser.post(here, good | wrong)
        assert answer.status_code == 422
        assert sentence in text(answer)
    with client_scope(cast.client.pk):
        assert not Exclusivity.objects.exists()
    assert browse(cast, "viewer").post(here, good).status_code == 403
    assert browser.post(here, good).status_code == 302
    assert browser.post(here, good).status_code == 422
    with client_scope(cast.client.pk):
        assert Exclusivity.objects.get().creator == Creator.objects.get()
        assert Event.objects.get(verb="exclusivity.noted").data["to"] == "2026-12-20"
    assert "@maker0" in text(browser.get(here))


def test_the_list_of_collisions_asks_the_same_for_any_number(cast: Cast) -> None:
    def fill(first: int, last: int) -> None:
        with client_scope(cast.client.pk):
            for number in range(first, last):
                post = make_post(f"maker{number}", NOW)
                kind = "bid" if number % 2 else "exclusive"
                Collision.objects.create(
                    kind=kind, subject=str(number), creator=post.creator, ads=1, since=NOW,
                    post=post, ends_on=UNTIL,
                )  # fmt: skip

    browser = browse(cast)
    fill(0, 3)
    browser.get(url("collisions"))
    with CaptureQueriesContext(connection) as few:
        browser.get(url("collisions"))
    fill(3, 20)
    with CaptureQueriesContext(connection) as many:
        browser.get(url("collisions"))
    assert len(many) == len(few)
