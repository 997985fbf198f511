"""What expires is flagged once per step, and the flags follow the end (AR5, N4)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authorizations.actions import expiry
from authorizations.actions.expiry import ENDED, KIND, flag_expiring
from authorizations.actions.moves import move
from authorizations.actions.renewal import request_renewal
from authorizations.actions.use import note_use, settle
from authorizations.models import Authorization, Reminder
from sparkops.alerts.models import Alert, Delivery
from sparkops.audit.record import Actor, history
from sparkops.isolation.scope import client_scope
from tests.factories import rights
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
MINA = Actor("Mina", 7)
# 18:00 UTC is 11:00 in Los Angeles on both sides of the change to standard time on 1 November.
END = datetime(2026, 10, 20, 18, 0, tzinfo=UTC)


def run(cast: Cast, now: datetime) -> int:
    with client_scope(cast.client.pk):
        return flag_expiring(cast.client, now=now)


def open_titles(cast: Cast) -> list[str]:
    with client_scope(cast.client.pk):
        found = Alert.objects.filter(kind__in=[KIND, ENDED], resolved_at=None)
        return list(found.order_by("pk").values_list("title", flat=True))


def test_ar5_each_step_is_flagged_once_at_its_time(cast: Cast) -> None:
    """AR5: 21, 14, 7, 3 and 1 days before, never earlier, never twice."""
    with client_scope(cast.client.pk):
        rights.authorized(ends_at=END)
    for days in (21, 14, 7, 3, 1):
        due = END - timedelta(days=days)
        assert run(cast, due - timedelta(minutes=1)) == 0
        assert run(cast, due) == 1
        assert run(cast, due + timedelta(minutes=1)) == 0
        left = "1 day" if days == 1 else f"{days} days"
        assert open_titles(cast) == [f"The authorization of @maya.glow ends in {left}"]
    with client_scope(cast.client.pk):
        assert sorted(Reminder.objects.values_list("step_days", flat=True)) == [1, 3, 7, 14, 21]


def test_ar5_steps_keep_the_time_of_day_over_a_change_of_clocks(cast: Cast) -> None:
    """AR5: 7 calendar days before 4 November 10:00 in Los Angeles is still 10:00 there."""
    end = datetime(2026, 11, 4, 18, 0, tzinfo=UTC)  # 10:00 standard time
    due = datetime(2026, 10, 28, 17, 0, tzinfo=UTC)  # 10:00 summer time
    with client_scope(cast.client.pk):
        rights.authorized(ends_at=end)
    run(cast, due - timedelta(days=1))
    assert run(cast, due - timedelta(minutes=1)) == 0
    assert run(cast, due) == 1


def test_ar5_a_client_s_own_steps_are_used(cast: Cast) -> None:
    cast.client.reminder_days = [30, 2]
    with client_scope(cast.client.pk):
        rights.authorized(ends_at=END)
    assert run(cast, END - timedelta(days=30)) == 1
    assert run(cast, END - timedelta(days=21)) == 0
    assert run(cast, END - timedelta(days=7)) == 0
    assert run(cast, END - timedelta(days=2)) == 1


def test_ar5_a_missed_run_raises_only_the_nearest_step(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        rights.authorized(ends_at=END)
    assert run(cast, END - timedelta(days=2, hours=5)) == 1
    assert open_titles(cast) == ["The authorization of @maya.glow ends in 3 days"]
    assert run(cast, END - timedelta(days=2)) == 0


def test_ar5_reminders_stop_when_the_end_moves(cast: Cast) -> None:
    """AR5: an extension ends the alerts of the old end; the new end has its own steps."""
    moved = END + timedelta(days=60)
    now = END - timedelta(days=3)
    with client_scope(cast.client.pk):
        post = rights.post()
        old = rights.authorized(post, ends_at=END)
    assert run(cast, now) == 1
    with client_scope(cast.client.pk):
        new = rights.authorized(post, ends_at=moved, now=now)
        assert new.pk != old.pk
        assert new.previous_id == old.pk
    assert run(cast, now + timedelta(minutes=1)) == 0
    assert open_titles(cast) == []
    assert run(cast, END - timedelta(days=1)) == 0
    assert run(cast, moved - timedelta(days=21)) == 1


def test_an_end_that_tiktok_corrects_to_an_earlier_day_is_flagged_anew(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        post = rights.post()
        row = rights.authorized(post, ends_at=END)
    now = END - timedelta(days=14)
    assert run(cast, now) == 1
    with client_scope(cast.client.pk):
        assert rights.authorized(post, ends_at=END - timedelta(days=7), now=now).pk == row.pk
    assert run(cast, now) == 1
    assert open_titles(cast) == ["The authorization of @maya.glow ends in 7 days"]


def test_the_end_itself_moves_the_state_and_alerts_where_money_is_spent(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        post = rights.post()
        row = rights.authorized(post, ends_at=END)
        rights.spend(post, "40.00", before=END)
    assert run(cast, END - timedelta(days=1)) == 1
    assert run(cast, END) == 1
    assert run(cast, END + timedelta(minutes=1)) == 0
    with client_scope(cast.client.pk):
        row.refresh_from_db()
        assert row.state == "expired"
        assert row.ended_at == END
    assert open_titles(cast) == ["The authorization of @maya.glow has ended"]


def test_n4_what_costs_most_per_day_comes_first(cast: Cast) -> None:
    """N4: ranked by money at stake, not by date; the amount stands on the alert."""
    with client_scope(cast.client.pk):
        small, large = rights.post("7500000000000000001"), rights.post("7500000000000000002", "bo")
        rights.authorized(small, ends_at=END - timedelta(days=1))
        rights.authorized(large, ends_at=END, code=rights.OTHER_CODE)
        rights.spend(small, "10.00", before=END)
        rights.spend(large, "70.00", before=END)
    assert run(cast, END - timedelta(days=2)) == 2
    with client_scope(cast.client.pk):
        first, second = Alert.objects.filter(kind=KIND).order_by("pk")
        # Five of the seven days before that moment have spend: 350 and 50 over seven days.
        assert first.at_risk == Decimal("50.00")
        assert second.at_risk == Decimal("7.14")
        assert (first.severity, first.currency) == ("critical", "USD")


def test_ar5_the_alert_is_one_click_from_the_renewal(cast: Cast, client: Any) -> None:
    with client_scope(cast.client.pk):
        rights.authorized(ends_at=END)
    run(cast, END - timedelta(days=7))
    with client_scope(cast.client.pk):
        alert = Alert.objects.get(kind=KIND)
        row = Authorization.objects.get()
        assert alert.path == f"/c/glow/authorizations/{row.pk}/"
        assert alert.action_label == "Ask for renewal"
        request_renewal(row, by=MINA, now=END - timedelta(days=7))
    assert open_titles(cast) == []


def many(cast: Cast, numbers: range) -> None:
    """Permissions that all end at END, each of a post and a creator of its own."""
    with client_scope(cast.client.pk):
        for number in numbers:
            rights.authorized(
                rights.post(f"75000000000000000{number:02}", f"maker{number}"),
                ends_at=END,
                code=f"#{number:02}{rights.CODE[3:]}",
            )


def test_a_scan_with_much_due_asks_no_more_than_one_with_little(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    """AR5: the statements of a run do not grow with what is due; each row still has its history."""
    few, more = range(2), range(2, 14)
    many(cast, few)
    run(cast, END - timedelta(days=21))
    # From here on a run warns, ends earlier alerts and, as of `more`, moves states.
    with CaptureQueriesContext(connection) as little:
        assert run(cast, END - timedelta(days=14)) == len(few)
    many(cast, more)
    moving = 3
    with django_assert_num_queries(len(little) + moving):
        assert run(cast, END - timedelta(days=7)) == len(few) + len(more)
    with client_scope(cast.client.pk):
        assert Alert.objects.filter(kind=KIND, resolved_at=None).count() == len(few) + len(more)
        told = Delivery.objects.exclude(state="dropped").values_list("user_id", "alert__subject_id")
        people = {user for user, _ in told}
        assert len(told) == len(set(told)) == len(people) * (len(few) + len(more))
        for row in Authorization.objects.all():
            assert row.state == "expiring"
            last = row.transitions.latest("pk")
            assert (last.after, last.reason) == ("expiring", "Its end is near.")
            assert history(row)[0].data == {"before": "verified", "after": "expiring"}


def test_ar5_batches_raise_each_alert_once_and_keep_the_ranking(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AR5: five rows in batches of two are flagged once each, the costly one first (N4)."""
    monkeypatch.setattr(expiry, "BATCH", 2)
    many(cast, range(5))
    with client_scope(cast.client.pk):
        costly = Authorization.objects.order_by("pk")[4]
        assert costly.post is not None
        rights.spend(costly.post, "40.00", before=END)
    now = END - timedelta(days=2)
    assert run(cast, now) == 5
    assert run(cast, now) == 0
    with client_scope(cast.client.pk):
        raised = list(Alert.objects.filter(kind=KIND).order_by("pk"))
        assert raised[0].subject_id == costly.pk
        assert len({one.subject_id for one in raised}) == len(raised) == 5


