"""Notices, their settings, and the digest of a day (SS5, U10)."""

import smtplib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client as Browser

from creators.models import Post
from sparkops import clock
from sparkops.accounts.models import User
from sparkops.alerts.actions import choose_notices, raise_alert
from sparkops.alerts.models import Alert, Delivery, Digest
from sparkops.alerts.tasks import deliver
from sparkops.alerts.wishes import APP, EMAIL, Wishes
from sparkops.audit.record import Actor
from sparkops.clock import QuietHours
from sparkops.home.digest import lines_of, plan_digests, send_digest
from sparkops.isolation.scope import client_scope
from sparkops.talk.actions import assign
from sparkops.talk.queries.subjects import find_subject
from sparkops.tenants.models import Client
from tests.factories.ads import NOW, a_post, an_ad, covered
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
EVENING = NOW  # 6 PM UTC
NEXT_MORNING = datetime(2026, 9, 11, 8, 0, tzinfo=NOW.tzinfo)


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def tell(cast: Cast, kind: str = "ad.lost_permission", *people: User) -> Alert:
    """An alert of the client for some people."""
    with client_scope(cast.client.pk):
        alert = raise_alert(
            kind,
            f"{kind}:{Alert.objects.count()}",
            subject=cast.client,
            severity="warning",
            title="An ad lost its permission",
            path="/c/glow/campaigns/?tab=lost",
            now=clock.now(),
            people=people or [cast.members["media"]],
        )
        assert alert is not None
        return alert


def wish(user: User, timezone: str = "UTC", **wishes: Any) -> None:
    choose_notices(user, Wishes(**wishes), timezone=timezone)


def only(cast: Cast, *people: User) -> None:
    """Digests for these people alone."""
    for user in User.objects.exclude(pk__in=[one.pk for one in people]):
        wish(user, digest=False)


def trouble(client: Client, user: User) -> None:
    """A client with one row behind each kind of line."""
    with client_scope(client.pk):
        post = a_post(f"75000000000000000{client.pk % 90 + 10}", f"maker.{client.pk}")
        covered(post, days=3)
        an_ad("lost", post, state="lost_permission")
        bare = a_post(f"76000000000000000{client.pk % 90 + 10}", f"bare.{client.pk}")
        an_ad("bare", bare)
        subject = find_subject("post", Post.objects.latest("pk").pk, client.slug)
        assert subject is not None
        by = Actor(str(user), user.pk)
        assign(subject, assignee=user, due_on=date(2026, 9, 9), by=by, now=NOW)


def test_a_person_is_told_where_they_chose_to_be(cast: Cast) -> None:
    """SS5, U10: per person, event and channel."""
    media, owner, finance = (cast.members[one] for one in ("media", "owner", "finance"))
    wish(owner, channels={"ads": frozenset({APP})})
    wish(finance, channels={"ads": frozenset()})
    wish(cast.members["manager"], channels={"ads": frozenset({EMAIL})})
    alert = tell(cast, "ad.lost_permission", media, owner, finance, cast.members["manager"])
    with client_scope(cast.client.pk):
        found = {
            one.user.email.partition("@")[0]: (one.channel, one.state, one.in_app)
            for one in Delivery.objects.filter(alert=alert).select_related("user")
        }
    assert found == {
        "media": ("email", "waiting", True),
        "owner": ("app", "sent", True),
        "manager": ("email", "waiting", False),
    }
    tell(cast, "plan.decided", owner)
    deliver(client_id=cast.client.pk)
    assert sorted(one.to[0].partition("@")[0] for one in mail.outbox) == [
        "manager",
        "media",
        "owner",
    ]


def test_mail_waits_for_the_end_of_the_quiet_hours(cast: Cast) -> None:
    """SS5: 6 PM UTC is 8 PM in Rome, where it is quiet until 7 AM, 5 AM UTC."""
    media = cast.members["media"]
    wish(media, "Europe/Rome", quiet=QuietHours(time(20), time(7)))
    tell(cast)
    deliver(client_id=cast.client.pk)
    assert mail.outbox == []
    with time_machine.travel(NOW + timedelta(hours=11), tick=False):
        deliver(client_id=cast.client.pk)
    assert len(mail.outbox) == 1


def test_the_list_of_notices_is_of_all_clients_and_can_be_seen(cast: Cast) -> None:
    """U10: the notification centre."""
    tell(cast)
    with client_scope(cast.sister.pk):
        raise_alert(
            "plan.decided",
            "p",
            subject=cast.sister,
            severity="info",
            title="Approved",
            path="/c/peak/",
            now=NOW,
            people=[cast.members["media"]],
        )
    browser = Browser()
    browser.force_login(cast.members["media"])
    page = browser.get("/notifications/").content.decode()
    assert "An ad lost its permission" in page
    assert 'href="/c/glow/campaigns/?tab=lost"' in page
    assert "Approved" in page
    assert len(browser.get("/notifications/?client=peak").context["table"].rows) == 1
    browser.post("/notifications/seen/")
    assert browser.get("/notifications/").context["table"].rows == ()
    assert len(browser.get("/notifications/?view=all").context["table"].rows) == 2
    browser.force_login(cast.members["owner"])
    assert browser.get("/notifications/?view=all").context["table"].rows == ()


