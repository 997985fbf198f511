"""Whose post it is and which product it shows; what is not certain goes to a person (CT4)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sparkops.reasons import Reason


class ClueKind(StrEnum):
    """What ties a post to a product, strongest first."""

    PRODUCT_LINK = "product_link"
    HASHTAG = "hashtag"
    MENTION = "mention"
    KEYWORD = "keyword"


AUTHORS = ("author", "named")
"""Kinds of evidence that speak for a creator; the others speak for a product."""

_WORDS = {
    ClueKind.PRODUCT_LINK: "links the product",
    ClueKind.HASHTAG: "has the hashtag",
    ClueKind.MENTION: "mentions",
    ClueKind.KEYWORD: "says",
}
_HASHTAG = re.compile(r"#(\w+)")
_MENTION = re.compile(r"(?<![\w.])@([\w.]+)")


@dataclass(frozen=True, slots=True)
class PostFacts:
    """What is known of a post. `handle` is the author's, normalised, or "" when unknown.

    `product_ids` are those of its product links as TikTok names them.
    """

    item_id: str
    handle: str
    caption: str
    product_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownCreator:
    """A creator with the present handle and the former ones, all normalised."""

    key: str
    handle: str
    former_handles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductClues:
    """How posts show that they are about a product. Words are compared without case."""

    key: str
    product_id: str
    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One clue that was found: for which creator or product, by what, as a sentence."""

    key: str
    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Match:
    """The result for one post.

    `creator` is "" and `products` empty when nothing certain was found; then `review` says what a
    person has to decide, with the candidates in `evidence`.
    """

    item_id: str
    creator: str
    products: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    review: tuple[Reason, ...]


def matched(
    post: PostFacts, creators: Iterable[KnownCreator], products: Iterable[ProductClues]
) -> Match:
    """The creator and the products of a post, by the strongest kind of clue that it shows.

    Product links may name several products. Of the weaker kinds only a clue to exactly one product
    counts; more, or a former handle, or a mention in place of an author, is left to a person.
    """
    creator, creator_evidence, creator_doubt = _creator(post, list(creators))
    found, product_evidence, product_doubt = _products(post, list(products))
    return Match(
        post.item_id,
        creator,
        found,
        (*creator_evidence, *product_evidence),
        tuple(doubt for doubt in (creator_doubt, product_doubt) if doubt is not None),
    )


def _creator(
    post: PostFacts, creators: Sequence[KnownCreator]
) -> tuple[str, list[Evidence], Reason | None]:
    if post.handle:
        return _by_author(post.handle, creators)
    mentioned = set(mentions_of(post.caption))
    evidence = [
        Evidence(one.key, "named", f"The caption mentions @{one.handle}.")
        for one in creators
        if one.handle in mentioned
    ]
    reason = "The author is unknown. "
    reason += "Somebody in the caption may be the author: choose." if evidence else "Choose one."
    return "", evidence, Reason("author_unknown", reason)


def _by_author(
    handle: str, creators: Sequence[KnownCreator]
) -> tuple[str, list[Evidence], Reason | None]:
    now = [one for one in creators if one.handle == handle]
    if len(now) == 1:
        return now[0].key, [Evidence(now[0].key, "author", f"@{handle} posted it.")], None
    before = [one for one in creators if handle in one.former_handles]
    candidates = now or before
    evidence = [
        Evidence(one.key, "author", f"@{one.handle} {'is' if now else 'was once'} @{handle}.")
        for one in candidates
    ]
    if not candidates:
        return "", [], Reason("author_new", f"@{handle} is not among the creators: add or choose.")
    if now:
        return "", evidence, Reason("author_twice", f"Several creators are @{handle}: choose one.")
    return (
        "",
        evidence,
        Reason(
            "author_renamed",
            f"@{handle} is a former handle and may belong to somebody else now: confirm.",
        ),
    )


def _products(
    post: PostFacts, products: Sequence[ProductClues]
) -> tuple[tuple[str, ...], list[Evidence], Reason | None]:
    for kind in ClueKind:
        evidence = [
            Evidence(one.key, kind, f"The post {_WORDS[kind]} {clue}.")
            for one in products
            for clue in _clues(kind, post, one)
        ]
        keys = tuple(dict.fromkeys(one.key for one in evidence))
        if len(keys) == 1 or (keys and kind is ClueKind.PRODUCT_LINK):
            return keys, evidence, None
        if keys:
            text = f"The post {_WORDS[kind]} what fits {len(keys)} products: choose."
            return (), evidence, Reason("product_ambiguous", text)
    return (), [], _no_product(post)


def _no_product(post: PostFacts) -> Reason:
    if post.product_ids:
        names = ", ".join(post.product_ids)
        return Reason("product_foreign", f"It links products that are not in this shop: {names}.")
    return Reason("product_unknown", "Nothing in the post names one of the products: choose one.")


def _clues(kind: ClueKind, post: PostFacts, product: ProductClues) -> list[str]:
    """The clues of one kind that the post shows for the product, as they are shown to people."""
    caption = post.caption.casefold()
    if kind is ClueKind.PRODUCT_LINK:
        return [product.product_id] if product.product_id in post.product_ids else []
    if kind is ClueKind.HASHTAG:
        tags = {tag.casefold() for tag in _HASHTAG.findall(post.caption)}
        return [f"#{tag}" for tag in _bare(product.hashtags, "#") if tag in tags]
    if kind is ClueKind.MENTION:
        mentions = set(mentions_of(post.caption))
        return [f"@{name}" for name in _bare(product.mentions, "@") if name in mentions]
    return [f"“{word}”" for word in product.keywords if _says(caption, word.casefold())]


def _bare(words: Iterable[str], sign: str) -> list[str]:
    return [word.strip().lstrip(sign).casefold() for word in words if word.strip(f" {sign}")]


def mentions_of(caption: str) -> list[str]:
    """The handles that a caption names, normalised."""
    return [name.rstrip(".").casefold() for name in _MENTION.findall(caption)]


def _says(caption: str, word: str) -> bool:
    """Whether the caption has the whole word, outside hashtags and mentions."""
    found = re.search(rf"(?<![\w#@]){re.escape(word.strip())}(?!\w)", caption)
    return bool(word.strip()) and found is not None
