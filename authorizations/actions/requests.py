"""What to ask for when posts are to get rights."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from authorizations.actions.moves import begin_all
from authorizations.models import Authorization
from authorizations.rules.states import USABLE, State
from creators.models import Post
from sparkops.audit.record import Actor

_HAS = {*USABLE, State.SUBMITTED}


@dataclass(frozen=True)
class ToAsk:
    """The permission to ask about for each post, and how many posts are left out: those with a
    permission that works or is being checked, and those whose creator is not known."""

    rows: Sequence[Authorization]
    have: int
    unknown: int


def rights_to_ask(posts: Sequence[Post], *, by: Actor, now: datetime) -> ToAsk:
    """The newest generation of each post's video code, or a new draft where there is none."""
    newest = newest_codes([one.pk for one in posts])
    known = [one for one in posts if one.creator_id is not None]
    without = [one for one in known if lacks_rights(newest.get(one.pk))]
    drafts = [_draft(one) for one in without if one.pk not in newest]
    begin_all(drafts, by=by, now=now, reason="Rights of the post are wanted.")
    found = [newest[one.pk] for one in without if one.pk in newest]
    return ToAsk([*found, *drafts], len(known) - len(without), len(posts) - len(known))


def newest_codes(posts: Sequence[int]) -> dict[int, Authorization]:
    """The newest generation of the video code of each post (own ids) that has one."""
    rows = (
        Authorization.objects.filter(post__in=posts, kind=Authorization.Kind.VIDEO_CODE)
        .select_related("post__creator", "creator")
        .order_by("post_id", "-generation", "-pk")
        .distinct("post_id")
    )
    return {row.post_id: row for row in rows if row.post_id is not None}


def lacks_rights(newest: Authorization | None) -> bool:
    """Whether a post with this newest code, or without any, is one to ask for."""
    return newest is None or State(newest.state) not in _HAS


def _draft(post: Post) -> Authorization:
    return Authorization(
        kind=Authorization.Kind.VIDEO_CODE.value,
        state=Authorization.State.DRAFT.value,
        post=post,
        creator=post.creator,
        source="request",
    )
