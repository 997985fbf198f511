"""Item revenue, shipping revenue, refunds and output VAT of one line (P7 to P10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from profit.rules.entries import Account
from profit.rules.lines import LineCase, Posting, refund_posting, sale_posting
from sparkops.money import ZERO, round_money


def revenue_postings(case: LineCase, vat_rate: Decimal | None) -> Iterator[Posting]:
    """P7, P8, P9 and P10. Sales tax never enters."""
    yield sale_posting(case, Account.GMV, case.line.item_revenue, "P7@1")
    yield sale_posting(case, Account.SHIPPING_REVENUE, case.shipping_credited, "P8@1")
    for dated in case.refunds:
        item_refund = dated.refund.item_refund
        yield refund_posting(case, dated, Account.REFUNDED_ITEM_REVENUE, item_refund, "P9@1")
        shipping = -shipping_refund(case, dated.refund.shipping_refund)
        yield refund_posting(case, dated, Account.SHIPPING_REVENUE, shipping, "P9@1")
    if vat_rate is not None:
        yield from _vat_postings(case, vat_rate)


def shipping_refund(case: LineCase, refunded: Decimal) -> Decimal:
    """P9: shipping given back counts only where the shipping had been the seller's."""
    return refunded if case.order.shipping_credited_to_seller else ZERO


def _vat_postings(case: LineCase, rate: Decimal) -> Iterator[Posting]:
    """P10: the VAT inside VAT-inclusive prices; each refund books the difference."""
    base = case.line.item_revenue + case.shipping_credited
    vat = _vat_inside(base, rate, case.currency)
    yield sale_posting(case, Account.OUTPUT_VAT, vat, "P10@1")
    for dated in case.refunds:
        base -= dated.refund.item_refund + shipping_refund(case, dated.refund.shipping_refund)
        remaining = _vat_inside(base, rate, case.currency)
        yield refund_posting(case, dated, Account.OUTPUT_VAT, remaining - vat, "P10@1")
        vat = remaining


def _vat_inside(base: Decimal, rate: Decimal, currency: str) -> Decimal:
    return round_money(base * rate / (1 + rate), currency)


@dataclass(frozen=True, slots=True)
class GmvViews:
    """One line's revenue under its different names (6.1), in the line's currency."""

    gmv: Decimal
    gmv_with_shipping: Decimal
    customer_payment: Decimal
    platform_gross_revenue: Decimal


def gmv_views(
    *, item_revenue: Decimal, platform_discount: Decimal, shipping: Decimal, sales_tax: Decimal
) -> GmvViews:
    """6.1: item GMV, GMV with shipping, what the buyer paid, and what the platform reports."""
    customer_payment = item_revenue - platform_discount + shipping + sales_tax
    return GmvViews(
        gmv=item_revenue,
        gmv_with_shipping=item_revenue + shipping,
        customer_payment=customer_payment,
        platform_gross_revenue=customer_payment - sales_tax + platform_discount,
    )
