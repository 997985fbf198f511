"""Money of an order, from the sale to the statement.

Amounts follow the platform's formulas: fee on item revenue plus buyer-paid shipping, commission on
what the customer pays for the item, both rounded per order line; a refund gives back the fee on
the remaining base, less the US refund administration fee; commission is given back only while it
is not settled yet. Signs as in statements: money to the seller is positive.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sparkops.sandbox.world.commerce import (
    Order,
    OrderLine,
    Return,
    StatementLine,
    StatementTransaction,
)
from sparkops.sandbox.world.money import ZERO, cents, split
from sparkops.sandbox.world.people import Brand
from sparkops.sandbox.world.state import World

SETTLE_AFTER = timedelta(days=7)
REFUND_ADMIN_RATE = Decimal("0.20")
REFUND_ADMIN_CAP = Decimal(5)
PAYMENT_AFTER = timedelta(hours=31, minutes=30)
PAID_AFTER = timedelta(hours=54, minutes=10)

Sections = dict[str, dict[str, Decimal]]


@dataclass
class Statement:
    """One shop's statement of one UTC day, made at 00:00 UTC of the next.

    ``total`` is what the list shows as settlement amount; it differs from the rows only where the
    shop has a seeded statement error. ``reserve`` is outside ``total``; ``payable`` includes it.
    """

    id: str
    shop_id: str
    day: date
    rows: list[StatementTransaction]
    error: Decimal = ZERO

    @property
    def made_at(self) -> datetime:
        return datetime.combine(self.day + timedelta(days=1), time(), UTC)

    def sum(self, name: str) -> Decimal:
        """The sum over rows of ``revenue``, ``shipping_cost``, ``fee_tax``, ``adjustment``, ..."""
        return sum((getattr(row, name) for row in self.rows), ZERO)

    @property
    def total(self) -> Decimal:
        return self.sum("settlement") + self.error

    @property
    def reserve(self) -> Decimal:
        return self.sum("reserve")

    @property
    def payable(self) -> Decimal:
        return self.total + self.reserve

    @property
    def payment_id(self) -> str:
        return "3459" + self.id[4:]

    @property
    def payment_made_at(self) -> datetime:
        return self.made_at + PAYMENT_AFTER

    @property
    def paid_at(self) -> datetime:
        return self.made_at + PAID_AFTER

    def payment_status(self, now: datetime) -> str:
        return "PAID" if self.payable > 0 and self.paid_at <= now else "PROCESSING"


def statements(world: World, shop_id: str, now: datetime) -> list[Statement]:
    """The statements that exist at ``now``, oldest first. Days without rows have none."""
    made = world.derived(("statements", shop_id), lambda: _all_statements(world, shop_id))
    return [statement for statement in made if statement.made_at <= now]


def _all_statements(world: World, shop_id: str) -> list[Statement]:
    days: dict[date, list[StatementTransaction]] = defaultdict(list)
    for row in world.statement_rows.values():
        if row.shop_id == shop_id:
            days[row.settled_at.date()].append(row)
    errors = world.shops[shop_id].statement_errors
    return [
        Statement(
            id=f"7562{shop_id[-6:]}{day:%Y%m%d}0",
            shop_id=shop_id,
            day=day,
            rows=sorted(rows, key=lambda row: (row.settled_at, row.id)),
            error=errors.get(day.isoformat(), ZERO),
        )
        for day, rows in sorted(days.items())
    ]


def settled(row: StatementTransaction, now: datetime) -> bool:
    """Whether the row stands in a statement that exists at ``now``."""
    return _in_statement(row.settled_at, now)


def shipping_by_line(order: Order) -> list[Decimal]:
    return split(order.buyer_shipping, [line.item_revenue for line in order.lines])


def fee_of(brand: Brand, base: Decimal, rate: Decimal | None = None) -> Decimal:
    return cents((brand.referral_rate if rate is None else rate) * base)


def commission_of(order: Order, line: OrderLine) -> Decimal:
    return cents(order.affiliate.paid_rate * line.sale_price) if order.affiliate else ZERO


def fee_field(brand: Brand) -> str:
    return "referral_fee_amount" if brand.market == "US" else "platform_commission_amount"


def commission_field(order: Order) -> str:
    ads = order.affiliate is not None and order.affiliate.ad_driven
    return "affiliate_ads_commission_amount" if ads else "affiliate_commission_amount"


def sale_lines(brand: Brand, order: Order, rate: Decimal | None = None) -> list[StatementLine]:
    """Each line's part of the sale: revenue, shipping, fee and commission."""
    weights = [line.item_revenue for line in order.lines]
    paid = split(order.buyer_shipping, weights)
    carrier = split(-order.carrier_fee, weights)
    subsidy = split(order.carrier_subsidy, weights)
    parts = []
    for line, shipping, fee_part, subsidy_part in zip(
        order.lines, paid, carrier, subsidy, strict=True
    ):
        sections: Sections = {
            "revenue": {
                "subtotal_before_discount_amount": line.original_price,
                "seller_discount_amount": -line.seller_discount,
            },
            "shipping": {
                "actual_shipping_fee_amount": fee_part,
                "shipping_fee_discount_amount": subsidy_part,
                "customer_paid_shipping_fee_amount": shipping,
            },
            "fee": {fee_field(brand): -fee_of(brand, line.item_revenue + shipping, rate)},
            "supplementary": {
                "customer_payment_amount": line.sale_price + line.tax,
                "platform_discount_amount": line.platform_discount,
                "sales_tax_amount": line.tax,
                "sales_tax_payment_amount": line.tax,
            },
        }
        if order.affiliate:
            sections["fee"][commission_field(order)] = -commission_of(order, line)
        parts.append(_statement_line(line, sections))
    return parts


