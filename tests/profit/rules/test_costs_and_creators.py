"""P19 to P22, P26 and P27: goods, logistics, samples, creator payments, adjustments, currency."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from profit.rules.adjustments import adjustment_account, adjustment_entries
from profit.rules.context import UnitCosts
from profit.rules.costs import sample_entries, samples_of_order
from profit.rules.creators import payment_entries
from profit.rules.entries import Account, GapKind
from profit.rules.facts import Adjustment, Basis, CreatorPayment, PaymentKind, Sample
from profit.rules.fx import FxRates
from profit.rules.orders import order_entries
from profit.rules.pnl import Pnl, totals
from tests.profit.rules.cases import (
    US_SHOP,
    D,
    amounts,
    context,
    cost,
    eur_to_usd,
    facts,
    line,
    order,
    refund,
    total,
)

DATED_COSTS = UnitCosts((cost("P1", "6.80", date(2026, 5, 5)), cost("P1", "6.00")))


def test_PD7_the_cost_of_the_order_date_holds_and_a_later_one_changes_nothing():
    may = order(line(quantity=2))
    assert amounts(
        order_entries(facts(of=may), context(unit_costs=DATED_COSTS)).entries, Account.COGS
    ) == ["12.00"]
    next_day = replace(may, created_at=datetime(2026, 5, 5, 18, tzinfo=UTC))
    assert amounts(
        order_entries(facts(of=next_day), context(unit_costs=DATED_COSTS)).entries, Account.COGS
    ) == ["13.60"]


def test_PD7_a_product_without_cost_is_a_gap_and_its_profit_incomplete():
    late = UnitCosts((cost("P1", "6.00", date(2026, 5, 5)),))
    wanted = order_entries(facts(), context(unit_costs=late))
    assert [(gap.kind, gap.product_id) for gap in wanted.gaps] == [
        (GapKind.MISSING_UNIT_COST, "P1")
    ]
    assert wanted.gaps[0].sentence == (
        "Product P1 has no unit cost in force on 2026-05-04; "
        "enter one so that its profit is complete."
    )
    pnl = Pnl.of(totals(wanted.entries), "USD")
    assert (pnl.complete, pnl.gmv_without_unit_cost) == (False, D("40.00"))
    assert Pnl.of(totals(order_entries(facts(), context()).entries), "USD").complete


def test_the_cost_of_a_sku_comes_before_that_of_its_product():
    costs = UnitCosts((cost("P1", "6.00"), cost("SKU-L", "8.00")))
    sold = order(line(sku_id="SKU-L"), line(line_id="2", sku_id="SKU-S"))
    found = order_entries(facts(of=sold), context(unit_costs=costs)).entries
    assert amounts(found, Account.COGS) == ["8.00", "6.00"]


def test_only_restocked_units_bring_their_cost_back_on_the_refunds_day():
    sold = order(line(quantity=3))
    back = refund(2, "80.00", month=6, quantity=2, restocked_quantity=1)
    found = order_entries(facts(back, of=sold), context()).entries
    assert amounts(found, Account.COGS) == ["30.00", "-10.00"]
    assert [e.event_day for e in found if e.account is Account.COGS][1] == date(2026, 6, 2)


def test_outbound_cost_stays_and_each_return_has_its_own():
    sold = order(fulfilment_cost=D("5.10"))
    back = refund(9, "40.00", return_shipping_cost=D("3.20"))
    found = order_entries(facts(back, of=sold), context()).entries
    assert amounts(found, Account.FULFILMENT_COST) == ["5.10"]
    assert amounts(found, Account.RETURN_SHIPPING_COST) == ["3.20"]


EURO_COSTS = UnitCosts((cost("P1", "4.10", currency="EUR"),))


def test_goods_bought_in_euro_are_converted_at_the_order_date_also_when_they_return():
    # 4.10 x 1.10 = 4.51, on both bases, although 9 May has another rate.
    rates = eur_to_usd(d4="1.10", d9="1.50")
    back = refund(9, "40.00", quantity=1, restocked_quantity=1)
    for basis in (Basis.ORDER, Basis.EVENT):
        setting = context(unit_costs=EURO_COSTS, fx=rates, basis=basis)
        found = order_entries(facts(back), setting).entries
        assert amounts(found, Account.COGS) == ["4.51", "-4.51"]


def test_a_missing_rate_keeps_the_rest_of_the_order_and_is_a_gap():
    wanted = order_entries(facts(), context(unit_costs=EURO_COSTS, fx=FxRates()))
    assert amounts(wanted.entries, Account.GMV) == ["40.00"]
    assert amounts(wanted.entries, Account.COGS) == []
    assert [(gap.kind, gap.currency) for gap in wanted.gaps] == [(GapKind.MISSING_FX_RATE, "EUR")]


EURO_SHOP = replace(US_SHOP, currency="EUR", timezone="Europe/Berlin")


def test_a_refund_is_converted_at_the_order_date_on_the_order_basis():
    rates = eur_to_usd(d4="1.10", d9="1.20")
    order_basis = context(shop=EURO_SHOP, fx=rates)
    found = order_entries(facts(refund(9, "10.00")), order_basis).entries
    assert amounts(found, Account.GMV) == ["44.00"]
    assert amounts(found, Account.REFUNDED_ITEM_REVENUE) == ["11.00"]
    event_basis = replace(order_basis, basis=Basis.EVENT)
    found = order_entries(facts(refund(9, "10.00")), event_basis).entries
    assert amounts(found, Account.REFUNDED_ITEM_REVENUE) == ["12.00"]


def test_an_adjustment_of_an_order_is_converted_at_the_day_its_basis_books_it_on():
    tied = replace(adjust(order_id="O1"), currency="EUR", on=date(2026, 5, 9))
    rates = eur_to_usd(d4="1.10", d9="1.20")
    for basis, amount in ((Basis.ORDER, "-11.00"), (Basis.EVENT, "-12.00")):
        setting = context(fx=rates, basis=basis)
        found = order_entries(facts(adjustments=(tied,)), setting).entries
        assert amounts(found, Account.ADJUSTMENTS) == [amount]


def test_the_settlement_basis_takes_the_rate_of_the_statement_day():
    rates = eur_to_usd(d4="1.10", d9="1.20")
    paid = order(settled_on=date(2026, 5, 9))
    setting = context(shop=EURO_SHOP, fx=rates, basis=Basis.SETTLEMENT)
    found = order_entries(facts(of=paid), setting).entries
    assert amounts(found, Account.GMV) == ["48.00"]


def test_a_weekend_takes_the_latest_earlier_rate_and_no_later_one():
    rates = eur_to_usd(d8="1.10", d11="1.20")
    assert rates.rate("EUR", "USD", date(2026, 5, 10)) == D("1.10")
    assert rates.rate("EUR", "USD", date(2026, 5, 11)) == D("1.20")
    assert rates.rate("EUR", "USD", date(2026, 5, 7)) is None
    assert rates.rate("USD", "EUR", date(2026, 5, 8)) is None
    assert rates.rate("GBP", "GBP", date(2026, 5, 8)) == 1


def sample(**fields):
    values = {
        "sample_id": "S1",
        "product_id": "P1",
        "quantity": 2,
        "shipped_on": date(2026, 5, 1),
        "shipping_cost": D("5.00"),
        "creator_id": "ana",
    }
    return Sample(**{**values, **fields})


def test_PD4_a_sample_costs_goods_and_shipping_under_its_creator_on_the_ship_date():
    found = sample_entries(sample(post_id="V1"), context()).entries
    assert amounts(found, Account.SAMPLE_COST) == ["20.00", "5.00"]
    places = {(e.creator_id, e.product_id, e.post_id, e.order_day) for e in found}
    assert places == {("ana", "P1", "V1", date(2026, 5, 1))}


def test_a_sample_of_a_product_without_cost_still_shows_its_shipping():
    wanted = sample_entries(sample(product_id="P9"), context())
    assert amounts(wanted.entries, Account.SAMPLE_COST) == ["5.00"]
    assert [gap.kind for gap in wanted.gaps] == [GapKind.MISSING_UNIT_COST]


def test_PD4_a_sample_order_nobody_requested_becomes_samples():
    free = order(
        line("18.00", seller_discount=D("18.00")),
        line("18.00", line_id="2", product_id="P2", seller_discount=D("18.00")),
        is_sample=True,
        creator_id="ben",
        fulfilment_cost=D("4.41"),
    )
    first, second = samples_of_order(free, context())
    # Both lines sold for nothing, so the weights are equal; the cent goes to the smaller key.
    assert (first.shipping_cost, second.shipping_cost) == (D("2.21"), D("2.20"))
    assert (second.product_id, second.creator_id, second.shipped_on) == (
        "P2",
        "ben",
        date(2026, 5, 4),
    )


def payment(
    kind="usage_fee", amount="100.00", first=date(2026, 4, 21), last=date(2026, 5, 20), **fields
):
    return CreatorPayment(
        payment_id="U1",
        kind=PaymentKind(kind),
        amount=D(amount),
        currency=fields.pop("currency", "USD"),
        starts_on=first,
        ends_on=last,
        **{"creator_id": "ana", **fields},
    )


def through(entries, first, last):
    return sum(entry.amount for entry in entries if first <= entry.order_day <= last)


def test_a_usage_fee_is_spread_by_cumulative_days():
    # 100.00 over 30 days: ten days in April are round(33.333) = 33.33, May gets the rest.
    found = payment_entries(payment(), context()).entries
    assert len(found) == 30
    assert through(found, date(2026, 4, 1), date(2026, 4, 30)) == D("33.33")
    assert through(found, date(2026, 5, 1), date(2026, 5, 31)) == D("66.67")


def test_a_fee_smaller_than_its_days_books_only_the_days_with_a_cent():
    found = payment_entries(payment(amount="0.05"), context()).entries
    assert [str(entry.amount) for entry in found] == ["0.01"] * 5
    # round(0.05 x k / 30) reaches 0.01 at k = 3, since 0.005 rounds away from zero.
    assert found[0].order_day == date(2026, 4, 23)


@pytest.mark.parametrize("kind", ["flat_fee", "bonus"])
def test_a_flat_fee_or_bonus_sits_on_its_date(kind):
    day = date(2026, 5, 31)
    found = payment_entries(payment(kind, "75.00", day, day, post_id="V1"), context()).entries
    assert [(str(entry.amount), entry.order_day) for entry in found] == [("75.00", day)]


def test_a_foreign_fee_is_converted_once_at_its_first_day():
    # 100.00 x 1.1111 = 111.11, whatever the later days' rates are.
    rates = eur_to_usd(d1="1.1111", d2="2.0000")
    found = payment_entries(
        payment(first=date(2026, 5, 1), last=date(2026, 5, 3), currency="EUR"), context(fx=rates)
    ).entries
    assert [str(entry.amount) for entry in found] == ["37.04", "37.03", "37.04"]
    assert [str(entry.raw_amount) for entry in found] == ["33.33", "33.34", "33.33"]


def test_a_payment_without_creator_belongs_to_the_posts_creator():
    day = date(2026, 5, 31)
    (entry,) = payment_entries(
        payment("bonus", "75.00", day, day, post_id="V1", creator_id=None), context()
    ).entries
    assert entry.creator_id == "ana"


def test_a_window_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="Payment U1 ends before it starts"):
        payment_entries(payment(last=date(2026, 4, 20)), context())


def adjust(kind="chargeback", amount="-10.00", **fields):
    return Adjustment(
        adjustment_id="A1",
        on=date(2026, 5, 20),
        type=kind,
        amount=D(amount),
        currency="USD",
        **fields,
    )


def test_an_adjustment_keeps_the_sellers_sign_and_no_owner():
    (entry,) = adjustment_entries(adjust(), context()).entries
    assert (str(entry.amount), entry.account) == ("-10.00", Account.ADJUSTMENTS)
    assert (entry.product_id, entry.creator_id, entry.post_id) == (None, None, None)


def test_an_adjustment_of_an_order_sits_on_its_lines_and_order_date():
    sold = order(line("30.00"), line("10.00", line_id="2", product_id="P2"), creator_id="ana")
    tied = adjust(order_id="O1")
    found = [
        e
        for e in order_entries(facts(of=sold, adjustments=(tied,)), context()).entries
        if e.account is Account.ADJUSTMENTS
    ]
    assert [(str(e.amount), e.product_id, e.creator_id) for e in found] == [
        ("-7.50", "P1", "ana"),
        ("-2.50", "P2", "ana"),
    ]
    assert {(e.order_day, e.event_day) for e in found} == {(date(2026, 5, 4), date(2026, 5, 20))}


@pytest.mark.parametrize(
    ("kind", "account"),
    [
        ("CHARGE_BACK", Account.ADJUSTMENTS),
        ("never seen before", Account.ADJUSTMENTS),
        ("RESERVE", None),
        ("reserve", None),
        ("GMV_PAYMENT_FOR_ADS", None),
        ("Bill payment (negative balance)", None),
        ("SAMPLE_SHIPPING_FEE", Account.SAMPLE_COST),
        ("COFUNDED_CREATOR_REWARDS", Account.CREATOR_FEES),
    ],
)
def test_where_an_adjustment_belongs(kind, account):
    assert adjustment_account(kind) is account


def test_cash_movements_ask_for_no_entry_and_sample_shipping_is_a_cost():
    assert adjustment_entries(adjust("RESERVE"), context()).entries == ()
    found = adjustment_entries(adjust("SAMPLE_SHIPPING_FEE", "-4.40"), context()).entries
    assert total(found, Account.SAMPLE_COST) == D("4.40")
