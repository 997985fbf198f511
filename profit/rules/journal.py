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
    """Every account of the tree, and the clearing account that takes the rest.

    Debits equal credits in every currency: each amount is rounded to the currency's minor unit, and
    clearing is what the rounded ones leave.
    """
    moved = {item: _moved(item, pnl) for item in TREE if isinstance(item, Account)}
    lines = [_line(account.value, word(account.value), one) for account, one in moved.items()]
    lines.append(_line("clearing", CLEARING, -sum(moved.values(), ZERO)))
    return [line for line in lines if line.debit or line.credit]


def _moved(account: Account, pnl: Pnl) -> Decimal:
    """What the account adds to net profit: a credit when above zero."""
    sign = Pnl.of({account: Decimal(1)}, pnl.currency).net_profit
    return round_money(getattr(pnl, account.value) * sign, pnl.currency)


def _line(code: str, account: str, moved: Decimal) -> JournalLine:
    return JournalLine(code, account, max(-moved, ZERO), max(moved, ZERO))


def laid_out(
    lines: Sequence[JournalLine],
    layout: Layout,
    *,
    on: date,
    name: str,
    number: str,
    currency: str,
) -> tuple[list[str], list[list[str | Decimal | date | None]]]:
    """Headers and rows of a journal dated `on`; `name` says of which shop and month it is, `number`
    is its own among all journals of the client.

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
