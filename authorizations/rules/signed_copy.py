"""The accepted terms on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from authorizations.rules.wording import Sentences
from sparkops.paper import Paper


@dataclass(frozen=True, slots=True)
class Signature:
    """What stands below the text. `address` and `device` are "" on the creator's own copy."""

    version: str
    accepted_at: datetime
    name: str
    text_hash: str
    address: str = ""
    device: str = ""


def signed_copy(text: str, signature: Signature, words: Sentences) -> bytes:
    """A PDF of the exact accepted text and of who accepted it when. Equal input, equal bytes."""
    paper = Paper(words["copy_title"], made_at=signature.accepted_at, language=words.language)
    title, _, rest = text.partition("\n\n")
    paper.title(title)
    for part in rest.split("\n\n"):
        paper.paragraph(part)
    paper.facts(_facts(signature, words))
    return paper.pdf()


def _facts(signature: Signature, words: Sentences) -> Sequence[tuple[str, str]]:
    facts = (
        ("copy_version", signature.version),
        ("copy_accepted", f"{signature.accepted_at:%Y-%m-%d %H:%M:%S}"),
        ("copy_signed", signature.name),
        ("copy_address", signature.address),
        ("copy_device", signature.device),
        ("copy_hash", signature.text_hash),
    )
    return [(words[key], value) for key, value in facts if value]
