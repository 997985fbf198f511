"""Exports of Seller Center and Ads Manager feed the same tables as the APIs (N20)."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from campaigns.models import AdDay
from profit.actions.uploads import choose_columns, take_in
from profit.actions.watching import mark_changes_elsewhere
from profit.inbound.files import save_export
from profit.models import AffiliateOrder, Entry, Order, OrderLine, Upload
from profit.queries.pnl import shop_pnl
from profit.queries.uploads import columns_of, rows_of, taken
from profit.rules.facts import Basis, Period
from sparkops.catalog.models import AdAccount, Product, Shop, Sku
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.profit.conftest import JO, NOW, Books, make_books, sample
from tests.profit.test_booking import spark_campaign

D = Decimal
ALL = Period(first=date(2026, 1, 1), last=date(2026, 12, 31))
# The contract's first three orders as Seller Center exports them, in Los Angeles time; discounts
# are those of the line. 1794248405 is 2026-11-09 10:20:05.
ORDERS = """\
Order ID,Order Status,SKU ID,Seller SKU,Product Name,Quantity,SKU Unit Original Price,\
SKU Platform Discount,SKU Seller Discount,Shipping Fee After Discount,Shipping Fee Platform \
Discount,Taxes,Created Time,Paid Time,Shipped Time,Delivered Time,Cancelled Time,Fulfillment Type,\
Buyer Username,Lucky Number
{rows}"""
CLAIMS = """\
Order ID,SKU ID,Product ID,Creator Username,Content ID,Content Type,Standard commission rate,\
Shop Ads commission rate,Est. standard commission payment,Est. Shop Ads commission payment,\
Actual standard commission payment,Actual Shop Ads commission payment,Order Status,\
Settlement Status,Time Created
{rows}"""
ADS = """\
Ad ID,Ad name,Date,Cost,Impressions,Clicks (destination),Gross revenue (Shop)
1803,Spark,2026-11-10,33.34,1200,30,500.00
Total of 1,,,33.34,1200,30,500.00
"""


def local(seconds: int) -> str:
    """As Seller Center writes a moment of the shop: 11/09/2026 10:20:05 AM."""
    if not seconds:
        return ""
    moment = datetime.fromtimestamp(seconds, ZoneInfo("America/Los_Angeles"))
    return f"{moment:%m/%d/%Y %I:%M:%S %p}"


def orders_csv(data: dict[str, Any]) -> str:
    """What the API answered, as the export's lines: a row per SKU."""
    lines = []
    for order in data["orders"]:
        by_sku: dict[str, list[dict[str, Any]]] = {}
        for item in order["line_items"]:
            by_sku.setdefault(item["sku_id"], []).append(item)
        for sku_id, items in by_sku.items():
            payment = order["payment"]
            cells = [
                order["id"],
                order["status"],
                sku_id,
                items[0]["seller_sku"],
                items[0]["product_name"],
                len(items),
                items[0]["original_price"],
                sum(D(one["platform_discount"]) for one in items),
                sum(D(one["seller_discount"]) for one in items),
                payment["shipping_fee"],
                payment["shipping_fee_platform_discount"],
                payment["tax"],
                *(
                    local(order.get(name, 0))
                    for name in (
                        "create_time",
                        "paid_time",
                        "collection_time",
                        "delivery_time",
                        "cancel_time",
                    )
                ),
                order["fulfillment_type"].replace("_", " ").capitalize(),
                "secret.buyer",
                "7",
            ]
            lines.append(",".join(map(str, cells)))
    return ORDERS.format(rows="\n".join(lines) + "\n")


def claims_csv(data: dict[str, Any]) -> str:
    lines = []
    for order in data["orders"]:
        for sku in order["skus"]:
            cells = [
                order["id"],
                sku["sku_id"],
                sku["product_id"],
                f"@{sku['creator_username']}",
                sku["content_id"],
                "Video",
                f"{D(sku['commission_rate']) / 100}%",
                f"{D(sku['shop_ads_commission_rate']) / 100}%",
                sku["estimated_paid_commission"]["amount"],
                sku["estimated_paid_shop_ads_commission"]["amount"],
                sku["actual_paid_commission"]["amount"],
                sku["actual_paid_shop_ads_commission"]["amount"],
                order["status"],
                sku["settlement_status"],
                local(order["create_time"]),
            ]
            lines.append(",".join(map(str, cells)))
    return CLAIMS.format(rows="\n".join(lines) + "\n")


