"""Tags as people write them."""

LONGEST = 40


def plain_tag(text: str) -> str:
    """One spelling of a tag: lower case, single spaces, without a leading #."""
    return " ".join(text.lower().split()).lstrip("#").strip()[:LONGEST]
