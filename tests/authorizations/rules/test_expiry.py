"""AR5: reminders at 21, 14, 7, 3 and 1 days, once each, in the recipient's zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from authorizations.rules.expiry import due, next_due_at, schedule
from sparkops.clock import QuietHours

UTC_ZONE = ZoneInfo("UTC")
NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
END = datetime(2026, 12, 22, 11, 26, 45, tzinfo=UTC)


def run(start: datetime, hours: int, ends_at: datetime = END, done: set[str] | None = None):
    """A scan every hour; returns (days of the step, when it fired)."""
    done = set() if done is None else done
    fired = []
    for hour in range(hours):
        now = start + timedelta(hours=hour)
        found = due("authorization:7", ends_at, now=now, done=done, zone=UTC_ZONE)
        done |= {step.key for step in found.skipped}
        if found.fire:
            done.add(found.fire.key)
            fired.append((found.fire.days, now))
    return fired


def test_ar5_each_step_fires_once_on_its_day() -> None:
    start = END - timedelta(days=30)
    fired = run(start, 31 * 24)
    assert [days for days, _ in fired] == [21, 14, 7, 3, 1]
    assert all(timedelta() <= END - at <= timedelta(days=days) for days, at in fired)


def test_ar5_first_seen_late_only_the_nearest_passed_step_fires() -> None:
    found = due("a:1", END, now=END - timedelta(days=5), done=set(), zone=UTC_ZONE)
    assert (found.fire.days, [step.days for step in found.skipped]) == (7, [21, 14])
    done = {found.fire.key, *(step.key for step in found.skipped)}
    again = due("a:1", END, now=END - timedelta(days=5), done=done, zone=UTC_ZONE)
    assert (again.fire, again.skipped) == (None, ())


def test_ar5_a_moved_end_stops_the_old_steps_and_starts_new_ones() -> None:
    done: set[str] = set()
    assert [days for days, _ in run(END - timedelta(days=30), 24 * 10, done=done)] == [21]
    later = END + timedelta(days=30)
    assert run(END - timedelta(days=20), 24 * 20, ends_at=later, done=done) == []
    assert [days for days, _ in run(END, 24 * 31, ends_at=later, done=done)] == [21, 14, 7, 3, 1]


def test_ar5_a_step_is_due_at_its_very_moment_and_not_a_second_before() -> None:
    moment = END - timedelta(days=21)
    assert due("a:1", END, now=moment, done=set(), zone=UTC_ZONE).fire.days == 21
    before = moment - timedelta(seconds=1)
    assert due("a:1", END, now=before, done=set(), zone=UTC_ZONE).fire is None


def test_ar5_keys_change_with_the_end_the_step_and_the_subject() -> None:
    keys = [step.key for step in schedule("a:1", END, zone=UTC_ZONE)]
    keys += [step.key for step in schedule("a:2", END, zone=UTC_ZONE)]
    keys += [step.key for step in schedule("a:1", END + timedelta(seconds=1), zone=UTC_ZONE)]
    assert len(set(keys)) == 15
    assert keys[:5] == [step.key for step in schedule("a:1", END, zone=NEW_YORK)]


def test_nothing_is_due_for_an_unknown_or_past_end() -> None:
    assert due("a:1", None, now=END, done=set(), zone=UTC_ZONE).fire is None
    assert due("a:1", END, now=END, done=set(), zone=UTC_ZONE).fire is None


def test_ar5_steps_are_the_clients_own() -> None:
    steps = schedule("a:1", END, zone=UTC_ZONE, steps=(2, 10, 10, 0))
    assert [step.days for step in steps] == [10, 2]
    assert next_due_at(steps, steps[0].due_at) == steps[1].due_at
    assert next_due_at(steps, END) is None


def test_ar5_a_day_is_a_calendar_day_in_the_recipients_zone() -> None:
    """Europe left summer time on 25 October 2026, so 7 days before are 7 days and an hour."""
    end = datetime(2026, 10, 28, 9, tzinfo=UTC)
    berlin = schedule("a:1", end, zone=BERLIN, steps=(7,))[0]
    assert berlin.due_at == datetime(2026, 10, 21, 8, tzinfo=UTC)
    assert berlin.due_at.astimezone(BERLIN).time() == end.astimezone(BERLIN).time()


def test_ar5_quiet_hours_put_the_message_off_but_never_past_the_end() -> None:
    night = QuietHours(time(20), time(8))
    end = datetime(2026, 12, 22, 4, tzinfo=UTC)  # 23:00 the evening before in New York
    step = schedule("a:1", end, zone=NEW_YORK, steps=(1,), quiet=night)[0]
    assert step.due_at == datetime(2026, 12, 21, 4, tzinfo=UTC)
    assert step.notify_at.astimezone(NEW_YORK) == datetime(2026, 12, 21, 8, tzinfo=NEW_YORK)
    day_only = schedule("a:1", END, zone=NEW_YORK, steps=(1,), quiet=QuietHours(time(1), time(2)))
    assert day_only[0].notify_at == day_only[0].due_at
    nearly_always = QuietHours(time(5, 59), time(5, 58))
    forced = schedule("a:1", END - timedelta(minutes=1), zone=UTC_ZONE, quiet=nearly_always)
    assert all(step.due_at <= step.notify_at < step.ends_at for step in forced)


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 24 * 40), min_size=1, max_size=60),
    st.sampled_from([UTC_ZONE, NEW_YORK, BERLIN]),
)
def test_ar5_whenever_scans_run_no_step_fires_twice_and_later_ones_never_come_first(
    hours: list[int], zone: ZoneInfo
) -> None:
    done: set[str] = set()
    fired: list[int] = []
    for hour in sorted(hours):
        now = END - timedelta(days=40) + timedelta(hours=hour)
        found = due("a:1", END, now=now, done=done, zone=zone)
        keys = {step.key for step in found.skipped}
        assert not keys & done
        done |= keys
        if found.fire:
            assert found.fire.key not in done
            done.add(found.fire.key)
            fired.append(found.fire.days)
    assert fired == sorted(set(fired), reverse=True)