def sales() -> tuple[dict[str, Any], dict[str, Any]]:
    orders = sample("orders_search_202309")
    orders["orders"] = [one for one in orders["orders"] if not one["is_sample_order"]]
    return orders, sample("affiliate_seller_orders_search_202410")


def bring(books: Books, kind: str, text: str | bytes, *, target: int = 0) -> Upload:
    data = text if isinstance(text, bytes) else text.encode()
    return take_in(
        kind, f"{kind}.csv", data, currency="USD", target=target or books.shop.pk, by=JO, now=NOW
    )


def ledger() -> list[tuple[Any, ...]]:
    """Every amount with all that places it, in an order of its own."""
    fields = ("account", "amount", "raw_currency", "order_day", "event_day", "stage", "order_id",
              "line_id", "product__product_id", "creator__handle", "post__item_id", "ad__ad_id",
              "rule")  # fmt: skip
    return sorted(Entry.objects.values_list(*fields), key=str)


def know_products(books: Books, data: dict[str, Any]) -> None:
    """The catalog, which says what SKU is of what product: the order export does not."""
    for item in (item for order in data["orders"] for item in order["line_items"]):
        product, _ = Product.objects.get_or_create(
            product_id=item["product_id"],
            defaults={"shop": books.shop, "title": item["product_name"]},
        )
        Sku.objects.get_or_create(sku_id=item["sku_id"], defaults={"product": product})


def book(books: Books) -> None:
    mark_changes_elsewhere(now=NOW)
    books.book()


@pytest.fixture
def by_api(cast: Cast) -> list[tuple[Any, ...]]:
    """The ledger of another client that read the same facts through the API's loaders."""
    orders, claims = sales()
    with client_scope(cast.sister.pk):
        books = make_books(cast.sister.pk)
        books.orders(orders)
        books.affiliate(claims)
        AdDay.objects.create(
            ad=spark_campaign(books),
            day=date(2026, 11, 10),
            currency="USD",
            spend=D("33.34"),
            impressions=1200,
            clicks=30,
            claimed_revenue=D(500),
            read_at=NOW,
        )
        book(books)
        return ledger()


def test_the_same_facts_make_the_same_ledger_as_by_the_api(
    by_api: list[tuple[Any, ...]], books: Books
) -> None:
    """N20: orders, affiliate orders and ads from exports make the ledger that the API makes, with
    the columns that nobody knows reported."""
    orders, claims = sales()
    know_products(books, orders)
    whole = bring(books, "orders", orders_csv(orders))
    assert columns_of(whole).unknown == ("Buyer Username", "Lucky Number")
    done = save_export(whole, by=JO, now=NOW)
    assert done["Records in the file"] == len(orders["orders"]) and done["Rows left out"] == 0
    save_export(bring(books, "affiliate", claims_csv(claims)), by=JO, now=NOW)
    ad = spark_campaign(books)
    account = AdAccount.objects.get()
    ads = bring(books, "ads", ADS, target=account.pk)
    assert columns_of(ads).unknown == ("Ad name",)
    save_export(ads, by=JO, now=NOW)
    assert AdDay.objects.get().ad == ad
    book(books)
    assert by_api and ledger() == by_api
    assert shop_pnl(books.shop, Basis.ORDER, ALL).ad_spend == D("33.34")


def test_the_same_file_again_changes_nothing(books: Books) -> None:
    orders, _ = sales()
    save_export(bring(books, "orders", orders_csv(orders)), by=JO, now=NOW)
    books.book()
    before = ledger()
    again = bring(books, "orders", orders_csv(orders))
    done = save_export(again, by=JO, now=NOW)
    assert (done["New rows"], done["Changed rows"]) == (0, 0)
    books.book()
    assert ledger() == before
    with pytest.raises(Refusal, match="saved already"):
        save_export(again, by=JO, now=NOW)


def test_an_older_file_does_not_undo_what_the_api_said(books: Books) -> None:
    orders, _ = sales()
    books.orders(orders)
    old = orders_csv(orders).replace("COMPLETED", "To ship")
    with pytest.raises(Refusal, match="newer"):
        save_export(bring(books, "orders", old), by=JO, now=NOW)
    assert set(Order.objects.values_list("status", flat=True)) <= {"COMPLETED", "IN_TRANSIT"} | {
        one["status"] for one in orders["orders"]
    }


