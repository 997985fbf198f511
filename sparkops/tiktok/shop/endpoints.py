"""Every Shop endpoint the product calls, with the version it is pinned to (contract 2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from sparkops.tiktok.limits import Rate

Pace = Literal["light", "read", "write", "analytics", "send"]

# Inside the guidance of contract 1.9: limits are dynamic and no number is promised.
RATES: dict[str, Rate] = {
    "light": Rate(10, burst=10),
    "read": Rate(5, burst=5),
    "write": Rate(2, burst=2),
    "analytics": Rate(1, burst=2),
    "send": Rate(1),
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of the table.

    ``path`` holds ``{}`` per id. ``scope`` is empty where none is documented.
    ``cipher``: the call names the shop; where it must not, sending it is an error.
    ``repeatable``: a second identical call does no harm.
    """

    key: str
    method: str
    path: str
    scope: str
    pace: Pace = "read"
    cipher: bool = True
    repeatable: bool = True

    def target(self, ids: tuple[str, ...], version: str = "") -> str:
        """The path for these ids, in another version when an operator set one.

        Raises ``ValueError`` for an id that cannot be part of a path.
        """
        path = self.path
        if version:
            domain, _, rest = path.removeprefix("/").partition("/")
            path = f"/{domain}/{version}/{rest.partition('/')[2]}"
        return path.format(*(_path_id(value) for value in ids))


def _path_id(value: str) -> str:
    if not value or value in {".", ".."}:
        raise ValueError("an id is needed to ask TikTok Shop for this object")
    return quote(value, safe="")


_AUTH = "seller.authorization.info"
_SHOP = "seller.shop.info"
_ORDER = "seller.order.info"
_RETURN = "seller.return_refund.basic"
_PRODUCT = "seller.product.basic"
_FINANCE = "seller.finance.info"
_CREATORS = "seller.creator_marketplace.read"
_COLLAB = "seller.affiliate_collaboration.read"
_COLLAB_WRITE = "seller.affiliate_collaboration.write"
_MESSAGES = "seller.affiliate_messages.read"
_MESSAGES_WRITE = "seller.affiliate_messages.write"
_ANALYTICS = "data.shop_analytics.public.read"

_A = "/affiliate_seller"

