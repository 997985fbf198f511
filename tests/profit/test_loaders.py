"""What the loaders make of TikTok's pages: the contract's samples, changed where needed."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from creators.models import Creator, Post
from profit.models import (
    AffiliateOrder,
    Dirty,
    Entry,
    Order,
    OrderLine,
    Payment,
    Refund,
    Statement,
    StatementLine,
    UnsettledLine,
)
from sparkops.alerts.models import Alert
from sparkops.catalog.models import Product, Sku
from tests.profit.conftest import Books, sample

FIRST, SECOND, THIRD, SAMPLE = (f"57743000000000000{n}" for n in (1, 2, 3, 4))


def forget_marks() -> None:
    Dirty.objects.all().delete()


def test_units_of_a_sku_are_one_line_with_its_discounts_added(books: Books) -> None:
    books.orders(sample("orders_search_202309"))
    line = OrderLine.objects.get(order__order_id=SECOND)
    assert (line.quantity, line.unit_price, line.seller_discount) == (2, 35, 14)
    order = Order.objects.get(order_id=SECOND)
    # 1794278504 is 2026-11-09 18:41 in Los Angeles.
    assert order.order_day.isoformat() == "2026-11-09"
    assert Order.objects.get(order_id=SAMPLE).is_sample


def test_two_prices_of_one_sku_stay_two_lines(books: Books) -> None:
    data = sample("orders_search_202309")
    data["orders"][1]["line_items"][1]["original_price"] = "30"
    books.orders(data)
    lines = OrderLine.objects.filter(order__order_id=SECOND).order_by("line_id")
    assert [(line.line_id, line.unit_price) for line in lines] == [
        ("1729500000000000201", 35),
        ("1729500000000000201-2", 30),
    ]


def test_an_order_names_products_nobody_has_read(books: Books) -> None:
    books.orders(sample("orders_search_202309"))
    assert Product.objects.get(product_id="1729500000000000102").title == "Overnight Mask 75ml"
    assert Sku.objects.get(sku_id="1729500000000000202").seller_sku == "OM-75"


def test_reading_a_page_again_changes_and_marks_nothing(books: Books) -> None:
    books.read_samples()
    forget_marks()
    before = StatementLine.objects.count()
    again = (
        books.orders(sample("orders_search_202309")),
        books.returns(sample("returns_search_202602")),
        books.affiliate(sample("affiliate_seller_orders_search_202410")),
        books.statements(sample("finance_statements_202309")),
        books.rows(sample("finance_statement_transactions_202501_sales")),
        books.payments(sample("finance_payments_202605")),
    )
    assert all(counts.added == counts.changed == 0 for counts in again)
    assert StatementLine.objects.count() == before
    orders_marked = Dirty.objects.exclude(cause__startswith="Statement")
    assert not orders_marked.exists()


def test_words_and_fields_nobody_knows_are_kept(books: Books) -> None:
    data = sample("orders_search_202309")
    data["orders"][0] |= {"status": "TELEPORTED", "warp": 9}
    books.orders(data)
    assert Order.objects.get(order_id=FIRST).status == "TELEPORTED"


def test_an_order_that_was_never_paid_is_no_sale(books: Books) -> None:
    data = sample("orders_search_202309")
    data["orders"][0] |= {"status": "CANCELLED", "paid_time": 0, "cancel_time": 1794248900}
    books.orders(data)
    assert Order.objects.get(order_id=FIRST).paid_at is None
    books.book()
    assert not Entry.objects.filter(order_id=FIRST).exists()


def test_cash_on_delivery_is_a_sale_when_ordered(books: Books) -> None:
    data = sample("orders_search_202309")
    data["orders"][0] |= {"is_cod": True, "paid_time": 0}
    books.orders(data)
    order = Order.objects.get(order_id=FIRST)
    assert order.paid_at == order.created_at


def test_a_return_refunds_its_line_and_a_later_step_is_no_second_refund(books: Books) -> None:
    books.orders(sample("orders_search_202309"))
    data = sample("returns_search_202602")
    books.returns(data)
    refund = Refund.objects.get()
    assert refund.line_id == "1729500000000000202"
    assert (refund.customer_item_refund, refund.return_shipping_cost) == (24, 5)
    assert (refund.quantity, refund.restocked_quantity) == (1, 1)
    assert refund.at == datetime.fromtimestamp(1794992400, UTC)
    later = deepcopy(data)
    later["return_orders"][0]["update_time"] += 86_400
    books.returns(later)
    assert Refund.objects.get().at == refund.at


def test_money_that_has_not_moved_is_no_refund(books: Books) -> None:
    books.orders(sample("orders_search_202309"))
    data = sample("returns_search_202602")
    data["return_orders"][0]["return_status"] = "RETURN_OR_REFUND_REQUEST_PENDING"
    books.returns(data)
    assert not Refund.objects.exists()


def test_the_platform_s_discount_comes_back_in_the_share_that_is_refunded(books: Books) -> None:
    """Order 1: 25.20 paid with 2.80 of the platform; half of it refunded gives half of both."""
    books.orders(sample("orders_search_202309"))
    data = sample("returns_search_202602")
    one = data["return_orders"][0]
    one["order_id"] = FIRST
    one["refund_amount"]["refund_subtotal"] = "12.60"
    line = one["return_line_items"][0]
    line["sku_id"] = "1729500000000000201"
    line["refund_amount"]["refund_subtotal"] = "12.60"
    books.returns(data)
    refund = Refund.objects.get()
    assert refund.customer_item_refund == Decimal("12.60")
    assert refund.platform_discount_refund == Decimal("1.40")


def test_a_refund_of_an_order_nobody_read_names_it_so_that_it_is_read(books: Books) -> None:
    books.returns(sample("returns_search_202602"))
    order = Order.objects.get(order_id=THIRD)
    assert order.status == ""
    books.book()
    assert not Entry.objects.exists()
    books.orders(sample("orders_search_202309"))
    books.book()
    assert Entry.objects.filter(order_id=THIRD, account="refunded_item_revenue").exists()


def test_a_cancellation_before_shipment_gives_everything_back(books: Books) -> None:
    data = sample("orders_search_202309")
    data["orders"][0] |= {"status": "CANCELLED", "delivery_time": 0, "cancel_time": 1794250000}
    books.orders(data)
    books.cancellations(
        {
            "cancellations": [
                {
                    "cancel_id": "4035318504086604999",
                    "order_id": FIRST,
                    "cancel_type": "BUYER_CANCEL",
                    "cancel_status": "CANCELLATION_REQUEST_COMPLETE",
                    "refund_amount": {"currency": "USD", "refund_subtotal": "25.2"},
                    "cancel_line_items": [
                        {"order_line_item_id": "1", "sku_id": "1729500000000000201"}
                    ],
                    "create_time": 1794250000,
                    "update_time": 1794250000,
                }
            ]
        }
    )
    refund = Refund.objects.get()
    assert refund.before_shipment
    assert (refund.customer_item_refund, refund.platform_discount_refund) == (
        Decimal("25.2"),
        Decimal("2.8"),
    )
    assert refund.restocked_quantity == 1


def test_an_affiliate_order_makes_its_creator_and_post_known(books: Books) -> None:
    books.affiliate(sample("affiliate_seller_orders_search_202410"))
    assert set(Creator.objects.values_list("handle", flat=True)) == {"mia.skin", "noah.reviews"}
    row = AffiliateOrder.objects.get(order_id=FIRST)
    assert row.creator == Creator.objects.get(handle="mia.skin")
    assert row.post == Post.objects.get(item_id="7493990579714164574")
    assert (row.standard_rate, row.shop_ads_rate, row.plan) == (
        Decimal("0.15"),
        Decimal("0.10"),
        "open",
    )
    assert row.settled_on is not None
    assert AffiliateOrder.objects.get(order_id="577430000000000005").settled_on is None


def test_a_statement_is_closed_with_the_sum_of_its_rows(books: Books) -> None:
    books.statements(sample("finance_statements_202309"))
    books.rows(sample("finance_statement_transactions_202501_sales"))
    books.rows(sample("finance_statement_transactions_202501_refund_adjust_reserve"))
    first, second = Statement.objects.order_by("statement_time")
    assert (first.rows_total, first.settlement_amount) == (Decimal("83.27"), Decimal("83.27"))
    assert (second.rows_total, second.reserve_amount, second.payable_amount) == (
        Decimal("-55.35"),
        -5,
        Decimal("-60.35"),
    )
    # 1794787200 is 2026-11-16 00:00 UTC: the statement is of the day before.
    assert first.business_day.isoformat() == "2026-11-15"


def test_repeated_fields_are_kept_and_never_unlisted(books: Books) -> None:
    """Order 2 repeats its shipping discount as an incentive; both sum to 0.00 with the fee."""
    books.statements(sample("finance_statements_202309"))
    books.rows(sample("finance_statement_transactions_202501_sales"))
    row = StatementLine.objects.get(order_id=SECOND)
    assert row.fields["shipping"]["tiktok_shop_shipping_incentive_amount"] == "6.2"
    assert row.unlisted == {}


def test_a_new_fee_is_booked_as_other_and_told_once(books: Books) -> None:
    books.orders(sample("orders_search_202309"))
    books.statements(sample("finance_statements_202309"))
    data = sample("finance_statement_transactions_202501_sales")
    row = data["transactions"][0]
    row["fee_tax_breakdown"]["fee"]["moon_fee_amount"] = "-0.75"
    row["fee_tax_amount"] = "-6.21"
    row["settlement_amount"] = "17.48"
    books.rows(data)
    books.rows(data)
    stored = StatementLine.objects.get(order_id=FIRST)
    assert stored.unlisted == {"fee_tax": {"amount": "-0.75", "fields": ["moon_fee_amount"]}}
    assert Alert.objects.filter(kind="unlisted_fee").count() == 1
    books.book()
    fee = Entry.objects.get(order_id=FIRST, account="other_platform_fee")
    assert fee.amount == Decimal("0.75")


def test_a_new_kind_of_row_is_an_adjustment_and_told_once(books: Books) -> None:
    books.statements(sample("finance_statements_202309"))
    data = sample("finance_statement_transactions_202501_refund_adjust_reserve")
    data["transactions"][1]["type"] = "LUNAR_REBATE"
    books.rows(data)
    books.rows(data)
    assert Alert.objects.filter(kind="new_transaction_type").count() == 1
    books.book()
    assert Entry.objects.get(account="adjustments").amount == Decimal("12.50")


def test_a_row_that_tiktok_took_back_leaves_the_statement_and_the_ledger(books: Books) -> None:
    books.statements(sample("finance_statements_202309"))
    data = sample("finance_statement_transactions_202501_refund_adjust_reserve")
    books.rows(data)
    books.book()
    shorter = deepcopy(data)
    del shorter["transactions"][1]
    books.rows(shorter)
    books.book()
    assert Statement.objects.get(statement_id=data["id"]).rows_total == Decimal("-67.85")
    amounts = Entry.objects.filter(account="adjustments").values_list("amount", flat=True)
    assert sorted(amounts) == [Decimal("-12.50"), Decimal("12.50")]


def test_the_unsettled_set_is_replaced(books: Books) -> None:
    books.unsettled(sample("finance_unsettled_202507"))
    assert UnsettledLine.objects.get().order_id == "577430000000000005"
    forget_marks()
    books.now += timedelta(hours=6)
    books.unsettled({"transactions": []})
    assert not UnsettledLine.objects.exists()
    assert Dirty.objects.get().subject == "577430000000000005"


def test_payments_are_kept_with_their_status(books: Books) -> None:
    books.payments(sample("finance_payments_202605"))
    payment = Payment.objects.get()
    assert (payment.status, payment.amount, payment.currency) == ("PAID", Decimal("83.27"), "USD")


@pytest.mark.parametrize("field", ["refund_amount", "return_line_items", "shipping_fee_amount"])
def test_a_return_without_one_of_its_parts_is_still_read(books: Books, field: str) -> None:
    books.orders(sample("orders_search_202309"))
    data = sample("returns_search_202602")
    del data["return_orders"][0][field]
    books.returns(data)
    assert Refund.objects.get().order.order_id == THIRD
