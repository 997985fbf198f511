"""What changed on a post without us, from two looks at it (N6, domain 2.7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Kind(StrEnum):
    """What the watchdog tells apart; the words of `Finding.Kind`."""

    REVOKED = "revoked"
    UNLISTED = "unlisted"
    DELETED = "deleted"
    REMOVED = "removed"
    PRIVATE = "private"
    LINK_LOST = "link_lost"
    CAPTION = "caption"
    REGION = "region"
    EXTENDED = "extended"


GONE = frozenset({Kind.DELETED, Kind.REMOVED})
STATES = frozenset(
    {Kind.REVOKED, Kind.UNLISTED, Kind.DELETED, Kind.REMOVED, Kind.PRIVATE, Kind.LINK_LOST}
)
"""What holds until TikTok says otherwise. The other kinds are events, open until a person says."""
OF_ONE_ACCOUNT = frozenset({Kind.REVOKED, Kind.UNLISTED})
"""What says nothing of other ad accounts: they may have the post by another code."""

_POST_WORDS: Mapping[str, Kind] = {
    "USER_DELETE": Kind.DELETED,
    "AUDIT_DELETE": Kind.REMOVED,
    "ONLY_USER_PASS": Kind.REMOVED,
    "ONLY_FRIEND_SEE": Kind.PRIVATE,
    "ONLY_AUTHOR_SEE": Kind.PRIVATE,
}
_SENTENCES = {
    Kind.DELETED: "The creator deleted the post.",
    Kind.REMOVED: "TikTok took the post down.",
    Kind.PRIVATE: "The post is not public any more.",
    Kind.REVOKED: "The creator switched the authorization off.",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look at a post found. Words are TikTok's, without prefix."""

    post_word: str
    authorization_word: str
    ends_at: datetime | None
    caption: str
    products: tuple[str, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed. `says` are TikTok's raw words, the rest is for people."""

    kind: Kind
    sentence: str
    says: str = ""
    before: str = ""
    after: str = ""


def changes(before: Seen | None, now_seen: Seen) -> tuple[Change, ...]:
    """What is wrong or different since the look before; nothing at the first look at a post.

    A state that held at the look before as well is no news.
    """
    if before is None:
        return ()
    found = [*_lost(before, now_seen), *_edited(before, now_seen)]
    return tuple(found)


def still_holds(kind: Kind, linked_before: Sequence[str], seen: Seen) -> bool:
    """Whether a state that was found before holds at this look. `linked_before` are the products
    that the post had when its link was lost."""
    if kind is Kind.LINK_LOST:
        return _post_kind(seen) in GONE or not set(linked_before) <= set(seen.products)
    return kind in {_post_kind(seen), _right_kind(seen)}


def extension(ends_at: datetime | None, until: datetime | None, *, asked: bool) -> Change | None:
    """The creator gave the same code more time; news only when nobody had asked for it."""
    if asked or ends_at is None or until is None:
        return None
    return Change(
        Kind.EXTENDED,
        "The creator extended the code without being asked through SparkOps.",
        before=_moment(ends_at),
        after=_moment(until),
    )


def _lost(before: Seen, seen: Seen) -> list[Change]:
    found = []
    if (kind := _post_kind(seen)) is not None and kind is not _post_kind(before):
        found.append(
            Change(kind, _SENTENCES[kind], seen.post_word, before.post_word, seen.post_word)
        )
    if (kind := _right_kind(seen)) is not None and kind is not _right_kind(before):
        words = (before.authorization_word, seen.authorization_word)
        found.append(Change(kind, _SENTENCES[kind], seen.authorization_word, *words))
    return found


def _edited(before: Seen, seen: Seen) -> list[Change]:
    """Links and texts; of a post that is gone TikTok reports none, which says nothing new."""
    if _post_kind(seen) in GONE:
        return []
    found = []
    if lost := [one for one in before.products if one not in seen.products]:
        what = "its product link" if len(lost) == 1 else f"{len(lost)} of its product links"
        found.append(
            Change(
                Kind.LINK_LOST,
                f"The post lost {what}.",
                before=_listed(before.products),
                after=_listed(seen.products),
            )
        )
    if seen.caption != before.caption and seen.caption:
        found.append(
            Change(
                Kind.CAPTION,
                "The caption is not the one that was approved.",
                before=before.caption,
                after=seen.caption,
            )
        )
    if seen.regions != before.regions and seen.regions and before.regions:
        found.append(
            Change(
                Kind.REGION,
                "The product may be sold in other regions than before.",
                before=_listed(before.regions),
                after=_listed(seen.regions),
            )
        )
    return found


def _post_kind(seen: Seen) -> Kind | None:
    return _POST_WORDS.get(seen.post_word)


def _right_kind(seen: Seen) -> Kind | None:
    """An end that has passed is no revocation; a word that is not known counts as one."""
    return None if seen.authorization_word in {"", "AUTHORIZED", "EXPIRED"} else Kind.REVOKED


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(words) or "none"


def _moment(value: datetime) -> str:
    return f"{value.astimezone(UTC):%d %b %Y %H:%M} UTC"
