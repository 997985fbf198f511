"""Text of a sheet as it may be shown, stored and logged: Spark codes and addresses masked."""

import re

from authorizations.rules.codes import find_codes
from sparkops.crypto import masked

HIDDEN = "•••• (it holds a Spark code)"
_LONG = re.compile(
    r"(?P<link>https?://[^\s#\"'<>|,;]+|(?<![\w.-])(?:[a-z0-9-]+\.)+(?:com|net|me|link)/"
    r"[^\s#\"'<>|,;]*)|#?[A-Za-z0-9+/]{16,}={0,2}",
    re.IGNORECASE,
)
_KINDS = (re.compile("[A-Z]"), re.compile("[a-z]"), re.compile("[0-9]"))
_EMAIL = re.compile(r"([^\s@<>“”(]{1,2})[^\s@<>“”(]*@([^\s@<>”)]+\.[A-Za-z]{2,})")


def without_codes(text: str) -> str:
    """The text with every Spark code, and every long piece of one, masked.

    A text in which a code is left after that (torn, escaped) is not shown at all.
    """
    shown = _LONG.sub(_masked, text)
    for found in find_codes(shown).codes:
        torn = r"\s*".join(re.escape(sign) for sign in found.code.lstrip("#"))
        shown = re.sub(rf"#?{torn}", masked(found.code), shown)
    return HIDDEN if find_codes(shown).codes else shown


def without_contacts(text: str) -> str:
    """The text with the names of e-mail addresses masked."""
    return _EMAIL.sub(r"\1••••@\2", text)


def _masked(match: re.Match[str]) -> str:
    if match["link"] or not all(kind.search(match[0]) for kind in _KINDS):
        return match[0]
    return masked(match[0])
