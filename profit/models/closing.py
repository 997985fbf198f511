"""Months that finance has signed."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from profit.models.orders import MONEY
from sparkops.catalog.models import Shop
from sparkops.isolation.models import ClientOwned


class MonthClose(ClientOwned):
    """A calendar month of a shop by event date, as it stood when it was closed.

    `month` is its first day. `sums` holds amounts per account as text, agency fees included, in
    `currency`. A reopened month keeps its row; closing it again makes another.
    """

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    currency = models.CharField(max_length=3)
    sums = models.JSONField(encoder=DjangoJSONEncoder)
    net_profit = models.DecimalField(**MONEY)
    complete = models.BooleanField()
    closed_at = models.DateTimeField()
    closed_by = models.CharField(max_length=200)
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "shop", "month"],
                condition=Q(reopened_at=None),
                name="month_closed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y} of {self.shop}"
