"""Products, SKUs, prices and stock (contract 7). Read only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from sparkops.tiktok.paging import Page
from sparkops.tiktok.shop.caller import Caller, Listing
from sparkops.tiktok.values import (
    Amount,
    Count,
    Flag,
    Maybe,
    Record,
    RequiredId,
    Text,
    TextId,
    UnixTime,
    known,
)

MAX_INVENTORY_PRODUCTS = 100
MAX_INVENTORY_SKUS = 600

ProductStatus = Annotated[
    Text,
    known(
        "DRAFT",
        "PENDING",
        "FAILED",
        "ACTIVATE",
        "SELLER_DEACTIVATED",
        "PLATFORM_DEACTIVATED",
        "FREEZE",
        "DELETED",
    ),
]


class Price(Record):
    """Local sellers use ``tax_exclusive_price``; cross-border sellers show ``sale_price``."""

    currency: Text = ""
    sale_price: Amount = None
    tax_exclusive_price: Amount = None

    def of(self, seller_type: str) -> Decimal | None:
        """The price that counts for a shop's ``seller_type``."""
        if seller_type == "CROSS_BORDER":
            return self.sale_price
        return self.tax_exclusive_price


class Stock(Record):
    warehouse_id: TextId = ""
    quantity: Count = None


class StatusInfo(Record):
    status: Text = ""


class SalesAttribute(Record):
    id: TextId = ""
    name: Text = ""
    value_id: TextId = ""
    value_name: Text = ""


class BundleSku(Record):
    product_id: TextId = ""
    sku_id: TextId = ""
    sku_count: Count = None


class Sku(Record):
    id: RequiredId
    seller_sku: Text = ""
    price: Maybe[Price] = None
    inventory: list[Stock] = []
    status_info: Maybe[StatusInfo] = None
    sales_attributes: list[SalesAttribute] = []
    combined_skus: list[BundleSku] = []


class Audit(Record):
    status: Text = ""


class Product(Record):
    """A product of the search."""

    id: RequiredId
    title: Text = ""
    status: ProductStatus = ""
    audit: Maybe[Audit] = None
    create_time: UnixTime = None
    update_time: UnixTime = None
    sales_regions: list[Text] = []
    has_draft: Flag = None
    is_not_for_sale: Flag = None
    listing_quality_tier: Text = ""
    skus: list[Sku] = []


class ProductsPage(Record):
    products: list[Product] = []
    next_page_token: Text = ""
    total_count: Count = None


class Image(Record):
    uri: Text = ""
    urls: list[Text] = []
    thumb_urls: list[Text] = []


class Brand(Record):
    id: TextId = ""
    name: Text = ""


class Category(Record):
    id: TextId = ""
    parent_id: TextId = ""
    local_name: Text = ""
    is_leaf: Flag = None


class ProductDetail(Record):
    """A product in full. ``description`` is HTML from the seller: never show it unescaped."""

    id: RequiredId
    title: Text = ""
    description: Text = ""
    product_status: Text = ""
    status: ProductStatus = ""
    audit: Maybe[Audit] = None
    create_time: UnixTime = None
    update_time: UnixTime = None
    main_images: list[Image] = []
    brand: Maybe[Brand] = None
    package_weight: dict[str, Any] = {}
    category_chains: list[Category] = []
    skus: list[Sku] = []
    listing_quality_tier: Text = ""
    is_not_for_sale: Flag = None
    is_replicated: Flag = None


class InventorySku(Record):
    """Stock of a SKU. How it is spread over warehouses, campaigns and creators is as sent."""

    id: RequiredId
    seller_sku: Text = ""
    total_available_quantity: Count = None
    total_committed_quantity: Count = None
    warehouse_inventory: list[dict[str, Any]] = []
    total_available_inventory_distribution: dict[str, Any] = {}


class InventoryProduct(Record):
    product_id: RequiredId
    skus: list[InventorySku] = []


class InventoryPage(Record):
    inventory: list[InventoryProduct] = []


PRODUCTS = Listing("products_search", ProductsPage, Product, "products", "a product list")
DETAIL = Listing("product_detail", ProductDetail, Category, "category_chains", "a product")
INVENTORY = Listing(
    "inventory_search", InventoryPage, InventoryProduct, "inventory", "a stock list"
)


class Products:
    """Reads of the catalogue. Calls raise ``TikTokError``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def search(
        self,
        *,
        status: str = "ALL",
        update_time_ge: datetime | None = None,
        update_time_le: datetime | None = None,
        sku_ids: Sequence[str] = (),
        seller_skus: Sequence[str] = (),
        page_size: int | None = None,
        page_token: str = "",
    ) -> Iterator[Page[ProductsPage, Product]]:
        """Products. Unlike elsewhere both ends of the time span belong to it."""
        body = {
            "status": status,
            "update_time_ge": update_time_ge,
            "update_time_le": update_time_le,
            "sku_ids": list(sku_ids),
            "seller_skus": list(seller_skus),
        }
        return self._caller.pages(PRODUCTS, body=body, page_size=page_size, page_token=page_token)

    def detail(self, product_id: str) -> Page[ProductDetail, ProductDetail]:
        """One product in full; not offered for frozen and deleted ones."""
        return self._caller.page(DETAIL, product_id).picking(lambda product: [product])

    def inventory(
        self, *, product_ids: Sequence[str] = (), sku_ids: Sequence[str] = ()
    ) -> Page[InventoryPage, InventoryProduct]:
        """Stock of up to 100 products or 600 SKUs (SKUs win when both are given)."""
        if len(product_ids) > MAX_INVENTORY_PRODUCTS or len(sku_ids) > MAX_INVENTORY_SKUS:
            raise ValueError("ask for at most 100 products or 600 SKUs at once")
        if not product_ids and not sku_ids:
            raise ValueError("name the products or SKUs whose stock is wanted")
        body = {"product_ids": list(product_ids), "sku_ids": list(sku_ids)}
        return self._caller.page(INVENTORY, body=body)
