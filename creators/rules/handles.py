"""A creator's @name in one form, from whatever was typed or pasted."""

import re
import unicodedata
from urllib.parse import unquote

from sparkops.pasted import trimmed
from sparkops.reasons import Reason

SHORTEST, LONGEST = 2, 24
LONGEST_TEXT = 500
"""A cell with more text than this is no handle, not even as a link."""

_PROFILE = re.compile(
    r"(?<![\w.\-/])(?:https?://)?(?:[a-z0-9-]+\.)*tiktok\.com/@(?P<handle>[^/?#\s]+)", re.IGNORECASE
)
_LINK = re.compile(r"https?://|www\.|\b[a-z0-9-]+\.(?:com|net|me|tv|link)/", re.IGNORECASE)
_EMAIL = re.compile(r"^[^\s@]+@[^\s@]+\.[a-z]{2,}$", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w.])@([\w.]+)(?![\w-])")
_VALID = re.compile(r"[a-z0-9_.]+", re.ASCII)
_WRAPPING = " \t\n\"'`“”„‘’«»‹›()[]<>*,;:!"


def normalised(text: str) -> str | Reason:
    """The handle without @ and in lower case, or why the text is none.

    Takes @names, bare names, profile and post links, and a name with one @handle beside it.
    TikTok allows 2 to 24 letters, digits, underscores and dots, with no dot at the end.
    """
    shown = trimmed(text)
    plain = unicodedata.normalize("NFKC", shown).strip(_WRAPPING)
    if not plain.strip("@ "):
        return Reason("handle_missing", "There is no handle. Enter one like @maya.makes.")
    if len(plain) > LONGEST_TEXT:
        return Reason("handle_is_text", f"“{shown[:40]}…” is a text. Enter only the handle.")
    profile = _PROFILE.search(plain)
    if profile:
        return _checked(unquote(profile["handle"]), shown)
    if _EMAIL.match(plain):
        return Reason(
            "handle_is_email", f"“{shown}” is an e-mail address. Enter the TikTok handle."
        )
    if _LINK.search(plain):
        return Reason(
            "handle_is_link",
            f"“{shown}” is not a TikTok profile link. Enter the handle like @maya.makes.",
        )
    mentions = {name.rstrip(".").lower() for name in _MENTION.findall(plain)}
    if len(mentions) > 1:
        names = ", ".join(f"@{name}" for name in sorted(mentions))
        return Reason(
            "handles_many", f"“{shown}” names several creators ({names}). Give each its own row."
        )
    return _checked(mentions.pop() if mentions else plain.lstrip("@ "), shown)


def _checked(handle: str, shown: str) -> str | Reason:
    handle = handle.rstrip(".").lower()
    if " " in handle or "\n" in handle:
        return Reason(
            "handle_is_name",
            f"“{shown}” reads like a display name. Enter the handle, the name after the @.",
        )
    if not _VALID.fullmatch(handle):
        return Reason(
            "handle_signs",
            f"“{shown}” has signs that TikTok handles cannot have. Only letters, digits, dots and "
            "underscores are possible.",
        )
    if not SHORTEST <= len(handle) <= LONGEST:
        return Reason(
            "handle_length",
            f"“{shown}” has {len(handle)} signs; handles have {SHORTEST} to {LONGEST}. Copy it "
            "from the profile.",
        )
    return handle


def plain_handle(handle: str) -> str:
    """A handle as it is stored: no @, no spaces around, lower case."""
    return handle.strip().removeprefix("@").lower()
