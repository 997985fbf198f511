"""Settled amounts beat estimates (P18)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from profit.rules.entries import Account
from profit.rules.facts import Order, SettledAmount, Stage
from profit.rules.lines import SETTLED, LineCase, Posting, order_line, split_over_lines
from sparkops.money import ZERO

SETTLED_RULE = "P18@1"
FEE_ACCOUNTS = frozenset(
    {Account.REFERRAL_FEE, Account.REFUND_ADMIN_FEE, Account.AFFILIATE_COMMISSION}
)


@dataclass(frozen=True, slots=True)
class Final:
    """What the statements together charged a line on one account."""

    amount: Decimal
    settled_on: date | None
    source: str


def final_amounts(
    order: Order, settled: Iterable[SettledAmount], currency: str
) -> dict[tuple[str, Account], Final]:
    """Settled rows added up by line and account; rows without a line are split by item revenue.

    Raises ValueError when a row names a line that the order does not have.
    """
    found: dict[tuple[str, Account], Final] = {}
    for row in settled:
        for line_id, amount in _by_line(order, row, currency).items():
            key = (line_id, Account(row.type))
            found[key] = _added(found.get(key), amount, row)
    return found


def settle(
    case: LineCase, postings: Iterable[Posting], final: Mapping[tuple[str, Account], Final]
) -> Iterator[Posting]:
    """P18: mark the line's estimates as settled and book the difference on the order date.

    Accounts without a settled amount stay as they are; a fee is not settled merely because its
    order is.
    """
    mine = {
        account: row for (line_id, account), row in final.items() if line_id == case.line.line_id
    }
    estimates = dict.fromkeys(mine, ZERO)
    for posting in postings:
        row = mine.get(posting.account)
        if row is not None:
            estimates[posting.account] += posting.raw_amount
            posting = replace(posting, stage=Stage.SETTLED, settlement_day=row.settled_on)
        elif posting.account in FEE_ACCOUNTS and posting.stage is Stage.SETTLED:
            posting = replace(posting, stage=Stage.PROCESSING)
        yield posting
    for account, row in mine.items():
        yield _difference(case, account, row, row.amount - estimates[account])


def _difference(case: LineCase, account: Account, row: Final, amount: Decimal) -> Posting:
    return Posting(
        account=account,
        raw_amount=amount,
        raw_currency=case.currency,
        part=SETTLED,
        event_day=case.day,
        rule=SETTLED_RULE,
        stage=Stage.SETTLED,
        settlement_day=row.settled_on,
        source=row.source,
    )


def _by_line(order: Order, row: SettledAmount, currency: str) -> dict[str, Decimal]:
    if row.line_id is None:
        return split_over_lines(order, row.amount, currency)
    order_line(order, row.line_id)
    return {row.line_id: row.amount}


def _added(known: Final | None, amount: Decimal, row: SettledAmount) -> Final:
    if known is None:
        return Final(amount, row.settled_on, row.reference)
    days = [day for day in (known.settled_on, row.settled_on) if day is not None]
    sources = [text for text in (known.source, row.reference) if text]
    return Final(known.amount + amount, max(days, default=None), ", ".join(dict.fromkeys(sources)))
