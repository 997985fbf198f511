"""Shops, ad accounts, products and their SKUs in the API."""

from django import forms
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from sparkops.api.call import Call
from sparkops.api.fields import MoneyField, named
from sparkops.api.gate import client_endpoint
from sparkops.api.operations import Detail, Listing
from sparkops.catalog.models import AdAccount, Product, Shop, Sku

ACCOUNTS, PRODUCTS = "Shops and ad accounts", "Products"


class ShopShape(serializers.ModelSerializer):
    """A TikTok Shop. Its zone decides the day of an order, its currency that of its P&L."""

    class Meta:
        model = Shop
        fields = ("id", "shop_id", "name", "market", "currency", "timezone")


class AdAccountShape(serializers.ModelSerializer):
    """An ad account. Its day is a fixed offset from UTC; `shop_id` is the shop that carries its
    spend."""

    shop_id = named("shop.shop_id")

    class Meta:
        model = AdAccount
        fields = (
            "id",
            "advertiser_id",
            "name",
            "currency",
            "timezone",
            "utc_offset_minutes",
            "status",
            "shop_id",
        )


class SkuShape(serializers.ModelSerializer):
    price = MoneyField("price", "currency")

    class Meta:
        model = Sku
        fields = ("id", "sku_id", "seller_sku", "name", "price", "available")


class ProductShape(serializers.ModelSerializer):
    shop_id = named("shop.shop_id")
    skus = SkuShape(many=True, read_only=True)

    class Meta:
        model = Product
        fields = (
            "id",
            "product_id",
            "title",
            "status",
            "image_url",
            "updated_at",
            "shop_id",
            "skus",
        )


class ProductsAsked(forms.Form):
    q = forms.CharField(label="Words of the title, or an id", required=False, max_length=100)
    shop_id = forms.CharField(label="TikTok's id of a shop", required=False, max_length=32)


def _shops(call: Call) -> QuerySet[Shop]:
    """The client's shops."""
    return Shop.objects.all()


def _ad_accounts(call: Call) -> QuerySet[AdAccount]:
    """The client's ad accounts."""
    return AdAccount.objects.select_related("shop")


def _products(call: Call) -> QuerySet[Product]:
    """Products with their SKUs and listing prices."""
    rows = Product.objects.select_related("shop").prefetch_related("skus")
    if word := call.values.get("q"):
        rows = rows.filter(Q(title__icontains=word) | Q(product_id=word))
    if shop := call.values.get("shop_id"):
        rows = rows.filter(shop__shop_id=shop)
    return rows


def _product(call: Call) -> Product:
    """One product by TikTok's id."""
    return get_object_or_404(_products(call), product_id=call.ids["product_id"])


SHOPS = client_endpoint(
    "shops", ACCOUNTS, get=Listing(summary="List shops", rows=_shops, shape=ShopShape)
)
AD_ACCOUNTS = client_endpoint(
    "ad_accounts",
    ACCOUNTS,
    get=Listing(summary="List ad accounts", rows=_ad_accounts, shape=AdAccountShape),
)
PRODUCT_LIST = client_endpoint(
    "products",
    PRODUCTS,
    get=Listing(summary="List products", rows=_products, shape=ProductShape, filters=ProductsAsked),
)
PRODUCT = client_endpoint(
    "product", PRODUCTS, get=Detail(summary="Show a product", find=_product, shape=ProductShape)
)
