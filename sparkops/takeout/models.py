"""An archive, each client's share of it, its parts; and the deletion of a client."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from sparkops.isolation.models import ClientOwned
from sparkops.tenants.models import Client, Organization


class Takeout(models.Model):
    """One archive of an organization, or of its one client `only`. It holds no client's rows
    itself: those are in the shares, behind the client's row policy."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="takeouts"
    )
    only = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="+")
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


class Deletion(models.Model):
    """One client on its way out of the database. It outlives the client, with its receipt.

    `done` tables of the order are empty; `counts` are rows deleted by table, `export` what was
    written before. `receipt` is the exact text that `signature` (Ed25519, hex) signs.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="deletions"
    )
    client_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    slug = models.CharField(max_length=60)
    takeout = models.ForeignKey(Takeout, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    # The log stays when the law asks for that, with the reason.
    keeps_log = models.BooleanField(default=False)
    why_kept = models.CharField(max_length=300, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(null=True)
    done = models.PositiveSmallIntegerField(default=0)
    counts = models.JSONField(default=dict)
    export = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    finished_at = models.DateTimeField(null=True)
    receipt = models.TextField(blank=True)
    signature = models.CharField(max_length=128, blank=True)
    public_key = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client_id"], condition=Q(undone_at=None), name="deletion_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "-id"], name="deletion_newest"),
            models.Index(
                fields=["due_at"],
                name="deletion_due",
                condition=Q(undone_at=None, finished_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"Deletion of {self.name}"

    @property
    def rows(self) -> int:
        """Rows deleted so far."""
        return sum(self.counts.values())
