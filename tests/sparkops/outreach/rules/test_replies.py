"""What answers mean, and who contacted a creator before."""

from datetime import UTC, datetime, timedelta

import pytest

from sparkops.outreach.rules.collisions import Touch, why_too_soon
from sparkops.outreach.rules.replies import meaning_of

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("STOP", "opted_out"),
        ("Please stop messaging me", "opted_out"),
        ("Don’t contact me again", "opted_out"),
        ("unsubscribe!", "opted_out"),
        ("Not interested, sorry", "declined"),
        ("No thanks", "declined"),
        ("no, thank you", "declined"),
        ("Sure, send it over!", "answered"),
        ("I can't stop wearing it, thanks", "answered"),
        ("Thanks! What rate?", "answered"),
        ("", "answered"),
    ],
)
def test_ab5_plain_words_are_understood_and_the_rest_is_an_answer(text: str, meaning: str) -> None:
    """AB5: opt-out and decline in plain words; in doubt a person reads it."""
    assert meaning_of(text) == meaning


def test_ab7_the_last_own_contact_within_the_days_is_named() -> None:
    """AB7: who and when; at the edge of the days it is long enough ago."""
    touches = [
        Touch(NOW - timedelta(days=3), "Ben", "“Spring”"),
        Touch(NOW - timedelta(days=5), "Mina", "“Autumn”"),
    ]
    said = "Ben contacted this creator on Nov 17, 2026 in “Spring”."
    assert why_too_soon(touches, quiet_days=14, now=NOW) == said
    assert why_too_soon(touches, quiet_days=3, now=NOW) == ""
    assert why_too_soon(touches, quiet_days=0, now=NOW) == ""


def test_n17_another_client_is_never_named() -> None:
    """N17: the day is told, no name; an own contact comes first."""
    other = Touch(NOW - timedelta(days=1))
    assert why_too_soon([other], quiet_days=14, now=NOW) == (
        "Another client of your agency contacted this creator on Nov 19, 2026."
    )
    own = Touch(NOW - timedelta(days=9), "Ben", "“Spring”")
    assert why_too_soon([other, own], quiet_days=14, now=NOW).startswith("Ben contacted")
