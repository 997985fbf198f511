"""A period under other terms, worked out by hand."""

from decimal import Decimal

import pytest

from profit.rules.entries import Account
from profit.rules.pnl import Pnl
from profit.rules.what_if import Terms, under

D = Decimal
WAS = Pnl.of(
    {
        Account.GMV: D("1000.00"),
        Account.REFUNDED_ITEM_REVENUE: D("100.00"),
        Account.SHIPPING_REVENUE: D("50.00"),
        Account.COGS: D("300.00"),
        Account.REFERRAL_FEE: D("60.00"),
        Account.FULFILMENT_COST: D("80.00"),
        Account.AFFILIATE_COMMISSION: D("135.00"),
        Account.AD_SPEND: D("200.00"),
        Account.AD_CREDIT: D("20.00"),
        Account.CREATOR_FEES: D("30.00"),
        Account.CUSTOM_COST: D("10.00"),
    },
    "USD",
)


def test_no_change_is_what_it_was() -> None:
    assert under(WAS, Terms()) == WAS
    # 1000 - 100 + 50 - 300 - 60 - 80 - 135 - 180 - 30 - 10
    assert WAS.cm3 == D("155.00")


@pytest.mark.parametrize(
    ("terms", "cm3"),
    [
        # 15% of what is left after refunds was paid; at 10% it is 90.00 instead of 135.00.
        (Terms(commission_rate=D("0.10")), D("200.00")),
        # Revenue, referral fee and commission follow: 155 + 10% of (1000 - 100 - 60 - 135).
        (Terms(price=D("0.10")), D("225.50")),
        (Terms(unit_cost=D("0.10")), D("125.00")),
        (Terms(ad_budget=D("-0.50")), D("245.00")),
        # All that goes with a unit: 155 + 10% of (1000 - 100 + 50 - 300 - 60 - 80 - 135).
        (Terms(units=D("0.10")), D("192.50")),
        # 15.3% of 0.9 x 900 is 123.93, rounded once.
        (Terms(price=D("-0.10"), commission_rate=D("0.153")), D("82.07")),
    ],
)
def test_each_term_moves_its_lines_alone(terms: Terms, cm3: Decimal) -> None:
    then = under(WAS, terms)
    assert then.cm3 == cm3
    assert (then.creator_fees, then.custom_cost) == (30, 10)


def test_a_missing_cost_stays_missing() -> None:
    unknown = Pnl.of({Account.GMV: D(10), Account.GMV_WITHOUT_UNIT_COST: D(10)}, "USD")
    assert not under(unknown, Terms(price=D("0.10"))).complete
