"""The `inputs` of a worked example as facts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timezone
from typing import TypeVar

from profit.rules.context import Context, UnitCosts
from profit.rules.facts import (
    Adjustment,
    AdRow,
    AgencyFee,
    AgencyFeeKind,
    Authorization,
    Basis,
    CommissionAdjustment,
    CommissionBase,
    CreatorPayment,
    FeeBase,
    FeeRules,
    Line,
    Order,
    OrderFacts,
    PaymentKind,
    Period,
    Post,
    ReferralFeeRule,
    Refund,
    RefundAdminFeeRule,
    RefundStage,
    Sample,
    SettledAmount,
    SettledType,
    Shop,
    UnitCost,
    UsageRights,
)
from profit.rules.fx import FxRate, FxRates
from profit.rules.report import ShopFacts
from profit.rules.worked_examples.reading import ExampleError, Row
from sparkops.clock import fixed_offset, shop_zone
from sparkops.money import ZERO

Fact = TypeVar("Fact", Refund, SettledAmount, CommissionAdjustment)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopCase:
    """What a worked example gives the rules."""

    facts: ShopFacts
    context: Context
    period: Period


def shop_case(inputs: Row) -> ShopCase:
    """Reads one example's inputs. Raises ExampleError with a sentence that names the place."""
    shop = _shop(inputs.row("shop"))
    report = inputs.row("report")
    currency = report.text("currency", shop.currency)
    facts = ShopFacts(
        orders=_orders(inputs, shop),
        ad_rows=tuple(_ad_rows(inputs, shop)),
        creator_payments=tuple(_creator_payments(inputs, shop)),
        samples=tuple(_samples(inputs)),
        adjustments=tuple(row for row in _adjustments(inputs, shop) if row.order_id is None),
        agency_fees=tuple(_agency_fees(inputs)),
        authorizations=_authorizations(inputs),
        usage_rights=_usage_rights(inputs),
    )
    context = Context(
        shop=shop,
        report_currency=currency,
        rules=_rules(inputs.row("rules")),
        unit_costs=UnitCosts(tuple(_unit_costs(inputs, shop))),
        fx=FxRates(tuple(_fx(inputs))),
        posts={post.post_id: post for post in _posts(inputs)},
        basis=report.word("basis", Basis, Basis.ORDER),
    )
    return ShopCase(facts=facts, context=context, period=_period(report))


def _shop(row: Row) -> Shop:
    timezone_name = row.text("timezone")
    shop_zone(timezone_name)
    vat = row.row("vat")
    inclusive = vat.flag("prices_include_vat", default=False)
    return Shop(
        shop_id=row.text("shop_id", "shop"),
        market=row.text("market", ""),
        timezone=timezone_name,
        currency=row.text("currency"),
        vat_rate=vat.number("rate") if inclusive else None,
    )


def _period(row: Row) -> Period:
    period = Period(first=row.day("from"), last=row.day("to"))
    if period.last < period.first:
        raise ExampleError(f"{row.place}: the report ends before it starts.")
    return period


def _rules(row: Row) -> FeeRules:
    return FeeRules(
        referral=tuple(
            ReferralFeeRule(
                effective_from=rule.day("effective_from"),
                rate=rule.number("rate"),
                base=rule.word("base", FeeBase, FeeBase.ITEM_REVENUE_PLUS_SHIPPING),
            )
            for rule in row.rows("referral_fee")
        ),
        refund_admin=tuple(
            RefundAdminFeeRule(
                effective_from=rule.day("effective_from"),
                rate_of_referral_fee=rule.number("rate_of_referral_fee"),
                cap_per_line=rule.number_or_none("cap_per_line"),
            )
            for rule in row.rows("refund_admin_fee")
        ),
        commission_base=row.word(
            "commission_base", CommissionBase, CommissionBase.CUSTOMER_ITEM_PAYMENT
        ),
    )


def _unit_costs(inputs: Row, shop: Shop) -> Iterator[UnitCost]:
    for row in inputs.rows("unit_costs"):
        yield UnitCost(
            item_id=row.text("product_id"),
            effective_from=row.day("effective_from"),
            amount=row.number("amount"),
            currency=row.text("currency", shop.currency),
        )


def _fx(inputs: Row) -> Iterator[FxRate]:
    for row in inputs.rows("fx"):
        yield FxRate(
            day=row.day("date"),
            base=row.text("from"),
            quote=row.text("to"),
            rate=row.number("rate"),
        )


