"""Products, their SKUs and the targets that profit publishes for them."""

from typing import ClassVar

from django.db import models

from sparkops.catalog.models.accounts import Shop
from sparkops.isolation.models import ClientOwned


class Product(ClientOwned):
    """A product of a shop.

    `category_id` and `category_name` are TikTok's top category of it, in the words of the shop's
    market; empty until `category_read_at`.
    """

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="products")
    product_id = models.CharField(max_length=32)
    title = models.CharField(max_length=300)
    status = models.CharField(max_length=40, blank=True)
    image_url = models.CharField(max_length=500, blank=True)
    category_id = models.CharField(max_length=20, blank=True)
    category_name = models.CharField(max_length=120, blank=True)
    category_read_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "product_id"], name="product_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Sku(ClientOwned):
    """A sellable variant. `price` is the listing price in `currency`."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="skus")
    sku_id = models.CharField(max_length=32)
    seller_sku = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=200, blank=True)
    price = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    available = models.IntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "sku_id"], name="sku_once"),
        ]

    def __str__(self) -> str:
        return self.seller_sku or self.sku_id


class ProductTarget(ClientOwned):
    """What profit says a product can bear, as of a day; campaigns decide with it."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="targets")
    as_of = models.DateField()
    currency = models.CharField(max_length=3)
    break_even_roas = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    max_cpa = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    unit_margin = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    max_commission_rate = models.DecimalField(max_digits=12, decimal_places=4, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "product", "as_of"], name="target_once"),
        ]

    def __str__(self) -> str:
        return f"{self.product} on {self.as_of}"
