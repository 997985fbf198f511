"""Posts that creators opened for an ad account (marketing contract 5.2)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from authorizations.actions.cases import open_cases
from authorizations.actions.reading import Listed, apply_readings, note_missing
from authorizations.actions.watching import TIKTOK, Look, note_looks
from authorizations.rules.redemption import ReadBack
from authorizations.rules.watch import Seen
from creators.actions.known import know_posts
from creators.actions.posts import set_availability, set_product_links
from creators.models import Post
from creators.rules.handles import plain_handle
from sparkops.catalog.inbound import ad_account_parts, open_ads
from sparkops.catalog.models import AdAccount
from sparkops.connections.models import Connection
from sparkops.crypto import masked
from sparkops.landing.merge import Counts
from sparkops.landing.redact import redacted
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.post_parts import plain_post_status
from sparkops.tiktok.ads.posts import AuthorizedPost

AVAILABILITY = {
    "HESITATE_RECOMMEND": Post.Availability.PUBLIC,
    "ONLY_FRIEND_SEE": Post.Availability.PRIVATE,
    "ONLY_AUTHOR_SEE": Post.Availability.PRIVATE,
    "USER_DELETE": Post.Availability.DELETED,
    "AUDIT_DELETE": Post.Availability.DELETED,
}


def find_listed(api: AdsApi, advertiser_id: str, code: str) -> AuthorizedPost | None:
    """The listed post that carries `code`, if the ad account has it."""
    wanted = code.strip().lstrip("#")
    for page in api.posts.pages(advertiser_id):
        for item in page.items:
            if item.item_info.auth_code.strip().lstrip("#") == wanted:
                return item
    return None


def learned(items: Sequence[AuthorizedPost], *, now: datetime) -> list[Listed]:
    """Know the posts and creators of some listed posts, fill them in, and return the readings."""
    handles = {one.item_info.item_id: _handle(one) for one in items}
    ids = know_posts(handles, now=now, source="ads")
    posts = {post.pk: post for post in Post.objects.filter(pk__in=ids.values())}
    changed = [
        posts[ids[one.item_info.item_id]]
        for one in items
        if _fill(posts[ids[one.item_info.item_id]], one)
    ]
    Post.objects.bulk_update(changed, ["caption", "duration_seconds", "thumbnail_url"])
    words = {
        ids[one.item_info.item_id]: AVAILABILITY[word].value
        for one in items
        if (word := plain_post_status(one.item_info.status)) in AVAILABILITY
    }
    set_availability(words, by=TIKTOK, now=now)
    return [_listed(one, posts[ids[one.item_info.item_id]]) for one in items]


def _handle(item: AuthorizedPost) -> str:
    # TikTok gives a display name here; only what looks like a handle is taken for one.
    name = plain_handle(item.user_info.tiktok_name)
    return name if name and " " not in name else ""


def _fill(post: Post, item: AuthorizedPost) -> bool:
    media = item.video_info
    facts = (
        item.item_info.text or post.caption,
        int(media.duration) if media and media.duration is not None else post.duration_seconds,
        (media.poster_url if media else "")[:500] or post.thumbnail_url,
    )
    if facts == (post.caption, post.duration_seconds, post.thumbnail_url):
        return False
    post.caption, post.duration_seconds, post.thumbnail_url = facts
    return True


def _listed(item: AuthorizedPost, post: Post) -> Listed:
    auth, media = item.auth_info, item.video_info
    return Listed(
        post_id=post.pk,
        creator_id=post.creator_id,
        item_id=item.item_info.item_id,
        code=item.item_info.auth_code,
        identity_id=item.user_info.identity_id,
        identity_type=item.user_info.identity_type,
        read=ReadBack(
            item_id=item.item_info.item_id,
            starts_at=auth.auth_start_time if auth else None,
            ends_at=auth.auth_end_time if auth else None,
            authorization_word=auth.ad_auth_status if auth else "",
            post_word=item.item_info.status,
            duration_seconds=float(media.duration) if media and media.duration else None,
        ),
    )


def _pages(api: AdsApi, part: str, _window: Window) -> Iterator[Any]:
    return api.posts.pages(part)


def load_posts(items: Sequence[AuthorizedPost], context: Context) -> Counts:
    """Apply what the ad account lists now."""
    account = AdAccount.objects.get(advertiser_id=context.part)
    return apply_listed(items, account, now=context.now)


def apply_listed(items: Sequence[AuthorizedPost], account: AdAccount, *, now: datetime) -> Counts:
    """Bring posts and ledger to some rows of an account's list, and look at the posts (AR7)."""
    readings = learned(items, now=now)
    counts = apply_readings(readings, account, now=now)
    looks = [_look(one, known.post_id) for one, known in zip(items, readings, strict=True)]
    set_product_links(
        {
            look.post_id: look.seen.products
            for look in looks
            if AVAILABILITY.get(look.seen.post_word) != Post.Availability.DELETED
        },
        now=now,
    )
    open_cases(note_looks(looks, account, now=now), now=now)
    return counts


def _look(item: AuthorizedPost, post_id: int) -> Look:
    info, auth = item.item_info, item.auth_info
    anchors = info.anchor_list
    return Look(
        post_id=post_id,
        seen=Seen(
            post_word=plain_post_status(info.status),
            authorization_word=auth.ad_auth_status.strip().upper() if auth else "",
            ends_at=auth.auth_end_time if auth else None,
            caption=info.text,
            products=tuple(sorted({one.spu_id for one in anchors if one.spu_id})),
            regions=tuple(sorted({word for one in anchors for word in one.product_regions})),
        ),
        code_mask=masked(info.auth_code) if info.auth_code else "",
        said=redacted(item.model_dump(mode="json")),
    )


def note_gone(context: Context) -> Counts:
    """Posts that neither this reading nor the one before found are no longer authorized here."""
    if context.window.since is None:
        return Counts()
    account = AdAccount.objects.get(advertiser_id=context.part)
    return Counts(changed=note_missing(account, since=context.window.since, now=context.now))


AUTHORIZED_POSTS = Stream(
    name="authorized_posts",
    label="Authorized posts",
    kind=Connection.Kind.ADS,
    every=timedelta(minutes=10),
    parts=ad_account_parts,
    open=open_ads,
    pages=_pages,
    load=load_posts,
    finish=note_gone,
    # With no overlap a window begins at the time of the reading before it (`note_gone`).
    overlap=timedelta(0),
    first=None,
    # Every reading must see every row, or a row on an unchanged page would pass for gone.
    skip_equal_pages=False,
)
