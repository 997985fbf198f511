"""What happens to posts."""

from collections.abc import Collection, Mapping
from datetime import datetime

from creators.actions.known import know_posts
from creators.models import Post, PostProduct
from sparkops.audit.record import Actor, record


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
