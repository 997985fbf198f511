"""Variables of outreach texts."""

import pytest

from sparkops.outreach.rules.texts import unresolved, why_unresolved

VALUES = {"creator": "Ann", "brand": "Glow", "product": "", "rate": "15%"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hi {creator} of {brand}", []),
        ("Try {product}", ["product"]),
        ("Hi {first name}, {product}, {product}", ["first name", "product"]),
        ("Hi {creator", ["{"]),
        ("", []),
    ],
)
def test_ab4_a_variable_without_a_value_is_named(text: str, names: list[str]) -> None:
    """AB4: unknown names, empty values and loose braces are all unresolved, each named once."""
    assert unresolved(text, VALUES) == names


def test_ab4_the_sentence_says_what_to_do() -> None:
    """AB4: a variable that exists wants a value, one that does not wants another word."""
    assert why_unresolved([]) == ""
    assert why_unresolved(["product"]) == (
        "“{product}” has no value yet. Choose one below, or take it out of the text."
    )
    assert why_unresolved(["product", "name"]).startswith(
        "“{name}” is no variable. Use only {creator}, {handle},"
    )
