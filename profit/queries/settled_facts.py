"""What the statements say of an order, as settled amounts per line and type (P18)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from profit.models import StatementLine, UnsettledLine
from profit.rules.facts import Refund, SettledType
from profit.rules.statement_fields import (
    BUYER_SHIPPING,
    ORDER_ROW,
    REFUND,
    REFUNDED_DISCOUNT,
    SALE,
    Section,
    settled_type,
)
from sparkops.money import ZERO

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class SettledPart:
    """A positive cost of one type in one statement; without a line it is the whole order's."""

    line_id: str | None
    type: SettledType
    amount: Decimal
    day: date
    reference: str


@dataclass(frozen=True, slots=True)
class Settled:
    """All that settled of an order. `buyer_shipping` is None while no statement speaks of it."""

    amounts: tuple[SettledPart, ...]
    first_day: date | None
    commission_day: date | None
    refunded: Decimal
    buyer_shipping: Decimal | None

    @property
    def shipping_cost(self) -> Decimal:
        kind = SettledType.FULFILMENT_COST
        return sum((one.amount for one in self.amounts if one.type is kind), ZERO)


def settled_of(
    rows: Sequence[StatementLine], lines_by_sku: Mapping[str, str], *, ads_reported: bool
) -> Settled:
    """Settled amounts of one order from its statement rows, oldest statement first.

    A statement's rows per SKU replace its row of the whole order. Components and informational
    fields are never summed; the unlisted rest of a section is another platform fee.
    """
    orders = [row for row in rows if row.type == ORDER_ROW]
    amounts: list[SettledPart] = []
    for chosen in _by_statement(orders):
        sums: dict[tuple[str | None, SettledType], Decimal] = {}
        for row in chosen:
            line_id = lines_by_sku.get(row.sku_id) if row.sku_id else None
            for kind, amount in _costs(row, ads_reported=ads_reported):
                sums[line_id, kind] = sums.get((line_id, kind), ZERO) + amount
        statement = chosen[0].statement
        amounts += [
            SettledPart(
                line_id,
                kind,
                amount,
                statement.business_day,
                f"Statement {statement.statement_id}",
            )
            for (line_id, kind), amount in sums.items()
        ]
    commission = [
        one.day
        for one in amounts
        if one.type is SettledType.AFFILIATE_COMMISSION and one.amount > ZERO
    ]
    days = [row.statement.business_day for row in orders]
    return Settled(
        amounts=tuple(amounts),
        first_day=min(days, default=None),
        commission_day=min(commission, default=None),
        refunded=_refunded(orders),
        buyer_shipping=_buyer_shipping(orders),
    )


def refunds_are_settled(refunds: Iterable[Refund], settled: Settled) -> bool:
    """Whether the statements show every refund that is booked."""
    booked = sum((refund.item_refund for refund in refunds), ZERO)
    return settled.first_day is None or booked - settled.refunded < CENT


def estimated_shipping(rows: Iterable[UnsettledLine]) -> Decimal:
    """What TikTok expects to charge for shipping the order, as a positive cost."""
    costs = (
        amount
        for row in rows
        for kind, amount in _field_costs(row.fields, ads_reported=True)
        if kind is SettledType.FULFILMENT_COST
    )
    return sum(costs, ZERO)


def _by_statement(rows: Sequence[StatementLine]) -> Iterator[list[StatementLine]]:
    statements: dict[int, list[StatementLine]] = {}
    for row in rows:
        statements.setdefault(row.statement_id, []).append(row)
    for own in statements.values():
        yield [row for row in own if row.sku_id] or own


def _costs(row: StatementLine, *, ads_reported: bool) -> Iterator[tuple[SettledType, Decimal]]:
    yield from _field_costs(row.fields, ads_reported=ads_reported)
    for part in row.unlisted.values():
        yield SettledType.OTHER_PLATFORM_FEE, -Decimal(part["amount"])


def _field_costs(
    fields: Mapping[str, Mapping[str, str]], *, ads_reported: bool
) -> Iterator[tuple[SettledType, Decimal]]:
    for section in Section:
        for name, amount in fields.get(section.value, {}).items():
            kind = settled_type(section, name, ads_reported=ads_reported)
            if kind is not None:
                yield kind, -Decimal(amount)


def _amount(row: StatementLine, name: tuple[Section, str]) -> Decimal | None:
    found = row.fields.get(name[0].value, {}).get(name[1])
    return None if found is None else Decimal(found)


def _refunded(rows: Iterable[StatementLine]) -> Decimal:
    parts = (
        _amount(row, name) or ZERO
        for row in rows
        if not row.sku_id
        for name in (REFUND, REFUNDED_DISCOUNT)
    )
    return -sum(parts, ZERO)


def _buyer_shipping(rows: Iterable[StatementLine]) -> Decimal | None:
    sales = [row for row in rows if not row.sku_id and _amount(row, SALE)]
    stated = [amount for row in sales if (amount := _amount(row, BUYER_SHIPPING)) is not None]
    return sum(stated, ZERO) if stated else None
