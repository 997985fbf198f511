"""The P&L of every shop of the open scope, side by side, from the rollup (domain 6.4)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from profit.models import AgencyFee, DayTotal
from profit.queries.groups import stretches
from profit.queries.pnl import (
    STREAMS,
    Stages,
    Sums,
    before,
    charged_for,
    in_force,
    months_ending_in,
    own_days,
    shares,
)
from profit.rules.entries import Account
from profit.rules.facts import Basis, Period
from profit.rules.pnl import Pnl
from profit.rules.ratios import Ratios, ratios
from sparkops.catalog.models import Shop
from sparkops.clock import is_zone
from sparkops.landing.queries import Freshness, freshness_by_client
from sparkops.money import ZERO
from sparkops.tenants.models import Client

NEVER_READ = Freshness(None, False, ())
Periods = Mapping[int, Period]
Rows = QuerySet[DayTotal, Any]


@dataclass(frozen=True)
class ShopResult:
    """What one shop made in a period of its own days, and in the one before it, in its currency.

    `pnl` bears agency fees (P26), `earlier` does not: compare them down to cm3. `by_stage` is gmv
    by the stage of its figures, `course` gmv per stretch of the period, oldest first. Without
    `booked` the rollup has no row of either period.
    """

    period: Period
    pnl: Pnl
    earlier: Pnl
    by_stage: Mapping[str, Decimal]
    course: tuple[Decimal, ...]
    booked: bool

    @property
    def stages(self) -> Stages:
        """Shares of gmv by the stage of its figures."""
        return shares(self.by_stage)

    @property
    def ratios(self) -> Ratios:
        """Ratios that need no count of orders; without those that need a missing unit cost."""
        found = ratios(self.pnl, 0)
        return found if self.pnl.complete else replace(found, break_even_roas=None, cm3_margin=None)


@dataclass(frozen=True)
class Line:
    """A client with one of its shops. Without a shop, and where nothing was read nor booked,
    `result` is None: there is nothing to state, not even a zero."""

    client: Client
    shop: Shop | None
    result: ShopResult | None
    fresh: Freshness

    @property
    def zone_is_known(self) -> bool:
        """Whether the shop's zone can be read; else its days are those of UTC."""
        return self.shop is None or is_zone(self.shop.timezone)


def side_by_side(clients: Iterable[Client], days: int, basis: Basis, now: datetime) -> list[Line]:
    """A line per client and shop, by currency and the highest gmv, then what states nothing.

    Days are each shop's own, until its today. Five queries for any number of clients, and one more
    where the agency charges for a month that ends in the period.
    """
    shops = {shop.pk: shop for shop in Shop.objects.order_by("name", "pk")}
    periods = {key: own_days(shop, days, now) for key, shop in shops.items()}
    results = _results(shops, periods, basis)
    of_client: dict[int, list[Shop]] = defaultdict(list)
    for shop in shops.values():
        of_client[shop.client_id].append(shop)
    fresh = freshness_by_client(STREAMS)
    lines = [
        _line(client, shop, results, fresh.get(client.pk, NEVER_READ))
        for client in clients
        for shop in of_client.get(client.pk) or (None,)
    ]
    return sorted(lines, key=_place)


def _line(
    client: Client, shop: Shop | None, results: Mapping[int, ShopResult], fresh: Freshness
) -> Line:
    result = results[shop.pk] if shop else None
    if result is not None and not result.booked and fresh.as_of is None:
        result = None
    return Line(client, shop, result, fresh)


def _place(line: Line) -> tuple[bool, str, Decimal, str, str]:
    result = line.result
    currency, gmv = (result.pnl.currency, -result.pnl.gmv) if result else ("", ZERO)
    return result is None, currency, gmv, line.client.name, str(line.shop or "")


def _results(shops: Mapping[int, Shop], periods: Periods, basis: Basis) -> dict[int, ShopResult]:
    """The result of each shop, also of those without a row."""
    if not shops:
        return {}
    now, then, stages = _sums(periods, basis)
    courses, fees = _courses(periods, basis), _fees(shops, periods, basis)
    return {
        shop_id: ShopResult(
            period=periods[shop_id],
            pnl=Pnl.of({**now.get(shop_id, {}), **fees.get(shop_id, {})}, shop.currency),
            earlier=Pnl.of(then.get(shop_id, {}), shop.currency),
            by_stage=stages.get(shop_id, {}),
            course=courses[shop_id],
            booked=shop_id in now,
        )
        for shop_id, shop in shops.items()
    }


