"""Statements against their rows and their payout (contract 6.5, PD9)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, QuerySet, Sum

from profit.models import Payment, Statement, StatementLine
from profit.rules.facts import Period
from sparkops.catalog.models import Shop

CENT = Decimal("0.01")


@dataclass(frozen=True)
class TieOut:
    """One comparison of two numbers that should be equal; `places` are the digits to show."""

    label: str
    stated: Decimal
    found: Decimal
    places: int = 2

    @property
    def difference(self) -> Decimal:
        return self.found - self.stated

    @property
    def ties(self) -> bool:
        return abs(self.difference) < CENT


def statements_with_difference() -> QuerySet[Statement]:
    """Statements with `difference`: sum of their rows less what the statement states; None while
    its rows are not read."""
    return Statement.objects.select_related("shop").annotate(
        difference=F("rows_total") - F("settlement_amount")
    )


def rows_of(statement: Statement) -> QuerySet[StatementLine]:
    """The rows that sum to the statement; rows per SKU repeat them and are left out."""
    return StatementLine.objects.filter(statement=statement, sku_id="")


def rows_of_shop(shop: Shop, period: Period) -> QuerySet[StatementLine]:
    """The rows of all statements of a period by business day, without those per SKU."""
    days = (period.first, period.last)
    return StatementLine.objects.filter(
        statement__shop=shop, statement__business_day__range=days, sku_id=""
    )


def tie_outs(statement: Statement) -> list[TieOut]:
    """The checks of one statement: rows, sections of rows, payable, payout. Three queries."""
    if statement.rows_read_at is None:
        return []
    found = rows_of(statement).aggregate(
        rows=Sum("settlement_amount", default=0),
        sections=Sum(
            F("revenue_amount")
            + F("shipping_amount")
            + F("fee_tax_amount")
            + F("adjustment_amount"),
            default=0,
        ),
        reserve=Sum("reserve_amount", default=0),
        count=Count("pk"),
    )
    checks = [
        TieOut("Rows sum to the statement", statement.settlement_amount, found["rows"]),
        TieOut(
            "Revenue, shipping, fees and adjustments of the rows", found["rows"], found["sections"]
        ),
    ]
    if statement.rows_expected is not None:
        expected = Decimal(statement.rows_expected)
        checks.append(TieOut("Number of rows", expected, Decimal(found["count"]), places=0))
    if statement.payable_amount is not None:
        payable = statement.settlement_amount + statement.reserve_amount
        checks.append(TieOut("Payable is settled plus reserve", statement.payable_amount, payable))
    return [*checks, *_payout(statement)]


def _payout(statement: Statement) -> list[TieOut]:
    payment = Payment.objects.filter(payment_id=statement.payment_id).first()
    if payment is None or not statement.payment_id:
        return []
    paid = Statement.objects.filter(payment_id=statement.payment_id)
    payable = paid.aggregate(total=Sum(F("settlement_amount") + F("reserve_amount"), default=0))[
        "total"
    ]
    stated = payment.settlement_amount + payment.reserve_amount
    return [TieOut("Payout is the sum of its statements", stated, payable)]
