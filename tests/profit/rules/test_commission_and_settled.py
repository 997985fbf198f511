"""P14 to P18: commission, its adjustments and rates, and settled amounts."""

from dataclasses import replace
from datetime import date

import pytest

from profit.rules.commission import (
    DatedRate,
    Plan,
    PlanKind,
    commission_rate_for_order,
    locked_standard_rate,
)
from profit.rules.entries import Account
from profit.rules.facts import (
    CommissionAdjustment,
    CommissionBase,
    SettledAmount,
    SettledType,
    Stage,
)
from profit.rules.orders import order_entries
from profit.rules.quality import settled_share
from profit.rules.report import period_flags, settlement_variance
from tests.profit.rules.cases import (
    US_RULES,
    D,
    amounts,
    context,
    facts,
    line,
    order,
    refund,
    total,
)

KEPT = Account.COMMISSION_KEPT_AFTER_REFUND
COMMISSION = Account.AFFILIATE_COMMISSION


def sold(**fields):
    return order(
        line("40.00", platform_discount=D("3.00"), commission_rate=D("0.15")),
        creator_id="ana",
        **fields,
    )


def entries(*refunds, of=None, rules=US_RULES, **fields):
    return order_entries(facts(*refunds, of=of or sold(), **fields), context(rules=rules)).entries


def adjustment(amount, day=31, reason="", number="1"):
    return CommissionAdjustment(
        adjustment_id=number,
        order_id="O1",
        on=date(2026, 5, day),
        amount=D(amount),
        reason=reason,
    )


def settled(kind, amount, line_id="1", **fields):
    return SettledAmount(
        order_id="O1", line_id=line_id, type=SettledType(kind), amount=D(amount), **fields
    )


@pytest.mark.parametrize(
    ("base", "commission"),
    # 15% of 37.00 paid by the buyer, or of 40.00 item revenue; shipping is in neither.
    [(CommissionBase.CUSTOMER_ITEM_PAYMENT, "5.55"), (CommissionBase.ITEM_REVENUE, "6.00")],
)
def test_commission_base(base, commission):
    rules = replace(US_RULES, commission_base=base)
    found = entries(of=sold(shipping_paid_by_customer=D("9.00")), rules=rules)
    assert amounts(found, COMMISSION) == [commission]


def test_a_line_without_a_rate_has_no_commission():
    assert amounts(entries(of=order()), COMMISSION) == []


def test_a_partial_refund_while_unsettled_lowers_the_commission():
    # 15% x (37.00 - 10.00) = 4.05. The platform discount refund is no part of this base.
    back = refund(9, "10.00", platform_discount_refund=D("1.00"))
    assert amounts(entries(back), COMMISSION) == ["5.55", "-1.50"]


@pytest.mark.parametrize(
    ("settled_on", "commission", "kept"),
    [(date(2026, 5, 9), "0.00", []), (date(2026, 5, 8), "5.55", ["5.55"]), (None, "0.00", [])],
)
def test_a_refund_on_the_settlement_day_still_counts_and_a_later_one_does_not(
    settled_on, commission, kept
):
    found = entries(refund(9, "37.00"), of=sold(commission_settled_on=settled_on))
    assert str(total(found, COMMISSION)) == commission
    assert amounts(found, KEPT) == kept


def test_only_the_late_part_is_kept_after_an_early_partial_refund():
    # Early: 15% x 27.00 = 4.05. Late: 15% x 7.00 = 1.05 would be due, so 3.00 is kept.
    found = entries(
        refund(9, "10.00"), refund(20, "20.00"), of=sold(commission_settled_on=date(2026, 5, 15))
    )
    assert amounts(found, COMMISSION) == ["5.55", "-1.50"]
    assert amounts(found, KEPT) == ["3.00"]


def test_an_adjustment_is_split_by_the_lines_commission():
    # Commissions 4.00 and 1.00, so -0.60 is -0.48 and -0.12.
    two = order(
        line("40.00", commission_rate=D("0.10")),
        line("10.00", line_id="2", commission_rate=D("0.10")),
    )
    found = entries(of=two, commission_adjustments=(adjustment("-0.60"),))
    assert amounts(found, COMMISSION) == ["4.00", "-0.48", "1.00", "-0.12"]
    own_day = [entry.event_day for entry in found if entry.rule == "P17@1"]
    assert own_day == [date(2026, 5, 31)] * 2


