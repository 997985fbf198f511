"""Comments, mentions, assignee and due day of any object (SS4)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse

from campaigns.models import Campaign, Plan
from sparkops.accounts.models import User
from sparkops.alerts.models import Alert, Delivery
from sparkops.alerts.tasks import deliver
from sparkops.audit.models import Event
from sparkops.audit.record import Actor
from sparkops.home.today import queue
from sparkops.isolation.scope import client_scope
from sparkops.talk.actions import assign, finish, reopen, say, take_back
from sparkops.talk.models import Comment, Task
from sparkops.talk.queries import comments_of, tasks_of_view, team_of
from sparkops.talk.queries.subjects import KINDS, Subject, find_subject
from tests.factories.ads import NOW, a_post, an_ad, covered
from tests.factories.cast import Cast
from tests.factories.creators import make_sample

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def subject(cast: Cast, kind: str = "creator") -> Subject:
    """An object of a kind, inside the scope of the client."""
    post = a_post()
    assert post.creator is not None
    rows: dict[str, Any] = {"creator": post.creator, "post": post}
    if kind == "sample":
        rows[kind] = make_sample(post.creator, "shipped")
    if kind == "authorization":
        rows[kind] = covered(post)
    if kind in ("ad", "campaign"):
        rows["ad"] = an_ad("Serum", post)
        rows["campaign"] = Campaign.objects.get()
    if kind == "plan":
        rows[kind] = Plan.objects.create(
            name="Autumn", state=Plan.State.DRAFT, created_at=NOW, created_by="Mina"
        )
    found = find_subject(kind, rows[kind].pk, cast.client.slug)
    assert found is not None
    return found


def write(cast: Cast, of: Subject, text: str, role: str = "media", **more: Any) -> Comment:
    """A comment of a member."""
    who = cast.members[role]
    return say(of, text, author=who, by=actor(who), team=team_of(cast.client), now=NOW, **more)


def actor(user: User) -> Actor:
    return Actor(str(user), user.pk)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_object_has_comments_and_a_task(cast: Cast, kind: str) -> None:
    """SS4: creator, post, sample, authorization, ad, campaign and plan each have their thread."""
    with client_scope(cast.client.pk):
        of = subject(cast, kind)
    browser = Browser()
    browser.force_login(cast.members["affiliate"])
    say_url = reverse("talk:say", kwargs={"client": "glow", "kind": kind, "pk": of.pk})
    assert browser.post(say_url, {"text": "Looks good"}).status_code == 302
    task_url = reverse("talk:assign", kwargs={"client": "glow", "kind": kind, "pk": of.pk})
    given = {"assignee": cast.members["media"].pk, "due_on": "2026-09-12"}
    assert browser.post(task_url, given).status_code == 302
    page = browser.get(of.thread_path).content.decode()
    assert "Looks good" in page
    assert 'value="2026-09-12"' in page
    if of.page_path:
        # The object's own page shows the thread, or leads to it.
        assert of.thread_path in browser.get(of.page_path).content.decode()


def test_a_mention_reaches_the_person_by_mail_with_a_link_to_the_comment(cast: Cast) -> None:
    """SS4: mentions notify by e-mail; the link leads back to the comment."""
    with client_scope(cast.client.pk):
        of = subject(cast)
        comment = write(cast, of, "@owner can you check the <b>fee</b>?")
    deliver(client_id=cast.client.pk)
    deliver(client_id=cast.client.pk)
    [sent] = mail.outbox
    assert sent.to == ["owner@north.example"]
    assert "Media buyer North named you: @maya.glow" in sent.subject
    assert f"/c/glow/talk/creator/{of.pk}/#comment-{comment.pk}" in sent.body
    browser = Browser()
    browser.force_login(cast.members["owner"])
    page = browser.get(of.thread_path).content.decode()
    assert f'id="comment-{comment.pk}"' in page
    assert "&lt;b&gt;fee&lt;/b&gt;" in page


def test_an_answer_tells_its_author_and_ends_what_the_writer_was_told(cast: Cast) -> None:
    """SS4: replies reach who is answered; nobody is told of their own words."""
    with client_scope(cast.client.pk):
        of = subject(cast)
        first = write(cast, of, "@owner is this ours? I, @media, think so")
        write(cast, of, "Yes", role="owner", reply_to=first)
        told = Alert.objects.order_by("pk").values_list(
            "kind", "deliveries__user__email", "deliveries__state", "resolved_at"
        )
        assert list(told) == [
            ("talk.mention", "owner@north.example", "dropped", NOW),
            ("talk.reply", "media@north.example", "waiting", None),
        ]


def test_personal_notices_are_no_work_of_the_team(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        write(cast, subject(cast), "@owner hello")
        assert Alert.objects.count() == 1
        assert list(queue()) == []


def test_a_comment_is_taken_back_by_its_author_alone_and_can_be_put_back(cast: Cast) -> None:
    """SS4, U9: taking back is undone where it was done."""
    with client_scope(cast.client.pk):
        of = subject(cast)
        comment = write(cast, of, "@owner never mind")
    names = {"client": "glow", "kind": "creator", "pk": of.pk, "comment": comment.pk}
    browser = Browser()
    browser.force_login(cast.members["owner"])
    refused = browser.post(reverse("talk:remove", kwargs=names))
    assert refused.status_code == 422
    assert "Only who wrote a comment" in refused.content.decode()
    browser.force_login(cast.members["media"])
    browser.post(reverse("talk:remove", kwargs=names))
    assert "never mind" not in browser.get(of.thread_path).content.decode()
    with client_scope(cast.client.pk):
        assert Delivery.objects.get().state == "dropped"
    browser.post(reverse("talk:restore", kwargs=names))
    assert "never mind" in browser.get(of.thread_path).content.decode()


def test_a_task_tells_its_person_once_per_change_and_not_who_gives_it(cast: Cast) -> None:
    """SS4: assignee and due day."""
    with client_scope(cast.client.pk):
        of, media = subject(cast), cast.members["media"]
        for _ in range(2):
            assign(of, assignee=media, due_on=date(2026, 9, 12), by=actor(media), now=NOW)
        assert not Alert.objects.exists()
        for _ in range(2):
            assign(
                of,
                assignee=cast.members["owner"],
                due_on=date(2026, 9, 12),
                by=actor(media),
                now=NOW,
            )
        alert = Alert.objects.get()
        assert (alert.kind, alert.path) == ("talk.assigned", of.thread_path)
        task = Task.objects.get()
        finish(task, by=actor(media), now=NOW)
        assert Alert.objects.get().resolved_at == NOW
        reopen(task, by=actor(media), now=NOW)
        verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
        assert verbs == ["task.set", "task.set", "task.done", "task.reopened"]


def test_the_list_shows_ones_own_tasks_first_and_what_is_overdue(cast: Cast) -> None:
    """SS4: the task list, by tab."""
    with client_scope(cast.client.pk):
        media, today = cast.members["media"], NOW.date()
        days = {"creator": today, "post": today - timedelta(days=1), "authorization": None}
        for kind, due in days.items():
            who = None if kind == "post" else media
            assign(subject(cast, kind), assignee=who, due_on=due, by=actor(media), now=NOW)
        finish(Task.objects.get(subject_type="authorization"), by=actor(media), now=NOW)

        def kinds(view: str) -> set[str]:
            return {one.subject_type for one in tasks_of_view(view, media, today)}

        assert kinds("") == {"creator"}
        assert kinds("open") == {"creator", "post"}
        assert kinds("overdue") == {"post"}
        assert kinds("done") == {"authorization"}
    browser = Browser()
    browser.force_login(media)
    page = browser.get(reverse("talk:tasks", kwargs={"client": "glow"}) + "?view=overdue")
    assert len(page.context["table"].rows) == 1


def test_wrong_input_is_answered_with_a_sentence(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        of = subject(cast)
        other = write(cast, subject(cast, "post"), "elsewhere")
    browser = Browser()
    browser.force_login(cast.members["media"])
    names = {"client": "glow", "kind": "creator", "pk": of.pk}
    empty = browser.post(reverse("talk:say", kwargs=names), {"text": " "})
    assert empty.status_code == 422
    assert "Write something first." in empty.content.decode()
    foreign = {"text": "hello", "reply_to": other.pk}
    assert browser.post(reverse("talk:say", kwargs=names), foreign).status_code == 422
    nothing = browser.post(reverse("talk:assign", kwargs=names), {})
    assert "Choose a person, a day, or both." in nothing.content.decode()
    stranger = {"assignee": cast.stranger.pk}
    assert browser.post(reverse("talk:assign", kwargs=names), stranger).status_code == 422
    assert browser.get("/c/glow/talk/nothing/1/").status_code == 404


def test_a_client_s_viewer_reads_no_internal_talk(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        of = subject(cast)
    browser = Browser()
    browser.force_login(cast.members["viewer"])
    assert browser.get(of.thread_path).status_code == 403
    page = browser.get(of.page_path).content.decode()
    assert of.thread_path not in page
    assert "/tasks/" not in page


def test_a_long_thread_is_read_in_parts(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        of = subject(cast)
        for number in range(51):
            write(cast, of, f"comment {number}")
        newest = comments_of(of)
        assert [one.text for one in (newest[0], newest[-1])] == ["comment 1", "comment 50"]
        assert [one.text for one in comments_of(of, before=newest[0].pk)] == ["comment 0"]
        take_back(newest[0], by=actor(cast.members["media"]), now=NOW)
        assert comments_of(of)[0].removed_at == NOW
