"""What people do with many posts at once: tag, assign, and take it back."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from creators.models import Post, PostBatch, PostTag
from creators.rules.tags import plain_tag
from sparkops.accounts.models import User
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal

SLICE, MOST = 5_000, 50_000


def tag_posts(ids: Sequence[int], tag: str, *, by: Actor, now: datetime) -> PostBatch:
    """Put a tag on posts (own ids); those that have it are left alone. Raises Refusal without a
    tag or posts, and for more than `MOST`."""
    name = plain_tag(tag)
    if not name:
        raise Refusal("no_tag", "Write a tag.", field="tag")
    _some(ids)
    have = set(PostTag.objects.filter(post__in=ids, name=name).values_list("post_id", flat=True))
    fresh = [pk for pk in ids if pk not in have]
    PostTag.objects.bulk_create(
        [PostTag(post_id=pk, name=name) for pk in fresh], ignore_conflicts=True, batch_size=SLICE
    )
    batch = PostBatch(kind=PostBatch.Kind.TAG, tag=name, before=dict.fromkeys(map(str, fresh)))
    return _keep(batch, len(ids), by=by, now=now)


def assign_posts(ids: Sequence[int], owner: User | None, *, by: Actor, now: datetime) -> PostBatch:
    """Give posts (own ids) to a person, or to nobody. Raises Refusal without posts."""
    _some(ids)
    same = Q(owner=owner) if owner else Q(owner=None)
    rows = Post.objects.filter(pk__in=ids).exclude(same).values_list("pk", "owner_id")
    before = {str(pk): owner_id for pk, owner_id in rows}
    Post.objects.filter(pk__in=[int(pk) for pk in before]).update(owner=owner)
    batch = PostBatch(kind=PostBatch.Kind.ASSIGN, owner=owner, before=before)
    return _keep(batch, len(ids), by=by, now=now)


def undo_batch(batch: PostBatch, *, by: Actor, now: datetime) -> int:
    """Take back what a batch changed, where nobody changed it since; returns how many posts.

    Raises Refusal when it was taken back before.
    """
    row = PostBatch.objects.select_for_update().get(pk=batch.pk)
    if row.undone_at is not None:
        raise Refusal("undone", "This was taken back before.")
    count = _untag(row) if row.kind == PostBatch.Kind.TAG else _give_back(row)
    row.undone_at = now
    row.save(update_fields=["undone_at"])
    record("posts.batch_undone", row, by=by, now=now, data={"posts": count})
    return count


def _untag(batch: PostBatch) -> int:
    ids = [int(pk) for pk in batch.before]
    count, _ = PostTag.objects.filter(post__in=ids, name=batch.tag).delete()
    return count


def _give_back(batch: PostBatch) -> int:
    by_owner: dict[int | None, list[int]] = {}
    for pk, owner_id in batch.before.items():
        by_owner.setdefault(owner_id, []).append(int(pk))
    still = Post.objects.filter(owner=batch.owner_id)
    return sum(
        still.filter(pk__in=ids).update(owner_id=owner_id) for owner_id, ids in by_owner.items()
    )


def _some(ids: Sequence[int]) -> None:
    if not ids:
        raise Refusal("none_chosen", "Choose posts in the list first.")
    if len(ids) > MOST:
        raise Refusal("too_many", f"These are more than {MOST:,} posts. Filter the list first.")


def _keep(batch: PostBatch, chosen: int, *, by: Actor, now: datetime) -> PostBatch:
    batch.chosen, batch.changed = chosen, len(batch.before)
    batch.done_at, batch.done_by = now, by.label
    batch.save()
    data = {"posts": batch.changed, "tag": batch.tag, "owner": batch.owner_id}
    record(f"posts.{'tagged' if batch.tag else 'assigned'}", batch, by=by, now=now, data=data)
    return batch
