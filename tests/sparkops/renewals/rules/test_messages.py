"""Variables of messages, the shipped texts, and whom they are written to."""

import pytest

from sparkops.clock import shop_zone
from sparkops.renewals.rules.messages import VARIABLES, filled, unknown_variables, why_refused
from sparkops.renewals.rules.recipients import (
    LANGUAGE_OF_REGION,
    ZONE_OF_REGION,
    language_of,
    zone_of,
)
from sparkops.renewals.rules.texts import PHRASES, SHIPPED, Kind

LANGUAGES = ["en", "es", "id", "vi", "th", "de", "fr", "it", "pt"]


def test_nine_languages_are_shipped_with_all_messages() -> None:
    assert list(SHIPPED) == list(PHRASES) == LANGUAGES
    for language in LANGUAGES:
        assert set(SHIPPED[language]) == set(Kind), language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(Kind))
def test_a_shipped_message_would_be_taken(language: str, kind: Kind) -> None:
    words = SHIPPED[language][kind]
    assert why_refused(words.body) == ""
    assert unknown_variables(words.subject) == []
    assert "{days}" in PHRASES[language].how_to


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shipped_renewal_names_window_price_and_spend(language: str) -> None:
    """domain 2.6: a renewal request names the new window, the price and the spend per day."""
    body = SHIPPED[language][Kind.RENEWAL].body
    for name in ("until", "days", "new_until", "price", "spend", "creator", "post", "brand"):
        assert f"{{{name}}}" in body, name


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Hi {creator} {link}", []),
        ("Hi {name}, {post_url} {name}", ["name", "post_url"]),
        ("Hi {Creator}", ["Creator"]),
        ("Hi {}", [""]),
        ("Hi {creator", ["{"]),
        ("Hi creator}", ["}"]),
        ("Hi { creator }", [" creator "]),
    ],
)
def test_unknown_variables_are_named(text: str, unknown: list[str]) -> None:
    assert unknown_variables(text) == unknown


def test_why_refused_says_what_to_do() -> None:
    assert why_refused("Hi {name} {link}").startswith("“{name}” is no variable. Use only {creator}")
    assert why_refused("Hi {creator}").startswith("Put {link} where")


def test_values_are_not_read_as_variables() -> None:
    values = dict.fromkeys(VARIABLES, "") | {"creator": "{price}", "price": "9"}
    assert filled("{creator} {price}", values) == "{price} 9"


def test_languages_and_zones_of_regions_exist() -> None:
    assert set(LANGUAGE_OF_REGION) == set(ZONE_OF_REGION)
    assert set(LANGUAGE_OF_REGION.values()) == set(LANGUAGES)
    for name in ZONE_OF_REGION.values():
        shop_zone(name)
    assert language_of("vn") == "vi"
    assert language_of("", "de") == "de"
    assert language_of("ZZ", "xx") == "en"
    assert zone_of("", "TH", "UTC") == "Asia/Bangkok"
    assert zone_of("Asia/Tokyo", "TH", "UTC") == "Asia/Tokyo"
    assert zone_of("", "", "UTC") == "UTC"
