"""All wanted entries of one order, independent of every other order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from profit.rules.adjustments import adjustment_entries
from profit.rules.commission import (
    adjustment_shares,
    commission_postings,
    reversed_commission,
)
from profit.rules.context import Context
from profit.rules.costs import (
    cogs_postings,
    logistics_postings,
    missing_line_cost,
    uncosted_posting,
    unit_cost_on,
)
from profit.rules.entries import Account, Entry, Gap, Wanted, missing_rate, together
from profit.rules.facts import Basis, CommissionAdjustment, OrderFacts, Stage
from profit.rules.fees import (
    missing_fee_rule,
    referral_fee,
    referral_fee_postings,
    refund_admin_postings,
)
from profit.rules.lines import LineCase, Posting, line_cases
from profit.rules.revenue import revenue_postings
from profit.rules.settled import SETTLED_RULE, final_amounts, settle
from sparkops.money import ZERO, round_money


def order_entries(facts: OrderFacts, context: Context) -> Wanted:
    """P4 to P20, P26 and P27 for one order: every entry it asks for, of every date and basis.

    A sample order has none: it is no revenue, and its cost is booked as a sample (P21). Raises
    ValueError when a row names another order or a line that the order does not have.
    """
    _refuse_foreign_rows(facts)
    if facts.order.is_sample:
        return Wanted()
    cases = line_cases(facts, context)
    final = final_amounts(facts.order, facts.settled, context.shop.currency)
    gaps: list[Gap] = []
    postings: dict[str, list[Posting]] = {}
    for case in cases:
        estimated = list(_estimates(case, context, gaps))
        postings[case.line.line_id] = list(settle(case, estimated, final))
    for adjustment in facts.commission_adjustments:
        _add_commission_adjustment(adjustment, facts, postings, context)
    _lower_kept_commission(facts, postings, context)
    parts = [_converted(case, postings[case.line.line_id], context) for case in cases]
    parts += [adjustment_entries(row, context, facts.order) for row in facts.adjustments]
    return together([*parts, Wanted(gaps=tuple(gaps))])


def _estimates(case: LineCase, context: Context, gaps: list[Gap]) -> Iterator[Posting]:
    yield from revenue_postings(case, context.shop.vat_rate)
    yield from logistics_postings(case)
    fee = referral_fee(case, context.rules.referral)
    if fee is None:
        gaps.append(missing_fee_rule(case))
    else:
        yield from referral_fee_postings(case, fee)
        yield from refund_admin_postings(case, fee, context.rules.refund_admin)
    yield from commission_postings(case, context.rules.commission_base)
    cost = unit_cost_on(context.unit_costs, case.day, case.line.sku_id, case.line.product_id)
    if cost is None:
        gaps.append(missing_line_cost(case))
        yield uncosted_posting(case)
    else:
        yield from cogs_postings(case, cost)


def _add_commission_adjustment(
    adjustment: CommissionAdjustment,
    facts: OrderFacts,
    postings: dict[str, list[Posting]],
    context: Context,
) -> None:
    """P17. The weights are the lines' commissions before any adjustment."""
    currency = context.shop.currency
    commissions = {line_id: _commission(rows) for line_id, rows in postings.items()}
    shares = adjustment_shares(facts.order, adjustment.amount, commissions, currency)
    for line_id, amount in shares.items():
        posting = _adjustment_posting(adjustment, Account.AFFILIATE_COMMISSION, amount, currency)
        postings[line_id].append(posting)


def _lower_kept_commission(
    facts: OrderFacts, postings: dict[str, list[Posting]], context: Context
) -> None:
    """P17: a reversal lowers what was kept after refunds; shown at the lines that kept it."""
    account, currency = Account.COMMISSION_KEPT_AFTER_REFUND, context.shop.currency
    kept = {line_id: _sum(rows, account) for line_id, rows in postings.items()}
    reversals = reversed_commission(sum(kept.values(), ZERO), facts.commission_adjustments)
    for adjustment, lowered in reversals:
        for line_id, amount in adjustment_shares(facts.order, lowered, kept, currency).items():
            posting = _adjustment_posting(adjustment, account, -amount, currency)
            postings[line_id].append(posting)


