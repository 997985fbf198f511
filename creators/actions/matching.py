"""Tying posts to products and authors by what they say; what is not certain is a person's (CT4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from creators.models import Creator, MatchClues, Post, PostMatch
from creators.queries.matching import clues, known, mentioned, unmatched
from creators.rules.matching import (
    AUTHORS,
    KnownCreator,
    Match,
    PostFacts,
    ProductClues,
    matched,
)
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import Product
from sparkops.errors import Refusal

AT_ONCE = 500
ASKED = frozenset({"author_unknown", "product_ambiguous"})
"""Doubts that a person is asked about; a post that says nothing of a product is no doubt."""


def set_clues(
    product: Product,
    *,
    hashtags: Sequence[str],
    mentions: Sequence[str],
    keywords: Sequence[str],
    by: Actor,
    now: datetime,
) -> None:
    """Say by which words posts show the product; what nobody decided yet is looked at anew."""
    row, _ = MatchClues.objects.get_or_create(product=product)
    row.hashtags, row.mentions, row.keywords = list(hashtags), list(mentions), list(keywords)
    row.save()
    PostMatch.objects.exclude(state=PostMatch.State.DECIDED).delete()
    data = {"hashtags": row.hashtags, "mentions": row.mentions, "keywords": row.keywords}
    record("post.clues_set", row, by=by, now=now, data=data)


def match_posts(*, now: datetime) -> int:
    """Look at posts that nobody looked at; returns how many. Nothing doubtful is written to a
    post: neither its author nor a product."""
    posts, words = unmatched(AT_ONCE), clues()
    authors = mentioned(posts)
    PostMatch.objects.bulk_create(
        [_row(post, authors, words, now) for post in posts], ignore_conflicts=True
    )
    return len(posts)


def decide(
    match: PostMatch, *, creator: Creator | None, product: Product | None, by: Actor, now: datetime
) -> None:
    """A person's word on a post: its author, where it has none, and its product or none.

    Raises Refusal when it was decided before.
    """
    row = PostMatch.objects.select_for_update().select_related("post").get(pk=match.pk)
    if row.state != PostMatch.State.REVIEW:
        raise Refusal("decided", "Somebody decided this before.")
    post = row.post
    if creator is not None and post.creator_id is None:
        post.creator = creator
        post.save(update_fields=["creator"])
    row.product, row.state = product, PostMatch.State.DECIDED
    row.decided_at, row.decided_by = now, by.label
    row.save(update_fields=["product", "state", "decided_at", "decided_by"])
    data = {"creator": str(creator or ""), "product": product.product_id if product else ""}
    record("post.match_decided", post, by=by, now=now, data=data)


def _row(
    post: Post, mentions: Sequence[KnownCreator], words: Sequence[ProductClues], now: datetime
) -> PostMatch:
    authors = known([post.creator]) if post.creator else mentions
    links = [link.product.product_id for link in post.product_links.all() if link.lost_at is None]
    facts = PostFacts(
        post.item_id, post.creator.handle if post.creator else "", post.caption, tuple(links)
    )
    found = matched(facts, authors, words)
    doubts = [one for one in found.review if one.code in ASKED]
    reasons = [one.sentence for one in doubts]
    product = found.products[0] if found.products else None
    state = PostMatch.State.CERTAIN if product else PostMatch.State.NOTHING
    return PostMatch(
        post=post,
        product_id=int(product) if product else None,
        state=PostMatch.State.REVIEW if reasons else state,
        kind=found.evidence[-1].kind if product else "",
        reasons=reasons,
        evidence=_told(found),
        seen_at=now,
    )


def _told(match: Match) -> list[dict[str, Any]]:
    """What speaks for whom, with the own id of the creator or product."""
    return [
        {"sentence": one.sentence, "creator" if one.kind in AUTHORS else "product": one.key}
        for one in match.evidence
    ]
