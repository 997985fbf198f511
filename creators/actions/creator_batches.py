"""What people do with many creators at once: tag, assign, put into a tier, and take it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from creators.models import Creator, CreatorBatch, CreatorTag
from creators.rules.tags import plain_tag
from sparkops.accounts.models import User
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal

SLICE, MOST = 5_000, 50_000
_FIELD = {CreatorBatch.Kind.ASSIGN: "owner_id", CreatorBatch.Kind.TIER: "tier"}


def tag_creators(ids: Sequence[int], tag: str, *, by: Actor, now: datetime) -> CreatorBatch:
    """Put a tag on creators (own ids); those that have it are left alone. Raises Refusal without a
    tag or creators, and for more than `MOST`."""
    name = plain_tag(tag)
    if not name:
        raise Refusal("no_tag", "Write a tag.", field="tag")
    _some(ids)
    have = CreatorTag.objects.filter(creator__in=ids, name=name)
    tagged = set(have.values_list("creator_id", flat=True))
    fresh = [pk for pk in ids if pk not in tagged]
    CreatorTag.objects.bulk_create(
        [CreatorTag(creator_id=pk, name=name) for pk in fresh],
        ignore_conflicts=True,
        batch_size=SLICE,
    )
    batch = CreatorBatch(kind=CreatorBatch.Kind.TAG, tag=name)
    return _keep(batch, ids, dict.fromkeys(fresh), by=by, now=now)


def assign_creators(
    ids: Sequence[int], owner: User | None, *, by: Actor, now: datetime
) -> CreatorBatch:
    """Give creators (own ids) to a person, or to nobody. Raises Refusal without creators."""
    batch = CreatorBatch(kind=CreatorBatch.Kind.ASSIGN, owner=owner)
    return _change(batch, ids, owner.pk if owner else None, by=by, now=now)


def tier_creators(ids: Sequence[int], tier: str, *, by: Actor, now: datetime) -> CreatorBatch:
    """Put creators (own ids) into a tier. Raises Refusal without creators."""
    batch = CreatorBatch(kind=CreatorBatch.Kind.TIER, tier=tier)
    return _change(batch, ids, tier, by=by, now=now)


def undo_batch(batch: CreatorBatch, *, by: Actor, now: datetime) -> int:
    """Take back what a batch changed, where nobody changed it since; returns how many creators.

    Raises Refusal when it was taken back before.
    """
    row = CreatorBatch.objects.select_for_update().get(pk=batch.pk)
    if row.undone_at is not None:
        raise Refusal("undone", "This was taken back before.")
    count = _untag(row) if row.kind == CreatorBatch.Kind.TAG else _give_back(row)
    row.undone_at = now
    row.save(update_fields=["undone_at"])
    record("creators.batch_undone", row, by=by, now=now, data={"creators": count})
    return count


def _some(ids: Sequence[int]) -> None:
    if not ids:
        raise Refusal("none_chosen", "Choose creators in the list first.")
    if len(ids) > MOST:
        raise Refusal("too_many", f"These are more than {MOST:,} creators. Filter the list first.")


def _change(
    batch: CreatorBatch, ids: Sequence[int], value: Any, *, by: Actor, now: datetime
) -> CreatorBatch:
    _some(ids)
    field = _FIELD[CreatorBatch.Kind(batch.kind)]
    rows = Creator.objects.filter(pk__in=ids).values_list("pk", field)
    before = {pk: was for pk, was in rows if was != value}
    Creator.objects.filter(pk__in=list(before)).update(**{field: value})
    return _keep(batch, ids, before, by=by, now=now)


def _keep(
    batch: CreatorBatch,
    ids: Sequence[int],
    before: dict[int, Any],
    *,
    by: Actor,
    now: datetime,
) -> CreatorBatch:
    batch.before = {str(pk): was for pk, was in before.items()}
    batch.chosen, batch.changed = len(ids), len(before)
    batch.done_at, batch.done_by = now, by.label
    batch.save()
    data = {"creators": batch.changed, "tag": batch.tag, "tier": batch.tier}
    verb = {"tag": "tagged", "assign": "assigned", "tier": "tiered"}[batch.kind]
    record(f"creators.{verb}", batch, by=by, now=now, data=data | {"owner": batch.owner_id})
    return batch


def _untag(batch: CreatorBatch) -> int:
    ids = [int(pk) for pk in batch.before]
    count, _ = CreatorTag.objects.filter(creator__in=ids, name=batch.tag).delete()
    return count


def _give_back(batch: CreatorBatch) -> int:
    field = _FIELD[CreatorBatch.Kind(batch.kind)]
    still = Creator.objects.filter(**{field: getattr(batch, field)})
    by_value: dict[Any, list[int]] = {}
    for pk, was in batch.before.items():
        by_value.setdefault(was, []).append(int(pk))
    return sum(still.filter(pk__in=ids).update(**{field: was}) for was, ids in by_value.items())
