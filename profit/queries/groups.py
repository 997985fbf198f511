"""The P&L by product, creator and post: groups and the unattributed rest sum to the shop (PD3)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from campaigns.models import GmvMaxDay
from profit.models import Entry
from profit.queries.ad_facts import rest_row_id
from profit.queries.context import post_facts
from profit.queries.pnl import Stages, Sums, shares, signed, totals
from profit.rules.attribution import SHARED_ACCOUNTS, GmvWeights, Links, product_shares
from profit.rules.entries import Account
from profit.rules.facts import Basis, Period
from profit.rules.pnl import UNATTRIBUTED, Dimension, Pnl
from sparkops.catalog.models import Shop
from sparkops.money import ZERO
from sparkops.web.keyset import Order, paginate

Groups = dict[str, Sums]
GROUPS_SHOWN = 100
STRETCHES = 30
FIRST_PAGE = "first"
DAY_FIELD = {
    Basis.ORDER: "order_day",
    Basis.EVENT: "event_day",
    Basis.SETTLEMENT: "settlement_day",
}
GROUP_FIELD = {
    Dimension.PRODUCT: "product__product_id",
    Dimension.CREATOR: "creator__handle",
    Dimension.POST: "post__item_id",
}
_SHARED = Q(account__in=[account.value for account in SHARED_ACCOUNTS], product=None)


def grouped(shop: Shop, basis: Basis, period: Period, dimension: Dimension) -> dict[str, Pnl]:
    """A P&L to cm3 per product id, creator handle or item id; the rest under `unattributed`.

    Creators and posts cost one query. Products cost five: costs that name no product are split row
    by row with the period's weights (P22, P24), so the split is made when it is asked for.
    """
    rows = totals(shop, basis, period).exclude(account=Account.AGENCY_FEES.value)
    groups: Groups = {}
    if dimension is Dimension.PRODUCT:
        rows = rows.exclude(_SHARED)
        for shared in shared_rows(shop, basis, period):
            for product, amount in shared.shares.items():
                add_amount(groups, product, shared.account, amount)
    found = rows.values_list(GROUP_FIELD[dimension], "account").annotate(total=Sum("amount"))
    for key, account, total in found:
        add_amount(groups, key, Account(account), total)
    return {key: Pnl.of(sums, shop.currency) for key, sums in groups.items()}


@dataclass(frozen=True)
class GroupPage:
    """One page of groups, highest cm3 first, and what belongs to none of them all."""

    groups: dict[str, Pnl]
    rest: Pnl
    next: str | None = None
    previous: str | None = None


def group_page(
    shop: Shop, basis: Basis, period: Period, dimension: Dimension, cursor: str
) -> GroupPage:
    """A page of `grouped` by keyset: creators and posts, of which a shop has tens of thousands, are
    sorted and cut by the database in three queries; products, which share costs, after the split.
    """
    if dimension is Dimension.PRODUCT:
        return _page_of_products(shop, basis, period, cursor)
    field = GROUP_FIELD[dimension]
    rows = totals(shop, basis, period).exclude(account=Account.AGENCY_FEES.value)
    ranked = rows.exclude(**{field: None}).values(field).annotate(cm3=signed("cm3"))
    page = paginate(ranked, Order("cm3", descending=True, key=field), cursor, GROUPS_SHOWN)
    keys = [row[field] for row in page.rows]
    groups: Groups = {key: {} for key in keys}
    found = rows.filter(**{f"{field}__in": keys}).values_list(field, "account")
    for key, account, total in found.annotate(total=Sum("amount")):
        add_amount(groups, key, Account(account), total)
    nobodys = rows.filter(**{field: None}).values_list("account").annotate(total=Sum("amount"))
    return GroupPage(
        {key: Pnl.of(sums, shop.currency) for key, sums in groups.items()},
        Pnl.of({Account(account): total for account, total in nobodys}, shop.currency),
        page.next,
        page.previous,
    )


@dataclass(frozen=True)
class GmvCourse:
    """The gmv of one group: per stretch of the period, oldest first, and by stage."""

    values: tuple[Decimal, ...]
    stages: Stages


def gmv_courses(
    shop: Shop, basis: Basis, period: Period, dimension: Dimension, keys: Collection[str]
) -> dict[str, GmvCourse]:
    """The course of these groups' gmv, in at most `STRETCHES` equal stretches. One query."""
    field = GROUP_FIELD[dimension]
    rows = totals(shop, basis, period).filter(account=Account.GMV.value)
    found = rows.filter(**{f"{field}__in": keys}).values_list(field, "day", "stage")
    return courses_of(found.annotate(total=Sum("amount")), period)


