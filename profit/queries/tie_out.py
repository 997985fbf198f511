"""From settlement rows over statements to payouts, and every cent on the way that nothing explains
(contract 6.5, PD9)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Sum

from profit.models import Payment, Statement
from profit.queries.statements import rows_of_shop
from profit.rules.facts import Period
from sparkops.catalog.models import Shop
from sparkops.money import ZERO

_SECTIONS = (
    F("revenue_amount") + F("shipping_amount") + F("fee_tax_amount") + F("adjustment_amount")
)


@dataclass(frozen=True)
class Unexplained:
    """Two amounts that should be equal and are not, or a fee that nobody listed.

    `statement_id` leads to the statement; a difference of a payout has none.
    """

    what: str
    name: str
    statement_id: str
    stated: Decimal | None
    found: Decimal | None
    difference: Decimal


@dataclass(frozen=True)
class Payout:
    """A payout and the statements it pays: `payable` is their settled amount plus reserve."""

    payment: Payment
    statements: int
    settled: Decimal
    reserve: Decimal

    @property
    def payable(self) -> Decimal:
        return self.settled + self.reserve

    @property
    def stated(self) -> Decimal:
        return self.payment.settlement_amount + self.payment.reserve_amount

    @property
    def difference(self) -> Decimal:
        return self.payable - self.stated


@dataclass(frozen=True)
class TieOutReport:
    """A period by business day, in the shop's currency. `rows` counts read statements only.

    rows + unread + differences of statements = settled; settled + reserve = payable, which is paid
    or waiting.
    """

    statements: int
    unread: int
    rows: Decimal
    unread_amount: Decimal
    settled: Decimal
    reserve: Decimal
    paid: Decimal
    waiting: Decimal
    payouts: tuple[Payout, ...]
    unexplained: tuple[Unexplained, ...]
    unlisted: tuple[Unexplained, ...]

    @property
    def payable(self) -> Decimal:
        return self.settled + self.reserve

    @property
    def row_difference(self) -> Decimal:
        return self.settled - self.unread_amount - self.rows

    @property
    def unexplained_cents(self) -> Decimal:
        """The size of all differences: opposite ones do not cancel out."""
        return sum((abs(one.difference) for one in self.unexplained), ZERO)


def tie_out(shop: Shop, period: Period) -> TieOutReport:
    """Every comparison of the statements of a period. Seven queries."""
    statements = list(
        Statement.objects.filter(
            shop=shop, business_day__range=(period.first, period.last)
        ).order_by("-statement_time", "-pk")
    )
    read = [one for one in statements if one.rows_read_at is not None]
    unread = [one for one in statements if one.rows_read_at is None]
    payouts = _payouts(shop, {one.payment_id for one in statements if one.payment_id})
    differences = [
        *_of_rows(shop, period, read),
        *_of_payables(read),
        *_of_payouts(shop, payouts),
    ]
    payable = {one.pk: one.settlement_amount + one.reserve_amount for one in statements}
    return TieOutReport(
        statements=len(statements),
        unread=len(unread),
        rows=sum((one.rows_total or ZERO for one in read), ZERO),
        unread_amount=sum((one.settlement_amount for one in unread), ZERO),
        settled=sum((one.settlement_amount for one in statements), ZERO),
        reserve=sum((one.reserve_amount for one in statements), ZERO),
        paid=sum((payable[one.pk] for one in statements if one.payment_id), ZERO),
        waiting=sum((payable[one.pk] for one in statements if not one.payment_id), ZERO),
        payouts=payouts,
        unexplained=tuple(differences),
        unlisted=tuple(_unlisted(shop, period)),
    )


def _payouts(shop: Shop, ids: set[str]) -> tuple[Payout, ...]:
    payments = Payment.objects.filter(shop=shop, payment_id__in=ids).order_by("-created_at", "-pk")
    paid = Statement.objects.filter(shop=shop, payment_id__in=ids).order_by()
    sums: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for payment_id, settled, reserve in paid.values_list(
        "payment_id", "settlement_amount", "reserve_amount"
    ):
        sums.setdefault(payment_id, []).append((settled, reserve))
    return tuple(
        Payout(
            payment,
            len(sums.get(payment.payment_id, ())),
            sum((settled for settled, _ in sums.get(payment.payment_id, ())), ZERO),
            sum((reserve for _, reserve in sums.get(payment.payment_id, ())), ZERO),
        )
        for payment in payments
    )


def _of_rows(shop: Shop, period: Period, read: list[Statement]) -> Iterator[Unexplained]:
    sums = {
        statement: (sections, reserve)
        for statement, sections, reserve in rows_of_shop(shop, period)
        .order_by()
        .values_list("statement_id")
        .annotate(sections=Sum(_SECTIONS), reserve=Sum("reserve_amount"))
    }
    for one in read:
        rows = one.rows_total or ZERO
        sections, reserve = sums.get(one.pk, (ZERO, ZERO))
        for what, stated, found in (
            ("Rows against the statement", one.settlement_amount, rows),
            ("Revenue, shipping, fees and adjustments against the rows", rows, sections),
            ("Reserve of the rows against the statement", one.reserve_amount, reserve),
        ):
            if found != stated:
                yield _of_statement(one, what, stated, found)


def _of_payables(read: list[Statement]) -> Iterator[Unexplained]:
    for one in read:
        payable = one.settlement_amount + one.reserve_amount
        if one.payable_amount is not None and one.payable_amount != payable:
            what = "Settled and reserve against payable"
            yield _of_statement(one, what, one.payable_amount, payable)


def _of_payouts(shop: Shop, payouts: tuple[Payout, ...]) -> Iterator[Unexplained]:
    for one in payouts:
        name = f"Payout {one.payment.payment_id}"
        if one.difference:
            what = "Statements against their payout"
            yield Unexplained(what, name, "", one.stated, one.payable, one.difference)
        # After an exchange the amount is in another currency: that difference is the bank's rate.
        sent = one.payment.amount
        if one.payment.currency == shop.currency and sent != one.stated:
            what = "Settled and reserve against what was sent"
            yield Unexplained(what, name, "", sent, one.stated, one.stated - sent)


def _of_statement(statement: Statement, what: str, stated: Decimal, found: Decimal) -> Unexplained:
    key = statement.statement_id
    return Unexplained(what, f"Statement {key}", key, stated, found, found - stated)


def _unlisted(shop: Shop, period: Period) -> Iterator[Unexplained]:
    """What section totals hold beyond the listed fees; booked as other platform fee."""
    rows = rows_of_shop(shop, period).exclude(unlisted={}).select_related("statement")
    for row in rows.order_by("-statement__statement_time", "pk"):
        for total, part in row.unlisted.items():
            names = ", ".join(part["fields"]) or "no field that explains it"
            yield Unexplained(
                what=f"{total.replace('_', ' and ').capitalize()}: {names}",
                name=f"Order {row.order_id}" if row.order_id else row.type,
                statement_id=row.statement.statement_id,
                stated=None,
                found=None,
                difference=Decimal(part["amount"]),
            )
