"""N24: risky comments become tasks with a response clock, answered and hidden through the API."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from campaigns.actions.comments import ask_comment, tell_risks
from campaigns.inbound.comments import COMMENTS
from campaigns.models import Ad, AdComment
from campaigns.outbound import HANDLERS
from sparkops import clock
from sparkops.alerts.models import Alert
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.campaigns.synced import MINA, drain_all, read
from tests.factories.cast import Cast
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey
Doing = AdComment.Doing


@pytest.fixture
def a_risk(connected: int, sandbox: SandboxServer) -> AdComment:
    """A complaint and a question under an ad that delivers, read by one sync."""
    with client_scope(connected):
        ad = Ad.objects.filter(state="live").order_by("pk")[0]
    made = sandbox.do("new_comment", ad_id=ad.ad_id, text="mine arrived broken :(")
    sandbox.do("new_comment", ad_id=ad.ad_id, text="where did you get this??")
    read(connected, (COMMENTS,))
    with client_scope(connected):
        rows = AdComment.objects.select_related("ad")
        return rows.get(comment_id=made["comment_id"])


def test_n24_a_risky_comment_is_told_once_and_again_when_its_time_is_over(
    connected: int, a_risk: AdComment
) -> None:
    """N24: four hours; harmless ones wait for nobody."""
    now, row = clock.now(), a_risk
    with client_scope(connected):
        assert row.risk == "complaint"
        assert row.due_at is not None
        assert timedelta(hours=3, minutes=50) < row.due_at - now <= timedelta(hours=4)
        assert Alert.objects.filter(kind="comment_risk", subject_id=row.pk).count() == 1
        assert not Alert.objects.filter(kind="comment_risk_late").exists()
        tell_risks(now=row.due_at)
        assert Alert.objects.get(kind="comment_risk_late", subject_id=row.pk).severity == "critical"
        assert AdComment.objects.filter(risk="", due_at=None).exists()
    read(connected, (COMMENTS,))
    with client_scope(connected):
        due = row.due_at
        row.refresh_from_db()
        assert row.due_at == due


def test_n24_hiding_ends_the_task_and_can_be_undone(
    connected: int, world: Cast, a_risk: AdComment
) -> None:
    """N24: through the API, from the comment's page."""
    row = a_risk
    browser = Browser()
    browser.force_login(world.members["media"])
    where = {"client": world.client.slug, "pk": row.pk}
    assert browser.get(reverse("campaigns:comment", kwargs=where)).status_code == 200
    hide = reverse("campaigns:comment-act", kwargs={**where, "word": "hide"})
    assert browser.post(hide).status_code == 302
    assert browser.post(hide).status_code == 422
    drain_all(connected)
    read(connected, (COMMENTS,))
    with client_scope(connected):
        row.refresh_from_db()
        assert (row.status, row.handled_by) == ("HIDDEN", "Media buyer North")
        assert Alert.objects.get(kind="comment_risk", subject_id=row.pk).resolved_at is not None
    browser.post(hide.replace("hide", "show"))
    drain_all(connected)
    with client_scope(connected):
        row.refresh_from_db()
        assert row.status == "PUBLIC"


def test_n24_under_a_code_only_the_creator_answers_so_it_is_settled_with_a_note(
    connected: int, world: Cast, a_risk: AdComment
) -> None:
    """N24: said before TikTok is asked."""
    row = a_risk
    with client_scope(connected):
        Ad.objects.filter(pk=row.ad_id).update(identity_type="AUTH_CODE")
        with pytest.raises(Refusal, match="only the creator can answer"):
            ask_comment(row, Doing.REPLY, text="Sorry!", by=MINA, now=clock.now())
        assert not Command.objects.filter(kind="campaigns.comment").exists()
    browser = Browser()
    browser.force_login(world.members["media"])
    where = {"client": world.client.slug, "pk": row.pk, "word": "settle"}
    url = reverse("campaigns:comment-act", kwargs=where)
    assert browser.post(url, {"note": ""}).status_code == 422
    assert browser.post(url, {"note": "Maya answered in the app."}).status_code == 302
    with client_scope(connected):
        row.refresh_from_db()
        assert row.answer == "Maya answered in the app."


def test_n24_an_answer_is_sent_once_also_when_the_worker_died_after_it(
    connected: int, sandbox: SandboxServer, a_risk: AdComment
) -> None:
    """N24: TikTok has the answer, nobody wrote that down; the second try finds it."""
    row = a_risk
    with client_scope(connected):
        Ad.objects.filter(pk=row.ad_id).update(identity_type="TT_USER")
        ask_comment(row, Doing.REPLY, text="So sorry, we replace it.", by=MINA, now=clock.now())
        command = Command.objects.get(kind="campaigns.comment")
    HANDLERS["campaigns.comment"](connected, command, clock.now())
    path = "requests?path=/open_api/v1.3/comment/post/"
    before = len(sandbox.look(path)["requests"])
    with client_scope(connected):
        Command.objects.update(attempts=1)
    drain_all(connected)
    assert len(sandbox.look(path)["requests"]) == before
    with client_scope(connected):
        row.refresh_from_db()
        assert row.answer == "So sorry, we replace it."
        assert row.handled_at is not None
