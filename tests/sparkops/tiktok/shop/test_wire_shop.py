"""What calls about the shop, its orders and its money put on the wire (contract 2)."""

from datetime import date

import pytest

from tests.sparkops.tiktok.shop.wire import (
    SINCE,
    SINCE_S,
    SIZE,
    UNTIL,
    UNTIL_S,
    Wire,
    assert_on_the_wire,
    first,
)
from tests.sparkops.tiktok.stand_in import ok

D1, D2 = date(2026, 11, 10), date(2026, 11, 11)
DAYS = {"start_date_ge": "2026-11-10", "end_date_lt": "2026-11-11", "currency": "LOCAL"}
CALLS = [
    Wire("shops", lambda a: a.shops.authorized(), "GET", "/authorization/202309/shops", {}, None),
    Wire(
        "deauthorize_shop",
        lambda a: a.shops.deauthorize(),
        "DELETE",
        "/authorization/202403/shops",
        {},
        None,
    ),
    Wire("active_shops", lambda a: a.shops.active(), "GET", "/seller/202309/shops", {}, None),
    Wire(
        "shop_creators",
        lambda a: a.shops.creators(),
        "GET",
        "/seller/202407/shop_creators",
        {},
        None,
    ),
    Wire(
        "seller_status", lambda a: a.shops.seller_status(), "GET", "/seller/202508/status", {}, None
    ),
    Wire("webhooks", lambda a: a.shops.webhooks(), "GET", "/event/202309/webhooks", {}, None),
    Wire(
        "webhook_put",
        lambda a: a.shops.set_webhook("ORDER_STATUS_CHANGE", "https://x.example"),
        "PUT",
        "/event/202309/webhooks",
        {},
        {"address": "https://x.example", "event_type": "ORDER_STATUS_CHANGE"},
    ),
    Wire(
        "webhook_delete",
        lambda a: a.shops.remove_webhook("ORDER_STATUS_CHANGE"),
        "DELETE",
        "/event/202309/webhooks",
        {},
        {"event_type": "ORDER_STATUS_CHANGE"},
    ),
    Wire(
        "orders_search",
        lambda a: first(a.orders.search(update_time_ge=SINCE, update_time_lt=UNTIL)),
        "POST",
        "/order/202309/orders/search",
        {**SIZE, "sort_field": "update_time", "sort_order": "ASC"},
        {"update_time_ge": SINCE_S, "update_time_lt": UNTIL_S},
    ),
    Wire(
        "orders_detail",
        lambda a: a.orders.details(["1", "2"]),
        "GET",
        "/order/202507/orders",
        {"ids": "1,2"},
        None,
    ),
    Wire(
        "order_price_detail",
        lambda a: a.orders.price_detail("7"),
        "GET",
        "/order/202407/orders/7/price_detail",
        {},
        None,
    ),
    Wire(
        "returns_search",
        lambda a: first(a.returns.search(order_ids=["5"], page_size=10)),
        "POST",
        "/return_refund/202602/returns/search",
        {"page_size": "10", "sort_field": "update_time", "sort_order": "ASC"},
        {"order_ids": ["5"]},
    ),
    Wire(
        "cancellations_search",
        lambda a: first(a.returns.cancellations(update_time_ge=SINCE)),
        "POST",
        "/return_refund/202602/cancellations/search",
        {"page_size": "50", "sort_field": "update_time", "sort_order": "ASC"},
        {"update_time_ge": SINCE_S},
    ),
    Wire(
        "products_search",
        lambda a: first(a.products.search(update_time_ge=SINCE)),
        "POST",
        "/product/202502/products/search",
        SIZE,
        {"status": "ALL", "update_time_ge": SINCE_S},
    ),
    Wire(
        "product_detail",
        lambda a: a.products.detail("9"),
        "GET",
        "/product/202309/products/9",
        {},
        None,
        answer={"id": "9"},
    ),
    Wire(
        "inventory_search",
        lambda a: a.products.inventory(product_ids=["9"]),
        "POST",
        "/product/202309/inventory/search",
        {},
        {"product_ids": ["9"]},
    ),
    Wire(
        "statements",
        lambda a: first(a.finance.statements(statement_time_ge=SINCE)),
        "GET",
        "/finance/202309/statements",
        {
            **SIZE,
            "sort_field": "statement_time",
            "sort_order": "ASC",
            "statement_time_ge": str(SINCE_S),
        },
        None,
    ),
    Wire(
        "statement_transactions",
        lambda a: first(a.finance.statement_transactions("8")),
        "GET",
        "/finance/202501/statements/8/statement_transactions",
        {**SIZE, "sort_field": "order_create_time"},
        None,
    ),
    Wire(
        "order_transactions",
        lambda a: a.finance.order_transactions("5"),
        "GET",
        "/finance/202501/orders/5/statement_transactions",
        {},
        None,
    ),
    Wire(
        "unsettled",
        lambda a: first(a.finance.unsettled()),
        "GET",
        "/finance/202507/orders/unsettled",
        {**SIZE, "sort_field": "order_create_time"},
        None,
    ),
    Wire(
        "payments",
        lambda a: first(a.finance.payments()),
        "GET",
        "/finance/202605/payments",
        {**SIZE, "sort_field": "create_time"},
        None,
    ),
    Wire(
        "withdrawals",
        lambda a: first(a.finance.withdrawals(types=["WITHDRAW", "SETTLE"])),
        "GET",
        "/finance/202309/withdrawals",
        {**SIZE, "types": "WITHDRAW,SETTLE"},
        None,
    ),
    Wire(
        "an_shop",
        lambda a: a.analytics.shop(D1, D2),
        "GET",
        "/analytics/202509/shop/performance",
        {**DAYS, "granularity": "1D"},
        None,
    ),
    Wire(
        "an_shop_hour",
        lambda a: a.analytics.shop_hours(D1),
        "GET",
        "/analytics/202510/shop/performance/2026-11-10/performance_per_hour",
        {},
        None,
    ),
    Wire(
        "an_products",
        lambda a: first(a.analytics.products(D1, D2)),
        "GET",
        "/analytics/202605/shop_products/performance",
        {**DAYS, **SIZE},
        None,
    ),
    Wire(
        "an_skus",
        lambda a: first(a.analytics.skus(D1, D2)),
        "GET",
        "/analytics/202509/shop_skus/performance",
        {**DAYS, **SIZE},
        None,
    ),
    Wire(
        "an_videos",
        lambda a: first(a.analytics.videos(D1, D2, account_type="AFFILIATE_ACCOUNTS")),
        "GET",
        "/analytics/202605/shop_videos/performance",
        {**DAYS, **SIZE, "account_type": "AFFILIATE_ACCOUNTS"},
        None,
    ),
    Wire(
        "an_videos_overview",
        lambda a: a.analytics.videos_overview(D1, D2),
        "GET",
        "/analytics/202509/shop_videos/overview_performance",
        {**DAYS, "granularity": "1D"},
        None,
    ),
    Wire(
        "an_video",
        lambda a: a.analytics.video("74", D1, D2),
        "GET",
        "/analytics/202509/shop_videos/74/performance",
        {**DAYS, "granularity": "1D"},
        None,
    ),
    Wire(
        "an_video_products",
        lambda a: first(a.analytics.video_products("74", D1, D2)),
        "GET",
        "/analytics/202509/shop_videos/74/products/performance",
        {**DAYS, **SIZE},
        None,
    ),
    Wire(
        "an_lives",
        lambda a: first(a.analytics.lives(D1, D2)),
        "GET",
        "/analytics/202509/shop_lives/performance",
        {**DAYS, **SIZE, "account_type": "ALL"},
        None,
    ),
]


@pytest.mark.parametrize("wire", CALLS, ids=lambda wire: wire.key)
def test_each_call_on_the_wire(api, tiktok, wire):
    tiktok.answers(ok(wire.answer))
    wire.call(api)
    (request,) = tiktok.received
    assert_on_the_wire(request, wire)