def courses_of(
    rows: Iterable[tuple[str, date, str, Decimal]], period: Period
) -> dict[str, GmvCourse]:
    """The courses of gmv given by key, day and stage."""
    width, count = stretches(period)
    values: dict[str, list[Decimal]] = {}
    by_stage: dict[str, dict[str, Decimal]] = {}
    for key, day, stage, amount in rows:
        course = values.setdefault(key, [ZERO] * count)
        course[(day - period.first).days // width] += amount
        of_key = by_stage.setdefault(key, {})
        of_key[stage] = of_key.get(stage, ZERO) + amount
    return {key: GmvCourse(tuple(values[key]), shares(by_stage[key])) for key in values}


def stretches(period: Period) -> tuple[int, int]:
    """How many days one stretch of a period has, and how many stretches there are."""
    days = (period.last - period.first).days + 1
    width = -(-days // STRETCHES)
    return width, -(-days // width)


def _page_of_products(shop: Shop, basis: Basis, period: Period, cursor: str) -> GroupPage:
    return cut_page(grouped(shop, basis, period, Dimension.PRODUCT), shop.currency, cursor)


def cut_page(groups: dict[str, Pnl], currency: str, cursor: str) -> GroupPage:
    """A page of groups that are at hand, highest cm3 first."""
    groups = dict(groups)
    rest = groups.pop(UNATTRIBUTED, None) or Pnl.of({}, currency)
    ranked = sorted(groups, key=lambda key: (-groups[key].cm3, key))
    places = [f"{groups[key].cm3}~{key}" for key in ranked]
    begin = places.index(cursor) + 1 if cursor in places else 0
    shown = ranked[begin : begin + GROUPS_SHOWN]
    end = begin + len(shown)
    return GroupPage(
        {key: groups[key] for key in shown},
        rest,
        next=places[end - 1] if end < len(ranked) else None,
        previous=_place_before(places, begin),
    )


def _place_before(places: list[str], begin: int) -> str | None:
    """The cursor of the page before; one that names no place opens the first page."""
    if begin == 0:
        return None
    return places[begin - GROUPS_SHOWN - 1] if begin > GROUPS_SHOWN else FIRST_PAGE


@dataclass(frozen=True)
class SharedRow:
    """Cost of one source row that names no product, and its shares (None: of no product).

    `row` is the ledger's source row; amounts are in the shop's currency and sum to `amount`.
    """

    row: str
    account: Account
    amount: Decimal
    shares: dict[str | None, Decimal]


def shared_rows(shop: Shop, basis: Basis, period: Period) -> Iterator[SharedRow]:
    """The rows of a period that are shared over products (P22, P24). Each is split and rounded
    once, also when several entries make it up. Four queries."""
    amounts: dict[tuple[str, str, str | None], Decimal] = {}
    for key, account, item_id, amount in _shared_entries(shop, basis, period):
        place = (key.rpartition("/")[0], account, item_id)
        amounts[place] = amounts.get(place, ZERO) + amount
    if not amounts:
        return
    posts = post_facts({item_id for _, _, item_id in amounts if item_id})
    links = Links(
        by_post={item_id: post.product_ids for item_id, post in posts.items()},
        by_row=dict(_promoted(shop, period)),
    )
    weights = _weights(shop, basis, period)
    for (row, account, item_id), amount in amounts.items():
        shares = product_shares(
            amount,
            post_id=item_id,
            row=row,
            links=links,
            weights=weights,
            currency=shop.currency,
        )
        yield SharedRow(row, Account(account), amount, shares)


def entries_in(shop: Shop, basis: Basis, period: Period) -> QuerySet[Entry]:
    """The entries that count in a period on a basis."""
    day = DAY_FIELD[basis]
    span = Q(**{f"{day}__range": (period.first, period.last)})
    return Entry.objects.filter(span, shop=shop).order_by()


def add_amount(groups: Groups, key: str | None, account: Account, amount: Decimal) -> None:
    """Add an amount to its group; without a key to the unattributed one."""
    sums = groups.setdefault(key or UNATTRIBUTED, {})
    sums[account] = sums.get(account, ZERO) + amount


def _shared_entries(
    shop: Shop, basis: Basis, period: Period
) -> Iterator[tuple[str, str, str | None, Decimal]]:
    rows = entries_in(shop, basis, period).filter(_SHARED)
    found = rows.values_list("key", "account", "post__item_id").annotate(total=Sum("amount"))
    return (row for row in found if row[3])


def _weights(shop: Shop, basis: Basis, period: Period) -> GmvWeights:
    rows = totals(shop, basis, period).filter(account=Account.GMV.value).exclude(product=None)
    by_product: dict[str, Decimal] = {}
    by_post: dict[tuple[str, str], Decimal] = {}
    found = rows.values_list("product__product_id", "post__item_id")
    for product, item_id, amount in found.annotate(total=Sum("amount")):
        by_product[product] = by_product.get(product, ZERO) + amount
        if item_id is not None:
            by_post[item_id, product] = by_post.get((item_id, product), ZERO) + amount
    return GmvWeights(by_product, by_post)


def _promoted(shop: Shop, period: Period) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Promoted products per row that a GMV Max campaign left without a post."""
    grains = GmvMaxDay.Grain
    rows = GmvMaxDay.objects.filter(
        campaign__ad_account__shop=shop,
        day__range=(period.first, period.last),
        product__isnull=False,
    ).exclude(grain=grains.CAMPAIGN)
    found: dict[tuple[str, date], dict[str, set[str]]] = {}
    named = rows.values_list("campaign__campaign_id", "day", "grain", "product__product_id")
    for campaign_id, day, grain, product in named.distinct():
        found.setdefault((campaign_id, day), {}).setdefault(grain, set()).add(product)
    for (campaign_id, day), by_grain in found.items():
        products = by_grain.get(grains.CREATIVE) or by_grain.get(grains.PRODUCT) or set()
        yield f"ad/{rest_row_id(campaign_id, day)}", tuple(sorted(products))
