"""The ledger's rows as the rules see them, and back."""

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime

from campaigns.models import Ad
from creators.models import Post
from profit.models import Entry
from profit.rules import entries as rules
from profit.rules.closing import posting_day
from profit.rules.difference import Change
from profit.rules.facts import Stage
from sparkops.catalog.models import Product, Shop

_FIELDS = (
    "subject",
    "key",
    "account",
    "amount",
    "currency",
    "raw_amount",
    "raw_currency",
    "order_day",
    "event_day",
    "settlement_day",
    "stage",
    "order_id",
    "line_id",
    "product__product_id",
    "creator_id",
    "post__item_id",
    "ad__ad_id",
    "rule",
    "source",
)


def booked_entries(subjects: Collection[str]) -> dict[str, list[rules.Entry]]:
    """Every row ever appended for these subjects, by subject, in booking order. One query."""
    rows = Entry.objects.filter(subject__in=set(subjects)).order_by("pk").values_list(*_FIELDS)
    found: dict[str, list[rules.Entry]] = {}
    for subject, *values in rows:
        found.setdefault(subject, []).append(_entry(values))
    return found


def _entry(values: list) -> rules.Entry:
    named = dict(zip(_FIELDS[1:], values, strict=True))
    creator = named["creator_id"]
    return rules.Entry(
        key=named["key"],
        account=rules.Account(named["account"]),
        amount=named["amount"],
        currency=named["currency"],
        raw_amount=named["raw_amount"],
        raw_currency=named["raw_currency"],
        order_day=named["order_day"],
        event_day=named["event_day"],
        settlement_day=named["settlement_day"],
        stage=Stage(named["stage"]),
        rule=named["rule"],
        order_id=named["order_id"] or None,
        line_id=named["line_id"] or None,
        product_id=named["product__product_id"],
        creator_id=None if creator is None else str(creator),
        post_id=named["post__item_id"],
        ad_id=named["ad__ad_id"],
        source=named["source"],
    )


@dataclass(frozen=True)
class OwnKeys:
    """Our own keys of what entries name by TikTok's ids."""

    products: Mapping[str, int]
    posts: Mapping[str, int]
    ads: Mapping[str, int]


def own_keys(entries: Iterable[rules.Entry]) -> OwnKeys:
    """The keys for some entries. Three queries."""
    known = list(entries)
    products = {one.product_id for one in known if one.product_id}
    posts = {one.post_id for one in known if one.post_id}
    ads = {one.ad_id for one in known if one.ad_id}
    return OwnKeys(
        dict(Product.objects.filter(product_id__in=products).values_list("product_id", "pk")),
        dict(Post.objects.filter(item_id__in=posts).values_list("item_id", "pk")),
        dict(Ad.objects.filter(ad_id__in=ads).values_list("ad_id", "pk")),
    )


@dataclass(frozen=True)
class Booking:
    """What all rows of one booking share: the shop, its closed months (first days), the moment."""

    shop: Shop
    closed: Set[date]
    now: datetime


def new_row(booking: Booking, subject: str, change: Change, keys: OwnKeys, *, cause: str) -> Entry:
    """The ledger row of a change, not saved. `cause` is what set the booking off; empty for the
    first amounts of a subject, which nothing but the subject itself explains."""
    entry = change.entry
    return Entry(
        shop=booking.shop,
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
        posted_on=posting_day(entry.event_day, booking.closed),
        order_id=entry.order_id or "",
        line_id=entry.line_id or "",
        product_id=keys.products[entry.product_id] if entry.product_id else None,
        creator_id=int(entry.creator_id) if entry.creator_id else None,
        post_id=keys.posts[entry.post_id] if entry.post_id else None,
        ad_id=keys.ads[entry.ad_id] if entry.ad_id else None,
        rule=entry.rule,
        source=entry.source[:200],
        cause=f"{change.cause} ({cause})"[:200] if cause else change.cause[:200],
        booked_at=booking.now,
    )
