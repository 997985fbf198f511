"""Files that people brought: kept before they are understood."""

from typing import ClassVar

from django.db import models

from sparkops.isolation.models import ClientOwned


class Upload(ClientOwned):
    """A file and how it is read. `rows` are its records as sealed JSON, because a file may hold
    what no page should; `notes` are sentences about how it was read.

    `columns` holds the index of the column per wanted value, `choices` the rest a person decides;
    of an export its `target` is the own key of the shop or ad account it is of.
    `done` is what saving did, so that it can be taken back; `counts` the rows per result.
    """

    class Kind(models.TextChoices):
        UNIT_COSTS = "unit_costs", "Unit costs"
        ORDERS = "orders", "Orders of Seller Center"
        AFFILIATE = "affiliate", "Affiliate orders of Seller Center"
        RETURNS = "returns", "Returns and refunds of Seller Center"
        STATEMENTS = "statements", "Statements of Seller Center"
        ADS = "ads", "Ads by day of Ads Manager"
        GMV_MAX = "gmv_max", "GMV Max by day of Ads Manager"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = models.CharField(max_length=200)
    headers = models.JSONField(default=list)
    rows = models.BinaryField()
    notes = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    done = models.JSONField(default=list)
    actor = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "-created_at", "-id"], name="upload_newest"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def is_of_ad_account(cls, kind: str) -> bool:
        """Whether files of a kind are of an ad account; other exports are of a shop."""
        return kind in (cls.Kind.ADS, cls.Kind.GMV_MAX)
