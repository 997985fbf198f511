"""Orders as the shop reports them. All amounts are in the order's currency."""

from typing import Any, ClassVar

from django.db import models

from creators.models import Creator, Post
from sparkops.catalog.models import Product, Shop, Sku
from sparkops.isolation.models import ClientOwned

MONEY: dict[str, Any] = {"max_digits": 18, "decimal_places": 4}


class Order(ClientOwned):
    """A basket. `order_day` is the day of `created_at` in the shop's zone (P4).

    An order without `paid_at` is no sale yet. One with an empty `status` is known by its id alone,
    because a refund or a statement named it; the next read of orders asks for it. Buyer-paid
    shipping reaches the seller when `shipping_credited` (P8).
    """

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="orders")
    order_id = models.CharField(max_length=32)
    status = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    order_day = models.DateField()
    paid_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    canceled_at = models.DateTimeField(null=True)
    is_sample = models.BooleanField(default=False)
    is_replacement = models.BooleanField(default=False)
    fulfillment_type = models.CharField(max_length=40, blank=True)
    shipping_paid = models.DecimalField(**MONEY, default=0)
    shipping_platform_discount = models.DecimalField(**MONEY, default=0)
    shipping_credited = models.BooleanField(default=True)
    tax = models.DecimalField(**MONEY, default=0)
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "order_id"], name="order_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-created_at", "-id"], name="order_newest"),
            models.Index(fields=["client", "shop", "order_day"], name="order_day"),
        ]

    def __str__(self) -> str:
        return f"Order {self.order_id}"


class OrderLine(ClientOwned):
    """One SKU of an order: TikTok's per-unit items folded by SKU. Discounts are line totals.

    The loader makes a bare product and SKU when the order names one that no product page had.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    line_id = models.CharField(max_length=32)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(**MONEY)
    seller_discount = models.DecimalField(**MONEY, default=0)
    platform_discount = models.DecimalField(**MONEY, default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "order", "line_id"], name="line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.sku}"


class Refund(ClientOwned):
    """Money given back on one line, or a cancellation before shipment (P9)."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="refunds")
    line_id = models.CharField(max_length=32)
    refund_id = models.CharField(max_length=64)
    at = models.DateTimeField()
    before_shipment = models.BooleanField(default=False)
    quantity = models.PositiveIntegerField(default=0)
    restocked_quantity = models.PositiveIntegerField(default=0)
    customer_item_refund = models.DecimalField(**MONEY, default=0)
    platform_discount_refund = models.DecimalField(**MONEY, default=0)
    shipping_refund = models.DecimalField(**MONEY, default=0)
    return_shipping_cost = models.DecimalField(**MONEY, default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "order", "refund_id", "line_id"], name="refund_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Refund {self.refund_id}"


class AffiliateOrder(ClientOwned):
    """Who brought one SKU of an order, and at which rates (fractions).

    `settled_on` is the shop's day on which the commission was first seen as settled (P15).
    """

    order_id = models.CharField(max_length=32)
    sku_id = models.CharField(max_length=32)
    creator = models.ForeignKey(Creator, on_delete=models.SET_NULL, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, related_name="+")
    creator_handle = models.CharField(max_length=64, blank=True)
    content_id = models.CharField(max_length=32, blank=True)
    content_type = models.CharField(max_length=30, blank=True)
    plan = models.CharField(max_length=8, blank=True)
    plan_id = models.CharField(max_length=32, blank=True)
    status = models.CharField(max_length=30)
    standard_rate = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    shop_ads_rate = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    estimated_commission = models.DecimalField(**MONEY, null=True)
    estimated_ads_commission = models.DecimalField(**MONEY, null=True)
    actual_commission = models.DecimalField(**MONEY, null=True)
    actual_ads_commission = models.DecimalField(**MONEY, null=True)
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField()
    settled_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "order_id", "sku_id"], name="affiliate_order_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} by {self.creator_handle or 'nobody'}"
