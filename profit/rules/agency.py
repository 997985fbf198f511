"""What the agency charges for a period (P26)."""

from collections.abc import Iterable
from decimal import Decimal

from profit.rules.entries import Account, Entry, Wanted
from profit.rules.facts import AgencyFee, AgencyFeeKind, Period, Stage
from profit.rules.pnl import Pnl
from sparkops.money import ZERO, round_money


def agency_fee(fee: AgencyFee, pnl: Pnl) -> Decimal:
    """P26: the fee for the period that `pnl` (of the whole shop) covers, in its currency.

    Never below the minimum, and never negative: a month of refunds pays nothing back.
    """
    if fee.kind is AgencyFeeKind.FIXED:
        due = fee.amount
    else:
        due = fee.rate * _base(fee.kind, pnl)
    return max(round_money(due, pnl.currency), round_money(fee.minimum, pnl.currency), ZERO)


def agency_entries(fees: Iterable[AgencyFee], pnl: Pnl, period: Period) -> Wanted:
    """P26: the period's agency fees, booked on its last day, at shop level only."""
    return Wanted(
        tuple(
            _entry(fee, amount, pnl.currency, period)
            for fee in fees
            if (amount := agency_fee(fee, pnl)) != ZERO
        )
    )


def _base(kind: AgencyFeeKind, pnl: Pnl) -> Decimal:
    if kind is AgencyFeeKind.PERCENT_OF_GMV:
        return pnl.gmv
    return pnl.net_revenue if kind is AgencyFeeKind.PERCENT_OF_NET_REVENUE else pnl.ad_spend


def _entry(fee: AgencyFee, amount: Decimal, currency: str, period: Period) -> Entry:
    return Entry(
        key=f"agency/{fee.fee_id}/{period.first}..{period.last}",
        account=Account.AGENCY_FEES,
        amount=amount,
        currency=currency,
        raw_amount=amount,
        raw_currency=currency,
        order_day=period.last,
        event_day=period.last,
        settlement_day=None,
        stage=Stage.ESTIMATED,
        rule="P26@1",
        source=f"Agency fee {fee.fee_id}, {fee.kind}",
    )
