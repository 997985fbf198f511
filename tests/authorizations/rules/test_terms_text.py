"""The words of usage terms."""

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

from authorizations.rules.terms_text import (
    Deal,
    Parties,
    TermsText,
    Window,
    window_from,
    worded,
    written,
)

DEAL = Deal(
    covers_all_posts=False,
    edits=False,
    days=60,
    channels=("spark", "shop"),
    regions="United States",
    spend_cap=Decimal("2500"),
    hold_days=7,
    renewal_days=14,
    fee=Decimal("450"),
    pay_when="code",
    pay_days=7,
    currency="USD",
    disclosure=True,
)
PARTIES = Parties("Glow Skincare", "maya.glow", "https://www.tiktok.com/@maya.glow/video/7")
WINDOW = Window(date(2026, 9, 10), date(2026, 11, 8), date(2026, 11, 15))


def read(deal: Deal = DEAL, free_text: str = "") -> TermsText:
    return written(worded(deal), free_text, language="en", parties=PARTIES, window=WINDOW)


def test_the_window_is_inclusive_and_the_hold_outlasts_it() -> None:
    """60 days from 10 September: 21 in September, 31 in October, 8 in November."""
    assert window_from(DEAL, date(2026, 9, 10)) == WINDOW


def test_every_part_of_a_deal_is_said() -> None:
    text = read(free_text="No other skincare brand for 30 days.").plain
    for part in (
        "Between Glow Skincare and @maya.glow",
        "450.00 USD, paid within 7 days after your code works.",
        "https://www.tiktok.com/@maya.glow/video/7",
        "We do not edit the video",
        "60 days, from 10 September 2026 until 8 November 2026.",
        "Spark Ads",
        "GMV Max",
        "In: United States.",
        "At most 2,500.00 USD.",
        "until 15 November 2026",
        "14 days before the end",
        "content disclosure",
        "No other skincare brand for 30 days.",
    ):
        assert part in text


def test_what_is_not_agreed_is_said_as_well() -> None:
    bare = replace(
        DEAL, spend_cap=None, fee=None, renewal_days=0, regions="", disclosure=False, edits=True
    )
    text = read(bare).plain
    assert "No limit is agreed." in text
    assert "No extra fee" in text
    assert "Nothing renews by itself." in text
    assert "We may shorten the video" in text
    assert "content disclosure" not in text
    assert "In:" not in text


def test_braces_that_a_client_writes_stay_as_they_are() -> None:
    text = read(replace(DEAL, regions="{ends_on} {US}"), free_text="{post} {0}").plain
    assert "In: {ends_on} {US}." in text
    assert "{post} {0}" in text


def test_the_hash_is_that_of_the_plain_text() -> None:
    text = read()
    assert text.digest == hashlib.sha256(text.plain.encode()).hexdigest()
    assert text.digest != read(replace(DEAL, days=61)).digest


def test_a_version_keeps_its_words() -> None:
    """What was worded then is what is read now, whatever the catalogue says by then."""
    wording = {"en": [["How long", "Old words until {ends_on}."]]}
    text = written(wording, "", language="de", parties=PARTIES, window=WINDOW)
    assert text.language == "en"
    assert text.clauses == (("How long", "Old words until 8 November 2026."),)
