"""A month's P&L as one balanced journal, for an accounting program."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from profit.rules.entries import Account
from profit.rules.pnl import TREE, Pnl
from profit.rules.words import word
from sparkops.money import ZERO, round_money

CLEARING = "TikTok Shop clearing"


class Layout(StrEnum):
    """Column layouts of a journal file."""

    GENERIC = "generic"
    XERO = "xero"
    QUICKBOOKS = "quickbooks"


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One side of the journal: exactly one of `debit` and `credit` is above zero."""

    code: str
    account: str
    debit: Decimal
    credit: Decimal


def journal(pnl: Pnl) -> list[JournalLine]:
    """Every account of the tree, and the clearing account that takes the result.

    Debits equal credits. Amounts are rounded to the currency's minor unit; the ledger's rows are
    already (P2), so nothing is lost.
    """
    lines = [
        _line(item.value, word(item.value), _moved(item, pnl))
        for item in TREE
        if isinstance(item, Account)
    ]
    lines.append(_line("clearing", CLEARING, -round_money(pnl.net_profit, pnl.currency)))
    return [line for line in lines if line.debit or line.credit]


def _moved(account: Account, pnl: Pnl) -> Decimal:
    """What the account adds to net profit: a credit when above zero."""
    sign = Pnl.of({account: Decimal(1)}, pnl.currency).net_profit
    return round_money(getattr(pnl, account.value) * sign, pnl.currency)


def _line(code: str, account: str, moved: Decimal) -> JournalLine:
    return JournalLine(code, account, max(-moved, ZERO), max(moved, ZERO))


def laid_out(
    lines: Sequence[JournalLine], layout: Layout, *, on: date, name: str, currency: str
) -> tuple[list[str], list[list[str | Decimal | date | None]]]:
    """Headers and rows of a journal dated `on`; `name` says of which shop and month it is.

    Xero: amounts with a sign, debits above zero; the account code is our own word of the account,
    to be mapped in Xero. QuickBooks: debits and credits apart, accounts by name.
    """
    if layout is Layout.XERO:
        headers = ["*Narration", "*Date", "Description", "*AccountCode", "*TaxRate", "*Amount"]
        return headers, [
            [name, on, line.account, line.code, "No Tax", line.debit - line.credit]
            for line in lines
        ]
    if layout is Layout.QUICKBOOKS:
        headers = ["*JournalNo", "*JournalDate", "Currency", "Memo", "*AccountName", "*Debits",
                   "*Credits", "Description"]  # fmt: skip
        number = f"SPARK-{on:%Y%m}"
        return headers, [
            [
                number,
                on,
                currency,
                name,
                line.account,
                line.debit or None,
                line.credit or None,
                name,
            ]
            for line in lines
        ]
    headers = ["Date", "Code", "Account", "Description", "Debit", "Credit", "Currency"]
    return headers, [
        [on, line.code, line.account, name, line.debit, line.credit, currency] for line in lines
    ]
