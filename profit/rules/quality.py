"""What the profit page must say about its own data (6.10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from profit.rules.entries import Account, Entry, Gap, GapKind
from profit.rules.facts import AdRow, Post, Stage
from profit.rules.settled import FEE_ACCOUNTS
from sparkops.clock import ad_day_span, shop_day_start
from sparkops.money import ZERO, ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class DataQuality:
    """Facts beside a period's P&L. `settled_share` is of gmv, 4 decimals, None without gmv."""

    settled_share: Decimal | None
    products_without_unit_cost: tuple[str, ...]
    orders_without_unit_cost: int
    missing_rates: tuple[str, ...]
    ad_rows_without_post: int
    posts_without_creator: int
    ad_days_off_the_shop_day: int


def data_quality(
    entries: Sequence[Entry],
    gaps: Iterable[Gap],
    ad_rows: Sequence[AdRow],
    posts: Iterable[Post],
    zone: str,
) -> DataQuality:
    """6.10 for the entries, ad rows and gaps of one period; `zone` is the shop's IANA zone."""
    known = list(gaps)
    uncosted = [gap for gap in known if gap.kind is GapKind.MISSING_UNIT_COST]
    rates = {gap.currency for gap in known if gap.kind is GapKind.MISSING_FX_RATE and gap.currency}
    return DataQuality(
        settled_share=settled_share(entries),
        products_without_unit_cost=tuple(
            sorted({gap.product_id for gap in uncosted if gap.product_id})
        ),
        orders_without_unit_cost=len({gap.order_id for gap in uncosted if gap.order_id}),
        missing_rates=tuple(sorted(rates)),
        ad_rows_without_post=sum(row.post_id is None for row in ad_rows),
        posts_without_creator=sum(post.creator_id is None for post in posts),
        ad_days_off_the_shop_day=sum(not ad_day_is_shop_day(row, zone) for row in ad_rows),
    )


def settled_share(entries: Iterable[Entry]) -> Decimal | None:
    """6.10: the part of gmv that lies on order lines whose fees are all settled."""
    gmv: dict[tuple[str | None, str | None], Decimal] = {}
    settled: dict[tuple[str | None, str | None], bool] = {}
    for entry in entries:
        line = (entry.order_id, entry.line_id)
        if entry.account is Account.GMV:
            gmv[line] = gmv.get(line, ZERO) + entry.amount
        elif entry.account in FEE_ACCOUNTS and entry.order_id is not None:
            settled[line] = settled.get(line, True) and entry.stage is Stage.SETTLED
    final = sum((amount for line, amount in gmv.items() if settled.get(line)), ZERO)
    return ratio(final, sum(gmv.values(), ZERO))


def ad_day_is_shop_day(row: AdRow, zone: str) -> bool:
    """P5: whether the ad account's day is the shop's day, hour for hour."""
    start, end = ad_day_span(row.day, row.offset)
    next_day = row.day + timedelta(days=1)
    return start == shop_day_start(row.day, zone) and end == shop_day_start(next_day, zone)
