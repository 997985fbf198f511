"""Statements, their transactions, unsettled orders, payments and withdrawals (contract 6).

Signs: owed to the seller is positive, taken is negative, and sections add up:
settlement = revenue + shipping + fee_tax + adjustment. Which field of a breakdown is booked and
which only describes money booked elsewhere is decided in profit, not here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import model_validator

from sparkops.tiktok.paging import Page
from sparkops.tiktok.shop.caller import Caller, Listing
from sparkops.tiktok.values import (
    Amount,
    Count,
    Maybe,
    Record,
    RequiredId,
    Text,
    TextId,
    UnixTime,
    WireMoney,
    decimal_or_none,
    is_absent,
    known,
)

SUPPLEMENT = "supplementary_component"


class Breakdown(Record):
    """The money fields of one section by TikTok's names, whatever they are.

    ``amounts``: every field that holds a number; absent ones ("", null, "-") are left out.
    ``components``: the same for ``supplementary_component``, parts of fields above, never summed.
    ``unreadable``: fields that hold something else, as sent; a sum without them may be wrong.
    """

    amounts: dict[str, Decimal] = {}
    components: dict[str, Decimal] = {}
    unreadable: dict[str, Any] = {}

    @model_validator(mode="before")
    @classmethod
    def _from_fields(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        amounts, unreadable = _sorted_out(
            {name: value for name, value in data.items() if name != SUPPLEMENT}
        )
        supplement = data.get(SUPPLEMENT)
        components: dict[str, Decimal] = {}
        if isinstance(supplement, Mapping):
            components, broken = _sorted_out(supplement)
            unreadable |= {f"{SUPPLEMENT}.{name}": value for name, value in broken.items()}
        elif not is_absent(supplement):
            unreadable[SUPPLEMENT] = supplement
        return {"amounts": amounts, "components": components, "unreadable": unreadable}

    def unknown_fields(self) -> Iterator[str]:
        """Fields whose value is no number: new in kind, so worth a report."""
        yield from self.unreadable


def _sorted_out(fields: Mapping[str, Any]) -> tuple[dict[str, Decimal], dict[str, Any]]:
    amounts: dict[str, Decimal] = {}
    unreadable: dict[str, Any] = {}
    for name, value in fields.items():
        try:
            amount = decimal_or_none(value)
        except ValueError:
            unreadable[name] = value
        else:
            if amount is not None:
                amounts[name] = amount
    return amounts, unreadable


class FeeTax(Record):
    """Fees and taxes together sum to ``fee_tax_amount``."""

    fee: Breakdown = Breakdown()
    tax: Breakdown = Breakdown()


class Statement(Record):
    """One day of a shop. Covers the day before ``statement_time`` (00:00 UTC).

    Amounts never change; ``payment_status`` and ``payment_id`` do, days later.
    """

    id: RequiredId
    statement_time: UnixTime = None
    currency: Text = ""
    settlement_amount: Amount = None
    revenue_amount: Amount = None
    net_sales_amount: Amount = None
    shipping_cost_amount: Amount = None
    fee_amount: Amount = None
    adjustment_amount: Amount = None
    payment_status: Annotated[Text, known("PAID", "FAILED", "PROCESSING")] = ""
    payment_id: TextId = ""
    payment_time: UnixTime = None


class StatementsPage(Record):
    statements: list[Statement] = []
    next_page_token: Text = ""
    total_count: Count = None


class Sections(Record):
    """The four sections every settled row has."""

    settlement_amount: Amount = None
    revenue_amount: Amount = None
    revenue_breakdown: Breakdown = Breakdown()
    shipping_cost_amount: Amount = None
    shipping_cost_breakdown: Breakdown = Breakdown()
    fee_tax_amount: Amount = None
    fee_tax_breakdown: FeeTax = FeeTax()
    adjustment_amount: Amount = None
    supplementary_component: Breakdown = Breakdown()


class Transaction(Sections):
    """A row of a statement: ``type`` ORDER is a sale or refund, all others are adjustments.

    Ids are not promised to be unique or present; row position and content identify a row.
    """

    id: TextId = ""
    type: Text = ""
    order_id: TextId = ""
    order_create_time: UnixTime = None
    adjustment_id: TextId = ""
    adjustment_order_id: TextId = ""
    reserve_id: TextId = ""
    reserve_amount: Amount = None
    reserve_status: Text = ""
    associated_order_id: TextId = ""
    estimated_release_time: UnixTime = None


class SettlementBreakdown(Record):
    total_revenue_amount: Amount = None
    total_shipping_cost_amount: Amount = None
    total_fee_tax_amount: Amount = None
    total_adjustment_amount: Amount = None


class TransactionsPage(Record):
    """Rows with the statement's header. payable = total_settlement + total_reserve."""

    id: TextId = ""
    create_time: UnixTime = None
    currency: Text = ""
    status: Text = ""
    total_count: Count = None
    total_settlement_amount: Amount = None
    total_settlement_breakdown: Maybe[SettlementBreakdown] = None
    total_reserve_amount: Amount = None
    payable_amount: Amount = None
    transactions: list[Transaction] = []
    next_page_token: Text = ""


