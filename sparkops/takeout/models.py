"""An archive, each client's share of it, and the parts that a share is written in."""

from typing import ClassVar

from django.db import models

from sparkops.isolation.models import ClientOwned
from sparkops.tenants.models import Organization


class Takeout(models.Model):
    """One archive of an organization. It holds no client's rows itself: those are in the shares,
    behind the client's row policy."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="takeouts"
    )
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "-id"], name="takeout_newest"),
        ]

    def __str__(self) -> str:
        return f"Archive of {self.organization}"


class Share(ClientOwned):
    """One client's part of an archive. `done` of `tables` are written; `last_pk` is how far the
    one after them is."""

    takeout = models.ForeignKey(Takeout, on_delete=models.CASCADE, related_name="+")
    tables = models.PositiveSmallIntegerField()
    done = models.PositiveSmallIntegerField(default=0)
    last_pk = models.BigIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "takeout"], name="share_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["client", "id"],
                name="share_unfinished",
                condition=models.Q(finished_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"Share of {self.client} in archive {self.takeout_id}"


class Part(ClientOwned):
    """Some rows of one table: lines of JSON, compressed with zlib."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="parts")
    table = models.CharField(max_length=80)
    rows = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["client", "share", "id"], name="part_of_share")]

    def __str__(self) -> str:
        return f"{self.rows} rows of {self.table}"
