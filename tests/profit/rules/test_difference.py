"""What the append-only ledger still lacks, and why."""

from dataclasses import replace
from datetime import date

import pytest

from profit.rules.context import UnitCosts
from profit.rules.difference import difference
from profit.rules.entries import Account
from profit.rules.facts import SettledAmount, SettledType, Stage
from profit.rules.orders import order_entries
from profit.rules.pnl import totals
from tests.profit.rules.cases import D, context, cost, eur_to_usd, facts, order, refund


def wanted(*refunds, of=None, settled=(), **fields):
    return order_entries(facts(*refunds, of=of, settled=settled), context(**fields)).entries


def appended(booked, now_wanted):
    return [*booked, *(change.entry for change in difference(now_wanted, booked))]


def test_an_empty_ledger_gets_the_wanted_entries_as_they_are():
    entries = wanted()
    changes = difference(entries, [])
    assert [change.entry for change in changes] == list(entries)
    assert {change.cause for change in changes} == {"first booked"}
    assert all(change.before == 0 and change.after == change.entry.amount for change in changes)


def test_booking_twice_appends_nothing():
    booked = appended([], wanted(refund(9, "13.33")))
    assert difference(wanted(refund(9, "13.33")), booked) == []


def test_a_late_refund_appends_only_its_own_rows():
    changes = difference(wanted(refund(9, "20.00")), wanted())
    assert {change.entry.account for change in changes} == {
        Account.REFUNDED_ITEM_REVENUE,
        Account.REFERRAL_FEE,
        Account.REFUND_ADMIN_FEE,
    }
    assert {change.cause for change in changes} == {"refund"}


def test_another_amount_at_the_same_place_is_one_row_with_the_difference():
    dearer = UnitCosts((cost("P1", "10.50"),))
    (change,) = difference(wanted(unit_costs=dearer), wanted())
    assert (change.entry.account, change.entry.amount) == (Account.COGS, D("0.50"))
    assert (change.before, change.after) == (D("10.00"), D("10.50"))
    assert change.cause == "the unit cost changed"


def test_another_place_takes_back_what_stands_and_books_it_anew():
    changes = difference(wanted(of=order(creator_id="ana")), wanted(of=order()))
    gmv = [change for change in changes if change.entry.account is Account.GMV]
    assert [(c.entry.creator_id, c.entry.amount) for c in gmv] == [
        (None, D("-40.00")),
        ("ana", D("40.00")),
    ]
    assert {(c.before, c.after, c.cause) for c in gmv} == {
        (D("40.00"), D("40.00"), "the creator changed")
    }


def test_a_settled_fee_moves_the_estimate_and_adds_the_difference():
    row = SettledAmount(
        order_id="O1",
        line_id="1",
        type=SettledType.REFERRAL_FEE,
        amount=D("2.10"),
        settled_on=date(2026, 5, 20),
    )
    changes = difference(wanted(settled=(row,)), wanted())
    assert [(c.entry.stage, c.entry.amount, c.cause) for c in changes] == [
        (Stage.ESTIMATED, D("-2.40"), "the statement day changed; now settled"),
        (Stage.SETTLED, D("2.40"), "the statement day changed; now settled"),
        (Stage.SETTLED, D("-0.30"), "settled amount replaces the estimate"),
    ]
    assert difference(wanted(settled=(row,)), [*wanted(), *(c.entry for c in changes)]) == []


def test_a_statement_day_alone_moves_the_rows_of_the_order():
    dated = wanted(of=order(settled_on=date(2026, 5, 20)))
    changes = difference(dated, wanted())
    gmv = [change for change in changes if change.entry.account is Account.GMV]
    assert [(c.entry.settlement_day, c.entry.amount) for c in gmv] == [
        (None, D("-40.00")),
        (date(2026, 5, 20), D("40.00")),
    ]


def test_a_variance_of_zero_asks_for_no_row():
    row = SettledAmount(order_id="O1", line_id="1", type=SettledType.REFERRAL_FEE, amount=D("2.40"))
    amounts = [change.entry.amount for change in difference(wanted(settled=(row,)), wanted())]
    assert amounts == [D("-2.40"), D("2.40")]


def test_what_is_no_longer_wanted_is_taken_back():
    booked = wanted(refund(9, "20.00"))
    changes = difference(wanted(), booked)
    assert {change.cause for change in changes} == {"no longer applies"}
    assert all(change.after == 0 for change in changes)
    assert totals(appended(booked, wanted())).get(Account.REFUNDED_ITEM_REVENUE) == 0


def test_a_new_exchange_rate_says_so():
    euro = UnitCosts((cost("P1", "4.10", currency="EUR"),))
    before = wanted(unit_costs=euro, fx=eur_to_usd(d4="1.10"))
    after = wanted(unit_costs=euro, fx=eur_to_usd(d4="1.20"))
    (change,) = difference(after, before)
    assert (change.entry.amount, change.entry.raw_amount) == (D("0.41"), D("0.00"))
    assert change.cause == "the exchange rate changed"


def test_source_and_rule_alone_append_nothing():
    reread = [replace(entry, source="page 9", rule="P7@2") for entry in wanted()]
    assert difference(reread, wanted()) == []


def test_a_long_way_there_and_back_leaves_the_ledger_where_it_was():
    booked = appended([], wanted())
    booked = appended(booked, wanted(of=order(creator_id="ana")))
    booked = appended(booked, wanted(refund(9, "40.00"), of=order(creator_id="ben")))
    booked = appended(booked, wanted())
    assert difference(wanted(), booked) == []
    kept = {account: amount for account, amount in totals(booked).items() if amount}
    assert kept == totals(wanted())


def test_two_wanted_entries_with_one_key_are_refused():
    (first, *_) = wanted()
    with pytest.raises(ValueError, match="Two entries are wanted under the key order/O1/1/gmv"):
        difference([first, first], [])