def test_an_expired_code_whose_end_nobody_knows_is_no_news_of_an_end(cast: Cast) -> None:
    """TikTok refused the code as expired and never told an end; a known end beside it counts."""
    many(cast, range(2))
    with client_scope(cast.client.pk):
        first = Authorization.objects.order_by("pk")[0]
        Authorization.objects.filter(pk=first.pk).update(
            state="expired", ends_at=None, ended_at=END - timedelta(days=2)
        )
    assert run(cast, END - timedelta(days=1)) == 1
    with client_scope(cast.client.pk):
        assert not Reminder.objects.filter(authorization=first.pk).exists()


def test_a_row_that_ended_otherwise_is_not_moved_back(cast: Cast) -> None:
    """AR1: what is due is read first and locked later; a row revoked between keeps that state."""
    with client_scope(cast.client.pk):
        row = rights.authorized(ends_at=END)
        stale = Authorization.objects.get(pk=row.pk)
        move(row, "revoked", by=MINA, now=END - timedelta(days=9), reason="She switched it off.")
        assert settle([Authorization.objects.get(pk=stale.pk)], used=(), now=END) == 0
        row.refresh_from_db()
        assert row.state == "revoked"


def test_noting_use_asks_the_same_for_any_number(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    many(cast, range(6))
    now = END - timedelta(days=60)
    with client_scope(cast.client.pk):
        posts = list(Authorization.objects.order_by("pk").values_list("post_id", flat=True))
        # The rows, one state to write, and the two histories.
        with django_assert_num_queries(4):
            assert note_use(posts[:4], now=now) == 4
        with django_assert_num_queries(1):
            assert note_use(posts[:4], now=now) == 0
        states = list(Authorization.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["in_use"] * 4 + ["verified"] * 2


def test_a_scan_with_nothing_due_reads_little(cast: Cast, django_assert_num_queries: Any) -> None:
    many(cast, range(5))
    now = END - timedelta(days=10)
    assert run(cast, now) == 5
    with client_scope(cast.client.pk), django_assert_num_queries(3):
        # What is due, the open alerts, and what these are about.
        assert flag_expiring(cast.client, now=now + timedelta(minutes=1)) == 0
