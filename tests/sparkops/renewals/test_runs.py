"""The pages of a run: the question, progress, results; whom it leaves out and why (AR8, U1, U2)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authorizations.actions.renewal import request_renewal
from authorizations.models import Authorization
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.renewals.actions.asks import keep_sent
from sparkops.renewals.models import Ask, Run, SavedMessage
from sparkops.renewals.rules.channels import Reach, after, channels_of
from tests.factories import rights
from tests.factories.cast import Cast
from tests.factories.rights import NOW
from tests.sparkops.renewals import asking

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def browse(cast: Cast, role: str = "manager") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"renewals:{name}", kwargs={"client": "glow", **kwargs})


def text(answer: Any) -> str:
    return answer.content.decode()


def test_u2_the_question_says_what_it_means(cast: Cast) -> None:
    """U2: the chosen count, the ways messages go, and the money behind the posts."""
    with client_scope(cast.client.pk):
        rows = asking.permissions(3, now=NOW)
        asking.address(0, email="maker0@mail.example")
        assert rows[0].post is not None
        rights.spend(rows[0].post, "40.00")
        rights.spend(rights.post("7600000000000000001"), "10.00")
    page = text(browse(cast).get(url("ask"), {"id": [row.pk for row in rows[:2]]}))
    assert "Ask the creators of 2 posts?" in page
    assert "1 by e-mail, 1 to copy by hand" in page
    assert '<span class="num">$50.00</span> a day</b> is spent on these posts' in page
    assert "Choose rows in the list first" in text(browse(cast).get(url("ask")))


def test_ar8_all_rows_of_a_filtered_list_are_asked_at_once(cast: Cast) -> None:
    """AR8: what matches, not only the page: 60 of 61 rows."""
    with client_scope(cast.client.pk):
        asking.permissions(60, now=NOW)
        other = rights.post("7700000000000000000", "other")
        rights.authorized(other, ends_at=NOW + timedelta(days=60), code=rights.OTHER_CODE)
    browser = browse(cast)
    listed = text(browser.get(reverse("authorizations:list", args=["glow"]) + "?tab=expiring"))
    assert f"{url('ask')}?tab=expiring&amp;all=1" in listed
    question = text(browser.get(url("ask"), {"tab": "expiring", "all": "1"}))
    assert "Ask the creators of 60 posts?" in question
    answer = browser.post(url("ask"), {"tab": "expiring", "all": "1", "days": "30"})
    assert answer.status_code == 302
    with client_scope(cast.client.pk):
        run = Run.objects.get()
        assert answer.headers["Location"] == url("run", pk=run.pk)
        assert (run.total, Ask.objects.count()) == (60, 60)
        event = Event.objects.get(verb="renewal_run.started")
        assert event.data["rows"] == 60
        assert event.actor_id == cast.members["manager"].pk


def test_u1_the_page_watches_and_then_shows_every_row(cast: Cast) -> None:
    """U1: live progress, a reason per row, a way to copy, and it lives without the page."""
    with client_scope(cast.client.pk):
        rows = asking.permissions(3, now=NOW)
        asking.address(0, email="maker0@mail.example")
        Authorization.objects.filter(pk=rows[2].pk).update(creator=None)
        run = asking.start(rows, now=NOW)
    browser, here = browse(cast), url("run", pk=run.pk)
    watching = text(browser.get(here))
    assert 'hx-trigger="every 2s"' in watching
    assert "0 of 3" in watching
    with client_scope(cast.client.pk):
        asking.write_all(run, now=NOW)
    assert "2 of 3" in text(browser.get(here))
    with client_scope(cast.client.pk):
        sending = Ask.objects.get(state="sending")
        keep_sent(sending.pk, "", by=asking.MINA, now=NOW)
    poll = browser.get(here, headers={"HX-Request": "true", "HX-Target": "work"})
    assert poll.headers["HX-Redirect"] == here
    page = text(browser.get(here))
    assert "1 of 3 creators asked" in page
    assert "Neither a TikTok id nor an e-mail address" in page
    assert "The creator of this post is not known yet." in page
    assert 'data-copy="Hi @maker1' in page
    assert "maker1" not in text(browser.get(here, {"view": "sent"}))
    with client_scope(cast.client.pk):
        by_hand = Ask.objects.get(state="copy")
    assert browser.post(url("sent-by-hand", pk=by_hand.pk)).status_code == 302
    assert browser.post(url("sent-by-hand", pk=by_hand.pk)).status_code == 422
    assert "2 of 3 creators asked" in text(browser.get(here))


def test_who_was_asked_lately_or_handed_in_is_left_out(cast: Cast) -> None:
    """AB7 in small: a second run the same day asks nobody twice; the next day it reminds."""
    with client_scope(cast.client.pk):
        rows = asking.permissions(2, now=NOW)
        first = asking.start(rows, now=NOW)
        asking.write_all(first, now=NOW)
        again = asking.start(rows, now=NOW + timedelta(hours=1))
        asking.write_all(again, now=NOW + timedelta(hours=1))
        assert {one.reason for one in asking.asks(again).values()} == {
            "The creator was asked within the last 24 hours. Ask again tomorrow."
        }
        request = Authorization.objects.get(state="requested", post=rows[1].post)
        Authorization.objects.filter(pk=request.pk).update(state="submitted")
        later = NOW + timedelta(hours=25)
        third = asking.start(rows, now=later)
        asking.write_all(third, now=later)
        found = asking.asks(third)
        assert (found["maker0"].kind, found["maker0"].state) == ("reminder", "copy")
        assert found["maker0"].text.startswith("Hi @maker0, a short reminder")
        assert found["maker1"].reason == "A code was handed in. TikTok is checking it."


def test_a_draft_is_requested_and_an_open_request_speaks_of_the_end_it_renews(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        [row] = asking.permissions(1, now=NOW)
        request = request_renewal(row, by=asking.MINA, now=NOW)
        post = rights.post("7700000000000000000", "fresh")
        draft = Authorization.objects.create(
            kind="video_code", state="draft", post=post, creator=post.creator, source="import",
            created_at=NOW,
        )  # fmt: skip
        run = asking.start([request, draft], now=NOW)
        asking.write_all(run, now=NOW)
        found = asking.asks(run)
        assert (found["maker0"].kind, found["maker0"].ends_at) == ("renewal", row.ends_at)
        assert "ends on Sept. 20, 2026 (10 days left)" in found["maker0"].text
        assert found["fresh"].kind == "request"
        draft.refresh_from_db()
        assert draft.state == "requested"


def test_a_run_needs_rows_and_not_too_many_days(cast: Cast) -> None:
    browser = browse(cast)
    assert browser.post(url("ask"), {"days": "30"}).status_code == 422
    with client_scope(cast.client.pk):
        [row] = asking.permissions(1, now=NOW)
    assert browser.post(url("ask"), {"id": row.pk, "days": "366"}).status_code == 422
    with client_scope(cast.client.pk):
        assert not Run.objects.exists()


def test_a_failed_row_does_not_stop_the_others(cast: Cast) -> None:
    """A saved message that lost its sense (an unknown variable) fails its rows with an apology."""
    with client_scope(cast.client.pk):
        rows = asking.permissions(2, now=NOW)
        asking.address(1, region="DE")
        SavedMessage.objects.create(
            kind="renewal", language="de", subject="x", body="{gone}", changed_at=NOW
        )
        run = asking.start(rows, now=NOW)
        asking.write_all(run, now=NOW)
        found = asking.asks(run)
        assert found["maker0"].state == "copy"
        assert found["maker1"].state == "failed"
        assert not Authorization.objects.filter(state="requested", post=rows[1].post).exists()
    page = text(browse(cast).get(url("run", pk=run.pk)))
    assert "Try 1 failed again" in page
    assert browse(cast).post(url("retry", pk=run.pk)).status_code == 302
    with client_scope(cast.client.pk):
        assert asking.tally(run) == {"waiting": 1, "copy": 1, "total": 2, "done": 1}
        assert not Command.objects.exists()


def test_runs_are_listed_and_roles_are_kept_apart(cast: Cast) -> None:
    assert "Nobody was asked yet" in text(browse(cast).get(url("runs")))
    with client_scope(cast.client.pk):
        rows = asking.permissions(2, now=NOW)
        run = asking.start(rows, now=NOW)
        asking.write_all(run, now=NOW)
    assert "2 posts, 30 days" in text(browse(cast, "viewer").get(url("runs")))
    assert browse(cast, "viewer").get(url("run", pk=run.pk)).status_code == 200
    assert browse(cast, "viewer").get(url("ask")).status_code == 403
    assert browse(cast, "viewer").post(url("retry", pk=run.pk)).status_code == 403
    foreign = reverse("renewals:run", kwargs={"client": "peak", "pk": run.pk})
    assert browse(cast).get(foreign).status_code == 404


def test_watching_costs_the_same_for_any_number_of_rows(cast: Cast) -> None:
    browser = browse(cast)
    browser.get(url("runs"))
    cost = {}
    for count in (9, 40):
        with client_scope(cast.client.pk):
            rows = asking.permissions(count, now=NOW, first=count)
            run = asking.start(rows, now=NOW)
            here = url("run", pk=run.pk)
        with CaptureQueriesContext(connection) as watching:
            browser.get(here)
        with client_scope(cast.client.pk):
            asking.write_all(run, now=NOW)
        with CaptureQueriesContext(connection) as result:
            browser.get(here)
        cost[count] = (len(watching), len(result))
    assert cost[9] == cost[40]


@pytest.mark.parametrize(
    ("reach", "ways", "next_way"),
    [
        (Reach("id", "a@b", True), ("shop", "email", "copy"), "email"),
        (Reach("id", "", True), ("shop", "copy"), "copy"),
        (Reach("id", "a@b", False), ("email", "copy"), "email"),
        (Reach("", "", True), ("copy",), "copy"),
    ],
)
def test_ways_to_a_creator(reach: Reach, ways: tuple[str, ...], next_way: str) -> None:
    assert channels_of(reach) == ways
    assert after("shop", reach) == next_way
    assert after("copy", reach) == "copy"
