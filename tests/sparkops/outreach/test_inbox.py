"""The shared inbox."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from creators.models import Creator
from sparkops.audit.models import Event
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outreach.actions.inbox import fail_answer, keep_answer
from sparkops.outreach.actions.replies import Said, keep_replies
from sparkops.outreach.models import Answer, Contact, SavedAnswer, Thread
from tests.factories.cast import Cast
from tests.factories.creators import NOW
from tests.sparkops.outreach import reaching

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def browse(cast: Cast, role: str = "affiliate") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"outreach:{name}", kwargs={"client": "glow", **kwargs})


def hear(number: int, text: str, hours: int) -> None:
    at = NOW - timedelta(hours=hours)
    keep_replies([Said(f"maker{number}", "c", f"m{number}-{hours}", text, at)], now=NOW)


def test_an_answer_leaves_once_and_the_thread_no_longer_waits(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        reaching.people(2, now=NOW)
        hear(0, "What rate?", 5)
        hear(0, "Hello?", 3)
        hear(1, "Sure!", 1)
        thread = Thread.objects.get(creator__handle="maker0")
        assert (thread.last_text, thread.waits) == ("Hello?", True)
    browser, here = browse(cast), url("thread", pk=thread.pk)
    listed = browser.get(url("inbox")).content.decode()
    assert listed.index("@maker1") < listed.index("@maker0")
    page = browser.get(here).content.decode()
    assert page.index("Hello?") < page.index("What rate?")
    assert browser.post(here, {"text": ""}).status_code == 422
    assert browser.post(here, {"text": "15 percent."}).status_code == 302
    again = browser.post(here, {"text": "15 percent."})
    assert again.status_code == 422
    assert "on their way already" in again.content.decode()
    assert "@maker0" not in browser.get(url("inbox")).content.decode()
    with client_scope(cast.client.pk):
        one = Answer.objects.get()
        assert Command.objects.get().payload == {"answer": one.pk}
        keep_answer(one.pk, "m9", now=NOW)
        assert Answer.objects.get().state == "sent"
        fail_answer(one.pk, "TikTok refused it.")
        assert Thread.objects.get(pk=thread.pk).waits
    assert "TikTok refused it." in browser.get(here).content.decode()


def test_a_thread_is_assigned_and_a_saved_answer_fills_in(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        reaching.people(1, now=NOW, display_name="Mara")
        hear(0, "Hi", 1)
        thread = Thread.objects.get()
    browser, here = browse(cast), url("thread", pk=thread.pk)
    manager, viewer = cast.members["manager"], cast.members["viewer"]
    browser.post(url("assign", pk=thread.pk), {"to": str(manager.pk)})
    browser.post(url("assign", pk=thread.pk), {"to": str(viewer.pk)})
    with client_scope(cast.client.pk):
        assert Thread.objects.get().assigned_to_id == manager.pk
        assert Event.objects.get(verb="thread.assigned").data["after"] == str(manager)
    assert "@maker0" in browse(cast, "manager").get(url("inbox"), {"view": "mine"}).content.decode()
    assert "@maker0" not in browser.get(url("inbox"), {"view": "mine"}).content.decode()
    wrong = browser.post(url("words"), {"name": "Rate", "body": "Hi {name}"})
    assert "“{name}” is no variable. Use only {creator}, {handle}, {brand}." in (
        wrong.content.decode()
    )
    browser.post(url("words"), {"name": "Rate", "body": "Hi {creator}, {brand} pays 15 percent."})
    with client_scope(cast.client.pk):
        saved = SavedAnswer.objects.get()
    page = browser.get(here, {"use": saved.pk}).content.decode()
    assert "Hi Mara, Glow Skincare pays 15 percent." in page


def test_ab5_a_person_marks_an_opt_out_and_takes_it_back(cast: Cast) -> None:
    """AB5: what a machine does not understand, a person notes; it holds in every outreach."""
    with client_scope(cast.client.pk):
        reaching.people(1, now=NOW)
        hear(0, "Lass mich in Ruhe", 1)
        thread = Thread.objects.get()
        assert Contact.objects.get().opted_out_at is None
    browser, here = browse(cast), url("mark", pk=thread.pk)
    assert browser.post(here, {"what": "opted_out"}).status_code == 302
    with client_scope(cast.client.pk):
        assert Contact.objects.get().opted_out_at == NOW
    page = browser.get(url("thread", pk=thread.pk)).content.decode()
    assert "Wants no more messages" in page
    browser.post(here, {"what": "undo"})
    with client_scope(cast.client.pk):
        assert Contact.objects.get().opted_out_at is None
        assert Creator.objects.count() == 1
    assert browse(cast, "viewer").get(url("inbox")).status_code == 403
