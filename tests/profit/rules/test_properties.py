"""What holds for any shop: views sum to it, full refunds undo a sale, booking is idempotent."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from profit.rules.attribution import links, over_products
from profit.rules.context import UnitCosts
from profit.rules.difference import difference
from profit.rules.entries import Account
from profit.rules.facts import (
    Adjustment,
    AdRow,
    Basis,
    CreatorPayment,
    Line,
    Order,
    OrderFacts,
    PaymentKind,
    Period,
    Post,
    Refund,
    RefundStage,
    Sample,
    SettledAmount,
    SettledType,
)
from profit.rules.fx import FxRate, FxRates
from profit.rules.orders import order_entries
from profit.rules.pnl import Dimension, Pnl, grouped_pnl, grouped_totals, in_period, totals
from profit.rules.report import ShopFacts, booked
from sparkops.money import minor_digits
from tests.profit.rules.cases import US_RULES, US_SHOP, context, cost

D = Decimal
FIRST = date(2026, 5, 1)
PRODUCTS = ("P1", "P2", "P3")
POSTS = {
    "V1": Post(post_id="V1", creator_id="ana", product_ids=("P1", "P2")),
    "V2": Post(post_id="V2", creator_id="ben"),
}
CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "VND"])
DAYS = st.integers(0, 40)
CENTS = st.integers(0, 50_000)
MAYBE_POST = st.sampled_from([None, "V1", "V2", "V9"])
MAYBE_PRODUCT = st.sampled_from([None, *PRODUCTS])


def amount(units: int, currency: str = "USD") -> Decimal:
    return D(units).scaleb(-minor_digits(currency))


def instant(day: int) -> datetime:
    return datetime(2026, 5, 1, 19, tzinfo=UTC) + timedelta(days=day)


@st.composite
def order_lines(draw, currency="USD"):
    lines = []
    for number in range(draw(st.integers(1, 3))):
        price, quantity = draw(st.integers(0, 20_000)), draw(st.integers(1, 3))
        seller = draw(st.integers(0, price * quantity))
        platform = draw(st.integers(0, price * quantity - seller))
        lines.append(
            Line(
                line_id=str(number),
                product_id=draw(st.sampled_from(PRODUCTS)),
                quantity=quantity,
                unit_price=amount(price, currency),
                seller_discount=amount(seller, currency),
                platform_discount=amount(platform, currency),
                commission_rate=draw(st.sampled_from([None, D("0.15"), D("0.077")])),
            )
        )
    return tuple(lines)


@st.composite
def orders(draw, order_id="O1", currency="USD"):
    post = draw(MAYBE_POST)
    return Order(
        order_id=order_id,
        created_at=instant(draw(DAYS)),
        lines=draw(order_lines(currency)),
        creator_id=draw(st.sampled_from([None, "ana", "ben"])),
        post_id=post,
        shipping_paid_by_customer=amount(draw(CENTS), currency),
        shipping_credited_to_seller=draw(st.booleans()),
        fulfilment_cost=amount(draw(CENTS), currency),
    )


def parts(draw, whole: int, pieces: int) -> list[int]:
    cuts = sorted(draw(st.integers(0, whole)) for _ in range(pieces - 1))
    return [until - since for since, until in zip([0, *cuts], [*cuts, whole], strict=True)]


@st.composite
def full_refunds(draw, order, currency):
    """Refunds that together give every line back: items, discounts, shipping and goods."""
    digits = minor_digits(currency)
    shipping = {
        entry.line_id: int(entry.amount.scaleb(digits))
        for entry in order_entries(
            OrderFacts(order=replace(order, shipping_credited_to_seller=True)),
            context(shop=replace(US_SHOP, currency=currency), report_currency=currency),
        ).entries
        if entry.account is Account.SHIPPING_REVENUE
    }
    refunds = []
    for line in order.lines:
        pieces = draw(st.integers(1, 3))
        item = parts(draw, int(line.customer_item_payment.scaleb(digits)), pieces)
        discount = parts(draw, int(line.platform_discount.scaleb(digits)), pieces)
        postage = parts(draw, shipping.get(line.line_id, 0), pieces)
        units = parts(draw, line.quantity, pieces)
        for at in range(pieces):
            refunds.append(
                Refund(
                    refund_id=f"{line.line_id}-{at}",
                    order_id=order.order_id,
                    line_id=line.line_id,
                    at=order.created_at + timedelta(days=1 + at),
                    stage=draw(st.sampled_from(RefundStage)),
                    quantity=units[at],
                    restocked_quantity=units[at],
                    customer_item_refund=amount(item[at], currency),
                    platform_discount_refund=amount(discount[at], currency),
                    shipping_refund=amount(postage[at], currency),
                )
            )
    return tuple(refunds)


UNDONE = (
    Account.SHIPPING_REVENUE,
    Account.OUTPUT_VAT,
    Account.COGS,
    Account.REFERRAL_FEE,
    Account.AFFILIATE_COMMISSION,
)


@settings(deadline=None)
@given(st.data(), CURRENCIES, CURRENCIES, st.sampled_from([None, D("0.19")]))
def test_a_full_refund_nets_to_zero_in_every_currency(data, currency, report_currency, vat):
    sold = data.draw(orders(currency=currency))
    refunds = data.draw(full_refunds(sold, currency))
    rate = data.draw(st.decimals("0.01", "200", places=4, allow_nan=False))
    later = data.draw(st.decimals("0.01", "200", places=4, allow_nan=False))
    pairs = [(base, report_currency) for base in ("USD", "EUR", "JPY", "VND")]
    fx = FxRates(
        tuple(
            FxRate(day=day, base=base, quote=quote, rate=value)
            for base, quote in pairs
            for day, value in ((FIRST - timedelta(days=9), rate), (date(2026, 5, 20), later))
        )
    )
    setting = context(
        shop=replace(US_SHOP, currency=currency, vat_rate=vat),
        report_currency=report_currency,
        unit_costs=UnitCosts(tuple(cost(product, "7.33") for product in PRODUCTS)),
        fx=fx,
    )
    entries = order_entries(OrderFacts(order=sold, refunds=refunds), setting).entries
    sums = totals(entries)
    assert sums.get(Account.GMV, D(0)) == sums.get(Account.REFUNDED_ITEM_REVENUE, D(0))
    assert {account: sums.get(account, D(0)) for account in UNDONE} == dict.fromkeys(UNDONE, D(0))


@st.composite
def shops(draw):
    order_facts = []
    for number in range(draw(st.integers(0, 4))):
        order = draw(orders(order_id=f"O{number}"))
        line = order.lines[0]
        refunds = [
            Refund(
                refund_id=f"R{at}",
                order_id=order.order_id,
                line_id=line.line_id,
                at=order.created_at + timedelta(days=draw(DAYS)),
                customer_item_refund=line.customer_item_payment / 2,
                restocked_quantity=draw(st.integers(0, 1)),
                return_shipping_cost=amount(draw(CENTS)),
            )
            for at in range(draw(st.integers(0, 1)))
        ]
        settled = [
            SettledAmount(
                order_id=order.order_id,
                line_id=draw(st.sampled_from([None, line.line_id])),
                type=draw(st.sampled_from(SettledType)),
                amount=amount(draw(CENTS)),
            )
            for _ in range(draw(st.integers(0, 2)))
        ]
        order_facts.append(OrderFacts(order=order, refunds=tuple(refunds), settled=tuple(settled)))
    ad_rows = [
        AdRow(
            row_id=str(at),
            day=FIRST + timedelta(days=draw(DAYS)),
            ad_account_id="adv",
            offset=timezone(timedelta(hours=-8)),
            campaign_kind="spark",
            campaign_id="C",
            cost=amount(draw(CENTS)),
            credit_used=amount(draw(CENTS)),
            currency="USD",
            post_id=draw(MAYBE_POST),
            product_id=draw(MAYBE_PRODUCT),
            promoted_products=draw(st.sampled_from([(), ("P1",), ("P3", "P2")])),
        )
        for at in range(draw(st.integers(0, 4)))
    ]
    payments = []
    for at in range(draw(st.integers(0, 3))):
        start = FIRST + timedelta(days=draw(DAYS))
        payments.append(
            CreatorPayment(
                payment_id=str(at),
                kind=draw(st.sampled_from(PaymentKind)),
                amount=amount(draw(CENTS)),
                currency="USD",
                starts_on=start,
                ends_on=start + timedelta(days=draw(DAYS)),
                creator_id=draw(st.sampled_from([None, "ana"])),
                post_id=draw(MAYBE_POST),
                product_id=draw(MAYBE_PRODUCT),
            )
        )
    samples = [
        Sample(
            sample_id=str(at),
            product_id=draw(st.sampled_from(PRODUCTS)),
            quantity=1,
            shipped_on=FIRST + timedelta(days=draw(DAYS)),
            shipping_cost=amount(draw(CENTS)),
            creator_id="ana",
        )
        for at in range(draw(st.integers(0, 2)))
    ]
    adjustment = Adjustment(
        adjustment_id="1", on=FIRST, type="chargeback", amount=D("-10.00"), currency="USD"
    )
    return ShopFacts(
        orders=tuple(order_facts),
        ad_rows=tuple(ad_rows),
        creator_payments=tuple(payments),
        samples=tuple(samples),
        adjustments=(adjustment,),
    )


SETTING = context(
    rules=US_RULES, posts=POSTS, unit_costs=UnitCosts((cost("P1", "7.33"), cost("P2", "0.99")))
)
MONEY_LINES = [each.name for each in fields(Pnl) if each.name not in ("currency", "complete")]


@settings(deadline=None, max_examples=60)
@given(shops(), DAYS, DAYS, st.sampled_from([Basis.ORDER, Basis.EVENT]))
def test_PD3_every_view_with_unattributed_sums_to_the_shop_for_any_date_range(
    shop, start, length, basis
):
    first = FIRST + timedelta(days=start)
    period = Period(first=first, last=first + timedelta(days=length))
    entries = in_period(booked(shop, SETTING).entries, basis, period)
    whole = Pnl.of(totals(entries), "USD")
    split = over_products(entries, links(POSTS.values(), shop.ad_rows))
    for rows, dimension in (
        (entries, Dimension.POST),
        (entries, Dimension.CREATOR),
        (split, Dimension.PRODUCT),
    ):
        groups = grouped_pnl(grouped_totals(rows, dimension), "USD")
        for name in MONEY_LINES:
            summed = sum((getattr(group, name) for group in groups.values()), D(0))
            assert summed == getattr(whole, name), (dimension, name)


@settings(deadline=None, max_examples=60)
@given(shops(), shops())
def test_the_ledger_reaches_what_is_wanted_and_stays_there(before, after):
    first, second = booked(before, SETTING).entries, booked(after, SETTING).entries
    ledger = [change.entry for change in difference(first, [])]
    ledger += [change.entry for change in difference(second, ledger)]
    assert difference(second, ledger) == []
    kept = {account: value for account, value in totals(ledger).items() if value}
    assert kept == {account: value for account, value in totals(second).items() if value}


@settings(deadline=None, max_examples=40)
@given(shops())
def test_orders_are_booked_alike_alone_and_together(shop):
    alone = [entry for facts in shop.orders for entry in order_entries(facts, SETTING).entries]
    together = booked(shop, SETTING).entries
    assert alone == [entry for entry in together if entry.order_id is not None]


@settings(deadline=None, max_examples=60)
@given(shops())
def test_event_basis_over_all_time_equals_order_basis(shop):
    entries = booked(shop, SETTING).entries
    always = Period(first=date.min, last=date.max)
    by_order = totals(in_period(entries, Basis.ORDER, always))
    assert totals(in_period(entries, Basis.EVENT, always)) == by_order


@settings(deadline=None, max_examples=40)
@given(st.lists(shops(), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_whatever_was_booked_on_the_way_the_ledger_ends_at_the_last_state(states, random):
    """Replay with repetitions and in any order ends where booking the last state alone ends."""
    last = booked(states[-1], SETTING).entries
    way = [booked(state, SETTING).entries for state in states * 2]
    random.shuffle(way)
    ledger = []
    for wanted in [*way, last, last]:
        ledger += [change.entry for change in difference(wanted, ledger)]
    straight = [change.entry for change in difference(last, [])]
    net = {}
    for entry, sign in [*((one, 1) for one in ledger), *((one, -1) for one in straight)]:
        place = (entry.key, entry.account, entry.order_day, entry.stage, entry.product_id)
        net[place] = net.get(place, D(0)) + sign * entry.amount
    assert not any(net.values())
