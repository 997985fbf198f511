"""Knowing creators and posts by the names that TikTok's answers carry.

Orders, ads and authorizations name a creator by handle and a post by item id, often before any
page about them was read. Whoever meets a name first makes a bare row; the streams fill it later.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from creators.models import Creator, Handle, Post
from creators.rules.handles import plain_handle


def know_creators(handles: Iterable[str], *, now: datetime, source: str) -> dict[str, int]:
    """Own ids by handle (given with or without @, any case), for all of `handles`.

    A former handle leads to the creator who used it last. Empty handles are left out.
    """
    wanted = {plain_handle(one) for one in handles} - {""}
    found = _by_handle(wanted)
    missing = sorted(wanted - found.keys())
    if missing:
        Creator.objects.bulk_create(
            [Creator(handle=one, source=source, created_at=now) for one in missing],
            ignore_conflicts=True,
        )
        found |= dict(Creator.objects.filter(handle__in=missing).values_list("handle", "pk"))
        Handle.objects.bulk_create(
            [Handle(handle=one, creator_id=found[one], seen_at=now) for one in missing],
            ignore_conflicts=True,
        )
    return found


def know_posts(items: Mapping[str, str], *, now: datetime, source: str) -> dict[str, int]:
    """Own ids by item id, for all of `items` (item id to the creator's handle, empty if unknown).

    A post that has no creator yet gets the one named here.
    """
    wanted = {item: plain_handle(handle) for item, handle in items.items() if item}
    creators = know_creators(wanted.values(), now=now, source=source)
    known = {post.item_id: post for post in Post.objects.filter(item_id__in=wanted)}
    Post.objects.bulk_create(
        [
            Post(item_id=item, creator_id=creators.get(handle), source=source, first_seen_at=now)
            for item, handle in wanted.items()
            if item not in known
        ],
        ignore_conflicts=True,
    )
    orphans = [post for post in known.values() if post.creator_id is None]
    for post in orphans:
        post.creator_id = creators.get(wanted[post.item_id])
    Post.objects.bulk_update([one for one in orphans if one.creator_id], ["creator"])
    return dict(Post.objects.filter(item_id__in=wanted).values_list("item_id", "pk"))


def _by_handle(handles: Iterable[str]) -> dict[str, int]:
    names = list(handles)
    former = Handle.objects.filter(handle__in=names).order_by("seen_at", "pk")
    found = dict(former.values_list("handle", "creator_id"))
    return found | dict(Creator.objects.filter(handle__in=names).values_list("handle", "pk"))
