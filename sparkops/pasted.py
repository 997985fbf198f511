"""Text as people paste it, freed of what cannot be seen."""

import re
import unicodedata

_BLANKS = re.compile(r"[^\S\n\t]+")
_JOINERS = "\u200c\u200d"


def visible(text: str) -> str:
    """The text without zero-width, direction and control characters; odd blanks become " ".

    Line ends become "\\n". Joiners stay where two non-Latin characters or emoji need them, so
    nothing that can be seen is changed.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(text, at) for at in range(len(text)))


def trimmed(text: str) -> str:
    """One cell's text: visible, single blanks, none around it. Line ends inside it stay."""
    return _BLANKS.sub(" ", visible(text)).strip()


def _visible(text: str, at: int) -> str:
    char = text[at]
    if char in "\n\t" or (char.isascii() and char.isprintable()):
        return char
    if char in _JOINERS:
        return char if _between_foreign(text, at) else ""
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    return "" if category in ("Cf", "Cc", "Zl", "Zp") else char


def _between_foreign(text: str, at: int) -> bool:
    inside = 0 < at < len(text) - 1
    return inside and not text[at - 1].isascii() and not text[at + 1].isascii()
