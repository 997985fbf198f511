"""Sample applications and the posts that came of them (Shop contract 8.7)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from creators.actions.known import know_posts
from creators.actions.meet import CreatorFacts, meet_creators
from creators.models import Post, Sample
from creators.rules.handles import plain_handle
from sparkops.catalog.inbound import open_shop, shop_parts
from sparkops.catalog.models import Product
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.samples import Fulfillment, SampleApplication

FULFILLED = ("CONTENT_PENDING", "COMPLETED")


def _pages(api: ShopApi, _part: str, _window: Window) -> Iterator[Any]:
    return api.samples.search()


def load_samples(applications: Sequence[SampleApplication], context: Context) -> Counts:
    """Applications with their creators; TikTok's status words are kept as they are."""
    creators = meet_creators(
        [
            CreatorFacts(
                handle=one.creator.username,
                creator_id=one.creator.creator_open_id,
                display_name=one.creator.nickname,
                follower_count=one.creator.follower_count,
                avatar_url=one.creator.avatar_url,
            )
            for one in applications
            if one.creator
        ],
        now=context.now,
        source="shop",
    )
    named = [one.product.id for one in applications if one.product]
    products = dict(Product.objects.filter(product_id__in=named).values_list("product_id", "pk"))
    rows = [
        {
            "sample_id": one.id,
            "creator_id": creators[plain_handle(one.creator.username)],
            "product_id": products.get(one.product.id) if one.product else None,
            "status": one.status,
            "fulfillment_status": one.fulfillment_status,
            "order_id": one.order_id,
            "approve_by": one.approve_expiration_time,
            "first_seen_at": context.now,
        }
        for one in applications
        if one.creator and plain_handle(one.creator.username)
    ]
    return merge(Sample, rows, key=["sample_id"], insert_only=["first_seen_at"])


@dataclass(frozen=True)
class FulfilledPage:
    """The posts of one application: the answer itself does not say which application it is of."""

    sample_id: str
    handle: str
    page: Any

    @property
    def raw(self) -> dict[str, Any]:
        return {"sample_id": self.sample_id, **self.page.raw}

    @property
    def items(self) -> list[tuple[str, str, Fulfillment]]:
        return [(self.sample_id, self.handle, one) for one in self.page.items]

    @property
    def findings(self) -> Any:
        return self.page.findings

    @property
    def row_count(self) -> int:
        return int(self.page.row_count)

    @property
    def request_id(self) -> str:
        return str(self.page.request_id)


def _fulfilled_pages(api: ShopApi, _part: str, _window: Window) -> Iterator[FulfilledPage]:
    for page in api.samples.search():
        for one in page.items:
            if one.status in FULFILLED and one.creator:
                answer = api.samples.fulfillments(one.id, "VIDEO")
                yield FulfilledPage(one.id, one.creator.username, answer)


def load_fulfillments(rows: Sequence[tuple[str, str, Fulfillment]], context: Context) -> Counts:
    """The official link from a sample to the post made with it; the first post counts."""
    videos = {
        content.id: (sample_id, handle, content)
        for sample_id, handle, one in rows
        if (content := one.content) and content.id
    }
    posts = know_posts(
        {item: handle for item, (_, handle, _) in videos.items()}, now=context.now, source="shop"
    )
    changed = 0
    for item, (sample_id, _, content) in sorted(
        videos.items(), key=lambda pair: pair[1][2].create_time or context.now
    ):
        changed += Sample.objects.filter(sample_id=sample_id, post=None).update(post_id=posts[item])
        Post.objects.filter(pk=posts[item], published_at=None).update(
            published_at=content.create_time
        )
    return Counts(changed=changed, unchanged=len(videos) - changed)


SAMPLES = Stream(
    name="samples",
    label="Samples",
    kind=Connection.Kind.SHOP,
    every=timedelta(minutes=30),
    parts=shop_parts,
    open=open_shop,
    pages=_pages,
    load=load_samples,
    first=None,
)
SAMPLE_POSTS = Stream(
    name="sample_posts",
    label="Posts from samples",
    kind=Connection.Kind.SHOP,
    every=timedelta(hours=2),
    parts=shop_parts,
    open=open_shop,
    pages=_fulfilled_pages,
    load=load_fulfillments,
    first=None,
)
