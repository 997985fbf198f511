"""Variables of messages: which there are, whether a text uses only those, and filling them in."""

import re
from collections.abc import Container, Iterable, Mapping

VARIABLES: dict[str, str] = {
    "creator": "the creator's name",
    "post": "the address of the post",
    "brand": "the client's name",
    "until": "the day the permission ends",
    "days_left": "the days until then",
    "days": "the days asked for",
    "new_until": "the day the new window ends",
    "price": "what is paid for it",
    "spend": "what the ads on the post spend a day",
    "link": "how the creator answers",
}
MUST_HAVE = "link"
"""Without it a creator reads the message and cannot answer it."""

ADDRESS = "{link}"
"""What stands in a written message for the address of the creator's own page until it is sent."""

_BRACES = re.compile(r"\{([^{}]*)\}")


def unknown_variables(text: str, known: Container[str] = VARIABLES) -> list[str]:
    """What stands in braces and is not `known`, in the order it appears, each once."""
    found = [name for name in _BRACES.findall(text) if name not in known]
    rest = _BRACES.sub("", text)
    found += [brace for brace in "{}" if brace in rest]
    return list(dict.fromkeys(found))


def why_refused(text: str) -> str:
    """ "" when a body may be saved, else a sentence about what to mend."""
    if unknown := unknown_variables(text):
        return why_unknown(unknown, VARIABLES)
    if f"{{{MUST_HAVE}}}" not in text:
        return "Put {link} where the creator should read how to answer."
    return ""


def why_unknown(names: Iterable[str], known: Iterable[str]) -> str:
    """A sentence about names in braces that are none of the `known` variables."""
    use = ", ".join(f"{{{name}}}" for name in known)
    return f"{in_quotes(names)} is no variable. Use only {use}."


def in_quotes(names: Iterable[str]) -> str:
    """Variables and loose braces as people read them."""
    return ", ".join(f"“{{{name}}}”" if name not in "{}" else f"“{name}”" for name in names)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables replaced. Values are taken as they are: braces in a name stay.

    Raises KeyError for a variable without a value.
    """
    return _BRACES.sub(lambda found: values[found[1]], text)
