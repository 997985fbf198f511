"""Whom a comment names (SS4)."""

import pytest

from sparkops.talk.rules.mentions import Person, best_names, call_names, mentioned

MINA = Person(1, "Mina Sato", "mina@north.example")
THEO = Person(2, "Theo Lang", "t.lang@north.example")
OTHER_THEO = Person(3, "Theo Berg", "berg@north.example")
NAMELESS = Person(4, "", "ops@north.example")
TEAM = (MINA, THEO, OTHER_THEO, NAMELESS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@mina please look", [1]),
        ("@Mina.Sato, @t.lang.", [1, 2]),
        ("thanks @ops! and @mina, @mina", [4, 1]),
        ("two people are @theo", []),
        ("write to mina@north.example", []),
        ("@maya.glow posted", []),
        ("nobody", []),
        ("(@berg)", [3]),
    ],
)
def test_a_text_names_the_people_it_means(text: str, found: list[int]) -> None:
    """SS4: a name, a first name that only one has, or the beginning of an e-mail."""
    assert mentioned(text, call_names(TEAM)) == found


def test_the_hint_offers_a_word_that_works_for_everyone() -> None:
    twin = Person(5, "Mina Sato", "mina@south.example")
    assert best_names(TEAM) == ["mina.sato", "theo.lang", "theo.berg", "ops"]
    # Both Minas share the name and what stands before the @, so neither can be named.
    assert best_names((MINA, twin, NAMELESS)) == ["ops"]
