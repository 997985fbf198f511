"""Naming conventions: unknown variables, TikTok's length, emojis."""

import pytest

from campaigns.rules.naming import MOST, name_by, problem_of, width

FILLED = {
    "client": "Glow",
    "creator": "maya.glow",
    "product": "Serum",
    "post": "000001",
    "date": "2026-09-10",
}


def test_a_convention_becomes_a_name_with_a_mark_behind() -> None:
    told = name_by("{client} | {creator} | {product} | {post} | {date}", FILLED, "1a2b3c4d")
    assert told == "Glow | maya.glow | Serum | 000001 | 2026-09-10 1a2b3c4d"


@pytest.mark.parametrize(
    ("convention", "said"),
    [
        ("{client} {brand}", "There is no variable {brand}."),
        ("{}", "There is no variable {}."),
        ("{client.pk}", "There is no variable {client.pk}."),
        ("{client", "A brace is not closed."),
        ("{date:%Y}", "A variable stands alone in its braces"),
        ("{client!r}", "A variable stands alone in its braces"),
        ("{client} \N{FIRE}", "TikTok takes no emojis"),
        ("{client}" * 5, "TikTok takes 512"),
        ("\N{CJK UNIFIED IDEOGRAPH-5149}" * 255, "519 characters long"),
    ],
)
def test_a_convention_that_tiktok_or_nobody_understands_is_refused(
    convention: str, said: str
) -> None:
    assert said in problem_of(convention)


def test_values_are_cut_so_that_the_longest_name_fits_tiktok() -> None:
    """Wide characters count twice; what no variable knows stays empty."""
    longest = "{client}{creator}{product}{account}{market}{item}{objective}{date}{post}"
    assert problem_of(longest) == ""
    wide = dict.fromkeys(("client", "creator", "product", "account", "item"), "\u5149" * 400)
    told = name_by(longest, wide, "1a2b3c4d")
    assert told.endswith(" 1a2b3c4d")
    assert width(told) <= MOST
    assert name_by("{product} {date}", {"product": "Glow \N{FIRE}\ufe0f Serum"}, "m") == (
        "Glow Serum m"
    )
