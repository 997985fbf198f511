"""Products and stock (contract section 7)."""

from typing import Any
from zlib import crc32

from sparkops.sandbox.world import Product, Sku

from . import errors, fields, paging
from .gate import Call
from .values import amount, seconds

STATUSES = (
    "ALL",
    "DRAFT",
    "PENDING",
    "FAILED",
    "ACTIVATE",
    "SELLER_DEACTIVATED",
    "PLATFORM_DEACTIVATED",
    "FREEZE",
    "DELETED",
)
UNREADABLE = ("FREEZE", "DELETED")
BEAUTY, HOME, KITCHEN = "601450", "600001", "600024"
TOP_CATEGORIES = {
    BEAUTY: "Beauty & Personal Care",
    HOME: "Home Supplies",
    KITCHEN: "Kitchenware",
}
TOP_OF = {"Home fragrance": HOME, "Gifts": HOME, "Küche": KITCHEN}
"""The top category of a product's own one; everything else is beauty."""

MOST_SKU_IDS = 10
LEAST_STOCK, MOST_STOCK = 1, 99999


def visible(call: Call) -> list[Product]:
    return [
        product
        for product in call.world.products.values()
        if product.shop_id == call.shop.id and product.created_at <= call.now
    ]


def search(call: Call) -> dict[str, Any]:
    size = fields.page_size(call.query)
    found = [product for product in visible(call) if _matches(call, product)]
    shown, token = paging.page(
        found,
        size=size,
        token=fields.page_token(call.query),
        query=call.page_key(),
        position=lambda product: (seconds(product.created_at), product.id),
    )
    return {
        "total_count": len(found),
        "next_page_token": token,
        "products": [_summary(call, product) for product in shown],
    }


def detail(call: Call) -> dict[str, Any]:
    product = own(call, call.params["product_id"])
    if product is None or product.status in UNREADABLE:
        raise errors.no_such_product()
    return {
        "id": product.id,
        "title": product.title,
        "description": f"<p>{product.title}</p>",
        "product_status": product.status,
        "audit": {"status": "APPROVED"},
        "listing_quality_tier": "GOOD",
        "is_not_for_sale": False,
        "is_replicated": False,
        "create_time": seconds(product.created_at),
        "update_time": seconds(product.updated_at),
        "brand": {"id": f"7082{call.shop.id[4:]}", "name": call.shop.name},
        "category_chains": _chain(product),
        "main_images": [
            {
                "uri": f"tos-sandbox/{product.id}",
                "urls": [product.image_url],
                "thumb_urls": [product.image_url],
                "height": 720,
                "width": 720,
            }
        ],
        "package_weight": {"unit": "POUND", "value": "0.4"},
        "skus": [
            _sku(call, product, sku) | {"sales_attributes": [], "combined_skus": []}
            for sku in product.skus
        ],
    }


def inventory(call: Call) -> dict[str, Any]:
    """Stock by product ids, or by SKU ids, which win when both are given."""
    product_ids = fields.texts(call.body, "product_ids", most=100)
    sku_ids = fields.texts(call.body, "sku_ids", most=600)
    if not product_ids and not sku_ids:
        raise errors.missing_field("product_ids")
    rows = []
    for product in visible(call):
        skus = [sku for sku in product.skus if not sku_ids or sku.id in sku_ids]
        if skus and (sku_ids or product.id in product_ids):
            rows.append({"product_id": product.id, "skus": [_stock(call, sku) for sku in skus]})
    return {"inventory": rows}


def update_inventory(call: Call) -> dict[str, Any]:
    """Sets stock per SKU; a SKU that cannot be set is named in `errors`, code 0."""
    product = _changeable(call)
    failed = []
    for row in fields.objects(call.body, "skus"):
        sku = _sku_of(product, fields.text(row, "id", required=True))
        places = fields.objects(row, "inventory")
        amounts = [fields.whole_number(place, "quantity") for place in places]
        warehouses = [fields.text(place, "warehouse_id") for place in places]
        if sku is None:
            failed.append(_error(row, 12052048, "The SKU does not exist."))
        elif warehouses != [call.shop.warehouse_id]:
            failed.append(_error(row, 12052112, "All warehouses of the SKU must be listed."))
        elif amounts[0] is None or not LEAST_STOCK <= amounts[0] <= MOST_STOCK:
            failed.append(_error(row, 12052144, "The quantity must be between 1 and 99999."))
        else:
            sku.stock = amounts[0]
    product.updated_at = call.now
    return {"errors": failed}