def _sums(
    periods: Periods, basis: Basis
) -> tuple[dict[int, Sums], dict[int, Sums], dict[int, dict[str, Decimal]]]:
    """Per shop: sums by account of its period and of the one before, and gmv by stage. One query,
    one pass over the rollup."""

    def ask(rows: Rows, period: Period) -> Rows:
        both = rows.filter(day__range=(before(period).first, period.last))
        return both.values_list("shop_id", "account", "stage").annotate(
            amount_now=Sum("amount", filter=Q(day__gte=period.first), default=ZERO),
            amount_before=Sum("amount", filter=Q(day__lt=period.first), default=ZERO),
        )

    now: dict[int, Sums] = defaultdict(dict)
    then: dict[int, Sums] = defaultdict(dict)
    stages: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for shop_id, word, stage, amount, amount_before in _asked(periods, basis, ask):
        account = Account(word)
        for sums, part in ((now[shop_id], amount), (then[shop_id], amount_before)):
            sums[account] = sums.get(account, ZERO) + part
        if account is Account.GMV:
            stages[shop_id][stage] = amount
    return now, then, stages


def _courses(periods: Periods, basis: Basis) -> dict[int, tuple[Decimal, ...]]:
    """The gmv of each shop by stretch of its period, oldest first. One query."""

    def ask(rows: Rows, period: Period) -> Rows:
        sold = rows.filter(day__range=(period.first, period.last), account=Account.GMV.value)
        return sold.values_list("shop_id", "day").annotate(sold=Sum("amount"))

    values = {key: [ZERO] * stretches(one)[1] for key, one in periods.items()}
    for shop_id, day, amount in _asked(periods, basis, ask):
        period = periods[shop_id]
        values[shop_id][(day - period.first).days // stretches(period)[0]] += amount
    return {shop_id: tuple(some) for shop_id, some in values.items()}


def _fees(shops: Mapping[int, Shop], periods: Periods, basis: Basis) -> dict[int, Sums]:
    """What the agency charges each shop for the months that end in its period (P26): two queries,
    or one where nothing is agreed."""
    agreed: dict[int, list[AgencyFee]] = defaultdict(list)
    for fee in AgencyFee.objects.order_by("pk"):
        agreed[fee.shop_id].append(fee)
    months = {shop_id: list(months_ending_in(periods[shop_id])) for shop_id in agreed}
    whole = _month_sums({shop_id: some for shop_id, some in months.items() if some}, basis)
    found: dict[int, Sums] = {}
    for shop_id, fees in agreed.items():
        due = ZERO
        for month in months[shop_id]:
            pnl = Pnl.of(whole.get((shop_id, month.first), {}), shops[shop_id].currency)
            due += sum(amount for _, _, amount in charged_for(month, pnl, in_force(fees, month)))
        if due:
            found[shop_id] = {Account.AGENCY_FEES: due}
    return found


def _month_sums(months: Mapping[int, list[Period]], basis: Basis) -> dict[tuple[int, date], Sums]:
    """Sums by account of each shop and calendar month, named by its first day."""
    if not months:
        return {}

    def ask(rows: Rows, span: Period) -> Rows:
        whole = rows.filter(day__range=(span.first, span.last)).annotate(month=TruncMonth("day"))
        return whole.values_list("shop_id", "month", "account").annotate(total=Sum("amount"))

    spans = {key: Period(first=some[0].first, last=some[-1].last) for key, some in months.items()}
    found: dict[tuple[int, date], Sums] = defaultdict(dict)
    for shop_id, month, word, total in _asked(spans, basis, ask):
        found[shop_id, month][Account(word)] = total
    return found


def _asked(
    periods: Periods, basis: Basis, ask: Callable[[Rows, Period], Rows]
) -> Iterable[tuple[Any, ...]]:
    """What `ask` says of the rows of shops that have the same days, in one statement.

    Zones differ by a day or two, so there are at most three such groups. As branches of a union
    each is a range of the index; as one condition Postgres looks at every row for its shop's days.
    """
    shops: dict[Period, list[int]] = defaultdict(list)
    for shop_id, period in periods.items():
        shops[period].append(shop_id)
    totals = DayTotal.objects.filter(basis=basis.value).order_by()
    first, *others = (ask(totals.filter(shop__in=some), period) for period, some in shops.items())
    return first.union(*others, all=True)
