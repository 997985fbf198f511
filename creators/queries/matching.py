"""Reads of what posts are about."""

from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from creators.models import Creator, MatchClues, Post, PostMatch, PostProduct
from creators.rules.matching import KnownCreator, ProductClues, mentions_of


def _linked(post: str) -> Exists:
    return Exists(PostProduct.objects.filter(post=OuterRef(post), lost_at=None))


def unmatched(limit: int) -> list[Post]:
    """Posts that nobody looked at: of no known creator, or without a product link; newest first."""
    looked_at = Exists(PostMatch.objects.filter(post=OuterRef("pk")))
    open_posts = Post.objects.filter(Q(creator=None) | ~_linked("pk")).exclude(looked_at)
    rows = open_posts.select_related("creator").prefetch_related("product_links__product")
    return list(rows.order_by("-first_seen_at", "-pk")[:limit])


def to_decide() -> QuerySet[PostMatch]:
    """Matches that a person has to decide; a link or an author that came meanwhile settles one."""
    rows = PostMatch.objects.filter(state=PostMatch.State.REVIEW)
    rows = rows.filter(Q(post__creator=None) | ~_linked("post_id"))
    return rows.select_related("post__creator")


def clues() -> list[ProductClues]:
    """The words of every product that has some, by own id."""
    rows = MatchClues.objects.select_related("product").order_by("pk")
    return [
        ProductClues(
            str(one.product_id),
            one.product.product_id,
            tuple(one.hashtags),
            tuple(one.mentions),
            tuple(one.keywords),
        )
        for one in rows
    ]


def mentioned(posts: Sequence[Post]) -> list[KnownCreator]:
    """Creators whose present handle stands in a caption of a post without an author."""
    names: set[str] = set()
    for post in posts:
        if post.creator_id is None:
            names.update(mentions_of(post.caption))
    return known(Creator.objects.filter(handle__in=names))


def known(rows: Iterable[Creator]) -> list[KnownCreator]:
    """Creators as the rule reads them."""
    return [KnownCreator(str(one.pk), one.handle) for one in rows]
