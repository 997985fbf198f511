"""N8: when a spend cap or the end of a term stops ads."""

from datetime import date
from decimal import Decimal

import pytest

from campaigns.rules.caps import Cap, Spent, Standing, sentence_of, standing_of

TODAY = date(2026, 9, 10)


@pytest.mark.parametrize(
    ("total", "yesterday", "expected"),
    [
        ("79.99", "0", Standing.FREE),
        ("80", "0", Standing.NEARLY),
        ("98.99", "24", Standing.NEARLY),
        ("99", "24", Standing.REACHED),  # 24 a day is 1 an hour: reached an hour early
        ("100", "0", Standing.REACHED),
    ],
)
def test_n8_a_cap_of_100_is_reached_an_hour_early(
    total: str, yesterday: str, expected: Standing
) -> None:
    """N8: TikTok's numbers come late, so the last hour is not waited for."""
    cap = Cap(Decimal(100), "USD", None)
    assert standing_of(cap, Spent(Decimal(total), Decimal(yesterday)), TODAY) is expected


@pytest.mark.parametrize(
    ("ends_on", "expected"),
    [(date(2026, 9, 9), Standing.OVER), (TODAY, Standing.FREE), (None, Standing.FREE)],
)
def test_n8_a_term_lasts_to_the_end_of_its_last_day(
    ends_on: date | None, expected: Standing
) -> None:
    """N8: the last day still counts."""
    assert standing_of(Cap(None, "USD", ends_on), Spent(), TODAY) is expected


def test_the_sentence_says_what_and_whose() -> None:
    cap = Cap(Decimal(1500), "USD", date(2026, 9, 9))
    assert sentence_of(cap, Standing.REACHED, "@maya") == (
        "The spend cap of 1,500.00 USD for @maya is reached."
    )
    assert sentence_of(cap, Standing.OVER, "@maya") == (
        "The term agreed for @maya ended on 09 Sep 2026."
    )
    assert sentence_of(cap, Standing.NEARLY, "@maya") == ""