class SkuTransaction(Sections):
    """Money of one SKU of an order in one statement. The same SKU repeats: sale and refund."""

    statement_id: TextId = ""
    sku_id: TextId = ""
    sku_name: Text = ""
    product_name: Text = ""
    quantity: Count = None


class OrderTransactionsPage(Record):
    """All settled money of one order. Adjustments are not in here."""

    order_id: TextId = ""
    order_create_time: UnixTime = None
    currency: Text = ""
    total_count: Count = None
    settlement_amount: Amount = None
    revenue_amount: Amount = None
    shipping_cost_amount: Amount = None
    fee_and_tax_amount: Amount = None
    sku_transactions: list[SkuTransaction] = []
    next_page_token: Text = ""


class UnsettledTransaction(Record):
    """An estimate. It disappears when it settles: replace the whole set of a shop each time."""

    id: TextId = ""
    type: Text = ""
    status: Text = ""
    currency: Text = ""
    order_id: TextId = ""
    order_create_time: UnixTime = None
    order_delivery_time: UnixTime = None
    estimated_settlement: Text = ""
    unsettled_reason: Text = ""
    adjustment_id: TextId = ""
    adjustment_order_id: TextId = ""
    est_settlement_amount: Amount = None
    est_revenue_amount: Amount = None
    revenue_breakdown: Breakdown = Breakdown()
    est_shipping_cost_amount: Amount = None
    shipping_cost_breakdown: Breakdown = Breakdown()
    est_fee_tax_amount: Amount = None
    fee_tax_breakdown: FeeTax = FeeTax()
    est_adjustment_amount: Amount = None


class UnsettledPage(Record):
    total_count: Count = None
    sum_est_settlement_amount: Amount = None
    sum_est_revenue_amount: Amount = None
    sum_est_shipping_cost_amount: Amount = None
    sum_est_fee_amount: Amount = None
    sum_est_adjustment_amount: Amount = None
    transactions: list[UnsettledTransaction] = []
    next_page_token: Text = ""


class Payment(Record):
    """Money sent to the seller's bank. before_exchange = settlement + reserve."""

    id: RequiredId
    status: Text = ""
    create_time: UnixTime = None
    paid_time: UnixTime = None
    bank_account: Text = ""
    amount: Maybe[WireMoney] = None
    settlement_amount: Maybe[WireMoney] = None
    reserve_amount: Maybe[WireMoney] = None
    payment_amount_before_exchange: Maybe[WireMoney] = None
    exchange_rate: Amount = None


class PaymentsPage(Record):
    payments: list[Payment] = []
    next_page_token: Text = ""
    total_count: Count = None


WithdrawalType = Literal["WITHDRAW", "SETTLE", "TRANSFER", "REVERSE"]
WITHDRAWAL_TYPES: tuple[WithdrawalType, ...] = ("WITHDRAW", "SETTLE", "TRANSFER", "REVERSE")


