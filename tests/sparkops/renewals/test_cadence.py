"""Renewals that start themselves: steps, language, quiet hours, escalation, the end that moves."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail

from authorizations.models import Authorization
from creators.models import Post
from sparkops.alerts.models import Alert, Delivery
from sparkops.isolation.scope import client_scope
from sparkops.outbox.queue import drain
from sparkops.renewals.actions.asks import mark_sent
from sparkops.renewals.actions.cadence import BY_HAND, UNANSWERED, ask_when_due
from sparkops.renewals.models import Ask, Cadence
from sparkops.renewals.outbound import HANDLERS, ON_REFUSAL
from tests.factories import rights
from tests.factories.cast import Cast
from tests.sparkops.renewals import asking

pytestmark = pytest.mark.django_db
# 18:00 UTC is 01:00 the next day in Bangkok and 11:00 in Los Angeles (summer time).
END = datetime(2026, 10, 20, 18, 0, tzinfo=UTC)


@pytest.fixture
def post(cast: Cast) -> Post:
    """A post that ads spend on, of a creator with an address; the client asks by itself."""
    with client_scope(cast.client.pk):
        Cadence.objects.create(sends=True, changed_at=END, escalate_after=9, quiet_starts=time(23),
                               quiet_ends=time(23, 1))  # fmt: skip
        made = rights.post("7600000000000000000", "maker0")
        rights.authorized(made, ends_at=END)
        asking.address(0, email="maker0@mail.example", region="DE")
        rights.spend(made, "40.00", before=END, days=40)
        return made


def run(cast: Cast, now: datetime) -> int:
    with client_scope(cast.client.pk):
        written = ask_when_due(cast.client, now=now)
    drain(cast.client.pk, HANDLERS, now=lambda: now, on_refusal=ON_REFUSAL)
    return written


def change(cast: Cast, **values: Any) -> None:
    with client_scope(cast.client.pk):
        Cadence.objects.update(**values)


def test_n5_the_right_message_at_each_step_once(cast: Cast, post: Post) -> None:
    """N5: at T-21/-14/-7/-3/-1, in the creator's language with the how-to, once each, though the
    sweep runs again and again."""
    for days in (21, 14, 7, 3, 1):
        due = END - timedelta(days=days)
        assert run(cast, due - timedelta(minutes=1)) == 0
        assert run(cast, due) == 1
        assert run(cast, due) == 0
        assert run(cast, due + timedelta(hours=5)) == 0
        left = "1 Tag" if days == 1 else f"{days} Tage"
        assert f"endet am 20. Oktober 2026 (noch {left})" in mail.outbox[-1].body
        assert "In der TikTok-App: Beitrag öffnen" in mail.outbox[-1].body
    assert len(mail.outbox) == 5
    assert len({one.extra_headers["Message-ID"] for one in mail.outbox}) == 5
    with client_scope(cast.client.pk):
        assert Authorization.objects.filter(state="requested").count() == 1


def test_n5_it_stops_when_the_end_moves(cast: Cast, post: Post) -> None:
    """N5: an extension read from TikTok ends the messages about the old end, also one that was
    written and not yet sent; the new end has its own steps."""
    moved, now = END + timedelta(days=60), END - timedelta(days=7)
    with client_scope(cast.client.pk):
        assert ask_when_due(cast.client, now=now) == 1
        rights.authorized(post, ends_at=moved, now=now)
    drain(cast.client.pk, HANDLERS, now=lambda: now, on_refusal=ON_REFUSAL)
    assert mail.outbox == []
    with client_scope(cast.client.pk):
        ask = Ask.objects.get(step_days=7)
        assert (ask.state, ask.reason) == ("skipped", "A new code was handed in meanwhile.")
    assert run(cast, END - timedelta(days=3)) == 0
    assert run(cast, END - timedelta(days=1)) == 0
    with client_scope(cast.client.pk):
        rights.spend(rights.post("7600000000000000000"), "40.00", before=moved - timedelta(days=20))
    assert run(cast, moved - timedelta(days=21)) == 1
    assert "19. Dezember 2026 (noch 21 Tage)" in mail.outbox[0].body


def test_n5_a_person_is_told_after_unanswered_messages(cast: Cast, post: Post) -> None:
    """N5: after two messages without an answer the named person is told, once, and the creator is
    left alone; a moved end takes the alert away."""
    change(cast, escalate_after=2, escalate_to=cast.members["affiliate"])
    assert [run(cast, END - timedelta(days=days)) for days in (21, 14, 7, 3, 1)] == [1, 1, 0, 0, 0]
    assert len(mail.outbox) == 2
    with client_scope(cast.client.pk):
        [alert] = Alert.objects.filter(kind=UNANSWERED)
        assert alert.title == "@maker0 has not answered 2 messages about a renewal"
        assert (str(alert.at_risk), alert.currency) == ("40.0000", "USD")
        [delivery] = Delivery.objects.filter(alert=alert)
        assert delivery.user == cast.members["affiliate"]
        rights.authorized(post, ends_at=END + timedelta(days=60), now=END - timedelta(hours=20))
    run(cast, END - timedelta(hours=19))
    with client_scope(cast.client.pk):
        assert not Alert.objects.filter(kind=UNANSWERED, resolved_at=None).exists()


def test_n5_quiet_hours_are_the_creator_s(cast: Cast, post: Post) -> None:
    """N5: due at 01:00 in Bangkok; the message waits for 08:00 there, which is 01:00 UTC."""
    change(cast, quiet_starts=time(21), quiet_ends=time(8))
    with client_scope(cast.client.pk):
        asking.address(0, region="TH")
    due = END - timedelta(days=7)
    assert run(cast, due) == 0
    assert run(cast, due + timedelta(hours=6, minutes=59)) == 0
    assert run(cast, due + timedelta(hours=7)) == 1
    assert run(cast, due + timedelta(hours=8)) == 0
    assert mail.outbox[0].body.startswith("สวัสดีคุณ @maker0")


def test_a_missed_run_sends_only_the_nearest_step(cast: Cast, post: Post) -> None:
    assert run(cast, END - timedelta(days=2)) == 1
    with client_scope(cast.client.pk):
        steps = dict(Ask.objects.values_list("step_days", "state"))
        assert steps == {21: "skipped", 14: "skipped", 7: "skipped", 3: "sent"}


def test_a_client_s_own_steps_count(cast: Cast, post: Post) -> None:
    cast.client.reminder_days = [10]
    cast.client.save()
    assert run(cast, END - timedelta(days=14)) == 0
    assert run(cast, END - timedelta(days=10)) == 1
    assert run(cast, END - timedelta(days=1)) == 0


def test_nothing_is_sent_before_somebody_decides_or_without_spend(cast: Cast, post: Post) -> None:
    now = END - timedelta(days=7)
    change(cast, sends=False)
    assert run(cast, now) == 0
    change(cast, sends=True)
    with client_scope(cast.client.pk):
        post.days.all().delete()
    assert run(cast, now) == 0


def test_what_cannot_be_sent_is_given_to_a_person(cast: Cast, post: Post) -> None:
    with client_scope(cast.client.pk):
        asking.address(0, email="")
    assert run(cast, END - timedelta(days=7)) == 1
    assert run(cast, END - timedelta(days=7)) == 0
    with client_scope(cast.client.pk):
        assert Alert.objects.filter(kind=BY_HAND, resolved_at=None).count() == 1
        ask = Ask.objects.get(step_days=7)
        assert ask.state == "copy"
        mark_sent(ask, by=asking.MINA, now=END)


def test_n5_a_code_that_came_in_ends_the_messages(cast: Cast, post: Post) -> None:
    """N5: the creator handed in the next code, which TikTok has not confirmed yet."""
    assert run(cast, END - timedelta(days=7)) == 1
    with client_scope(cast.client.pk):
        Authorization.objects.filter(state="requested").update(state="submitted")
    assert run(cast, END - timedelta(days=3)) == 0
    with client_scope(cast.client.pk):
        assert Ask.objects.get(step_days=3).reason == "A new code was handed in meanwhile."


def test_a_sweep_with_nothing_due_reads_little(
    cast: Cast, post: Post, django_assert_num_queries: Any
) -> None:
    assert run(cast, END - timedelta(days=7)) == 1
    with client_scope(cast.client.pk), django_assert_num_queries(8):
        # Open alerts, the cadence, rows with their asks, spend, words, terms and the shop.
        assert ask_when_due(cast.client, now=END - timedelta(days=6)) == 0
