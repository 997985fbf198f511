"""Affiliate commission (P14 to P17) and the rate that applies to an order (P16)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from profit.rules.effective import in_force
from profit.rules.entries import Account
from profit.rules.facts import CommissionAdjustment, CommissionBase, Order, Refund
from profit.rules.lines import LineCase, Posting, refund_posting, sale_posting
from sparkops.money import ZERO, allocate, round_money

LOCK = timedelta(days=30)
REVERSAL = "reversal"


class PlanKind(StrEnum):
    """Collaboration plans, strongest first (P16)."""

    PARTNER = "partner"
    TARGET = "target"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The commission rates of one collaboration plan."""

    standard_rate: Decimal
    shop_ads_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DatedRate:
    """A standard rate of an open collaboration from `effective_from` (inclusive)."""

    effective_from: date
    rate: Decimal


def commission_rate_for_order(plans: Mapping[PlanKind, Plan], *, from_ads: bool) -> Decimal | None:
    """P16: the rate among the plans that cover product and creator; None when none does."""
    for kind in PlanKind:
        plan = plans.get(kind)
        if plan is None:
            continue
        if from_ads and plan.shop_ads_rate is not None:
            return plan.shop_ads_rate
        return plan.standard_rate
    return None


def locked_standard_rate(
    history: Sequence[DatedRate], *, promoting_since: date, on: date
) -> Decimal | None:
    """P16: an open collaboration's standard rate for one creator on a day.

    A raise holds at once. For 30 days from a cut, a creator promoting since before it keeps the
    rate that the cut ended. None before the first rate.
    """
    current = in_force(history, on)
    if current is None:
        return None
    ordered = sorted(history, key=lambda step: step.effective_from)
    kept = [
        earlier.rate
        for earlier, cut in zip(ordered, ordered[1:], strict=False)
        if cut.rate < earlier.rate
        and promoting_since < cut.effective_from <= on < cut.effective_from + LOCK
    ]
    return max([current.rate, *kept])


def commission_postings(case: LineCase, base_kind: CommissionBase) -> Iterator[Posting]:
    """P14 and P15: the commission of a line, and what refunds do to it.

    A refund until `commission_settled_on` (or while that is unknown) lowers the commission; a
    later one leaves it, and the difference is shown as commission kept after a refund. A line
    without a commission rate has no commission.
    """
    rate = case.line.commission_rate
    if rate is None:
        return
    base = _commission_base(case, base_kind)
    commission = _share(rate, base, case.currency)
    yield sale_posting(case, Account.AFFILIATE_COMMISSION, commission, "P14@1")
    settled_on = case.order.commission_settled_on
    for dated in case.refunds:
        base -= _refunded_base(dated.refund, base_kind)
        remaining = _share(rate, base, case.currency)
        if settled_on is None or dated.day <= settled_on:
            account, amount = Account.AFFILIATE_COMMISSION, remaining - commission
        else:
            account, amount = Account.COMMISSION_KEPT_AFTER_REFUND, commission - remaining
        yield refund_posting(case, dated, account, amount, "P15@1")
        commission = remaining


def adjustment_shares(
    order: Order, amount: Decimal, commissions: Mapping[str, Decimal], currency: str
) -> dict[str, Decimal]:
    """P17: a commission adjustment by line, weighted by the lines' commission (P3)."""
    weights = {line.line_id: max(commissions.get(line.line_id, ZERO), ZERO) for line in order.lines}
    return allocate(round_money(amount, currency), weights, currency)


def reversed_commission(
    kept: Decimal, adjustments: Sequence[CommissionAdjustment]
) -> Iterator[tuple[CommissionAdjustment, Decimal]]:
    """P17: how much each reversal takes off the commission kept after refunds, not below zero."""
    for adjustment in sorted(adjustments, key=lambda row: (row.on, row.adjustment_id)):
        if adjustment.reason == REVERSAL and adjustment.amount < 0:
            lowered = min(kept, -adjustment.amount)
            kept -= lowered
            yield adjustment, lowered


def _commission_base(case: LineCase, kind: CommissionBase) -> Decimal:
    if kind is CommissionBase.ITEM_REVENUE:
        return case.line.item_revenue
    return case.line.customer_item_payment


def _refunded_base(refund: Refund, kind: CommissionBase) -> Decimal:
    return (
        refund.item_refund if kind is CommissionBase.ITEM_REVENUE else refund.customer_item_refund
    )


def _share(rate: Decimal, base: Decimal, currency: str) -> Decimal:
    return round_money(rate * max(base, ZERO), currency)
