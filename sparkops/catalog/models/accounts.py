"""Shops and ad accounts."""

import datetime
from typing import ClassVar

from django.db import models

from sparkops.connections.models import Connection
from sparkops.isolation.models import ClientOwned


class Shop(ClientOwned):
    """A TikTok Shop. Its zone decides the order day (P4), its currency the report currency."""

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="shops")
    shop_id = models.CharField(max_length=32)
    cipher = models.CharField(max_length=255)
    name = models.CharField(max_length=160)
    market = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    timezone = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "shop_id"], name="shop_once"),
        ]

    def __str__(self) -> str:
        return self.name


class AdAccount(ClientOwned):
    """An advertiser. Its day is a fixed offset from UTC without daylight saving (P5).

    `shop` is the shop whose profit carries its spend; null leaves the spend unattributed.
    `spark_ads` is how many Spark Ads it held when campaigns were read last, null before that.
    """

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="ad_accounts")
    shop = models.ForeignKey(Shop, on_delete=models.SET_NULL, null=True, related_name="+")
    advertiser_id = models.CharField(max_length=32)
    name = models.CharField(max_length=160)
    currency = models.CharField(max_length=3)
    timezone = models.CharField(max_length=64)
    utc_offset_minutes = models.SmallIntegerField()
    status = models.CharField(max_length=60, blank=True)
    spark_ads = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "advertiser_id"], name="ad_account_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> datetime.timezone:
        """The fixed offset from UTC in which its days begin and end (P5)."""
        return datetime.timezone(datetime.timedelta(minutes=self.utc_offset_minutes))
