"""What TikTok settled, row by row, in the shop's currency. Signs as TikTok sends them."""

from typing import ClassVar

from django.db import models

from profit.models.orders import MONEY
from sparkops.catalog.models import Shop
from sparkops.isolation.models import ClientOwned


class Statement(ClientOwned):
    """One settlement statement. `business_day` is the UTC day before `statement_time`."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="statements")
    statement_id = models.CharField(max_length=32)
    statement_time = models.DateTimeField()
    business_day = models.DateField()
    currency = models.CharField(max_length=3)
    settlement_amount = models.DecimalField(**MONEY)
    payable_amount = models.DecimalField(**MONEY, null=True)
    reserve_amount = models.DecimalField(**MONEY, default=0)
    rows_total = models.DecimalField(**MONEY, null=True)
    rows_expected = models.PositiveIntegerField(null=True)
    payment_id = models.CharField(max_length=32, blank=True)
    payment_status = models.CharField(max_length=20, blank=True)
    rows_read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "statement_id"], name="statement_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "shop", "-statement_time"], name="statement_newest"),
        ]

    def __str__(self) -> str:
        return f"Statement {self.statement_id}"


class StatementLine(ClientOwned):
    """One raw settlement row, kept with all its fields; never keyed by order and SKU alone."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    row_key = models.CharField(max_length=80)
    type = models.CharField(max_length=60)
    order_id = models.CharField(max_length=32, blank=True)
    adjustment_id = models.CharField(max_length=32, blank=True)
    sku_id = models.CharField(max_length=32, blank=True)
    settlement_amount = models.DecimalField(**MONEY)
    revenue_amount = models.DecimalField(**MONEY, default=0)
    shipping_amount = models.DecimalField(**MONEY, default=0)
    fee_tax_amount = models.DecimalField(**MONEY, default=0)
    adjustment_amount = models.DecimalField(**MONEY, default=0)
    reserve_amount = models.DecimalField(**MONEY, default=0)
    fields = models.JSONField(default=dict)
    unlisted = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "statement", "row_key"], name="statement_line_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "order_id"], name="statement_line_order"),
            models.Index(
                fields=["client", "statement"],
                condition=~models.Q(unlisted={}),
                name="statement_line_unlisted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.settlement_amount}"


class UnsettledLine(ClientOwned):
    """One estimated settlement row; the whole set of a shop is replaced at each read."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    row_key = models.CharField(max_length=80)
    order_id = models.CharField(max_length=32, blank=True)
    estimated_amount = models.DecimalField(**MONEY)
    reason = models.CharField(max_length=200, blank=True)
    fields = models.JSONField(default=dict)
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "shop", "row_key"], name="unsettled_once"),
        ]

    def __str__(self) -> str:
        return f"Unsettled {self.order_id}"


class Payment(ClientOwned):
    """A payout to the seller's bank."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    payment_id = models.CharField(max_length=32)
    status = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    amount = models.DecimalField(**MONEY)
    settlement_amount = models.DecimalField(**MONEY)
    reserve_amount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "payment_id"], name="payment_once"),
        ]

    def __str__(self) -> str:
        return f"Payment {self.payment_id}"
