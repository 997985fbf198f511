"""The P&L of a shop for a period, from the rollup (domain 6.4)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Case, DecimalField, F, QuerySet, Sum, Value, When

from profit.models import AgencyFee, DayTotal
from profit.rules import facts
from profit.rules.agency import agency_entries
from profit.rules.entries import Account
from profit.rules.facts import Basis, Period, Stage
from profit.rules.pnl import UNATTRIBUTED, Pnl
from sparkops.catalog.models import Shop
from sparkops.clock import shop_day, zone_or_utc
from sparkops.money import ZERO, ratio

MONEY: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=18, decimal_places=4)
Sums = dict[Account, Decimal]
# What TikTok is asked for to work out a P&L.
STREAMS = ("orders", "affiliate_orders", "statements", "ad_days", "gmv_max_days")
_OF_WORD = {account.value: account for account in Account}


@dataclass(frozen=True)
class Stages:
    """Shares of gmv by the stage of its figures; None without gmv."""

    estimated: Decimal | None
    processing: Decimal | None
    settled: Decimal | None


def totals(shop: Shop, basis: Basis, period: Period) -> QuerySet[DayTotal]:
    """Day totals of a shop in a period on a basis (P6)."""
    return DayTotal.objects.filter(
        shop=shop, basis=basis.value, day__range=(period.first, period.last)
    ).order_by()


def sums(shop: Shop, basis: Basis, period: Period) -> Sums:
    """Sums per account, memo accounts included. One query."""
    rows = totals(shop, basis, period).values_list("account").annotate(total=Sum("amount"))
    return {Account(account): total for account, total in rows}


@dataclass(frozen=True)
class Rolled:
    """The rollup of a period by day, account and stage: one pass over it for a whole page.

    `rows` are those of one shop, amounts in its currency.
    """

    period: Period
    currency: str
    rows: tuple[tuple[date, Account, str, Decimal], ...]

    @property
    def sums(self) -> Sums:
        """Sums per account, memo accounts included."""
        found: Sums = defaultdict(lambda: ZERO)
        for _, account, _, amount in self.rows:
            found[account] += amount
        return dict(found)

    @property
    def lacks_costs(self) -> bool:
        """Whether anything was sold whose unit cost was not known (PD7)."""
        return any(account is Account.GMV_WITHOUT_UNIT_COST for _, account, _, _ in self.rows)

    @property
    def open_accounts(self) -> set[Account]:
        """Accounts with amounts that may still change before they are settled."""
        found: Sums = defaultdict(lambda: ZERO)
        for _, account, stage, amount in self.rows:
            if stage != Stage.SETTLED.value:
                found[account] += amount
        return {account for account, amount in found.items() if amount}

    @property
    def stages(self) -> Stages:
        """How much of gmv is estimated, processing and settled (PD2)."""
        found: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for _, account, stage, amount in self.rows:
            if account is Account.GMV:
                found[stage] += amount
        return shares(found)

    def daily(self) -> list[tuple[date, Pnl]]:
        """A P&L per day of the period, also for days without rows, oldest first."""
        by_day: dict[date, Sums] = defaultdict(dict)
        for day, account, _, amount in self.rows:
            of_day = by_day[day]
            of_day[account] = of_day.get(account, ZERO) + amount
        span = (self.period.last - self.period.first).days + 1
        days = [self.period.first + timedelta(days=step) for step in range(span)]
        return [(day, Pnl.of(by_day.get(day, {}), self.currency)) for day in days]


def rolled(shop: Shop, basis: Basis, period: Period) -> tuple[Rolled, Rolled]:
    """The rollup of a shop in a period on a basis, and in the one before it. One query."""
    earlier = before(period)
    rows = _rows(shop, basis, Period(first=earlier.first, last=period.last))
    return (
        Rolled(period, shop.currency, tuple(row for row in rows if row[0] >= period.first)),
        Rolled(earlier, shop.currency, tuple(row for row in rows if row[0] <= earlier.last)),
    )


def own_days(shop: Shop, days: int, now: datetime) -> Period:
    """The last `days` days of the shop's own zone, today included; of UTC where it is unknown."""
    today = shop_day(now, zone_or_utc(shop.timezone))
    return Period(first=today - timedelta(days=days - 1), last=today)


def before(period: Period) -> Period:
    """The period of the same length that ends where this one begins."""
    length = (period.last - period.first).days + 1
    return Period(
        first=period.first - timedelta(days=length), last=period.first - timedelta(days=1)
    )


def _rows(
    shop: Shop, basis: Basis, period: Period
) -> tuple[tuple[date, Account, str, Decimal], ...]:
    found = totals(shop, basis, period).values_list("day", "account", "stage")
    rows = found.annotate(total=Sum("amount"))
    return tuple((day, _OF_WORD[word], stage, total) for day, word, stage, total in rows)