class Withdrawal(Record):
    id: RequiredId
    type: Annotated[Text, known(*WITHDRAWAL_TYPES)] = ""
    amount: Amount = None
    currency: Text = ""
    status: Annotated[Text, known("PROCESSING", "SUCCESS", "FAILED")] = ""
    create_time: UnixTime = None


class WithdrawalsPage(Record):
    withdrawals: list[Withdrawal] = []
    next_page_token: Text = ""
    total_count: Count = None


STATEMENTS = Listing("statements", StatementsPage, Statement, "statements", "a statement list")
TRANSACTIONS = Listing(
    "statement_transactions", TransactionsPage, Transaction, "transactions", "a statement"
)
ORDER_TRANSACTIONS = Listing(
    "order_transactions",
    OrderTransactionsPage,
    SkuTransaction,
    "sku_transactions",
    "the settled money of an order",
)
UNSETTLED = Listing(
    "unsettled", UnsettledPage, UnsettledTransaction, "transactions", "a list of unsettled orders"
)
PAYMENTS = Listing("payments", PaymentsPage, Payment, "payments", "a payment list")
WITHDRAWALS = Listing(
    "withdrawals", WithdrawalsPage, Withdrawal, "withdrawals", "a list of withdrawals"
)


class Finance:
    """Reads of settled and expected money.

    Time filters are ``>=`` and ``<`` and take aware datetimes. A shop without finance data raises
    ``NotFound`` with reason ``no_finance_data``. Calls raise ``TikTokError``.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def statements(
        self,
        *,
        statement_time_ge: datetime | None = None,
        statement_time_lt: datetime | None = None,
        payment_status: str | None = None,
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[StatementsPage, Statement]]:
        """Statements, oldest first."""
        query = {
            "sort_field": "statement_time",
            "sort_order": "ASC",
            "statement_time_ge": statement_time_ge,
            "statement_time_lt": statement_time_lt,
            "payment_status": payment_status,
        }
        return self._caller.pages(
            STATEMENTS, query=query, page_size=page_size, page_token=page_token
        )

    def statement_transactions(
        self, statement_id: str, *, page_size: int | None = None, page_token: str = ""
    ) -> Iterator[Page[TransactionsPage, Transaction]]:
        """All rows of a statement; each page's ``content`` repeats the header."""
        query = {"sort_field": "order_create_time"}
        return self._caller.pages(
            TRANSACTIONS, statement_id, query=query, page_size=page_size, page_token=page_token
        )

    def order_transactions(self, order_id: str) -> Page[OrderTransactionsPage, SkuTransaction]:
        """Settled money of one order per SKU: the only source of fees per SKU."""
        return self._caller.page(ORDER_TRANSACTIONS, order_id)

    def unsettled(
        self,
        *,
        search_time_ge: datetime | None = None,
        search_time_lt: datetime | None = None,
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[UnsettledPage, UnsettledTransaction]]:
        """Orders whose money is still an estimate."""
        query = {
            "sort_field": "order_create_time",
            "search_time_ge": search_time_ge,
            "search_time_lt": search_time_lt,
        }
        return self._caller.pages(
            UNSETTLED, query=query, page_size=page_size, page_token=page_token
        )

    def payments(
        self,
        *,
        create_time_ge: datetime | None = None,
        create_time_lt: datetime | None = None,
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[PaymentsPage, Payment]]:
        """Payments to the bank. Not offered in South-East Asia."""
        query = {
            "sort_field": "create_time",
            "create_time_ge": create_time_ge,
            "create_time_lt": create_time_lt,
        }
        return self._caller.pages(PAYMENTS, query=query, page_size=page_size, page_token=page_token)

    def withdrawals(
        self,
        *,
        types: Sequence[WithdrawalType] = WITHDRAWAL_TYPES,
        create_time_ge: datetime | None = None,
        create_time_lt: datetime | None = None,
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[WithdrawalsPage, Withdrawal]]:
        """Movements of the seller's balance."""
        query = {
            "types": list(types),
            "create_time_ge": create_time_ge,
            "create_time_lt": create_time_lt,
        }
        return self._caller.pages(
            WITHDRAWALS, query=query, page_size=page_size, page_token=page_token
        )
