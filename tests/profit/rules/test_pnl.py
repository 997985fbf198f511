"""6.4, 6.5, 6.10 and P26: the tree, the groups, ratios, agency fees and data quality."""

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest

from profit.rules.agency import agency_entries, agency_fee
from profit.rules.entries import MEMO_ACCOUNTS, Account
from profit.rules.facts import AgencyFee, AgencyFeeKind, Basis, Period, Post
from profit.rules.orders import order_entries
from profit.rules.pnl import (
    TREE,
    UNATTRIBUTED,
    Dimension,
    Level,
    Pnl,
    grouped_pnl,
    grouped_totals,
    in_period,
    together,
    totals,
)
from profit.rules.quality import data_quality
from profit.rules.ratios import max_cpa, ratios, target_roas
from tests.profit.rules.cases import D, context, facts, line, order, refund
from tests.profit.rules.test_ads import ad

# Every leaf with its own power of two, so that each line of the tree proves which leaves it has.
LEAVES = {account: D(2) ** at for at, account in enumerate(Account)}


def test_the_tree_has_every_leaf_once_and_no_memo_account():
    leaves = [item for item in TREE if isinstance(item, Account)]
    assert len(leaves) == len(set(leaves))
    assert set(leaves) == set(Account) - MEMO_ACCOUNTS


def test_several_shops_together_are_the_sum_of_each_line_in_one_currency():
    """Two times each power of two; one shop that lacks a cost makes the whole incomplete."""
    whole = Pnl.of(LEAVES, "USD")
    assert together([whole, whole]) == Pnl.of({key: 2 * one for key, one in LEAVES.items()}, "USD")
    lacking = Pnl.of({Account.GMV_WITHOUT_UNIT_COST: D(5)}, "USD")
    given_back = Pnl.of({Account.GMV_WITHOUT_UNIT_COST: D(-5)}, "USD")
    both = together([lacking, given_back])
    assert (both.gmv_without_unit_cost, both.complete) == (0, False)
    with pytest.raises(ValueError, match="too many values"):
        together([whole, Pnl.of({}, "EUR")])


def test_every_level_is_what_its_printed_formula_says():
    pnl = Pnl.of(LEAVES, "USD")
    lines = {each.name: getattr(pnl, each.name) for each in fields(pnl)}
    for level in (item for item in TREE if isinstance(item, Level)):
        words = level.formula.split()
        found = lines[words[0]]
        for sign, name in zip(words[1::2], words[2::2], strict=True):
            found += lines[name] if sign == "+" else -lines[name]
        assert getattr(pnl, level.name) == found


def test_PD1_net_profit_is_gmv_less_everything_that_was_paid():
    pnl = Pnl.of(LEAVES, "USD")
    earned = {Account.GMV, Account.SHIPPING_REVENUE, Account.ADJUSTMENTS, Account.AD_CREDIT}
    leaves = {item for item in TREE if isinstance(item, Account)}
    net = sum(LEAVES[leaf] if leaf in earned else -LEAVES[leaf] for leaf in leaves)
    assert pnl.net_profit == net


def test_PD1_each_line_opens_into_entries_that_sum_to_it():
    sold = order(line("40.00", commission_rate=D("0.15")), creator_id="ana")
    entries = order_entries(facts(refund(9, "13.33"), of=sold), context()).entries
    pnl = Pnl.of(totals(entries), "USD")
    for account in (item for item in TREE if isinstance(item, Account)):
        rows = [entry.amount for entry in entries if entry.account is account]
        assert getattr(pnl, account) == sum(rows, Decimal(0))


def test_an_empty_period_is_zero_at_the_currencys_minor_unit():
    assert str(Pnl.of({}, "USD").net_profit) == "0.00"
    assert str(Pnl.of({}, "JPY").net_profit) == "0"


def test_PD5_a_refund_of_an_earlier_order_counts_in_its_own_period_on_the_event_basis():
    entries = order_entries(facts(refund(2, "40.00", month=6)), context()).entries
    june = Period(first=date(2026, 6, 1), last=date(2026, 6, 30))
    event = in_period(entries, Basis.EVENT, june)
    assert Pnl.of(totals(event), "USD").refunded_item_revenue == D("40.00")
    assert {(entry.order_id, entry.order_day) for entry in event} == {("O1", date(2026, 5, 4))}
    assert in_period(entries, Basis.ORDER, june) == []


def test_nothing_unsettled_counts_on_the_settlement_basis():
    entries = order_entries(facts(), context()).entries
    may = Period(first=date(2026, 1, 1), last=date(2026, 12, 31))
    assert in_period(entries, Basis.SETTLEMENT, may) == []


