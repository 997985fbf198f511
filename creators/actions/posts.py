"""What happens to posts."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from creators.actions.known import know_posts
from creators.models import Post, PostProduct, PostTag
from creators.rules.tags import plain_tag
from sparkops.accounts.models import User
from sparkops.audit.record import Actor, record, record_changes


def set_availability(availability: Mapping[int, str], *, by: Actor, now: datetime) -> int:
    """Note that posts are public, private, deleted … (own id to word); returns how many changed.

    Numbers and snapshots of a deleted post stay.
    """
    changed = 0
    for post in Post.objects.filter(pk__in=availability):
        word = availability[post.pk]
        if post.availability == word:
            continue
        before, post.availability = post.availability, word
        post.save(update_fields=["availability"])
        record(
            "post.availability_changed",
            post,
            by=by,
            now=now,
            data={"before": before, "after": word},
        )
        changed += 1
    return changed


def set_product_links(listed: Mapping[int, Collection[str]], *, now: datetime) -> int:
    """Bring the known product links of posts (own id to TikTok's product ids) to what is linked.

    A link that is gone keeps its row with the time of its loss; returns how many rows changed.
    Links that were not known are left to the reading of the shop, which knows their products.
    """
    changed = []
    rows = PostProduct.objects.filter(post_id__in=listed).select_related("product")
    for row in rows:
        is_there = row.product.product_id in listed[row.post_id]
        if is_there != (row.lost_at is None):
            row.lost_at = None if is_there else now
            changed.append(row)
    PostProduct.objects.bulk_update(changed, ["lost_at"])
    return len(changed)


def import_post(*, item_id: str, handle: str, by: Actor, now: datetime) -> tuple[int, bool]:
    """A post named in a spreadsheet: its own id, and whether it is new."""
    known = Post.objects.filter(item_id=item_id).exists()
    post_id = know_posts({item_id: handle}, now=now, source="import")[item_id]
    if not known:
        record("post.imported", Post.objects.get(pk=post_id), by=by, now=now)
    return post_id, not known


def edit_post(
    post: Post, *, owner: User | None, tags: Iterable[str], by: Actor, now: datetime
) -> None:
    """Set who looks after a post, and all of its tags."""
    tagged = sorted(tag.name for tag in post.tags.all())
    before = {"owner": post.owner_id, "tags": tagged}
    names = sorted({name for name in map(plain_tag, tags) if name})
    after = {"owner": owner.pk if owner else None, "tags": names}
    if before == after:
        return
    post.owner = owner
    post.save(update_fields=["owner"])
    post.tags.exclude(name__in=names).delete()
    fresh = [PostTag(post=post, name=name) for name in names if name not in tagged]
    PostTag.objects.bulk_create(fresh, ignore_conflicts=True)
    record_changes(post, before, after, by=by, now=now)
    record("post.edited", post, by=by, now=now, data={"before": before, "after": after})
