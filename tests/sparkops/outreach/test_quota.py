"""Outreach within the weekly quota, as recipients see it (AB2, AB3, N16)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client as Browser
from django.urls import reverse

from creators.models import Creator
from sparkops.catalog.models import Shop
from sparkops.connections.models import Connection
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outreach.actions.quota import keep_quota
from sparkops.outreach.actions.sending import keep_sent, plan
from sparkops.outreach.models import Contact, Letter, Quota, Recipient
from sparkops.outreach.queries.outreaches import counts_of
from sparkops.renewals.queries.asks import MESSAGES_SCOPE
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_product
from tests.sparkops.outreach import reaching

pytestmark = pytest.mark.django_db
SUNDAY = datetime(2026, 11, 22, 8, tzinfo=UTC)  # midnight in Los Angeles
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def shop() -> Shop:
    """The client's shop, which may send messages."""
    make_product()
    Connection.objects.update(scopes=[MESSAGES_SCOPE])
    return Shop.objects.get()


def told(used: int, now: datetime, *, cap: int | None = None, total: int = 200) -> None:
    """What TikTok tells before a batch."""
    reading = {
        "total": total,
        "used": used,
        "follower_cap": cap,
        "ends_at": SUNDAY if now < SUNDAY else SUNDAY + timedelta(days=7),
    }
    keep_quota(Shop.objects.get(), reading, now=now)


def deliver(now: datetime) -> None:
    """Everything that is on its way arrives."""
    for letter in Letter.objects.filter(state="sending").select_related("recipient"):
        keep_sent(letter, f"m{letter.pk}", now=now)
    Command.objects.update(state="done")


def week(start: datetime, minutes: int, used: int) -> None:
    """Batches minute by minute; TikTok's own count follows what it received."""
    for number in range(minutes):
        now = start + number * MINUTE
        spent = Letter.objects.filter(costs_quota=True, state="sent", sent_at__gte=start).count()
        told(used + spent, now)
        plan(zone=reaching.ZONE, now=now)
        deliver(now)


def test_ab2_connected_creators_are_free_and_the_rest_waits_for_sunday(cast: Cast) -> None:
    """AB2: quota 200 and 120 connected of 500: 320 leave, 180 wait until Sunday in the shop's
    zone, and nothing before it."""
    with client_scope(cast.client.pk):
        shop()
        reaching.people(500, now=NOW)
        connected = Creator.objects.order_by("pk").values_list("pk", flat=True)[:120]
        Creator.objects.filter(pk__in=list(connected)).update(first_posted_at=NOW)
        # Each of the others is worth more than the one before.
        Creator.objects.filter(first_posted_at=None).update(views_30d=F("id"))
        found = reaching.started(reaching.everyone(now=NOW), now=NOW)
        week(NOW, 10, used=0)
        assert counts_of(found) == {"sent": 320, "queued": 180, "skipped": 0, "failed": 0}
        waiting = Recipient.objects.filter(state="queued")
        assert set(waiting.values_list("due_at", "reason")) == {
            (SUNDAY, "The weekly quota is used.")
        }
        least = Recipient.objects.filter(state="sent", creator__first_posted_at=None)
        assert min(least.values_list("creator__views_30d", flat=True)) > max(
            waiting.values_list("creator__views_30d", flat=True)
        )
        last_before = SUNDAY - MINUTE
        told(200, last_before)
        assert plan(zone=reaching.ZONE, now=last_before) == 0
    page = browse(cast).get(url("outreach", pk=found.pk), {"view": "queued"}).content.decode()
    assert "Queued until Sun Nov 22, 12:00 AM" in page
    with client_scope(cast.client.pk):
        week(SUNDAY, 5, used=0)
        assert counts_of(found)["sent"] == 500
        assert Letter.objects.filter(costs_quota=True).count() == 380


def test_ab3_the_same_creator_twice_in_a_week_is_one_contact(cast: Cast) -> None:
    """AB3: the second outreach of the week to the same creators costs nothing."""
    with client_scope(cast.client.pk):
        shop()
        reaching.people(3, now=NOW)
        segment = reaching.everyone(now=NOW)
        reaching.started(segment, now=NOW)
        told(197, NOW)
        assert plan(zone=reaching.ZONE, now=NOW) == 3
        deliver(NOW)
        second = reaching.started(segment, name="Second", now=NOW)
        told(200, NOW + MINUTE)
        assert plan(zone=reaching.ZONE, now=NOW + MINUTE) == 3
        rows = Letter.objects.filter(recipient__outreach=second)
        assert set(rows.values_list("costs_quota", flat=True)) == {False}