def test_adjustments_do_not_weigh_each_other():
    # -4.99 leaves 0.01 and 0.00, yet the second is split 4:1 by the commissions themselves.
    two = order(
        line("40.00", commission_rate=D("0.10")),
        line("10.00", line_id="2", commission_rate=D("0.10")),
    )
    both = (adjustment("-4.99", number="1"), adjustment("-0.50", number="2"))
    found = entries(of=two, commission_adjustments=both)
    assert amounts(found, COMMISSION) == ["4.00", "-3.99", "-0.40", "1.00", "-1.00", "-0.10"]


def test_several_reversals_lower_the_kept_commission_once():
    found = entries(
        refund(20, "37.00"),
        of=sold(commission_settled_on=date(2026, 5, 15)),
        commission_adjustments=(
            adjustment("-4.00", day=28, reason="reversal", number="1"),
            adjustment("-4.00", day=31, reason="reversal", number="2"),
        ),
    )
    assert amounts(found, KEPT) == ["5.55", "-4.00", "-1.55"]


@pytest.mark.parametrize(
    ("reversed_by", "reason", "kept"),
    [
        ("-5.55", "reversal", D(0)),
        ("-2.00", "reversal", D("3.55")),
        ("-9.00", "reversal", D(0)),
        ("-5.55", "tiered_over_withholding_returned", D("5.55")),
    ],
)
def test_a_reversal_lowers_the_kept_commission_not_below_zero(reversed_by, reason, kept):
    found = entries(
        refund(20, "37.00"),
        of=sold(commission_settled_on=date(2026, 5, 15)),
        commission_adjustments=(adjustment(reversed_by, reason=reason),),
    )
    assert period_flags(found).get(KEPT, D(0)) == kept
    assert total(found, COMMISSION) == D("5.55") + D(reversed_by)


def test_a_period_with_only_the_reversal_has_no_negative_flag():
    found = entries(
        refund(20, "37.00"),
        of=sold(commission_settled_on=date(2026, 5, 15)),
        commission_adjustments=(adjustment("-5.55", reason="reversal"),),
    )
    assert period_flags([entry for entry in found if entry.event_day.day == 31]) == {}


def test_a_settled_amount_replaces_the_final_estimate_on_the_order_date():
    # Estimate after the refund: 2.40 - 1.20 = 1.20. Settled 1.00, so -0.20 on the order date.
    found = entries(refund(9, "20.00"), settled=(settled("referral_fee", "1.00"),))
    assert amounts(found, Account.REFERRAL_FEE) == ["2.40", "-1.20", "-0.20"]
    difference = [entry for entry in found if entry.rule == "P18@1"]
    assert [(entry.order_day, entry.event_day) for entry in difference] == [
        (date(2026, 5, 4), date(2026, 5, 4))
    ]
    assert settlement_variance(found) == {Account.REFERRAL_FEE: D("-0.20")}


def test_settled_rows_of_one_fee_add_up_and_carry_the_last_statement_day():
    rows = (
        settled("referral_fee", "2.40", settled_on=date(2026, 5, 20), reference="statement 1"),
        settled("referral_fee", "-1.30", settled_on=date(2026, 6, 3), reference="statement 2"),
    )
    found = entries(refund(9, "20.00"), settled=rows)
    fees = [entry for entry in found if entry.account is Account.REFERRAL_FEE]
    assert sum(entry.amount for entry in fees) == D("1.10")
    assert {entry.settlement_day for entry in fees} == {date(2026, 6, 3)}
    assert fees[-1].source == "statement 1, statement 2"


def test_a_settled_row_equal_to_the_estimate_shows_a_variance_of_zero():
    found = entries(settled=(settled("referral_fee", "2.40"),))
    assert settlement_variance(found) == {Account.REFERRAL_FEE: D(0)}
    assert total(found, Account.REFERRAL_FEE) == D("2.40")


def test_a_settled_row_without_line_is_split_by_item_revenue():
    two = order(line("30.00"), line("10.00", line_id="2"))
    found = entries(of=two, settled=(settled("fulfilment_cost", "8.01", line_id=None),))
    # 8.01 x 3/4 = 6.0075 and 2.0025: the left-over cent goes to the larger remainder.
    assert amounts(found, Account.FULFILMENT_COST) == ["6.01", "2.00"]


def test_a_fee_no_rule_knows_is_booked_whole():
    found = entries(settled=(settled("other_platform_fee", "0.77"),))
    assert amounts(found, Account.OTHER_PLATFORM_FEE) == ["0.77"]


