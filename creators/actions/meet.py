"""What TikTok says of creators: names, ids, followers. A renamed creator keeps the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from creators.actions.known import know_creators
from creators.models import Creator, Handle
from creators.rules.handles import plain_handle


@dataclass(frozen=True)
class CreatorFacts:
    """What one answer says of a creator; empty or None where it says nothing."""

    handle: str
    creator_id: str = ""
    display_name: str = ""
    follower_count: int | None = None
    avatar_url: str = ""
    region: str = ""


def meet_creators(facts: Sequence[CreatorFacts], *, now: datetime, source: str) -> dict[str, int]:
    """Own ids by handle, with rows made, renamed or filled in from `facts`.

    The stable id counts more than the name: a known id under a new handle is the same person,
    whose former handle stays in the list of handles.
    """
    newest = {plain_handle(one.handle): one for one in facts if plain_handle(one.handle)}
    _rename(newest, now)
    ids = know_creators(newest, now=now, source=source)
    rows = {row.pk: row for row in Creator.objects.filter(pk__in=ids.values())}
    changed = [rows[ids[handle]] for handle, one in newest.items() if _fill(rows[ids[handle]], one)]
    Creator.objects.bulk_update(
        changed, ["creator_id", "display_name", "follower_count", "avatar_url", "region"]
    )
    return ids


def _rename(newest: dict[str, CreatorFacts], now: datetime) -> None:
    by_id = {one.creator_id: handle for handle, one in newest.items() if one.creator_id}
    taken = set(Creator.objects.filter(handle__in=by_id.values()).values_list("handle", flat=True))
    renamed = []
    for creator in Creator.objects.filter(creator_id__in=by_id):
        handle = by_id[creator.creator_id]
        if creator.handle != handle and handle not in taken:
            creator.handle = handle
            renamed.append(creator)
    Creator.objects.bulk_update(renamed, ["handle"])
    Handle.objects.bulk_create(
        [Handle(handle=one.handle, creator=one, seen_at=now) for one in renamed],
        ignore_conflicts=True,
    )


def _fill(creator: Creator, facts: CreatorFacts) -> bool:
    before = (
        creator.creator_id,
        creator.display_name,
        creator.follower_count,
        creator.avatar_url,
        creator.region,
    )
    # The id of another row is never taken over: two people cannot share it.
    if (
        facts.creator_id
        and not creator.creator_id
        and not Creator.objects.filter(creator_id=facts.creator_id).exists()
    ):
        creator.creator_id = facts.creator_id
    creator.display_name = facts.display_name or creator.display_name
    if facts.follower_count is not None:
        creator.follower_count = facts.follower_count
    creator.avatar_url = facts.avatar_url or creator.avatar_url
    creator.region = facts.region or creator.region
    return before != (
        creator.creator_id,
        creator.display_name,
        creator.follower_count,
        creator.avatar_url,
        creator.region,
    )
