"""What a worked example can say that a shop's rows cannot."""

from collections.abc import Iterator
from datetime import timedelta

from profit.rules.facts import Basis, Period
from profit.rules.worked_examples import ShopCase
from sparkops.money import ZERO

_LONGEST = {"order": 32, "line": 20, "refund": 60, "product": 10, "post": 32, "creator": 64}


def reason_for_rules(case: ShopCase) -> str:
    """Why a case is left to the rules alone, as a sentence; empty when it can be booked."""
    return next(_reasons(case), "")


def _reasons(case: ShopCase) -> Iterator[str]:
    context, known = case.context, case.facts
    if context.report_currency != context.shop.currency:
        yield "The ledger of a shop is kept in the shop's own currency."
    if context.basis is Basis.SETTLEMENT:
        yield "Settlement days come from statements, which this case does not have."
    if known.agency_fees and not _is_month(case.period):
        yield "The agency is paid by calendar month, and the report covers no whole one."
    if known.authorizations == () or known.usage_rights == ():
        yield "A client without any permission on file is one whose permissions are not known."
    for payment in known.creator_payments:
        if not (payment.creator_id or context.creator_of(payment.post_id)):
            yield f"Payment {payment.payment_id} names no creator."
    for row in known.ad_rows:
        if row.campaign_kind.startswith("gmv_max"):
            continue
        if row.product_id or row.promoted_products or row.non_recoverable_tax != ZERO:
            yield "Ads Manager reports no product and no tax of an ad's day."
    yield from _lines(case)
    yield from _ids(case)


def _lines(case: ShopCase) -> Iterator[str]:
    rates: dict[str, object] = {}
    for one in case.facts.orders:
        settles = bool(one.settled) and one.order.commission_settled_on is None
        if settles and one.refunds:
            yield f"Order {one.order.order_id} settled on no day that the case names."
        if len({line.line_id for line in one.order.lines}) and not one.order.lines:
            yield f"Order {one.order.order_id} has no lines."
        for line in one.order.lines:
            if rates.setdefault(line.product_id, line.referral_rate) != line.referral_rate:
                yield f"Product {line.product_id} has two referral rates of its own."


def _ids(case: ShopCase) -> Iterator[str]:
    names = [("order", one.order.order_id) for one in case.facts.orders]
    names += [("line", line.line_id) for one in case.facts.orders for line in one.order.lines]
    names += [("product", line.product_id) for one in case.facts.orders for line in one.order.lines]
    names += [("post", post) for post in case.context.posts]
    for kind, name in names:
        if len(name) > _LONGEST[kind]:
            yield f"{kind.capitalize()} id {name} is longer than TikTok's."


def _is_month(period: Period) -> bool:
    after = period.last + timedelta(days=1)
    months = (after.year - period.first.year) * 12 + after.month - period.first.month
    return period.first.day == 1 and after.day == 1 and months == 1
