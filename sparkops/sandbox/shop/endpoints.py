"""The endpoint table: method, path with the pinned version, scope, cipher (contract section 2)."""

from . import (
    affiliate_orders,
    analytics,
    authorization,
    compass,
    creators,
    finance,
    messages,
    open_collaborations,
    orders,
    outreach,
    products,
    returns,
    samples,
    subscriptions,
    target_collaborations,
    videos,
)
from .gate import Cipher, Endpoint, Handler

REQUIRED = Cipher.REQUIRED

AUTHORIZATION = "seller.authorization.info"
SHOP = "seller.shop.info"
ORDERS = "seller.order.info"
RETURNS = "seller.return_refund.basic"
PRODUCTS = "seller.product.basic"
FINANCE = "seller.finance.info"
MARKETPLACE = "seller.creator_marketplace.read"
AFFILIATE = "seller.affiliate_collaboration.read"
AFFILIATE_WRITE = "seller.affiliate_collaboration.write"
MESSAGES = "seller.affiliate_messages.read"
MESSAGES_WRITE = "seller.affiliate_messages.write"
ANALYTICS = "data.shop_analytics.public.read"
ANY = ""


def _get(key: str, path: str, handler: Handler, scope: str, *also: str) -> Endpoint:
    return Endpoint(key, "GET", path, handler, scope, also=also)


def _without_cipher(key: str, path: str, handler: Handler, scope: str) -> Endpoint:
    return Endpoint(key, "GET", path, handler, scope, Cipher.ABSENT)


def _search(key: str, path: str, handler: Handler, scope: str, *also: str) -> Endpoint:
    """A POST that only reads."""
    return Endpoint(key, "POST", path, handler, scope, also=also)


def _write(
    key: str, method: str, path: str, handler: Handler, scope: str, cipher: Cipher = REQUIRED
) -> Endpoint:
    return Endpoint(key, method, path, handler, scope, cipher, writes=True)


