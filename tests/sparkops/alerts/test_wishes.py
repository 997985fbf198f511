"""What a person wants to be told, where and when (SS5, U10)."""

import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from django.conf import settings

from sparkops.alerts.kinds import OTHER
from sparkops.alerts.wishes import APP, BOTH, EMAIL, Wishes, event_of, read_wishes, written
from sparkops.clock import QuietHours

NIGHT = QuietHours(time(22), time(7))
ROME = "Europe/Rome"


def test_nothing_chosen_is_told_by_every_channel_at_once() -> None:
    at = datetime(2026, 9, 10, 3, tzinfo=UTC)
    assert read_wishes({}).told_by("ad.lost_permission") == BOTH
    assert read_wishes({}).mail_at(at, ROME) == at


def test_what_is_chosen_is_kept() -> None:
    wishes = Wishes(
        {"ads": frozenset({APP}), "talk": frozenset()}, NIGHT, digest=False, digest_at=time(9, 30)
    )
    assert read_wishes(written(wishes)) == wishes
    assert wishes.told_by("ad.switch_failed") == {APP}
    assert wishes.told_by("talk.mention") == frozenset()
    assert wishes.told_by("plan.decided") == {APP, EMAIL}


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        # Rome is two hours ahead of UTC in September and one in November.
        (datetime(2026, 9, 10, 19, 59, tzinfo=UTC), datetime(2026, 9, 10, 19, 59, tzinfo=UTC)),
        (datetime(2026, 9, 10, 20, 0, tzinfo=UTC), datetime(2026, 9, 11, 5, 0, tzinfo=UTC)),
        (datetime(2026, 9, 11, 4, 59, tzinfo=UTC), datetime(2026, 9, 11, 5, 0, tzinfo=UTC)),
        (datetime(2026, 9, 11, 5, 0, tzinfo=UTC), datetime(2026, 9, 11, 5, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 6, 0, tzinfo=UTC)),
    ],
)
def test_mail_of_quiet_hours_leaves_when_they_end_in_the_person_s_zone(
    now: datetime, leaves: datetime
) -> None:
    """SS5, U10: quiet hours, also over midnight and over the change of clocks."""
    assert Wishes(quiet=NIGHT).mail_at(now, ROME) == leaves


def test_a_digest_is_due_at_its_time_of_the_person_s_day_and_never_in_quiet_hours() -> None:
    """SS5: 8 AM in Rome is 6 AM UTC in summer; a digest at 6 AM waits for 7."""
    day = date(2026, 9, 10)
    assert Wishes().digest_due(day, ROME) == datetime(2026, 9, 10, 6, tzinfo=UTC)
    early = Wishes(quiet=NIGHT, digest_at=time(6))
    assert early.digest_due(day, ROME) == datetime(2026, 9, 10, 5, tzinfo=UTC)


def test_every_kind_of_alert_that_the_product_raises_belongs_to_an_event() -> None:
    """A new kind must not fall under “everything else” by accident."""
    words = re.compile(
        r'(?:^[A-Z_]+ = |raise_alert\(\s*f?)"('
        r"(?:authorization|renewal|ad|plan|case|creator|talk)\.[a-z_]+"
        r'|unbookable|unlisted_fee|new_transaction_type)"',
        re.MULTILINE,
    )
    root = Path(settings.BASE_DIR)
    kinds = {
        kind
        for package in ("sparkops", "creators", "authorizations", "campaigns", "profit")
        for path in (root / package).rglob("*.py")
        for kind in words.findall(path.read_text())
    }
    assert len(kinds) >= 8
    assert {kind for kind in kinds if event_of(kind) == OTHER} == set()
    assert event_of("post.deleted") == "watchdog"
    assert event_of("something.new") == OTHER