def _adjustment_posting(
    adjustment: CommissionAdjustment,
    account: Account,
    amount: Decimal,
    currency: str,
) -> Posting:
    return Posting(
        account=account,
        raw_amount=amount,
        raw_currency=currency,
        part=f"adjustment-{adjustment.adjustment_id}",
        event_day=adjustment.on,
        rule="P17@1",
        stage=Stage.SETTLED,
        settlement_day=adjustment.on,
        source=adjustment.reason,
    )


def _commission(rows: Iterable[Posting]) -> Decimal:
    estimated_and_settled = (row for row in rows if row.rule != "P17@1")
    return _sum(estimated_and_settled, Account.AFFILIATE_COMMISSION)


def _sum(rows: Iterable[Posting], account: Account) -> Decimal:
    return sum((row.raw_amount for row in rows if row.account is account), ZERO)


@dataclass(slots=True)
class _Given:
    """How much of one account refunds gave back so far, before and after conversion."""

    raw: Decimal = ZERO
    converted: Decimal = ZERO


def _converted(case: LineCase, postings: Iterable[Posting], context: Context) -> Wanted:
    """P27. What refunds give back is converted as one running total per account and rate, so
    that refunds which together undo the sale also undo it to the cent after conversion.

    Zero amounts ask for no entry, except that a settled amount equal to its estimate stays
    visible as a variance of zero (P18).
    """
    entries: list[Entry] = []
    gaps: dict[tuple[str, date], Gap] = {}
    running: dict[tuple[Account, date], _Given] = {}
    for posting in postings:
        if posting.raw_amount == ZERO and posting.rule != SETTLED_RULE:
            continue
        day = _fx_day(case, posting, context.basis)
        rate = context.fx.rate(posting.raw_currency, context.report_currency, day)
        if rate is None:
            gaps[posting.raw_currency, day] = _missing(case, posting, context, day)
            continue
        given = _Given()
        if posting.part.startswith("refund-"):
            given = running.setdefault((posting.account, day), given)
        given.raw += posting.raw_amount
        total = round_money(given.raw * rate, context.report_currency)
        entries.append(_entry(case, posting, total - given.converted, context))
        given.converted = total
    return Wanted(tuple(entries), tuple(gaps.values()))


def _fx_day(case: LineCase, posting: Posting, basis: Basis) -> date:
    if basis is Basis.ORDER or posting.fx_on_order_day:
        return case.day
    if basis is Basis.SETTLEMENT:
        return posting.settlement_day or case.order.settled_on or posting.event_day
    return posting.event_day


def _entry(case: LineCase, posting: Posting, amount: Decimal, context: Context) -> Entry:
    order, line = case.order, case.line
    return Entry(
        key=f"order/{order.order_id}/{line.line_id}/{posting.account}:{posting.part}",
        account=posting.account,
        amount=amount,
        currency=context.report_currency,
        raw_amount=posting.raw_amount,
        raw_currency=posting.raw_currency,
        order_day=case.day,
        event_day=posting.event_day,
        settlement_day=posting.settlement_day or order.settled_on,
        stage=posting.stage,
        rule=posting.rule,
        order_id=order.order_id,
        line_id=line.line_id,
        product_id=line.product_id,
        creator_id=order.creator_id,
        post_id=order.post_id,
        source=posting.source or order.reference or f"Order {order.order_id}",
    )


def _missing(case: LineCase, posting: Posting, context: Context, day: date) -> Gap:
    return missing_rate(
        posting.raw_currency,
        context.report_currency,
        day,
        order_id=case.order.order_id,
        line_id=case.line.line_id,
        product_id=case.line.product_id,
    )


def _refuse_foreign_rows(facts: OrderFacts) -> None:
    known = facts.order.order_id
    named: set[str | None] = {row.order_id for row in facts.refunds}
    named |= {row.order_id for row in facts.settled}
    named |= {row.order_id for row in facts.commission_adjustments}
    named |= {row.order_id for row in facts.adjustments}
    for foreign in named - {known}:
        raise ValueError(f"A row of order {foreign} cannot be booked on order {known}.")
