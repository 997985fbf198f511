"""Shops, ad accounts and products from TikTok."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from django.db.models import F, Q

from sparkops import clock
from sparkops.catalog.markets import market_of
from sparkops.catalog.models import AdAccount, Product, Shop, Sku
from sparkops.connections import apis
from sparkops.connections.actions import route_shops
from sparkops.connections.models import Connection
from sparkops.isolation.scope import client_scope
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.tiktok import errors
from sparkops.tiktok.ads.advertisers import ADVERTISERS_PER_CALL, Advertiser
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.products import Product as ApiProduct
from sparkops.tiktok.shop.products import ProductDetail
from sparkops.tiktok.shop.shops import Shop as ApiShop

CATEGORIES_AT_ONCE, CATEGORY_OLD = 50, timedelta(days=30)
TOP_PARENTS = ("", "0")


def whole_connection(_connection: Connection) -> list[str]:
    """The one part of a stream that is read per connection."""
    return [""]


def shop_parts(connection: Connection) -> list[str]:
    """Shop ids of a Shop connection."""
    return list(Shop.objects.filter(connection=connection).values_list("shop_id", flat=True))


def ad_account_parts(connection: Connection) -> list[str]:
    """Advertiser ids of an Ads connection."""
    return list(
        AdAccount.objects.filter(connection=connection).values_list("advertiser_id", flat=True)
    )


def ad_account_zone(part: str) -> timezone:
    """The zone of the advertiser id `part`, whose days its reports count."""
    return AdAccount.objects.get(advertiser_id=part).zone


def open_seller(client_id: int, connection: int, _part: str) -> AbstractContextManager[ShopApi]:
    """The Shop API without a shop."""
    return apis.shop_api(client_id, connection)


def open_shop(client_id: int, connection: int, part: str) -> AbstractContextManager[ShopApi]:
    """The Shop API of the shop `part`."""
    with client_scope(client_id):
        cipher = Shop.objects.get(shop_id=part).cipher
    return apis.shop_api(client_id, connection, cipher)


def open_ads(client_id: int, connection: int, _part: str) -> AbstractContextManager[AdsApi]:
    """The Marketing API."""
    return apis.ads_api(client_id, connection)


def _shop_pages(api: ShopApi, _part: str, _window: Window) -> Iterator[Any]:
    yield api.shops.authorized()


def load_shops(shops: Sequence[ApiShop], context: Context) -> Counts:
    """Shops of a seller. Currency and zone follow the market until an order says otherwise."""
    route_shops(context.connection.client_id, list(shops))
    rows = []
    for shop in shops:
        market = market_of(shop.region)
        rows.append(
            {
                "connection_id": context.connection.pk,
                "shop_id": shop.id,
                "cipher": shop.cipher,
                "name": shop.name or shop.code or shop.id,
                "market": shop.region,
                "currency": market.currency,
                "timezone": market.timezone,
            }
        )
    return merge(Shop, rows, key=["shop_id"], insert_only=["currency", "timezone"])


def _advertiser_pages(api: AdsApi, _part: str, _window: Window) -> Iterator[Any]:
    ids = [one.advertiser_id for one in api.advertisers.reachable().items]
    for begin in range(0, len(ids), ADVERTISERS_PER_CALL):
        yield api.advertisers.info(ids[begin : begin + ADVERTISERS_PER_CALL])


def load_ad_accounts(advertisers: Sequence[Advertiser], context: Context) -> Counts:
    """Ad accounts. A client with one shop books their spend there until a person decides."""
    shops = list(Shop.objects.values_list("pk", flat=True)[:2])
    rows = [
        {
            "connection_id": context.connection.pk,
            "shop_id": shops[0] if len(shops) == 1 else None,
            "advertiser_id": one.advertiser_id,
            "name": one.name or one.advertiser_id,
            "currency": one.currency,
            "timezone": one.display_timezone or one.timezone,
            "utc_offset_minutes": _standard_offset(one, context.now),
            "status": one.status,
        }
        for one in advertisers
    ]
    return merge(AdAccount, rows, key=["advertiser_id"], insert_only=["shop_id"])


def _standard_offset(advertiser: Advertiser, now: datetime) -> int:
    """Minutes east of UTC without daylight saving: an ad account's day never shifts (P5)."""
    moment = now.astimezone(advertiser.zone())
    offset, saving = moment.utcoffset(), moment.dst()
    return int(((offset or timedelta()) - (saving or timedelta())).total_seconds() // 60)


def _product_pages(api: ShopApi, _part: str, window: Window) -> Iterator[Any]:
    return api.products.search(update_time_ge=window.since)


def load_products(products: Sequence[ApiProduct], context: Context) -> Counts:
    """Products and SKUs of a shop."""
    shop = Shop.objects.get(shop_id=context.part)
    counts = merge(
        Product,
        [
            {
                "shop_id": shop.pk,
                "product_id": one.id,
                "title": one.title or one.id,
                "status": one.status,
                "updated_at": one.update_time,
            }
            for one in products
        ],
        key=["product_id"],
    )
    own_ids = dict(
        Product.objects.filter(product_id__in=[one.id for one in products]).values_list(
            "product_id", "pk"
        )
    )
    skus = [_sku_row(sku, own_ids[one.id]) for one in products for sku in one.skus]
    merge(Sku, skus, key=["sku_id"])
    return counts


def _sku_row(sku: Any, product_id: int) -> dict[str, Any]:
    price = sku.price
    stock = [one.quantity for one in sku.inventory if one.quantity is not None]
    return {
        "product_id": product_id,
        "sku_id": sku.id,
        "seller_sku": sku.seller_sku,
        "name": ", ".join(one.value_name for one in sku.sales_attributes),
        "price": (price.tax_exclusive_price or price.sale_price) if price else None,
        "currency": price.currency if price else "",
        "available": sum(stock) if stock else None,
    }


@dataclass(frozen=True)
class Asked:
    """The API, and the products to ask it about."""

    api: ShopApi
    product_ids: tuple[str, ...]


@contextmanager
def _open_products(client_id: int, connection: int, part: str) -> Iterator[Asked]:
    with client_scope(client_id):
        ids = _claim_products(part)
    with open_shop(client_id, connection, part) as api:
        try:
            yield Asked(api, ids)
        except errors.TikTokError:
            with client_scope(client_id):
                _give_back(part, ids)
            raise


def _claim_products(shop_id: str) -> tuple[str, ...]:
    """Products whose category was read longest ago; each is asked about once a month, answer or
    not. TikTok does not offer the details of frozen and deleted ones."""
    now = clock.now()
    due = Q(category_read_at=None) | Q(category_read_at__lt=now - CATEGORY_OLD)
    rows = Product.objects.filter(due, shop__shop_id=shop_id)
    rows = rows.exclude(status__in=["FREEZE", "DELETED"])
    oldest = F("category_read_at").asc(nulls_first=True)
    picked = dict(rows.order_by(oldest, "pk").values_list("pk", "product_id")[:CATEGORIES_AT_ONCE])
    Product.objects.filter(pk__in=picked).update(category_read_at=now)
    return tuple(picked.values())


def _give_back(shop_id: str, ids: tuple[str, ...]) -> None:
    """Products that a reading which broke off did not get to are asked about in the next."""
    rows = Product.objects.filter(shop__shop_id=shop_id, product_id__in=ids, category_id="")
    rows.update(category_read_at=None)


def _detail_pages(asked: Asked, _part: str, _window: Window) -> Iterator[Any]:
    for product_id in asked.product_ids:
        try:
            yield asked.api.products.detail(product_id)
        except (errors.NotFound, errors.Invalid):
            continue  # frozen or deleted meanwhile


def load_categories(products: Sequence[ProductDetail], _context: Context) -> Counts:
    """The top category of each product; one without a category keeps what is known."""
    changed = 0
    for one in products:
        top = next((row for row in one.category_chains if row.parent_id in TOP_PARENTS), None)
        if top is not None:
            rows = Product.objects.filter(product_id=one.id)
            changed += rows.update(category_id=top.id, category_name=top.local_name or top.id)
    return Counts(changed=changed)


STREAMS = (
    Stream(
        name="shops",
        label="Shops",
        kind=Connection.Kind.SHOP,
        every=timedelta(hours=6),
        parts=whole_connection,
        open=open_seller,
        pages=_shop_pages,
        load=load_shops,
    ),
    Stream(
        name="ad_accounts",
        label="Ad accounts",
        kind=Connection.Kind.ADS,
        every=timedelta(hours=6),
        parts=whole_connection,
        open=open_ads,
        pages=_advertiser_pages,
        load=load_ad_accounts,
    ),
    Stream(
        name="products",
        label="Products and stock",
        kind=Connection.Kind.SHOP,
        every=timedelta(minutes=30),
        parts=shop_parts,
        open=open_shop,
        pages=_product_pages,
        load=load_products,
        first=None,
    ),
    Stream(
        name="product_categories",
        label="Categories of products",
        kind=Connection.Kind.SHOP,
        every=timedelta(hours=1),
        parts=shop_parts,
        open=_open_products,
        pages=_detail_pages,
        load=load_categories,
        first=None,
    ),
)