# fmt: off
ENDPOINTS = (
    _without_cipher("shops", "/authorization/202309/shops", authorization.shops, AUTHORIZATION),
    _without_cipher("category_assets",
        "/authorization/202405/category_assets", authorization.category_assets, AUTHORIZATION),
    _write("deauthorize_shop", "DELETE",
        "/authorization/202403/shops", authorization.deauthorize, AUTHORIZATION),
    _without_cipher("active_shops", "/seller/202309/shops", authorization.active_shops, SHOP),
    _without_cipher("permissions", "/seller/202309/permissions", authorization.permissions, SHOP),
    _get("shop_creators", "/seller/202407/shop_creators", authorization.creators, SHOP),
    _without_cipher("seller_status", "/seller/202508/status", authorization.status, SHOP),
    _search("orders_search", "/order/202309/orders/search", orders.search, ORDERS),
    _get("orders_detail", "/order/202507/orders", orders.detail, ORDERS, "202309"),
    _get("order_price_detail",
        "/order/202407/orders/{order_id}/price_detail", orders.price_detail, ORDERS),
    _search("returns_search",
        "/return_refund/202602/returns/search", returns.search_returns, RETURNS, "202309"),
    _search("cancellations_search",
        "/return_refund/202602/cancellations/search",
        returns.search_cancellations, RETURNS, "202309"),
    _search("products_search",
        "/product/202502/products/search", products.search, PRODUCTS, "202309", "202312"),
    _get("product_detail", "/product/202309/products/{product_id}", products.detail, PRODUCTS),
    _search("inventory_search", "/product/202309/inventory/search", products.inventory, PRODUCTS),
    _get("statements", "/finance/202309/statements", finance.search_statements, FINANCE),
    _get("statement_transactions",
        "/finance/202501/statements/{statement_id}/statement_transactions",
        finance.statement_transactions, FINANCE),
    _get("order_transactions",
        "/finance/202501/orders/{order_id}/statement_transactions",
        finance.order_transactions, FINANCE),
    _get("unsettled", "/finance/202507/orders/unsettled", finance.unsettled, FINANCE),
    _get("payments", "/finance/202605/payments", finance.search_payments, FINANCE),
    _get("withdrawals", "/finance/202309/withdrawals", finance.withdrawals, FINANCE),
    _get("tax_information", "/finance/202504/tax_information", finance.tax_information, FINANCE),
    _search("creators_search",
        "/affiliate_seller/202608/marketplace_creators/search",
        creators.search, MARKETPLACE, "202508"),
    _get("creator_detail",
        "/affiliate_seller/202608/marketplace_creators/{creator_user_id}",
        creators.detail, MARKETPLACE, "202508"),
    _search("creators_filters",
        "/affiliate_seller/202608/marketplace_creators/search/filter",
        creators.filters, MARKETPLACE, "202601"),
    _get("outreach_quota",
        "/affiliate_seller/202607/creator_outreach/quota", outreach.quota, AFFILIATE),
    _search("outreach_records",
        "/affiliate_seller/202608/creator_outreach/records/query", outreach.records, AFFILIATE),
    _search("open_collab_search",
        "/affiliate_seller/202412/open_collaborations/search",
        open_collaborations.search, AFFILIATE),
    _get("open_collab_settings_get",
        "/affiliate_seller/202409/open_collaboration_settings",
        open_collaborations.settings, AFFILIATE),
    _get("sample_rules_get",
        "/affiliate_seller/202410/open_collaborations/sample_rules",
        open_collaborations.sample_rules, AFFILIATE),
    _get("open_collab_content",
        "/affiliate_seller/202508/open_collaborations/creator_content_details",
        open_collaborations.content_details, AFFILIATE),
    _search("open_collab_products",
        "/affiliate_seller/202405/open_collaborations/products/search",
        open_collaborations.search_products, AFFILIATE),
    _search("promotion_link",
        "/affiliate_seller/202405/products/{product_id}/promotion_link/generate",
        open_collaborations.promotion_link, AFFILIATE),
    _write("target_collab_create", "POST",
        "/affiliate_seller/202508/target_collaborations",
        target_collaborations.create, AFFILIATE_WRITE),
    _search("target_collab_search",
        "/affiliate_seller/202508/target_collaborations/search",
        target_collaborations.search, AFFILIATE),
    _get("target_collab_detail",
        "/affiliate_seller/202508/target_collaborations/{id}",
        target_collaborations.detail, AFFILIATE),
    _search("target_collab_link",
        "/affiliate_seller/202509/target_collaboration/{id}/link",
        target_collaborations.link, AFFILIATE),
    _search("target_conflicts_check",
        "/affiliate_seller/202605/target_collaborations/conflicts/check",
        target_collaborations.check_conflicts, AFFILIATE),
    _search("target_promotion_details",
        "/affiliate_seller/202608/target_collaborations/creator_promotion_details/query",
        target_collaborations.promotion_details, AFFILIATE),
    _search("samples_search",
        "/affiliate_seller/202508/sample_applications/search", samples.search, AFFILIATE),
    _write("samples_review", "POST",
        "/affiliate_seller/202507/sample_applications/{application_id}/review",
        samples.review, AFFILIATE_WRITE),
    _search("samples_fulfillments",
        "/affiliate_seller/202409/sample_applications/{application_id}/fulfillments/search",
        samples.fulfillments, AFFILIATE),
    _get("samples_deeplink",
        "/affiliate_seller/202512/sample_applications/deeplink", samples.deeplink, AFFILIATE),
    _search("affiliate_orders",
        "/affiliate_seller/202410/orders/search", affiliate_orders.search, AFFILIATE),
    _write("conversation_create", "POST",
        "/affiliate_seller/202508/conversations", messages.open_conversation, MESSAGES_WRITE),
    _get("conversations",
        "/affiliate_seller/202412/conversations", messages.conversations, MESSAGES, "202505"),
    _get("messages",
        "/affiliate_seller/202412/conversation/{conversation_id}/messages",
        messages.messages, MESSAGES),
    _write("message_send", "POST",
        "/affiliate_seller/202412/conversations/{conversation_id}/messages",
        messages.send, MESSAGES_WRITE),
    _get("messages_newest",
        "/affiliate_seller/202412/conversations/messages/list/newest", messages.newest, MESSAGES),
    _write("conversations_read", "POST",
        "/affiliate_seller/202412/conversatons/read", messages.mark_read, MESSAGES_WRITE),
    _write("conversation_status", "POST",
        "/affiliate_seller/202608/conversations/{conversation_id}/status",
        messages.set_status, MESSAGES_WRITE),
    _get("conversation_counts",
        "/affiliate_seller/202608/conversations/group_counts", messages.group_counts, MESSAGES),
    _write("media_upload", "POST",
        "/affiliate_seller/202608/media/upload", messages.upload, MESSAGES_WRITE, Cipher.OPTIONAL),
    _write("image_upload", "POST",
        "/affiliate_seller/202511/images/upload", messages.upload, MESSAGES_WRITE, Cipher.OPTIONAL),
    _write("compass_task", "POST",
        "/affiliate_seller/202603/compass/offline_task", compass.create, AFFILIATE),
    _get("compass_tasks",
        "/affiliate_seller/202603/compass/offline_tasks", compass.tasks, AFFILIATE),
    _get("compass_file",
        "/affiliate_seller/202603/compass/offline_tasks/{task_id}/file", compass.file, AFFILIATE),
    _get("an_shop", "/analytics/202509/shop/performance", analytics.shop, ANALYTICS, "202609"),
    _get("an_shop_hour",
        "/analytics/202510/shop/performance/{date}/performance_per_hour",
        analytics.shop_hours, ANALYTICS),
    _get("an_products",
        "/analytics/202605/shop_products/performance", analytics.products, ANALYTICS, "202509"),
    _get("an_product",
        "/analytics/202509/shop_products/{product_id}/performance", analytics.product, ANALYTICS),
    _get("an_skus", "/analytics/202509/shop_skus/performance", analytics.skus, ANALYTICS),
    _get("an_sku", "/analytics/202509/shop_skus/{sku_id}/performance", analytics.sku, ANALYTICS),
    _get("an_videos",
        "/analytics/202605/shop_videos/performance", videos.videos, ANALYTICS, "202509"),
    _get("an_videos_overview",
        "/analytics/202509/shop_videos/overview_performance", videos.overview, ANALYTICS, "202609"),
    _get("an_video",
        "/analytics/202509/shop_videos/{video_id}/performance", videos.video, ANALYTICS),
    _get("an_video_products",
        "/analytics/202509/shop_videos/{video_id}/products/performance",
        videos.video_products, ANALYTICS),
    _get("an_lives",
        "/analytics/202509/shop_lives/performance", analytics.lives, ANALYTICS, "202609"),
    _get("an_lives_overview",
        "/analytics/202509/shop_lives/overview_performance",
        analytics.lives_overview, ANALYTICS, "202609"),
    _get("an_live_minutes",
        "/analytics/202510/shop_lives/{live_id}/performance_per_minutes",
        analytics.no_live, ANALYTICS),
    _get("an_live_products",
        "/analytics/202512/shop/{live_id}/products_performance", analytics.no_live, ANALYTICS),
    _get("webhooks", "/event/202309/webhooks", subscriptions.listed, ANY),
    _write("webhook_put", "PUT", "/event/202309/webhooks", subscriptions.put, ANY),
    _write("webhook_delete", "DELETE", "/event/202309/webhooks", subscriptions.remove, ANY),
)
# fmt: on
