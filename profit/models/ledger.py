"""The ledger: append-only entries, what has to be booked again, and the rollup pages read."""

from typing import ClassVar

from django.db import models

from campaigns.models import Ad
from creators.models import Creator, Post
from profit.models.orders import MONEY
from sparkops.catalog.models import Product, Shop
from sparkops.isolation.models import ClientOwned


class Entry(ClientOwned):
    """One amount on one account, in the shop's report currency. Never edited: a trigger refuses.

    `subject` is what is booked as a whole (see `Dirty`): its entries are compared and corrected
    together. `key` is the identity of one amount; a later row with the same key carries the
    difference.
    Days are per basis (P6). `posted_on` is set on what came after the month of `event_day` was
    closed: the books carry it on that day instead; no other view looks at it. Positive adds to the
    account as the P&L tree prints it.
    """

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    account = models.CharField(max_length=40)
    amount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    raw_amount = models.DecimalField(**MONEY)
    raw_currency = models.CharField(max_length=3)
    order_day = models.DateField()
    event_day = models.DateField()
    settlement_day = models.DateField(null=True)
    stage = models.CharField(max_length=10)
    order_id = models.CharField(max_length=32, blank=True)
    line_id = models.CharField(max_length=32, blank=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="+")
    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    ad = models.ForeignKey(Ad, on_delete=models.PROTECT, null=True, related_name="+")
    posted_on = models.DateField(null=True)
    rule = models.CharField(max_length=24)
    source = models.CharField(max_length=200)
    cause = models.CharField(max_length=200, blank=True)
    booked_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "shop", "order_day", "account"], name="entry_day"),
            models.Index(fields=["client", "shop", "event_day", "account"], name="entry_event_day"),
            models.Index(
                fields=["client", "shop", "settlement_day", "account"],
                name="entry_settlement_day",
                condition=models.Q(settlement_day__isnull=False),
            ),
            models.Index(
                fields=["client", "shop", "posted_on"],
                include=["event_day"],
                name="entry_posted",
                condition=models.Q(posted_on__isnull=False),
            ),
            models.Index(fields=["client", "subject"], name="entry_subject"),
            models.Index(fields=["client", "order_id"], name="entry_order"),
            models.Index(fields=["client", "-booked_at", "-id"], name="entry_booked"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount} {self.currency}"


class DayTotal(ClientOwned):
    """Sums of entries per basis, day, account and subject; rebuilt from entries at will."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    basis = models.CharField(max_length=10)
    day = models.DateField()
    account = models.CharField(max_length=40)
    stage = models.CharField(max_length=10)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, related_name="+")
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="+")
    amount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["client", "shop", "basis", "day"],
                include=["account", "product", "creator", "post", "amount", "stage"],
                name="day_total_read",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} on {self.day}: {self.amount} {self.currency}"


class Dirty(ClientOwned):
    """Something whose entries may have changed and must be booked again; the row is the queue.

    `subject` names it within its kind: an order id, the key of an ad day or a GMV Max day, the key
    of a creator fee or a custom cost, `<statement id>:<row key>` of an adjustment.
    """

    class Kind(models.TextChoices):
        ORDER = "order", "Order"
        AD_DAY = "ad_day", "Ad day"
        GMV_DAY = "gmv_day", "GMV Max day"
        FEE = "fee", "Creator fee"
        ADJUSTMENT = "adjustment", "Adjustment"
        COST = "cost", "Custom cost"

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    subject = models.CharField(max_length=64)
    cause = models.CharField(max_length=200)
    marked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "shop", "kind", "subject"], name="dirty_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Watch(ClientOwned):
    """How far booking has seen the rows of another app, by their read time."""

    source = models.CharField(max_length=20)
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "source"], name="watch_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} until {self.until:%Y-%m-%d %H:%M}"


class ProductResult(ClientOwned):
    """What a product made in the last `days` days by order date, for pages over many clients.

    Published after booking, by the same split as the product page. `complete` is False when goods
    were sold whose cost is unknown: then `cm3` is no profit.
    """

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    as_of = models.DateField()
    days = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3)
    gmv = models.DecimalField(**MONEY)
    affiliate_commission = models.DecimalField(**MONEY)
    net_ad_cost = models.DecimalField(**MONEY)
    cm_before_ads = models.DecimalField(**MONEY)
    cm3 = models.DecimalField(**MONEY)
    complete = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "product"], name="product_result_once"),
        ]

    def __str__(self) -> str:
        return f"{self.product} until {self.as_of}"
