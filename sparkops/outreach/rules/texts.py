"""Variables of outreach texts, and whether every one of them has a value (AB4)."""

from collections.abc import Mapping

from sparkops.renewals.rules.messages import in_quotes, unknown_variables, why_unknown

VARIABLES: dict[str, str] = {
    "creator": "the creator's name, or the handle",
    "handle": "the creator's handle with @",
    "followers": "how many followers the creator has",
    "brand": "the client's name",
    "product": "the products of the offer",
    "rate": "the commission of the offer",
    "ends_on": "the last day of the offer",
}
OF_CREATOR = frozenset({"creator", "handle", "followers"})
"""Variables whose value differs by creator; the others come from the outreach."""


def unresolved(text: str, values: Mapping[str, str]) -> list[str]:
    """Names in braces that have no value, or an empty one."""
    return unknown_variables(text, {name for name, value in values.items() if value})


def why_unresolved(names: list[str], *, to_many: bool = False) -> str:
    """A sentence about variables without a value; "" for none. `to_many`: one text for many."""
    if to_many and (own := [name for name in names if name in OF_CREATOR]):
        return f"An invitation is one text for many creators: take {in_quotes(own)} out of it."
    if not names:
        return ""
    if any(name not in VARIABLES for name in names):
        return why_unknown([name for name in names if name not in VARIABLES], VARIABLES)
    return f"{in_quotes(names)} has no value yet. Choose one below, or take it out of the text."
