"""Tags as people write them."""

LONGEST = 40


def plain_tag(text: str) -> str:
    """One spelling of a tag: lower case, single spaces, without a leading #."""
    return " ".join(text.lower().split()).lstrip("#").strip()[:LONGEST]


def split_tags(text: str) -> list[str]:
    """Tags as written in one line, parted by commas: each once, in order."""
    return list(dict.fromkeys(filter(None, map(plain_tag, text.split(",")))))
