"""What TikTok says of creators: names, ids, followers.

The stable id decides who somebody is and the name only what they are called now, because names
change and are taken over by others. A renamed creator keeps posts, samples and former names.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import ForeignKey, ManyToOneRel

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

    Of several facts under one handle the last one counts.
    """
    newest = {plain_handle(one.handle): one for one in facts}
    newest.pop("", None)
    identified = {handle: one for handle, one in newest.items() if one.creator_id}
    ids = _identify(identified, now=now, source=source)
    ids |= know_creators(newest.keys() - ids.keys(), now=now, source=source)
    rows = {row.pk: row for row in Creator.objects.filter(pk__in=ids.values())}
    Creator.objects.bulk_update(
        [rows[ids[handle]] for handle, one in newest.items() if _fill(rows[ids[handle]], one)],
        ["display_name", "follower_count", "avatar_url", "region"],
    )
    return ids


def _identify(facts: Mapping[str, CreatorFacts], *, now: datetime, source: str) -> dict[str, int]:
    """Own ids of creators whose stable id is given."""
    named = [one.creator_id for one in facts.values()]
    by_id = {row.creator_id: row for row in Creator.objects.filter(creator_id__in=named)}
    holders = {row.handle: row for row in Creator.objects.filter(handle__in=facts)}
    found: dict[str, Creator] = {}
    released: list[Creator] = []
    for handle, one in facts.items():
        row, holder = by_id.get(one.creator_id), holders.get(handle)
        if holder and not holder.creator_id and row is None:
            row = holder  # known by name so far: now we know who it is
        elif holder and not holder.creator_id and row is not None:
            _absorb(holder, into=row)
        elif holder and (row is None or holder.pk != row.pk):
            released.append(holder)
        found[handle] = row or Creator(source=source, created_at=now)
        by_id[one.creator_id] = found[handle]
    _release(released)
    for handle, row in found.items():
        row.handle, row.creator_id = handle, facts[handle].creator_id
    _store({id(row): row for row in found.values()}.values(), now)
    return {handle: row.pk for handle, row in found.items()}


def _release(holders: Sequence[Creator]) -> None:
    """Free handles that others go by now, until these creators are met under their new names."""
    for holder in holders:
        holder.handle = f"{holder.handle}~{holder.pk}"
    Creator.objects.bulk_update(holders, ["handle"])


def _store(rows: Iterable[Creator], now: datetime) -> None:
    """Write rows that are new, renamed or identified, and the names they go by."""
    known = [row for row in rows if row.pk]
    before = {
        pk: who
        for pk, *who in Creator.objects.filter(pk__in=[row.pk for row in known]).values_list(
            "pk", "handle", "creator_id"
        )
    }
    moved = [row for row in known if before[row.pk] != [row.handle, row.creator_id]]
    fresh = [row for row in rows if not row.pk]
    Creator.objects.bulk_update(moved, ["handle", "creator_id"])
    Creator.objects.bulk_create(fresh)
    Handle.objects.bulk_create(
        [Handle(handle=row.handle, creator=row, seen_at=now) for row in (*moved, *fresh)],
        ignore_conflicts=True,
    )


def _absorb(bare: Creator, *, into: Creator) -> None:
    """Give everything that hangs on `bare` to `into`, and take `bare` away.

    An order can name a renamed creator before any page says who it is, so a row known by name
    alone stands beside the real one for a while. Other apps refer to creators too; their
    references are found by the model, not by name. What may not be rewritten (the ledger is
    append-only) stays with `bare`, which then stays as a former name.
    """
    into.email = into.email or bare.email
    into.notes = into.notes or bare.notes
    into.owner = into.owner or bare.owner
    into.tier = into.tier or bare.tier
    into.blocked_at = into.blocked_at or bare.blocked_at
    into.save(update_fields=["email", "notes", "owner", "tier", "blocked_at"])
    bare.tags.filter(name__in=into.tags.values("name")).delete()
    kept = [field for field in _references() if not _moved(field, bare, into)]
    if kept:
        _release([bare])
    else:
        bare.delete()


def _moved(field: ForeignKey[Any, Any], bare: Creator, into: Creator) -> bool:
    rows = field.model._base_manager.filter(**{field.name: bare})
    if field.model is Handle:
        rows.delete()
    elif rows.exists():
        try:
            with transaction.atomic():
                rows.update(**{field.name: into})
        except DatabaseError:
            return False
    return True


def _references() -> list[ForeignKey[Any, Any]]:
    """Every foreign key to a creator, also those without a way back."""
    return [
        relation.field
        for relation in Creator._meta.get_fields(include_hidden=True)
        if isinstance(relation, ManyToOneRel)
    ]


def _fill(creator: Creator, facts: CreatorFacts) -> bool:
    before = (
        creator.display_name,
        creator.follower_count,
        creator.avatar_url,
        creator.region,
    )
    creator.display_name = facts.display_name or creator.display_name
    if facts.follower_count is not None:
        creator.follower_count = facts.follower_count
    creator.avatar_url = facts.avatar_url or creator.avatar_url
    creator.region = facts.region or creator.region
    return before != (
        creator.display_name,
        creator.follower_count,
        creator.avatar_url,
        creator.region,
    )
