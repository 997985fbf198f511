"""Names of launches by a client's convention: variables, what they stand for, TikTok's length.

TikTok takes 512 characters, counts East Asian wide ones twice, and refuses emojis (contract 6.1).
"""

import unicodedata
from collections.abc import Mapping
from string import Formatter

MOST = 512
MARK = 9
"""Room for the blank and the mark that makes every name unlike any other."""
VARIABLES: Mapping[str, tuple[str, int]] = {
    "client": ("The client", 120),
    "creator": ("The creator's handle", 64),
    "product": ("The first product that the post links", 60),
    "post": ("The last six digits of the post's id", 6),
    "item": ("The post's whole id", 32),
    "date": ("The first day of the flight, as 2026-09-10", 10),
    "objective": ("The objective, as video-views", 20),
    "account": ("The ad account", 80),
    "market": ("The market of the shop, as US", 8),
}
"""What each variable stands for, and how wide its value may get before it is cut."""


def problem_of(convention: str) -> str:
    """What is wrong with a convention, as a sentence; "" when it can be used."""
    try:
        parts = list(Formatter().parse(convention))
    except ValueError:
        return "A brace is not closed. Write variables as {creator}."
    fixed = "".join(literal for literal, *_ in parts)
    used = [(name, form, turn) for _, name, form, turn in parts if name is not None]
    unknown = [name for name, _, _ in used if name not in VARIABLES]
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in VARIABLES)
        return f"There is no variable {{{unknown[0]}}}. There are {known}."
    if any(form or turn for _, form, turn in used):
        return "A variable stands alone in its braces, as {date}."
    if plain(fixed) != fixed:
        return "TikTok takes no emojis in names. Take them out."
    longest = width(fixed) + sum(VARIABLES[name][1] for name, _, _ in used) + MARK
    if longest > MOST:
        return (
            f"Names could get {longest} characters long and TikTok takes {MOST}."
            " Use fewer variables or a shorter text."
        )
    return ""


def name_by(convention: str, values: Mapping[str, str], mark: str) -> str:
    """The name by a convention that `problem_of` found good, with the mark at its end."""
    held = {name: cut(plain(values.get(name, "")), most) for name, (_, most) in VARIABLES.items()}
    told = " ".join(convention.format_map(held).split())
    return f"{told} {mark}".strip()


def width(text: str) -> int:
    """The length as TikTok counts it."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def cut(text: str, most: int) -> str:
    """The text's beginning, at most `most` wide."""
    kept = text
    while width(kept) > most:
        kept = kept[:-1]
    return kept.rstrip()


def plain(text: str) -> str:
    """The text without emojis and what joins them."""
    return "".join(
        one
        for one in text
        if unicodedata.category(one) not in ("So", "Cs", "Co", "Cn", "Cc")
        and one not in "\u200d\ufe0f\u20e3"
        and not 0x1F3FB <= ord(one) <= 0x1F3FF
    )