def _posts(inputs: Row) -> Iterator[Post]:
    for row in inputs.rows("posts"):
        row.day_or_none("published_on")
        yield Post(
            post_id=row.text("post_id"),
            creator_id=row.text_or_none("creator"),
            product_ids=row.texts("products"),
        )


def _orders(inputs: Row, shop: Shop) -> tuple[OrderFacts, ...]:
    orders: dict[str, Order] = {}
    for row in inputs.rows("orders"):
        for order in _repeated(row):
            if order.order_id in orders:
                raise ExampleError(f"{row.place}: order {order.order_id} is listed twice.")
            orders[order.order_id] = order
    refunds = _by_order(inputs.rows("refunds"), _refund, orders)
    settled = _by_order(inputs.rows("settled_fees"), _settled, orders)
    changes = _by_order(inputs.rows("commission_adjustments"), _commission_adjustment, orders)
    adjustments: dict[str, list[Adjustment]] = {}
    for adjustment in _adjustments(inputs, shop):
        if adjustment.order_id is not None:
            if adjustment.order_id not in orders:
                raise ExampleError(
                    f"{inputs.place}, adjustments: there is no order {adjustment.order_id}."
                )
            adjustments.setdefault(adjustment.order_id, []).append(adjustment)
    return tuple(
        OrderFacts(
            order=order,
            refunds=tuple(refunds.get(order_id, ())),
            settled=tuple(settled.get(order_id, ())),
            commission_adjustments=tuple(changes.get(order_id, ())),
            adjustments=tuple(adjustments.get(order_id, ())),
        )
        for order_id, order in orders.items()
    )


def _by_order(
    rows: list[Row], read: Callable[[Row, int], Fact], orders: Mapping[str, Order]
) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for at, row in enumerate(rows):
        fact = read(row, at)
        if fact.order_id not in orders:
            raise ExampleError(f"{row.place}: there is no order {fact.order_id}.")
        found.setdefault(fact.order_id, []).append(fact)
    return found


def _repeated(row: Row) -> Iterator[Order]:
    """One order, or N identical ones named <order_id>-1 to <order_id>-N."""
    order = _order(row)
    if not row.has("repeat"):
        yield order
        return
    times = row.whole("repeat")
    if times < 1:
        raise ExampleError(f"{row.place}: repeat must be at least 1.")
    for number in range(1, times + 1):
        yield replace(order, order_id=f"{order.order_id}-{number}")


def _order(row: Row) -> Order:
    lines = tuple(_line(line) for line in row.rows("lines"))
    if len({line.line_id for line in lines}) != len(lines):
        raise ExampleError(f"{row.place}: two lines have the same line_id.")
    return Order(
        order_id=row.text("order_id"),
        created_at=row.instant("created_at"),
        lines=lines,
        creator_id=row.text_or_none("creator"),
        post_id=row.text_or_none("post_id"),
        source=row.text("source", "unknown"),
        is_sample=row.flag("is_sample", default=False),
        commission_settled_on=row.day_or_none("commission_settled_on"),
        shipping_paid_by_customer=row.number("shipping_paid_by_customer", ZERO),
        shipping_credited_to_seller=row.flag("shipping_credited_to_seller", default=True),
        sales_tax=row.number("sales_tax", ZERO),
        fulfilment_cost=row.number("fulfilment_cost", ZERO),
    )


def _line(row: Row) -> Line:
    return Line(
        line_id=row.text("line_id"),
        product_id=row.text("product_id"),
        quantity=row.whole("quantity"),
        unit_price=row.number("unit_price"),
        seller_discount=row.number("seller_discount", ZERO),
        platform_discount=row.number("platform_discount", ZERO),
        commission_rate=row.number_or_none("commission_rate"),
        referral_rate=row.number_or_none("referral_rate"),
    )


def _refund(row: Row, at: int) -> Refund:
    return Refund(
        refund_id=row.text("refund_id", str(at)),
        order_id=row.text("order_id"),
        line_id=row.text("line_id"),
        at=row.instant("at"),
        stage=row.word("stage", RefundStage, RefundStage.AFTER_SHIPMENT),
        quantity=row.whole("quantity", 0),
        customer_item_refund=row.number("customer_item_refund", ZERO),
        platform_discount_refund=row.number("platform_discount_refund", ZERO),
        shipping_refund=row.number("shipping_refund", ZERO),
        restocked_quantity=row.whole("restocked_quantity", 0),
        return_shipping_cost=row.number("return_shipping_cost", ZERO),
    )