def shop_pnl(
    shop: Shop,
    basis: Basis,
    period: Period,
    known: Sums | None = None,
    agreed: Sequence[AgencyFee] | None = None,
) -> Pnl:
    """The P&L of a shop with agency fees (P26). Two queries, and one per month that has a fee; one
    less when the period's sums are `known`, one when what was `agreed` with the agency is."""
    found = sums(shop, basis, period) if known is None else dict(known)
    charged = agency_fees(shop, basis, period, agreed)
    fees = sum((amount for _, _, amount in charged), ZERO)
    if fees:
        found[Account.AGENCY_FEES] = fees
    return Pnl.of(found, shop.currency)


def agreed_fees(shop: Shop) -> list[AgencyFee]:
    """What was agreed with the agency about a shop. One query."""
    return list(AgencyFee.objects.filter(shop=shop).order_by("pk"))


def agency_fees(
    shop: Shop, basis: Basis, period: Period, agreed: Sequence[AgencyFee] | None = None
) -> list[tuple[AgencyFee, date, Decimal]]:
    """What the agency charges for each calendar month that ends in the period, on its last day.

    A fee has a minimum per month, so it belongs to a whole month and is worked out from that month
    on the report's own basis; no ledger entry could say it for every basis.
    """
    fees = agreed_fees(shop) if agreed is None else agreed
    charged: list[tuple[AgencyFee, date, Decimal]] = []
    for month in months_ending_in(period) if fees else ():
        if due := in_force(fees, month):
            whole = Pnl.of(sums(shop, basis, month), shop.currency)
            charged += charged_for(month, whole, due)
    return charged


def charged_for(
    month: Period, whole: Pnl, due: Sequence[AgencyFee]
) -> list[tuple[AgencyFee, date, Decimal]]:
    """What the fees `due` charge for a calendar month whose P&L is `whole`, on its last day."""
    by_key = {str(fee.pk): fee for fee in due}
    wanted = agency_entries((_fee_fact(fee) for fee in due), whole, month)
    return [
        (by_key[entry.row.rpartition("/")[2]], month.last, entry.amount) for entry in wanted.entries
    ]


def stages(shop: Shop, basis: Basis, period: Period) -> Stages:
    """How much of gmv is estimated, processing and settled (PD2). One query."""
    rows = dict(
        totals(shop, basis, period)
        .filter(account=Account.GMV.value)
        .values_list("stage")
        .annotate(total=Sum("amount"))
    )
    return shares(rows)


def shares(by_stage: Mapping[str, Decimal]) -> Stages:
    """Stages by their amounts of gmv."""
    whole = sum(by_stage.values(), ZERO)
    return Stages(*(ratio(by_stage.get(word, ZERO), whole) for word in Stages.__annotations__))


@dataclass(frozen=True)
class Uncosted:
    """A product sold without a known unit cost, and the gmv concerned (PD7)."""

    title: str
    amount: Decimal


def sold_without_cost(shop: Shop, basis: Basis, period: Period) -> list[Uncosted]:
    """Products sold without a known unit cost. One query."""
    rows = (
        totals(shop, basis, period)
        .filter(account=Account.GMV_WITHOUT_UNIT_COST.value)
        .values_list("product_id", "product__title")
        .annotate(total=Sum("amount"))
    )
    return [Uncosted(title or UNATTRIBUTED, total) for _, title, total in rows if total]


def signed(level: str) -> Sum:
    """SQL of a level of the tree, such as `cm3`, over rollup rows; the tree gives the signs."""
    signs = {account: getattr(Pnl.of({account: Decimal(1)}, "USD"), level) for account in Account}
    whens = [
        When(account=account.value, then=F("amount") * Value(sign))
        for account, sign in signs.items()
        if sign
    ]
    return Sum(Case(*whens, default=Value(ZERO), output_field=MONEY))


def months_ending_in(period: Period) -> Iterator[Period]:
    """The calendar months whose last day lies in the period, oldest first."""
    day = period.first.replace(day=1)
    while day <= period.last:
        after = (day + timedelta(days=31)).replace(day=1)
        last = after - timedelta(days=1)
        if period.first <= last <= period.last:
            yield Period(first=day, last=last)
        day = after


def in_force(fees: Iterable[AgencyFee], month: Period) -> list[AgencyFee]:
    """Those that hold on some day of the month."""
    return [
        fee
        for fee in fees
        if fee.effective_from <= month.last
        and (fee.effective_to is None or fee.effective_to >= month.first)
    ]


def _fee_fact(fee: AgencyFee) -> facts.AgencyFee:
    return facts.AgencyFee(
        fee_id=str(fee.pk),
        kind=facts.AgencyFeeKind(fee.kind),
        amount=fee.amount or ZERO,
        rate=fee.rate or ZERO,
        minimum=fee.minimum or ZERO,
    )