def test_an_order_with_a_bad_row_is_left_out_whole(books: Books) -> None:
    orders, _ = sales()
    lines = orders_csv(orders).splitlines()
    second = lines[2].split(",")
    second[2], second[6] = "1729500000000000299", "a lot"
    text = "\n".join([*lines, ",".join(second)]) + "\n"
    upload = bring(books, "orders", text)
    found = taken(upload)
    assert {one.key for one in found.refused} == {lines[2].split(",")[0]}
    assert "a lot" in found.refused[0].reason
    save_export(upload, by=JO, now=NOW)
    assert not Order.objects.filter(order_id=found.refused[0].key).exists()
    assert OrderLine.objects.count() == len(orders["orders"]) - 1


def test_no_column_about_buyers_is_kept(books: Books) -> None:
    orders, _ = sales()
    upload = bring(books, "orders", orders_csv(orders))
    cells = [cell for row in rows_of(upload) for cell in row.cells]
    assert "7" in cells and "secret.buyer" not in cells


def test_columns_under_other_names_are_chosen_and_another_currency_is_refused(
    books: Books,
) -> None:
    _, claims = sales()
    text = claims_csv(claims).replace("Creator Username", "Wer").replace(",3.78,", ",3.78 GBP,", 1)
    upload = bring(books, "affiliate", text)
    assert columns_of(upload).missing == ("Creator Username",)
    with pytest.raises(Refusal, match="Say which column"):
        save_export(upload, by=JO, now=NOW)
    choose_columns(upload, {**upload.columns, "creator": 3}, {"day_order": ""})
    upload.refresh_from_db()
    found = taken(upload)
    assert ["GBP" in one.reason for one in found.refused] == [True]
    save_export(upload, by=JO, now=NOW)
    assert AffiliateOrder.objects.count() == 2


def test_a_file_of_some_ads_leaves_the_others_alone(books: Books) -> None:
    books.affiliate(sample("affiliate_seller_orders_search_202410"))
    ad = spark_campaign(books)
    AdDay.objects.create(ad=ad, day=date(2026, 11, 10), currency="USD", spend=D(5), read_at=NOW)
    other = ADS.replace("1803", "1999")
    save_export(bring(books, "ads", other, target=ad.ad_account.pk), by=JO, now=NOW)
    spent = dict(AdDay.objects.values_list("ad__ad_id", "spend"))
    assert spent == {"1803": D(5), "1999": D("33.34")}


@pytest.fixture
def finance(cast: Cast, client: Browser) -> Iterator[Browser]:
    with client_scope(cast.client.pk):
        make_books(cast.client.pk)
    client.force_login(cast.members["finance"])
    with time_machine.travel(NOW, tick=False):
        yield client


def workbook(text: str) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in text.splitlines():
        book.active.append(line.split(","))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_pages_take_a_workbook_from_upload_to_profit(finance: Browser, cast: Cast) -> None:
    slug = {"client": cast.client.slug}
    url = reverse("profit:exports", kwargs=slug)
    assert "No file yet" in finance.get(url).content.decode()
    orders, _ = sales()
    file = SimpleUploadedFile("orders.xlsx", workbook(orders_csv(orders)))
    nothing = finance.post(url, {"kind": "orders", "file": file})
    assert "Choose what the file is of" in nothing.content.decode()
    with client_scope(cast.client.pk):
        shop = Shop.objects.get()
    file.seek(0)
    answer = finance.post(url, {"kind": "orders", "shop": shop.pk, "file": file})
    assert answer.status_code == 302
    page = finance.get(answer["Location"]).content.decode()
    assert "Lucky Number" in page and "2 columns are" in page
    with client_scope(cast.client.pk):
        pk = Upload.objects.get().pk
    save = reverse("profit:export-save", kwargs={**slug, "pk": pk})
    assert "The file is loaded" in finance.post(save, follow=True).content.decode()
    assert "saved already" in finance.post(save, follow=True).content.decode()
    with client_scope(cast.client.pk):
        assert Order.objects.count() == len(orders["orders"])
    finance.force_login(cast.members["viewer"])
    assert finance.get(url).status_code == 403
