"""Ad cost and creator payments over products, per period (P22, P24)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from profit.rules.entries import Account, Entry
from profit.rules.facts import AdRow, Post
from sparkops.money import ZERO, allocate

SHARED_ACCOUNTS = frozenset(
    {
        Account.AD_SPEND,
        Account.AD_CREDIT,
        Account.CREATOR_FEES,
        Account.PLATFORM_CLAIMED_REVENUE,
    }
)


@dataclass(frozen=True, slots=True)
class GmvWeights:
    """The period's gmv by product, and by post and product, in the report currency."""

    by_product: Mapping[str, Decimal] = field(default_factory=dict)
    by_post: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Links:
    """Which products a shared row can belong to.

    `by_post` holds the products linked to each post; `by_row` the products promoted by the ad
    row whose source row (`Entry.row`) is the key.
    """

    by_post: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_row: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def gmv_weights(entries: Iterable[Entry]) -> GmvWeights:
    """The weights of P24 from the entries of a period."""
    by_product: dict[str, Decimal] = {}
    by_post: dict[tuple[str, str], Decimal] = {}
    for entry in entries:
        if entry.account is not Account.GMV or entry.product_id is None:
            continue
        product = entry.product_id
        by_product[product] = by_product.get(product, ZERO) + entry.amount
        if entry.post_id is not None:
            pair = (entry.post_id, product)
            by_post[pair] = by_post.get(pair, ZERO) + entry.amount
    return GmvWeights(by_product, by_post)


def links(posts: Iterable[Post], ad_rows: Iterable[AdRow]) -> Links:
    """The links of these posts and ad rows."""
    return Links(
        by_post={post.post_id: post.product_ids for post in posts},
        by_row={f"ad/{row.row_id}": row.promoted_products for row in ad_rows},
    )


def product_shares(
    amount: Decimal,
    *,
    post_id: str | None,
    row: str,
    links: Links,
    weights: GmvWeights,
    currency: str,
) -> dict[str | None, Decimal]:
    """P24 for one source row without a product; the key None holds what belongs to no product.

    Over the post's linked products by what the post sold in the period; without linked products
    over the promoted ones by what the shop sold; else unattributed. P3 splits the amount.
    """
    linked = links.by_post.get(post_id, ()) if post_id else ()
    promoted = links.by_row.get(row, ())
    if linked and post_id:
        by_gmv = {product: weights.by_post.get((post_id, product), ZERO) for product in linked}
    elif promoted:
        by_gmv = {product: weights.by_product.get(product, ZERO) for product in promoted}
    else:
        return {None: amount}
    positive = {product: max(gmv, ZERO) for product, gmv in by_gmv.items()}
    shares: dict[str | None, Decimal] = {}
    shares.update(allocate(amount, positive, currency))
    return shares


def over_products(entries: Iterable[Entry], links: Links) -> list[Entry]:
    """P22 and P24: the period's entries with shared rows split over products.

    `entries` are those of one period on one basis; the weights come from them. All entries of
    one source row and account are split as one amount, so a payment's days round once.
    """
    period = list(entries)
    weights = gmv_weights(period)
    kept: list[Entry] = []
    shared: dict[tuple[str, Account], list[Entry]] = {}
    for entry in period:
        if entry.account in SHARED_ACCOUNTS and entry.product_id is None:
            shared.setdefault((entry.row, entry.account), []).append(entry)
        else:
            kept.append(entry)
    for rows in shared.values():
        kept.extend(_split(rows, links, weights))
    return kept


def _split(rows: list[Entry], links: Links, weights: GmvWeights) -> list[Entry]:
    first = rows[0]
    shares = product_shares(
        sum((entry.amount for entry in rows), ZERO),
        post_id=first.post_id,
        row=first.row,
        links=links,
        weights=weights,
        currency=first.currency,
    )
    return [replace(first, amount=amount, product_id=key) for key, amount in shares.items()]
