"""Facts for the tests of the rules: a dollar shop in Los Angeles unless a test says otherwise."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from profit.rules.context import Context, UnitCosts
from profit.rules.entries import Account, Entry
from profit.rules.facts import (
    FeeRules,
    Line,
    Order,
    OrderFacts,
    Post,
    ReferralFeeRule,
    Refund,
    RefundAdminFeeRule,
    Shop,
    UnitCost,
)
from profit.rules.fx import FxRate, FxRates

D = Decimal
ORDERED = datetime(2026, 5, 4, 18, tzinfo=UTC)

US_SHOP = Shop(shop_id="us", market="US", timezone="America/Los_Angeles", currency="USD")
US_RULES = FeeRules(
    referral=(ReferralFeeRule(effective_from=date(2024, 4, 1), rate=D("0.06")),),
    refund_admin=(
        RefundAdminFeeRule(
            effective_from=date(2025, 5, 15), rate_of_referral_fee=D("0.20"), cap_per_line=D("5.00")
        ),
    ),
)


def cost(item_id: str, amount: str, since: date = date(2026, 1, 1), **fields: Any) -> UnitCost:
    values: dict[str, Any] = {"currency": "USD", **fields}
    return UnitCost(item_id=item_id, effective_from=since, amount=D(amount), **values)


def context(**fields: Any) -> Context:
    values: dict[str, Any] = {
        "shop": US_SHOP,
        "report_currency": "USD",
        "rules": US_RULES,
        "unit_costs": UnitCosts((cost("P1", "10.00"),)),
        "posts": {"V1": Post(post_id="V1", creator_id="ana", product_ids=("P1",))},
        **fields,
    }
    return Context(**values)


def line(unit_price: str = "40.00", **fields: Any) -> Line:
    values: dict[str, Any] = {"line_id": "1", "product_id": "P1", "quantity": 1, **fields}
    return Line(unit_price=D(unit_price), **values)


def order(*lines: Line, **fields: Any) -> Order:
    values: dict[str, Any] = {"order_id": "O1", "created_at": ORDERED, **fields}
    return Order(lines=lines or (line(),), **values)


def refund(day: int, item: str = "0.00", *, month: int = 5, **fields: Any) -> Refund:
    values: dict[str, Any] = {"refund_id": f"R{day}", "order_id": "O1", "line_id": "1", **fields}
    at = datetime(2026, month, day, 19, tzinfo=UTC)
    return Refund(at=at, customer_item_refund=D(item), **values)


def facts(*refunds: Refund, of: Order | None = None, **fields: Any) -> OrderFacts:
    return OrderFacts(order=of or order(), refunds=refunds, **fields)


def eur_to_usd(**rates: str) -> FxRates:
    """Rates by day of May 2026: `eur_to_usd(d12="1.0831")`."""
    return FxRates(
        tuple(
            FxRate(day=date(2026, 5, int(day[1:])), base="EUR", quote="USD", rate=D(rate))
            for day, rate in rates.items()
        )
    )


def amounts(entries: Iterable[Entry], account: Account) -> list[str]:
    """The account's amounts in the order of the entries, as text."""
    return [str(entry.amount) for entry in entries if entry.account is account]


def total(entries: Iterable[Entry], account: Account) -> Decimal:
    return sum((entry.amount for entry in entries if entry.account is account), D(0))