def test_ab3_the_sixth_unanswered_message_is_refused(cast: Cast) -> None:
    """AB3: five may be unanswered, over all outreach; an answer begins the count anew."""
    with client_scope(cast.client.pk):
        shop()
        silent, friendly = reaching.people(2, now=NOW, first_posted_at=NOW)
        segment = reaching.everyone(now=NOW)
        for number in range(5):
            reaching.started(segment, name=f"Outreach {number}", now=NOW)
            assert plan(zone=reaching.ZONE, now=NOW) == 2
            deliver(NOW)
        Contact.objects.create(creator=friendly, answered_at=NOW + MINUTE, noted_at=NOW + MINUTE)
        sixth = reaching.started(segment, name="Sixth", now=NOW)
        assert plan(zone=reaching.ZONE, now=NOW + 2 * MINUTE) == 1
        rows = {one.creator_id: one for one in Recipient.objects.filter(outreach=sixth)}
        assert rows[friendly.pk].state == "queued"
        assert rows[silent.pk].state == "skipped"
        assert rows[silent.pk].reason.startswith("Five messages are unanswered.")


def test_ab3_a_follower_cap_skips_who_is_above_and_not_connected(cast: Cast) -> None:
    """AB3: "above tier limit", for new contacts only."""
    with client_scope(cast.client.pk):
        shop()
        reaching.people(4, now=NOW, follower_count=20_001)
        Creator.objects.filter(handle="maker0").update(follower_count=20_000)
        Creator.objects.filter(handle="maker1").update(first_posted_at=NOW)
        found = reaching.started(reaching.everyone(now=NOW), now=NOW)
        told(0, NOW, cap=20_000)
        assert plan(zone=reaching.ZONE, now=NOW) == 2
        assert counts_of(found) == {"sent": 0, "queued": 2, "skipped": 2, "failed": 0}
        reasons = Recipient.objects.filter(state="skipped").values_list("reason", flat=True)
        assert all(one.startswith("Above tier limit:") for one in reasons)


def test_n16_a_reserve_is_not_spent_and_an_old_reading_spends_nothing(cast: Cast) -> None:
    """N16: what is kept for people stays; without a fresh number only connected ones go."""
    with client_scope(cast.client.pk):
        shop()
        reaching.people(10, now=NOW)
        found = reaching.started(reaching.everyone(now=NOW), now=NOW)
        told(190, NOW - timedelta(hours=1))
        assert plan(zone=reaching.ZONE, now=NOW) == 0
        told(190, NOW + timedelta(minutes=11))
        Quota.objects.update(reserve=6)
        assert plan(zone=reaching.ZONE, now=NOW + timedelta(minutes=11)) == 4
        assert counts_of(found)["queued"] == 10


def test_n16_the_planner_shows_what_is_left_and_who_is_next(cast: Cast) -> None:
    """N16: remaining, refresh, tier, the order; the reserve is changed there."""
    assert "TikTok has not told" in browse(cast).get(url("quota")).content.decode()
    with client_scope(cast.client.pk):
        shop()
        reaching.people(3, now=NOW, views_30d=10)
        Creator.objects.filter(handle="maker1").update(views_30d=5_000, gmv_30d=40)
        reaching.started(reaching.everyone(now=NOW), now=NOW)
        told(150, NOW, cap=20_000)
        Quota.objects.update(
            tier="1",
            levels=[
                {"tier": "1", "from": "0", "currency": "USD", "cap": 20_000},
                {"tier": "2", "from": "2000", "currency": "USD", "cap": None},
            ],
        )
    page = browse(cast).get(url("quota")).content.decode()
    assert "50 of 200" in page
    assert "Sun Nov 22, 12:00 AM" in page
    assert page.index("@maker1") < page.index("@maker2") < page.index("@maker0")
    assert "$1,960.00" in page
    assert browse(cast).post(url("quota"), {"reserve": "20"}).status_code == 302
    assert browse(cast).post(url("quota"), {"reserve": "-1"}).status_code == 422
    with client_scope(cast.client.pk):
        assert Quota.objects.get().reserve == 20
    assert "30 of 200" in browse(cast).get(url("quota")).content.decode()


def browse(cast: Cast, role: str = "affiliate") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"outreach:{name}", kwargs={"client": "glow", **kwargs})