_TABLE = (
    Endpoint("shops", "GET", "/authorization/202309/shops", _AUTH, "light", cipher=False),
    Endpoint(
        "deauthorize_shop",
        "DELETE",
        "/authorization/202403/shops",
        _AUTH,
        "write",
        repeatable=False,
    ),
    Endpoint("active_shops", "GET", "/seller/202309/shops", _SHOP, "light", cipher=False),
    Endpoint("shop_creators", "GET", "/seller/202407/shop_creators", _SHOP, "light"),
    Endpoint("seller_status", "GET", "/seller/202508/status", _SHOP, "light", cipher=False),
    Endpoint("orders_search", "POST", "/order/202309/orders/search", _ORDER),
    Endpoint("orders_detail", "GET", "/order/202507/orders", _ORDER),
    Endpoint("order_price_detail", "GET", "/order/202407/orders/{}/price_detail", _ORDER),
    Endpoint("returns_search", "POST", "/return_refund/202602/returns/search", _RETURN),
    Endpoint("cancellations_search", "POST", "/return_refund/202602/cancellations/search", _RETURN),
    Endpoint("products_search", "POST", "/product/202502/products/search", _PRODUCT),
    Endpoint("product_detail", "GET", "/product/202309/products/{}", _PRODUCT),
    Endpoint("inventory_search", "POST", "/product/202309/inventory/search", _PRODUCT),
    Endpoint("statements", "GET", "/finance/202309/statements", _FINANCE),
    Endpoint(
        "statement_transactions",
        "GET",
        "/finance/202501/statements/{}/statement_transactions",
        _FINANCE,
    ),
    Endpoint(
        "order_transactions", "GET", "/finance/202501/orders/{}/statement_transactions", _FINANCE
    ),
    Endpoint("unsettled", "GET", "/finance/202507/orders/unsettled", _FINANCE),
    Endpoint("payments", "GET", "/finance/202605/payments", _FINANCE),
    Endpoint("withdrawals", "GET", "/finance/202309/withdrawals", _FINANCE),
    Endpoint("creators_search", "POST", _A + "/202608/marketplace_creators/search", _CREATORS),
    Endpoint("creator_detail", "GET", _A + "/202608/marketplace_creators/{}", _CREATORS),
    Endpoint(
        "creators_filters",
        "POST",
        _A + "/202608/marketplace_creators/search/filter",
        _CREATORS,
        "light",
    ),
    Endpoint("outreach_quota", "GET", _A + "/202607/creator_outreach/quota", _MESSAGES, "light"),
    Endpoint("outreach_records", "POST", _A + "/202608/creator_outreach/records/query", _MESSAGES),
    Endpoint("open_collab_search", "POST", _A + "/202412/open_collaborations/search", _COLLAB),
    Endpoint(
        "open_collab_settings_get",
        "GET",
        _A + "/202409/open_collaboration_settings",
        _COLLAB,
        "light",
    ),
    Endpoint("sample_rules_get", "GET", _A + "/202410/open_collaborations/sample_rules", _COLLAB),
    Endpoint(
        "open_collab_content",
        "GET",
        _A + "/202508/open_collaborations/creator_content_details",
        _COLLAB,
    ),
    Endpoint(
        "target_collab_create",
        "POST",
        _A + "/202508/target_collaborations",
        _COLLAB_WRITE,
        "write",
        repeatable=False,
    ),
    Endpoint("target_collab_search", "POST", _A + "/202508/target_collaborations/search", _COLLAB),
    Endpoint(
        "target_collab_update",
        "PUT",
        _A + "/202508/target_collaborations/{}",
        _COLLAB_WRITE,
        "write",
    ),
    Endpoint("target_collab_detail", "GET", _A + "/202508/target_collaborations/{}", _COLLAB),
    Endpoint(
        "target_collab_link",
        "POST",
        _A + "/202509/target_collaboration/{}/link",
        _COLLAB,
        "light",
    ),
    Endpoint(
        "target_conflicts_check",
        "POST",
        _A + "/202605/target_collaborations/conflicts/check",
        _COLLAB,
    ),
    Endpoint("samples_search", "POST", _A + "/202508/sample_applications/search", _COLLAB),
    Endpoint(
        "samples_review",
        "POST",
        _A + "/202507/sample_applications/{}/review",
        _COLLAB_WRITE,
        "write",
        repeatable=False,
    ),
    Endpoint(
        "samples_fulfillments",
        "POST",
        _A + "/202409/sample_applications/{}/fulfillments/search",
        _COLLAB,
    ),
    Endpoint(
        "samples_deeplink", "GET", _A + "/202512/sample_applications/deeplink", _COLLAB, "light"
    ),
    Endpoint("affiliate_orders", "POST", _A + "/202410/orders/search", _COLLAB),
    Endpoint("conversation_create", "POST", _A + "/202508/conversations", _MESSAGES_WRITE, "write"),
    Endpoint("conversations", "GET", _A + "/202412/conversations", _MESSAGES),
    Endpoint("messages", "GET", _A + "/202412/conversation/{}/messages", _MESSAGES),
    Endpoint(
        "message_send",
        "POST",
        _A + "/202412/conversations/{}/messages",
        _MESSAGES_WRITE,
        "send",
        repeatable=False,
    ),
    Endpoint(
        "messages_newest", "GET", _A + "/202412/conversations/messages/list/newest", _MESSAGES
    ),
    # Spelled so by TikTok (contract 13).
    Endpoint(
        "conversations_read", "POST", _A + "/202412/conversatons/read", _MESSAGES_WRITE, "write"
    ),
    Endpoint(
        "conversation_counts", "GET", _A + "/202608/conversations/group_counts", _MESSAGES, "light"
    ),
    Endpoint("an_shop", "GET", "/analytics/202509/shop/performance", _ANALYTICS, "analytics"),
    Endpoint(
        "an_shop_hour",
        "GET",
        "/analytics/202510/shop/performance/{}/performance_per_hour",
        _ANALYTICS,
        "analytics",
    ),
    Endpoint(
        "an_products", "GET", "/analytics/202605/shop_products/performance", _ANALYTICS, "analytics"
    ),
    Endpoint("an_skus", "GET", "/analytics/202509/shop_skus/performance", _ANALYTICS, "analytics"),
    Endpoint(
        "an_videos", "GET", "/analytics/202605/shop_videos/performance", _ANALYTICS, "analytics"
    ),
    Endpoint(
        "an_videos_overview",
        "GET",
        "/analytics/202509/shop_videos/overview_performance",
        _ANALYTICS,
        "analytics",
    ),
    Endpoint(
        "an_video", "GET", "/analytics/202509/shop_videos/{}/performance", _ANALYTICS, "analytics"
    ),
    Endpoint(
        "an_video_products",
        "GET",
        "/analytics/202509/shop_videos/{}/products/performance",
        _ANALYTICS,
        "analytics",
    ),
    Endpoint(
        "an_lives", "GET", "/analytics/202509/shop_lives/performance", _ANALYTICS, "analytics"
    ),
    Endpoint("webhooks", "GET", "/event/202309/webhooks", "", "light"),
    Endpoint("webhook_put", "PUT", "/event/202309/webhooks", "", "write"),
    Endpoint("webhook_delete", "DELETE", "/event/202309/webhooks", "", "write"),
)

ENDPOINTS: dict[str, Endpoint] = {endpoint.key: endpoint for endpoint in _TABLE}


def missing_scopes(granted: Collection[str], keys: Iterable[str]) -> set[str]:
    """Scopes that a feature using these endpoints lacks. Asked before calling."""
    return {ENDPOINTS[key].scope for key in keys} - set(granted) - {""}