def test_the_settings_are_kept_and_wrong_ones_answered(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.members["media"])
    assert browser.get("/notifications/settings/").context["form"]["digest"].initial is True
    chosen = {
        "digest_at": "07:30",
        "quiet_starts": "22:00",
        "quiet_ends": "07:00",
        "timezone": "Europe/Rome",
        "event_ads": ["app"],
        "event_talk": ["app", "email"],
    }
    assert browser.post("/notifications/settings/", chosen).status_code == 302
    form = browser.get("/notifications/settings/").context["form"]
    shown = [form[name].value() for name in ("digest", "quiet_starts", "event_ads", "event_plans")]
    assert shown == [False, "22:00", ["app"], []]
    half = browser.post("/notifications/settings/", {**chosen, "quiet_ends": ""})
    assert "Give both ends of the quiet hours" in half.content.decode()
    nowhere = browser.post("/notifications/settings/", {**chosen, "timezone": "Mars"})
    assert "is not a time zone" in nowhere.content.decode()


def test_a_digest_says_what_is_wrong_and_every_line_opens_exactly_these_rows(cast: Cast) -> None:
    """SS5: expiring, failed, waiting on me, losing money, of all clients of a person."""
    media = cast.members["media"]
    trouble(cast.client, media)
    trouble(cast.sister, media)
    tell(cast)
    lines = lines_of(media, now=NOW)
    of_glow = [(line.heading, line.text) for line in lines if line.client == cast.client]
    assert of_glow == [
        ("Failed", "1 ad lost its permission"),
        ("Failed", "1 ad runs without cover"),
        ("Expiring", "1 permission ends within 7 days"),
        ("Waiting for you", "1 new notification"),
        ("Waiting for you", "1 task"),
    ]
    assert len(lines) == 9
    browser = Browser()
    browser.force_login(media)
    for line in lines:
        assert len(browser.get(line.path).context["table"].rows) == line.count, line


def test_one_mail_a_day_whatever_is_repeated(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """SS5: once per person and day, also when the mail server fails first."""
    media = cast.members["media"]
    only(cast, media)
    trouble(cast.client, media)
    with time_machine.travel(NEXT_MORNING, tick=False):
        assert plan_digests(now=NEXT_MORNING - timedelta(seconds=1)) == []
        [pk] = plan_digests(now=NEXT_MORNING)
        sending = "django.core.mail.EmailMessage.send"
        with monkeypatch.context() as broken:
            broken.setattr(sending, _refuse)
            send_digest(pk, now=clock.now)
        assert mail.outbox == []
        assert plan_digests(now=NEXT_MORNING) == []
    later = NEXT_MORNING + timedelta(minutes=3)
    with time_machine.travel(later, tick=False):
        for _ in range(3):
            for one in plan_digests(now=later):
                send_digest(one, now=clock.now)
            send_digest(pk, now=clock.now)
    [sent] = mail.outbox
    assert sent.to == ["media@north.example"]
    assert sent.extra_headers["Message-ID"] == f"<digest-{media.pk}-2026-09-11@sparkops>"
    assert "/c/glow/campaigns/?tab=lost\n" in sent.body
    assert Digest.objects.get(user=media).state == "sent"
    tomorrow = NEXT_MORNING + timedelta(days=1)
    assert len(plan_digests(now=tomorrow)) == 1


def _refuse(*_: Any, **__: Any) -> None:
    raise smtplib.SMTPServerDisconnected("gone")


def test_a_worker_that_died_with_a_digest_is_followed_by_another_with_the_same_id(
    cast: Cast,
) -> None:
    only(cast, cast.members["media"])
    trouble(cast.client, cast.members["media"])
    [pk] = plan_digests(now=NEXT_MORNING)
    Digest.objects.filter(pk=pk).update(
        claimed_until=NEXT_MORNING + timedelta(minutes=5), attempts=1
    )
    send_digest(pk, now=lambda: NEXT_MORNING)
    assert mail.outbox == []
    send_digest(pk, now=lambda: NEXT_MORNING + timedelta(minutes=6))
    assert len(mail.outbox) == 1


def test_nothing_to_say_sends_nothing_and_viewers_are_not_written_to(cast: Cast) -> None:
    """SS5: a quiet day is quiet; a client's viewer gets a digest only by choice."""
    viewer = cast.members["viewer"]
    wish(cast.members["finance"], digest=False)
    for pk in plan_digests(now=NEXT_MORNING):
        send_digest(pk, now=lambda: NEXT_MORNING)
    assert mail.outbox == []
    asked = set(Digest.objects.values_list("user__email", flat=True))
    assert asked == {
        "owner@north.example",
        "manager@north.example",
        "media@north.example",
        "affiliate@north.example",
        "stranger@other.example",
    }
    assert set(Digest.objects.values_list("state", flat=True)) == {"dropped"}
    wish(viewer, digest=True)
    assert len(plan_digests(now=NEXT_MORNING)) == 1
    # Half a day after its time a digest would tell old news.
    wish(cast.members["finance"], digest=True)
    assert len(plan_digests(now=NEXT_MORNING + timedelta(hours=12))) == 1
