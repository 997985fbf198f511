"""Referral fee and refund administration fee of one line (P11 to P13)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from profit.rules.effective import in_force
from profit.rules.entries import Account, Gap, GapKind
from profit.rules.facts import FeeBase, ReferralFeeRule, RefundAdminFeeRule, RefundStage
from profit.rules.lines import DatedRefund, LineCase, Posting, refund_posting, sale_posting
from sparkops.money import ZERO, round_money


@dataclass(frozen=True, slots=True)
class FeeStep:
    """What one refund did to the referral fee."""

    dated: DatedRefund
    before: Decimal
    after: Decimal

    @property
    def given_back(self) -> Decimal:
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class ReferralFee:
    """The referral fee of a line from the sale through its refunds, rounded at each step."""

    rule: str
    original: Decimal
    steps: tuple[FeeStep, ...]


def referral_fee(case: LineCase, rules: Sequence[ReferralFeeRule]) -> ReferralFee | None:
    """P11 and P12: the fee by the rule in force on the order date, then after each refund.

    The line's own rate beats the rule's. None when neither gives a rate. The fee never falls
    below zero, also when more was refunded than paid.
    """
    rule = in_force(rules, case.day)
    rate = case.line.referral_rate
    if rate is None:
        if rule is None:
            return None
        rate = rule.rate
    with_shipping = rule is None or rule.base is FeeBase.ITEM_REVENUE_PLUS_SHIPPING
    base = case.line.item_revenue + (case.shipping if with_shipping else ZERO)
    original = fee = _share(rate, base, case.currency)
    steps = []
    for dated in case.refunds:
        base -= dated.refund.item_refund
        base -= dated.refund.shipping_refund if with_shipping else ZERO
        remaining = _share(rate, base, case.currency)
        steps.append(FeeStep(dated, fee, remaining))
        fee = remaining
    return ReferralFee(f"@{rule.version if rule else 'line'}", original, tuple(steps))


def referral_fee_postings(case: LineCase, fee: ReferralFee) -> Iterator[Posting]:
    """P11 on the sale, P12 as the difference each refund makes."""
    yield sale_posting(case, Account.REFERRAL_FEE, fee.original, f"P11{fee.rule}")
    for step in fee.steps:
        amount = -step.given_back
        yield refund_posting(case, step.dated, Account.REFERRAL_FEE, amount, f"P12{fee.rule}")


def refund_admin_postings(
    case: LineCase, fee: ReferralFee, rules: Sequence[RefundAdminFeeRule]
) -> Iterator[Posting]:
    """P13: what the platform keeps of the fee given back, cumulative over the line's refunds.

    Only refunds after shipment count, each at the rule in force on its own day; the cap holds
    for the line. Nothing is given back when a later rule has a lower cap.
    """
    exact = charged = ZERO
    for step in fee.steps:
        rule = in_force(rules, step.dated.day)
        if rule is None or step.dated.refund.stage is RefundStage.BEFORE_SHIPMENT:
            continue
        exact += rule.rate_of_referral_fee * step.given_back
        due = round_money(exact, case.currency)
        if rule.cap_per_line is not None:
            due = min(due, rule.cap_per_line)
        due = max(due, charged)
        name = f"P13@{rule.version}"
        yield refund_posting(case, step.dated, Account.REFUND_ADMIN_FEE, due - charged, name)
        charged = due


def missing_fee_rule(case: LineCase) -> Gap:
    return Gap(
        kind=GapKind.MISSING_FEE_RULE,
        day=case.day,
        order_id=case.order.order_id,
        line_id=case.line.line_id,
        product_id=case.line.product_id,
        sentence=(
            f"No referral fee rule is in force on {case.day}; "
            "enter one so that fees can be estimated before they settle."
        ),
    )


def _share(rate: Decimal, base: Decimal, currency: str) -> Decimal:
    return round_money(rate * max(base, ZERO), currency)