def test_PD3_a_row_without_key_is_unattributed_and_agency_fees_stay_with_the_shop():
    known = order_entries(facts(of=order(post_id="V1", creator_id="ana")), context()).entries
    other = order_entries(facts(of=order(order_id="O2")), context()).entries
    pnl = Pnl.of(totals([*known, *other]), "USD")
    period = Period(first=date(2026, 5, 1), last=date(2026, 5, 31))
    fees = [AgencyFee(fee_id="1", kind=AgencyFeeKind.FIXED, amount=D("9.00"))]
    agency = agency_entries(fees, pnl, period).entries
    groups = grouped_pnl(grouped_totals([*known, *other, *agency], Dimension.POST), "USD")
    assert set(groups) == {"V1", UNATTRIBUTED}
    # 40.00 - 10.00 goods - 2.40 fee, twice.
    assert [group.cm3 for group in groups.values()] == [D("27.60"), D("27.60")]
    assert sum(group.agency_fees for group in groups.values()) == 0


@pytest.mark.parametrize(
    ("kind", "values", "due"),
    [
        ("fixed", {"amount": "200.00"}, "200.00"),
        ("fixed", {"amount": "100.00", "minimum": "150.00"}, "150.00"),
        ("percent_of_gmv", {"rate": "0.05"}, "139.00"),
        ("percent_of_gmv", {"rate": "0.05", "minimum": "150.00"}, "150.00"),
        ("percent_of_net_revenue", {"rate": "0.05"}, "136.10"),
        # Gross spend: the credit of 50.00 lowers the client's cost, not the agency's fee.
        ("percent_of_ad_spend", {"rate": "0.15"}, "79.50"),
    ],
)
def test_agency_fees(kind, values, due):
    sums = {
        Account.GMV: D("2780.00"),
        Account.REFUNDED_ITEM_REVENUE: D("58.00"),
        Account.AD_SPEND: D("530.00"),
        Account.AD_CREDIT: D("50.00"),
    }
    numbers = {name: D(value) for name, value in values.items()}
    fee = AgencyFee(fee_id="1", kind=AgencyFeeKind(kind), **numbers)
    assert str(agency_fee(fee, Pnl.of(sums, "USD"))) == due


def test_a_month_of_refunds_pays_no_agency_fee_back():
    pnl = Pnl.of({Account.REFUNDED_ITEM_REVENUE: D("100.00")}, "USD")
    fee = AgencyFee(fee_id="1", kind=AgencyFeeKind.PERCENT_OF_NET_REVENUE, rate=D("0.10"))
    assert agency_fee(fee, pnl) == 0


def test_ratios_without_a_denominator_are_none():
    found = ratios(Pnl.of({}, "USD"), 0)
    assert [getattr(found, each.name) for each in fields(found)] == [None] * 5


def test_break_even_and_max_cpa_need_a_margin_to_spend():
    losing = Pnl.of({Account.GMV: D("10.00"), Account.COGS: D("12.00")}, "USD")
    assert ratios(losing, 1).break_even_roas is None
    assert ratios(losing, 1).max_cpa is None
    assert max_cpa(D("1253.76"), 100, "USD") == D("12.54")
    assert max_cpa(D("100"), 3, "JPY") == D("33")


@pytest.mark.parametrize(
    ("margin", "roas"), [("0.10", "4.6852"), ("0.35", None), ("0.31344", None)]
)
def test_target_roas(margin, roas):
    found = target_roas(D("4000.00"), D("1253.76"), D(margin))
    assert (None if found is None else str(found)) == roas


def test_data_quality_names_what_is_missing():
    uncosted = order(line(product_id="P8"), line(line_id="2", product_id="P7"), order_id="O2")
    wanted = order_entries(facts(of=uncosted), context())
    summer = date(2026, 7, 1)
    found = data_quality(
        wanted.entries,
        wanted.gaps,
        [ad(day=summer), ad(day=date(2026, 1, 15), post_id=None)],
        [Post(post_id="V1"), Post(post_id="V2", creator_id="ben")],
        "America/Los_Angeles",
    )
    assert found.products_without_unit_cost == ("P7", "P8")
    assert found.orders_without_unit_cost == 1
    assert found.settled_share == D("0.0000")
    assert found.missing_rates == ()
    assert (found.ad_rows_without_post, found.posts_without_creator) == (1, 1)
    assert found.ad_days_off_the_shop_day == 1