def update_prices(call: Call) -> dict[str, Any]:
    """Sets prices per SKU of an active product."""
    product = _changeable(call)
    if product.status != "ACTIVATE":
        raise errors.invalid_field("product_id", "names a product that is not active")
    changes = []
    for row in fields.objects(call.body, "skus"):
        sku = _sku_of(product, fields.text(row, "id", required=True))
        price = fields.child(row, "price")
        if sku is None:
            raise errors.invalid_field("id", "names no SKU of this product")
        if fields.text(price, "currency", required=True) != call.shop.currency:
            raise errors.invalid_field("currency", f"must be {call.shop.currency}")
        changes.append((sku, fields.decimal(price, "amount")))
    for sku, value in changes:
        sku.price = value
    product.updated_at = call.now
    return {}


def market_categories(call: Call) -> list[str]:
    """Top categories of what is sold in the shop's market."""
    shops = {shop.id for shop in call.world.shops.values() if shop.region == call.shop.region}
    sold = {top_of(product) for product in call.world.products.values() if product.shop_id in shops}
    return sorted(sold)


def top_of(product: Product) -> str:
    return TOP_OF.get(product.category, BEAUTY)


def own(call: Call, product_id: str) -> Product | None:
    """The shop's product of that id, if it exists by now."""
    product = call.world.products.get(product_id)
    if product and product.shop_id == call.shop.id and product.created_at <= call.now:
        return product
    return None


def _chain(product: Product) -> list[dict[str, Any]]:
    """From the top category down to the product's own one."""
    top = top_of(product)
    own_id = f"{top}{crc32(product.category.encode()) % 1000:03}"
    return [
        {"id": top, "parent_id": "0", "local_name": TOP_CATEGORIES[top], "is_leaf": False},
        {"id": own_id, "parent_id": top, "local_name": product.category, "is_leaf": True},
    ]


def _changeable(call: Call) -> Product:
    product = own(call, call.params["product_id"])
    if product is None or product.status in UNREADABLE:
        raise errors.no_such_product()
    if not fields.objects(call.body, "skus"):
        raise errors.missing_field("skus")
    return product


def _sku_of(product: Product, sku_id: str) -> Sku | None:
    return next((sku for sku in product.skus if sku.id == sku_id), None)


def _error(row: dict[str, Any], code: int, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "detail": {"sku_id": str(row["id"])}}


def _matches(call: Call, product: Product) -> bool:
    body = call.body
    status = fields.text(body, "status") or "ALL"
    if status not in STATUSES:
        raise errors.invalid_field("status", f"must be one of {', '.join(STATUSES)}")
    seller_skus = fields.texts(body, "seller_skus")
    sku_ids = fields.texts(body, "sku_ids", most=MOST_SKU_IDS)
    return (
        (status == "ALL" and product.status != "DELETED" or product.status == status)
        and (not seller_skus or any(sku.seller_sku in seller_skus for sku in product.skus))
        and (not sku_ids or any(sku.id in sku_ids for sku in product.skus))
        and fields.within(body, "create_time", seconds(product.created_at))
        and fields.within(body, "update_time", seconds(product.updated_at))
    )


def _summary(call: Call, product: Product) -> dict[str, Any]:
    return {
        "id": product.id,
        "title": product.title,
        "status": product.status,
        "create_time": seconds(product.created_at),
        "update_time": seconds(product.updated_at),
        "sales_regions": [call.shop.region],
        "has_draft": False,
        "is_not_for_sale": False,
        "audit": {"status": "APPROVED"},
        "listing_quality_tier": "GOOD",
        "skus": [_sku(call, product, sku) for sku in product.skus],
    }


def _sku(call: Call, product: Product, sku: Sku) -> dict[str, Any]:
    live = product.status == "ACTIVATE"
    return {
        "id": sku.id,
        "seller_sku": sku.seller_sku,
        "price": {
            "currency": call.shop.currency,
            "tax_exclusive_price": amount(sku.price),
            "sale_price": amount(sku.price),
        },
        "inventory": [{"warehouse_id": call.shop.warehouse_id, "quantity": sku.stock}],
        "status_info": {"status": "NORMAL" if live else "DEACTIVATED"},
    }


def _stock(call: Call, sku: Sku) -> dict[str, Any]:
    return {
        "id": sku.id,
        "seller_sku": sku.seller_sku,
        "total_available_quantity": sku.stock,
        "total_committed_quantity": 0,
        "warehouse_inventory": [
            {
                "warehouse_id": call.shop.warehouse_id,
                "available_quantity": sku.stock,
                "committed_quantity": 0,
            }
        ],
        "total_available_inventory_distribution": {
            "in_shop_inventory": {"quantity": sku.stock},
            "campaign_inventory": [],
            "creator_inventory": [],
        },
    }
