"""P4, P7 to P13: revenue, VAT, referral fee and refund administration fee of one order."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from profit.rules.entries import Account, GapKind
from profit.rules.facts import (
    Basis,
    FeeBase,
    FeeRules,
    ReferralFeeRule,
    RefundAdminFeeRule,
    RefundStage,
)
from profit.rules.orders import order_entries
from tests.profit.rules.cases import (
    US_RULES,
    US_SHOP,
    D,
    amounts,
    context,
    facts,
    line,
    order,
    refund,
    total,
)


def entries(*refunds, of=None, **fields):
    return order_entries(facts(*refunds, of=of), context(**fields)).entries


def test_gmv_drops_the_sellers_discount_and_keeps_the_platforms():
    sold = order(line("40.00", seller_discount=D("4.00"), platform_discount=D("3.00")))
    assert amounts(entries(of=sold), Account.GMV) == ["36.00"]


def test_the_order_date_is_the_shops_local_day():
    late = order(created_at=datetime(2026, 5, 5, 6, 59, tzinfo=UTC))  # 23:59 on 4 May
    assert {entry.order_day for entry in entries(of=late)} == {date(2026, 5, 4)}
    assert {
        entry.order_day
        for entry in entries(of=replace(late, created_at=datetime(2026, 5, 5, 7, 0, tzinfo=UTC)))
    } == {date(2026, 5, 5)}


def test_shipping_is_split_by_item_revenue_before_any_fee():
    # 5.00 over 30.00 and 10.00: 3.75 and 1.25. Fees: 6% x 33.75 = 2.025, 6% x 11.25 = 0.675.
    sold = order(
        line("30.00"),
        line("10.00", line_id="2"),
        shipping_paid_by_customer=D("5.00"),
        fulfilment_cost=D("4.01"),
    )
    found = entries(of=sold)
    assert amounts(found, Account.SHIPPING_REVENUE) == ["3.75", "1.25"]
    assert amounts(found, Account.REFERRAL_FEE) == ["2.03", "0.68"]
    # 4.01 x 3/4 = 3.0075 and 1.0025: the left-over cent goes to the larger remainder.
    assert amounts(found, Account.FULFILMENT_COST) == ["3.01", "1.00"]


def test_shipping_the_seller_is_not_credited_is_in_the_fee_base_but_is_no_revenue():
    sold = order(
        line("40.00"),
        shipping_paid_by_customer=D("5.00"),
        shipping_credited_to_seller=False,
    )
    back = refund(9, "40.00", shipping_refund=D("5.00"))
    assert amounts(entries(of=sold), Account.REFERRAL_FEE) == ["2.70"]
    assert amounts(entries(back, of=sold), Account.SHIPPING_REVENUE) == []
    assert total(entries(back, of=sold), Account.REFERRAL_FEE) == 0


def test_a_refund_takes_platform_discount_and_shipping_back_with_it():
    sold = order(line("40.00", platform_discount=D("3.00")), shipping_paid_by_customer=D("5.00"))
    back = refund(9, "37.00", platform_discount_refund=D("3.00"), shipping_refund=D("2.00"))
    found = entries(back, of=sold)
    assert amounts(found, Account.REFUNDED_ITEM_REVENUE) == ["40.00"]
    assert amounts(found, Account.SHIPPING_REVENUE) == ["5.00", "-2.00"]


def test_a_refund_keeps_the_order_date_and_has_its_own_event_day():
    found = entries(refund(2, "10.00", month=6))
    (back,) = [entry for entry in found if entry.account is Account.REFUNDED_ITEM_REVENUE]
    assert (back.order_day, back.event_day) == (date(2026, 5, 4), date(2026, 6, 2))
    assert back.order_id == "O1"
    assert back.rule == "P9@1"


def test_a_refund_counts_on_its_local_day():
    evening = replace(refund(2, "10.00"), at=datetime(2026, 6, 1, 6, 30, tzinfo=UTC))
    found = entries(evening)
    (back,) = [entry for entry in found if entry.account is Account.REFUNDED_ITEM_REVENUE]
    assert back.day(Basis.EVENT) == date(2026, 5, 31)


def test_output_vat_is_carved_out_and_refunds_book_the_difference():
    # (29.90 + 3.99) x 0.19/1.19 = 5.4110; after 10.00 back: 23.89 x 0.19/1.19 = 3.8143.
    german = replace(US_SHOP, timezone="Europe/Berlin", vat_rate=D("0.19"))
    sold = order(line("29.90"), shipping_paid_by_customer=D("3.99"))
    found = entries(refund(9, "10.00"), of=sold, shop=german)
    assert amounts(found, Account.OUTPUT_VAT) == ["5.41", "-1.60"]


def test_without_vat_inclusive_prices_there_is_no_output_vat():
    assert amounts(entries(of=order(sales_tax=D("3.10"))), Account.OUTPUT_VAT) == []


BY_DATE = FeeRules(
    referral=(
        ReferralFeeRule(effective_from=date(2026, 5, 5), rate=D("0.09"), version="2"),
        ReferralFeeRule(effective_from=date(2024, 4, 1), rate=D("0.06")),
    )
)


@pytest.mark.parametrize(
    ("hour", "fee", "rule"),
    # Midnight of 5 May in Los Angeles is 07:00Z.
    [(6, "2.40", "P11@1"), (7, "3.60", "P11@2")],
)
def test_the_fee_rule_is_chosen_by_the_local_order_date(hour, fee, rule):
    sold = order(created_at=datetime(2026, 5, 5, hour, 59 if hour == 6 else 0, tzinfo=UTC))
    (entry,) = [
        each for each in entries(of=sold, rules=BY_DATE) if each.account is Account.REFERRAL_FEE
    ]
    assert (str(entry.amount), entry.rule) == (fee, rule)


def test_a_line_can_have_its_own_rate_and_a_rule_its_own_base():
    rules = FeeRules(
        referral=(
            ReferralFeeRule(
                effective_from=date(2024, 1, 1), rate=D("0.10"), base=FeeBase.ITEM_REVENUE
            ),
        )
    )
    sold = order(
        line("40.00"),
        line("40.00", line_id="2", referral_rate=D("0.05")),
        shipping_paid_by_customer=D("5.00"),
    )
    assert amounts(entries(of=sold, rules=rules), Account.REFERRAL_FEE) == ["4.00", "2.00"]


def test_no_fee_rule_in_force_is_a_gap_and_no_fee():
    rules = FeeRules(referral=(ReferralFeeRule(effective_from=date(2026, 5, 5), rate=D("0.06")),))
    wanted = order_entries(facts(), context(rules=rules))
    assert amounts(wanted.entries, Account.REFERRAL_FEE) == []
    assert [gap.kind for gap in wanted.gaps] == [GapKind.MISSING_FEE_RULE]


def test_partial_refunds_lower_the_fee_step_by_step():
    # 6% of 40.00, 26.67 and 13.34: 2.40, 1.60, 0.80.
    found = entries(refund(9, "13.33"), refund(10, "13.33"))
    assert amounts(found, Account.REFERRAL_FEE) == ["2.40", "-0.80", "-0.80"]
    # 20% of 0.80 and of 1.60: 0.16 and 0.32 in total.
    assert amounts(found, Account.REFUND_ADMIN_FEE) == ["0.16", "0.16"]


def test_more_refunded_than_paid_never_makes_the_fee_negative():
    assert total(entries(refund(9, "55.00")), Account.REFERRAL_FEE) == 0


def test_the_refund_administration_fee_is_capped_per_line_over_all_refunds():
    # Fee of 450.00 is 27.00; each half gives 13.50 back: 20% is 2.70, then 5.40, capped at 5.00.
    sold = order(line("450.00"))
    found = entries(refund(9, "225.00"), refund(10, "225.00"), of=sold)
    assert amounts(found, Account.REFUND_ADMIN_FEE) == ["2.70", "2.30"]


def test_a_lower_cap_gives_nothing_back():
    low = RefundAdminFeeRule(
        effective_from=date(2026, 5, 10), rate_of_referral_fee=D("0.20"), cap_per_line=D("2.00")
    )
    rules = replace(US_RULES, refund_admin=(*US_RULES.refund_admin, low))
    found = entries(
        refund(9, "225.00"), refund(10, "225.00"), of=order(line("450.00")), rules=rules
    )
    assert amounts(found, Account.REFUND_ADMIN_FEE) == ["2.70"]


def test_a_line_discounted_below_nothing_carries_no_share_of_shipping():
    sold = order(
        line("10.00", seller_discount=D("12.00")),
        line("10.00", line_id="2"),
        shipping_paid_by_customer=D("5.00"),
    )
    assert amounts(entries(of=sold), Account.SHIPPING_REVENUE) == ["5.00"]


def test_cancelling_before_shipment_costs_no_administration_fee():
    canceled = refund(5, "20.00", stage=RefundStage.BEFORE_SHIPMENT)
    assert amounts(entries(canceled), Account.REFUND_ADMIN_FEE) == []
    # Only the 1.20 given back after shipment counts: 20% is 0.24.
    assert amounts(entries(canceled, refund(9, "20.00")), Account.REFUND_ADMIN_FEE) == ["0.24"]


@pytest.mark.parametrize(("day", "fees"), [(14, []), (15, ["0.48"])])
def test_the_administration_rule_is_chosen_by_the_refunds_date(day, fees):
    rules = replace(
        US_RULES,
        refund_admin=(
            RefundAdminFeeRule(effective_from=date(2026, 5, 15), rate_of_referral_fee=D("0.20")),
        ),
    )
    assert amounts(entries(refund(day, "40.00"), rules=rules), Account.REFUND_ADMIN_FEE) == fees


def test_yen_amounts_have_no_digits_after_the_point():
    # 6% of 1,925 is 115.5; 20% of the 116 given back is 23.2.
    shop = replace(US_SHOP, currency="JPY", timezone="Asia/Tokyo")
    uncapped = RefundAdminFeeRule(effective_from=date(2025, 5, 15), rate_of_referral_fee=D("0.20"))
    rules = replace(US_RULES, refund_admin=(uncapped,))
    sold = order(line("1925"))
    found = entries(refund(9, "1925"), of=sold, shop=shop, rules=rules, report_currency="JPY")
    assert amounts(found, Account.GMV) == ["1925"]
    assert amounts(found, Account.REFERRAL_FEE) == ["116", "-116"]
    assert amounts(found, Account.REFUND_ADMIN_FEE) == ["23"]


def test_every_entry_says_where_it_belongs():
    sold = order(creator_id="ana", post_id="V1", reference="orders page 7")
    (gmv,) = [entry for entry in entries(of=sold) if entry.account is Account.GMV]
    assert gmv.key == "order/O1/1/gmv:sale"
    assert (gmv.line_id, gmv.product_id, gmv.creator_id, gmv.post_id) == ("1", "P1", "ana", "V1")
    assert gmv.source == "orders page 7"


def test_PD4_a_sample_order_has_no_entries_of_its_own():
    free = order(line("18.00", seller_discount=D("18.00")), is_sample=True)
    assert order_entries(facts(of=free), context()).entries == ()


def test_rows_of_another_order_are_refused():
    with pytest.raises(ValueError, match="A row of order O9 cannot be booked on order O1"):
        order_entries(facts(refund(9, "1.00", order_id="O9")), context())
