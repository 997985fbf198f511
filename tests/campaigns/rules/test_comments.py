"""N24: which comments need a person."""

import pytest

from campaigns.rules.comments import risks_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mine arrived broken :(", ["complaint"]),
        ("This is a SCAM, I want a refund", ["complaint", "trust"]),
        ("gave me a rash", ["safety"]),
        ("where did you get this??", []),
        ("third time I see this, ordering now", []),
        ("a lovely heart-breaking believer", []),  # lie, broken and hate stand in no word of it
    ],
)
def test_n24_risk_is_in_whole_words(text: str, expected: list[str]) -> None:
    """N24: complaints, safety, trust and abuse; questions are none."""
    assert risks_of(text) == expected