def test_adjustments_come_on_top_of_a_settled_commission():
    found = entries(
        settled=(settled("affiliate_commission", "6.15"),),
        commission_adjustments=(adjustment("-0.60"),),
    )
    assert amounts(found, COMMISSION) == ["5.55", "0.60", "-0.60"]


def test_stages_follow_the_fee_and_not_only_the_order():
    found = entries(
        of=sold(stage=Stage.SETTLED, settled_on=date(2026, 5, 20)),
        settled=(settled("referral_fee", "2.40"),),
    )
    stages = {entry.account: entry.stage for entry in found}
    assert stages[Account.GMV] is Stage.SETTLED
    assert stages[Account.REFERRAL_FEE] is Stage.SETTLED
    assert stages[COMMISSION] is Stage.PROCESSING


def test_the_settled_share_counts_lines_whose_fees_are_all_settled():
    both = (settled("referral_fee", "2.40"), settled("affiliate_commission", "5.55"))
    final = entries(settled=both)
    other = order_entries(facts(of=order(line("120.00"), order_id="O2")), context()).entries
    half = entries(settled=both[:1])
    assert settled_share(final) == D("1.0000")
    assert settled_share(half) == D("0.0000")
    assert settled_share([*final, *other]) == D("0.2500")
    assert settled_share([]) is None


PLANS = {
    PlanKind.OPEN: Plan(standard_rate=D("0.20"), shop_ads_rate=D("0.12")),
    PlanKind.TARGET: Plan(standard_rate=D("0.25")),
    PlanKind.PARTNER: Plan(standard_rate=D("0.30"), shop_ads_rate=D("0.18")),
}


@pytest.mark.parametrize(
    ("kinds", "from_ads", "rate"),
    [
        (("open",), False, "0.20"),
        (("open",), True, "0.12"),
        (("open", "target"), True, "0.25"),
        (("open", "target", "partner"), False, "0.30"),
        (("open", "target", "partner"), True, "0.18"),
    ],
)
def test_plan_priority_and_the_ads_rate(kinds, from_ads, rate):
    covering = {PlanKind(kind): PLANS[PlanKind(kind)] for kind in kinds}
    assert commission_rate_for_order(covering, from_ads=from_ads) == D(rate)


def test_without_a_covering_plan_there_is_no_rate():
    assert commission_rate_for_order({}, from_ads=False) is None


HISTORY = [
    DatedRate(date(2026, 1, 1), D("0.20")),
    DatedRate(date(2026, 5, 10), D("0.12")),
    DatedRate(date(2026, 7, 1), D("0.25")),
]


@pytest.mark.parametrize(
    ("on", "since", "rate"),
    [
        (date(2026, 5, 9), date(2026, 4, 1), "0.20"),
        (date(2026, 5, 10), date(2026, 4, 1), "0.20"),
        (date(2026, 6, 8), date(2026, 4, 1), "0.20"),
        (date(2026, 6, 9), date(2026, 4, 1), "0.12"),
        (date(2026, 5, 20), date(2026, 5, 9), "0.20"),
        (date(2026, 5, 20), date(2026, 5, 10), "0.12"),
        (date(2026, 7, 1), date(2026, 4, 1), "0.25"),
    ],
)
def test_commission_lock(on, since, rate):
    assert locked_standard_rate(HISTORY, promoting_since=since, on=on) == D(rate)


def test_two_cuts_lock_each_their_own_earlier_rate():
    # 1 May: 0.20 to 0.15, kept until 30 May. 20 May: 0.15 to 0.10, kept until 18 June.
    history = [
        DatedRate(date(2026, 1, 1), D("0.20")),
        DatedRate(date(2026, 5, 1), D("0.15")),
        DatedRate(date(2026, 5, 20), D("0.10")),
    ]
    since = date(2026, 2, 1)
    days = [date(2026, 5, 30), date(2026, 5, 31), date(2026, 6, 18), date(2026, 6, 19)]
    found = [locked_standard_rate(history, promoting_since=since, on=day) for day in days]
    assert found == [D("0.20"), D("0.15"), D("0.15"), D("0.10")]


def test_before_the_first_rate_there_is_none():
    found = locked_standard_rate(HISTORY, promoting_since=date(2025, 1, 1), on=date(2025, 12, 31))
    assert found is None