def refund_lines(
    brand: Brand,
    order: Order,
    back: Return,
    commission_settled_at: datetime,
    rate: Decimal | None = None,
) -> list[StatementLine]:
    """Each refunded line's part of a refund row."""
    returned = [line for line in order.lines if line.id in back.line_ids]
    weights = [line.sale_price for line in returned]
    shipping = dict(zip((line.id for line in order.lines), shipping_by_line(order), strict=True))
    item_parts = split(back.item_refund, weights)
    discount_parts = split(
        back.platform_discount_refund, [line.platform_discount for line in returned]
    )
    shipping_parts = split(back.shipping_refund, weights)
    label_parts = split(-back.return_shipping_fee, weights)
    parts = []
    for index, line in enumerate(returned):
        revenue = item_parts[index] + discount_parts[index]
        base = line.item_revenue + shipping[line.id]
        fee = fee_of(brand, base, rate)
        left = fee_of(brand, base - revenue - shipping_parts[index], rate)
        seller_part = cents(line.seller_discount * revenue / line.item_revenue)
        sections: Sections = {
            "revenue": {
                "refund_subtotal_before_discount_amount": -(revenue + seller_part),
                "seller_discount_refund_amount": seller_part,
            },
            "shipping": {
                "return_shipping_fee_amount": label_parts[index],
                "customer_paid_shipping_fee_amount": -shipping_parts[index],
            },
            "fee": {fee_field(brand): fee - left},
            "supplementary": {"customer_refund_amount": -item_parts[index]},
        }
        if brand.market == "US":
            admin = min(REFUND_ADMIN_CAP, cents(REFUND_ADMIN_RATE * (fee - left)))
            sections["fee"]["refund_administration_fee_amount"] = -admin
        if order.affiliate and back.completed_at <= commission_settled_at:
            kept = cents(order.affiliate.paid_rate * (line.sale_price - item_parts[index]))
            sections["fee"][commission_field(order)] = commission_of(order, line) - kept
        parts.append(_statement_line(line, sections))
    return parts


def _statement_line(line: OrderLine, sections: Sections) -> StatementLine:
    return StatementLine(
        line_id=line.id,
        sku_id=line.sku_id,
        product_id=line.product_id,
        sku_name=line.sku_name,
        product_name=line.product_name,
        sections=sections,
    )


def combined(lines: list[StatementLine]) -> Sections:
    """The sections of a row: its lines added up, field by field."""
    total: Sections = {}
    for line in lines:
        for section, amounts in line.sections.items():
            fields = total.setdefault(section, {})
            for name, amount in amounts.items():
                fields[name] = fields.get(name, ZERO) + amount
    return total


def settle(
    world: World, order: Order, returns: list[Return], rate: Decimal | None = None
) -> list[StatementTransaction]:
    """Books an order's sale row and its refund rows. Sets ``order.settles_at``.

    The sale settles seven days after delivery, or when an open return is over if that is later.
    """
    if order.delivered_at is None or order.is_sample:
        return []
    brand = world.brand_of_shop(order.shop_id)
    done = [back for back in returns if back.rejected_at is None]
    at = order.delivered_at + SETTLE_AFTER
    open_then = [back.completed_at for back in done if back.created_at <= at]
    order.settles_at = max([at, *open_then])
    rows = [_row(world, order, order.settles_at, sale_lines(brand, order, rate))]
    for back in done:
        lines = refund_lines(brand, order, back, order.settles_at, rate)
        rows.append(_row(world, order, max(back.completed_at, order.settles_at), lines))
    return rows


def _row(
    world: World, order: Order, at: datetime, lines: list[StatementLine]
) -> StatementTransaction:
    row = StatementTransaction(
        id=world.new_id("statement_row"),
        shop_id=order.shop_id,
        type="ORDER",
        settled_at=at,
        order_id=order.id,
        order_created_at=order.created_at,
        sections=combined(lines),
        lines=lines,
    )
    world.statement_rows[row.id] = row
    return row


def unsettled_orders(world: World, shop_id: str, now: datetime) -> list[Order]:
    """Paid, not cancelled orders whose sale row is in no statement yet."""
    return [
        order
        for order in world.orders.values()
        if order.shop_id == shop_id
        and not order.is_sample
        and order.paid_at is not None
        and order.paid_at <= now
        and order.status(now) != "CANCELLED"
        and (order.settles_at is None or not _in_statement(order.settles_at, now))
    ]


def _in_statement(settles_at: datetime, now: datetime) -> bool:
    return datetime.combine(settles_at.date() + timedelta(days=1), time(), UTC) <= now