def _settled(row: Row, at: int) -> SettledAmount:
    return SettledAmount(
        order_id=row.text("order_id"),
        line_id=row.text_or_none("line_id"),
        type=row.word("type", SettledType),
        amount=row.number("amount"),
        reference=f"settled_fees[{at}]",
    )


def _commission_adjustment(row: Row, at: int) -> CommissionAdjustment:
    return CommissionAdjustment(
        adjustment_id=str(at),
        order_id=row.text("order_id"),
        on=row.day("on"),
        amount=row.number("amount"),
        reason=row.text("reason", ""),
    )


def _adjustments(inputs: Row, shop: Shop) -> Iterator[Adjustment]:
    for at, row in enumerate(inputs.rows("adjustments")):
        yield Adjustment(
            adjustment_id=str(at),
            on=row.day("on"),
            type=row.text("type"),
            amount=row.number("amount"),
            currency=row.text("currency", shop.currency),
            order_id=row.text_or_none("order_id"),
        )


def _ad_rows(inputs: Row, shop: Shop) -> Iterator[AdRow]:
    for at, row in enumerate(inputs.rows("ad_spend")):
        yield AdRow(
            row_id=str(at),
            day=row.day("date"),
            ad_account_id=row.text("ad_account", ""),
            offset=_offset(row),
            campaign_kind=row.text("campaign_type"),
            campaign_id=row.text("campaign_id", ""),
            cost=row.number("cost"),
            currency=row.text("currency", shop.currency),
            credit_used=row.number("credit_used", ZERO),
            platform_gross_revenue=row.number("platform_gross_revenue", ZERO),
            post_id=row.text_or_none("post_id"),
            product_id=row.text_or_none("product_id"),
            promoted_products=row.texts("promoted_products"),
        )


def _offset(row: Row) -> timezone:
    try:
        return fixed_offset(row.text("account_utc_offset", "Z"))
    except ValueError as error:
        raise ExampleError(f"{row.place}: {error}") from error


def _creator_payments(inputs: Row, shop: Shop) -> Iterator[CreatorPayment]:
    for at, row in enumerate(inputs.rows("creator_payments")):
        on = row.day_or_none("on")
        starts_on = on or row.day("from")
        yield CreatorPayment(
            payment_id=row.text("payment_id", str(at)),
            kind=row.word("kind", PaymentKind),
            amount=row.number("amount"),
            currency=row.text("currency", shop.currency),
            starts_on=starts_on,
            ends_on=on or row.day("to", starts_on),
            creator_id=row.text_or_none("creator"),
            post_id=row.text_or_none("post_id"),
            product_id=row.text_or_none("product_id"),
        )


def _samples(inputs: Row) -> Iterator[Sample]:
    for at, row in enumerate(inputs.rows("samples")):
        yield Sample(
            sample_id=row.text("sample_id", str(at)),
            product_id=row.text("product_id"),
            quantity=row.whole("quantity"),
            shipped_on=row.day("shipped_on"),
            shipping_cost=row.number("shipping_cost", ZERO),
            creator_id=row.text_or_none("creator"),
            post_id=row.text_or_none("post_id"),
        )


def _agency_fees(inputs: Row) -> Iterator[AgencyFee]:
    for at, row in enumerate(inputs.rows("agency_fees")):
        kind = row.word("kind", AgencyFeeKind)
        fixed = kind is AgencyFeeKind.FIXED
        yield AgencyFee(
            fee_id=str(at),
            kind=kind,
            amount=row.number("amount") if fixed else ZERO,
            rate=ZERO if fixed else row.number("rate"),
            minimum=row.number("minimum", ZERO),
        )


def _authorizations(inputs: Row) -> tuple[Authorization, ...] | None:
    if not inputs.has("authorizations"):
        return None
    found = []
    for at, row in enumerate(inputs.rows("authorizations")):
        row.text_or_none("ended_by")
        found.append(
            Authorization(
                authorization_id=row.text("authorization_id", str(at)),
                post_id=row.text("post_id"),
                starts_at=row.instant("starts_at"),
                ends_at=row.instant_or_none("ends_at"),
            )
        )
    return tuple(found)


def _usage_rights(inputs: Row) -> tuple[UsageRights, ...] | None:
    if not inputs.has("usage_rights"):
        return None
    return tuple(
        UsageRights(
            usage_rights_id=row.text("usage_rights_id", str(at)),
            post_id=row.text("post_id"),
            starts_on=row.day("from"),
            ends_on=row.day("to"),
        )
        for at, row in enumerate(inputs.rows("usage_rights"))
    )
