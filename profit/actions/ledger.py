"""The only writer of the ledger: compares what should be booked with what is, appends the rest."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from campaigns.models import Ad
from creators.models import Creator, Post
from profit.models import Entry
from profit.rules import entries as rules
from profit.rules.difference import Change, difference
from profit.rules.facts import Stage
from sparkops.catalog.models import Product, Shop

Touched = set[tuple[str, date]]


def append_differences(shop: Shop, wanted: Mapping[str, rules.Wanted], *, now: datetime) -> Touched:
    """Append what turns the booked entries of each subject into the wanted ones.

    `wanted` maps a subject to all it should hold; a subject with nothing wanted is taken back.
    Returns the (basis, day) pairs whose rollup is out of date.
    """
    booked = _booked(wanted.keys())
    changes = [
        (subject, change)
        for subject, want in wanted.items()
        for change in difference(want.entries, booked.get(subject, []))
    ]
    if not changes:
        return set()
    ids = _Ids([change.entry for _, change in changes])
    rows = [_row(shop, subject, change, ids, now) for subject, change in changes]
    Entry.objects.bulk_create(rows, batch_size=1000)
    return {
        (basis, day)
        for row in rows
        for basis, day in (
            ("order", row.order_day),
            ("event", row.event_day),
            ("settlement", row.settlement_day),
        )
        if day is not None
    }


class _Ids:
    """Own keys by TikTok's ids and handles."""

    def __init__(self, rows: list[rules.Entry]) -> None:
        self.products = dict(
            Product.objects.filter(
                product_id__in={row.product_id for row in rows if row.product_id}
            ).values_list("product_id", "pk")
        )
        items = {row.post_id for row in rows if row.post_id}
        self.posts = dict(Post.objects.filter(item_id__in=items).values_list("item_id", "pk"))
        self.creators = dict(
            Creator.objects.filter(
                handle__in={row.creator_id for row in rows if row.creator_id}
            ).values_list("handle", "pk")
        )
        self.ads = dict(
            Ad.objects.filter(ad_id__in={row.ad_id for row in rows if row.ad_id}).values_list(
                "ad_id", "pk"
            )
        )


def _row(shop: Shop, subject: str, change: Change, ids: _Ids, now: datetime) -> Entry:
    entry = change.entry
    return Entry(
        shop=shop,
        subject=subject,
        key=entry.key,
        account=entry.account.value,
        amount=entry.amount,
        currency=entry.currency,
        raw_amount=entry.raw_amount,
        raw_currency=entry.raw_currency,
        order_day=entry.order_day,
        event_day=entry.event_day,
        settlement_day=entry.settlement_day,
        stage=entry.stage.value,
        order_id=entry.order_id or "",
        line_id=entry.line_id or "",
        product_id=ids.products.get(entry.product_id or ""),
        creator_id=ids.creators.get(entry.creator_id or ""),
        post_id=ids.posts.get(entry.post_id or ""),
        ad_id=ids.ads.get(entry.ad_id or ""),
        rule=entry.rule,
        source=entry.source[:200],
        cause=change.cause[:200],
        booked_at=now,
    )


def _booked(subjects: Iterable[str]) -> dict[str, list[rules.Entry]]:
    found: dict[str, list[rules.Entry]] = defaultdict(list)
    rows = (
        Entry.objects.filter(subject__in=list(subjects))
        .select_related("product", "creator", "post", "ad")
        .order_by("pk")
    )
    for row in rows:
        found[row.subject].append(as_rule_entry(row))
    return found


def as_rule_entry(row: Entry) -> rules.Entry:
    """A booked row in the rules' terms, with TikTok's ids."""
    return rules.Entry(
        key=row.key,
        account=rules.Account(row.account),
        amount=row.amount,
        currency=row.currency,
        raw_amount=row.raw_amount,
        raw_currency=row.raw_currency,
        order_day=row.order_day,
        event_day=row.event_day,
        settlement_day=row.settlement_day,
        stage=Stage(row.stage),
        rule=row.rule,
        order_id=row.order_id or None,
        line_id=row.line_id or None,
        product_id=row.product.product_id if row.product else None,
        creator_id=row.creator.handle if row.creator else None,
        post_id=row.post.item_id if row.post else None,
        ad_id=row.ad.ad_id if row.ad else None,
        source=row.source,
    )
