"""The catalogue of what is said to creators."""

import string
from datetime import date

import pytest

from authorizations.rules.wording import LANGUAGES, chosen, sentences

ENGLISH = sentences("en")


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_names(language: str) -> None:
    words = sentences(language)
    assert set(words.texts) == set(ENGLISH.texts)
    assert len(words.texts["months"]) == 12
    for key in ENGLISH.texts:
        if key != "months":
            assert words[key].strip(), key
            assert names(words[key]) == names(ENGLISH[key]), key


def test_a_day_has_its_month_in_words() -> None:
    assert sentences("en").day(date(2026, 3, 7)) == "7 March 2026"


@pytest.mark.parametrize(
    ("wanted", "header", "spoken"),
    [
        ("", "", "en"),
        ("xx", "fi,sv;q=0.8", "en"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "en;q=nonsense, ;;;,*", "en"),
        ("en", "de", "en"),
        ("xx", "fi,pt-BR;q=0.9,de;q=0.8", "pt"),
        ("", "de;q=0.2,vi-VN;q=0.7", "vi"),
        ("", "fr;q=0,th", "th"),
    ],
)
def test_the_language_is_the_wanted_one_then_the_browser_s_then_english(
    wanted: str, header: str, spoken: str
) -> None:
    assert chosen(wanted, header) == spoken
