"""Returns, statements and GMV Max from exports feed the same tables as the APIs (N20)."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from campaigns.models import Campaign, GmvMaxDay
from profit.inbound.files import save_export
from profit.models import Entry, Refund, Statement, StatementLine
from profit.queries.pnl import shop_pnl
from profit.queries.tie_out import tie_out
from profit.queries.uploads import columns_of, taken
from profit.rules.facts import Basis, Period
from sparkops.alerts.models import Alert
from sparkops.catalog.models import AdAccount, Product
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.profit.conftest import JO, NOW, Books, make_books, sample
from tests.profit.test_booking import spark_campaign
from tests.profit.test_exports import ALL, book, bring, ledger, local

D = Decimal
SALES = "finance_statement_transactions_202501_sales"
CORRECTIONS = "finance_statement_transactions_202501_refund_adjust_reserve"
PAID = "7562000000000000001"
# TikTok's field behind each column of the export, by section.
REVENUE = {
    "Subtotal before discounts": "subtotal_before_discount_amount",
    "Seller discounts": "seller_discount_amount",
    "Refund subtotal before seller discounts": "refund_subtotal_before_discount_amount",
}
SHIPPING = {
    "Actual shipping fee": "actual_shipping_fee_amount",
    "Platform shipping fee discount": "shipping_fee_discount_amount",
    "Customer-paid shipping fee": "customer_paid_shipping_fee_amount",
    "Return shipping fee": "return_shipping_fee_amount",
}
FEES = {
    "Referral fee": "referral_fee_amount",
    "Refund administration fee": "refund_administration_fee_amount",
    "Affiliate commission": "affiliate_commission_amount",
    "Affiliate Shop Ads commission": "affiliate_ads_commission_amount",
    "Smart promotion fee": "smart_promotion_fee_amount",
}


def as_csv(rows: Sequence[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def returns_csv(data: dict[str, Any], **more: str) -> str:
    return as_csv(
        [
            {
                "Return Order ID": one["return_id"],
                "Order ID": one["order_id"],
                "SKU ID": item["sku_id"],
                "Return Type": "Return and refund",
                "Return Status": "Completed",
                "Return Quantity": 1,
                "Refund Amount": item["refund_amount"]["refund_subtotal"],
                "Return Shipping Fee Paid by Seller": one["shipping_fee_amount"][0][
                    "seller_paid_return_shipping_fee"
                ],
                "Time Requested": local(one["create_time"]),
                "Refund Time": local(one["update_time"]),
                "Buyer Note": "too small",
                "Appeal Status": "",
                **more,
            }
            for one in data["return_orders"]
            for item in one["return_line_items"]
        ]
    )


def statements_csv(*names: str) -> str:
    headers = {one["id"]: one for one in sample("finance_statements_202309")["statements"]}
    return as_csv(
        [
            statement_row(headers[data["id"]], row)
            for data in map(sample, names)
            for row in data["transactions"]
        ]
    )


def statement_row(header: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    begins = datetime.fromtimestamp(header["statement_time"], UTC)
    is_order = row["type"] == "ORDER"
    fee = row["fee_tax_breakdown"]["fee"]
    return {
        "Statement ID": header["id"],
        "Statement Date": f"{begins:%Y/%m/%d}",
        "Type": "Order" if is_order else row["type"].replace("_", " ").capitalize(),
        "Order/adjustment ID": row["order_id"] if is_order else row["adjustment_id"],
        "Related order ID": row["adjustment_order_id"] or row.get("associated_order_id", ""),
        "Order created time": local(row["order_create_time"]),
        "Payment ID": header["payment_id"],
        "Payment status": header["payment_status"].capitalize(),
        "Total settlement amount": row["settlement_amount"] or 0,
        "Total revenue": row["revenue_amount"],
        **{label: row["revenue_breakdown"].get(name) for label, name in REVENUE.items()},
        "Total shipping": row["shipping_cost_amount"],
        **{label: row["shipping_cost_breakdown"].get(name) for label, name in SHIPPING.items()},
        "Total fees": row["fee_tax_amount"],
        **{label: fee.get(name) for label, name in FEES.items()},
        "Adjustment amount": row["adjustment_amount"],
        "Reserve amount": row.get("reserve_amount", ""),
        "Dynamic pricing fee": "",
    }


def test_n20_returns_and_statements_make_the_ledger_that_the_api_makes(cast: Cast) -> None:
    """N20: with columns that nobody knows reported, and nothing about buyers kept."""
    returned = sample("returns_search_202602")
    with client_scope(cast.sister.pk):
        by_api = make_books(cast.sister.pk)
        by_api.orders(sample("orders_search_202309"))
        by_api.returns(returned)
        by_api.statements(sample("finance_statements_202309"))
        for name in (SALES, CORRECTIONS):
            by_api.rows(sample(name))
        by_api.book()
        wanted, stated = ledger(), tie_out(by_api.shop, ALL)
    with client_scope(cast.client.pk):
        books = make_books(cast.client.pk)
        books.orders(sample("orders_search_202309"))
        refunds = bring(books, "returns", returns_csv(returned))
        assert columns_of(refunds).unknown == ("Buyer Note", "Appeal Status")
        assert save_export(refunds, by=JO, now=NOW)["Records in the file"] == 1
        settled = bring(books, "statements", statements_csv(SALES, CORRECTIONS))
        assert columns_of(settled).unknown == ("Dynamic pricing fee",)
        assert taken(settled).refused == []
        save_export(settled, by=JO, now=NOW)
        books.book()
        assert len(wanted) == 19 and ledger() == wanted
        report = tie_out(books.shop, ALL)
        assert (report.settled, report.reserve) == (stated.settled, stated.reserve)
        assert report.unexplained == () and report.rows == stated.rows


def test_n20_a_corrected_file_of_statements_replaces_its_rows_and_the_same_changes_nothing(
    books: Books,
) -> None:
    books.orders(sample("orders_search_202309"))
    text = statements_csv(SALES)
    save_export(bring(books, "statements", text), by=JO, now=NOW)
    books.book()
    before = ledger()
    again = save_export(bring(books, "statements", text), by=JO, now=NOW)
    assert (again["New rows"], again["Changed rows"]) == (0, 0)
    books.book()
    assert ledger() == before
    shorter = "".join(text.splitlines(keepends=True)[:-1])
    save_export(bring(books, "statements", shorter), by=JO, now=NOW)
    assert StatementLine.objects.filter(sku_id="").count() == 2
    assert Statement.objects.get().settlement_amount == D("65.02")  # 83.27 - 18.25


def test_n20_a_fee_in_an_unknown_column_is_reported_booked_and_told(books: Books) -> None:
    books.orders(sample("orders_search_202309"))
    row = sample(SALES)["transactions"][0]
    header = sample("finance_statements_202309")["statements"][0]
    found = statement_row(header, row)
    found["Dynamic pricing fee"] = "-0.37"
    found["Total fees"] = D(row["fee_tax_amount"]) - D("0.37")
    found["Total settlement amount"] = D(row["settlement_amount"]) - D("0.37")
    upload = bring(books, "statements", as_csv([found]))
    assert columns_of(upload).unknown == ("Dynamic pricing fee",)
    save_export(upload, by=JO, now=NOW)
    books.book()
    booked = Entry.objects.filter(account="other_platform_fee", order_id=row["order_id"])
    assert D("0.37") in {one.amount for one in booked}
    assert Alert.objects.filter(kind="unlisted_fee").exists()
    assert tie_out(books.shop, ALL).unexplained == ()


def test_n20_a_file_leaves_statements_alone_that_the_api_gave(sample_books: Books) -> None:
    before = ledger()
    with pytest.raises(Refusal, match="every statement in the file is newer"):
        save_export(bring(sample_books, "statements", statements_csv(SALES)), by=JO, now=NOW)
    # A header that the API told keeps what it states, so that a file that differs shows.
    StatementLine.objects.filter(statement__statement_id=PAID).delete()
    short = "".join(statements_csv(SALES).splitlines(keepends=True)[:-1])
    save_export(bring(sample_books, "statements", short), by=JO, now=NOW)
    assert Statement.objects.get(statement_id=PAID).settlement_amount == D("83.27")
    [one] = tie_out(sample_books.shop, ALL).unexplained
    assert (one.statement_id, one.difference) == (PAID, D("-18.25"))
    assert before


def test_n20_a_return_whose_money_has_not_moved_is_left_out_with_the_reason(books: Books) -> None:
    books.orders(sample("orders_search_202309"))
    data = sample("returns_search_202602")
    upload = bring(books, "returns", returns_csv(data, **{"Return Status": "Pending"}))
    [one] = taken(upload).refused
    assert one.key == data["return_orders"][0]["return_id"]
    assert "no money went back yet" in one.reason
    with pytest.raises(Refusal, match="No row can be saved"):
        save_export(upload, by=JO, now=NOW)
    assert not Refund.objects.exists()


GMV = """\
Campaign ID,Campaign name,Campaign type,Date,Cost,Net cost,SKU orders,Gross revenue,Product ID,\
Video ID
1810,Sale,Product GMV Max,2026-11-10,40.00,38.00,3,120.00,,
1810,Sale,Product GMV Max,2026-11-10,25.00,25.00,2,90.00,1729500000000000201,7400000000000000001
1810,Sale,Product GMV Max,2026-11-10,5.00,5.00,1,30.00,1729500000000000201,Product card
1811,Live,LIVE GMV Max,2026-11-10,7.50,,1,20.00,,
Total of 2 campaigns,,,,47.50,,,,,
"""


def test_n20_gmv_max_days_are_spend_of_their_posts_with_the_rest_unallocated(
    books: Books,
) -> None:
    books.affiliate(sample("affiliate_seller_orders_search_202410"))
    account = spark_campaign(books).ad_account
    Product.objects.get_or_create(
        product_id="1729500000000000201", defaults={"shop": books.shop, "title": "Serum"}
    )
    upload = bring(books, "gmv_max", GMV, target=account.pk)
    assert columns_of(upload).unknown == ("Campaign name",)
    assert [one.number for one in taken(upload).refused] == [6]
    assert save_export(upload, by=JO, now=NOW)["New rows"] == 4
    kinds = dict(Campaign.objects.values_list("campaign_id", "kind"))
    assert kinds["1810"] == Campaign.Kind.GMV_MAX_PRODUCT
    assert kinds["1811"] == Campaign.Kind.GMV_MAX_LIVE
    book(books)
    days = Period(first=date(2026, 11, 1), last=date(2026, 11, 30))
    pnl = shop_pnl(books.shop, Basis.ORDER, days)
    assert (pnl.ad_spend, pnl.ad_credit) == (D("47.50"), D("2.00"))
    of_post = Entry.objects.filter(account="ad_spend", post__item_id="7400000000000000001")
    assert [row.amount for row in of_post] == [D("25.00")]
    again = save_export(bring(books, "gmv_max", GMV, target=account.pk), by=JO, now=NOW)
    assert (again["New rows"], again["Changed rows"]) == (0, 0)
    # A file of one campaign says nothing about the other.
    one = "".join(GMV.splitlines(keepends=True)[:3]).replace("40.00", "41.00")
    save_export(bring(books, "gmv_max", one, target=account.pk), by=JO, now=NOW)
    assert GmvMaxDay.objects.get(campaign__campaign_id="1811").cost == D("7.50")
    book(books)
    assert shop_pnl(books.shop, Basis.ORDER, days).ad_spend == D("48.50")
    assert AdAccount.objects.count() == 1
