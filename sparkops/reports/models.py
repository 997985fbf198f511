"""Reports, what is wanted of them, and the links that open them."""

from decimal import Decimal
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from sparkops.isolation.models import ClientOwned

AMOUNTS = ("amount", "cost", "revenue", "gmv", "left")


class Every(models.TextChoices):
    """How long a report's period is."""

    WEEK = "week", "Every week"
    MONTH = "month", "Every month"


class Part(models.TextChoices):
    """What a report may tell besides the five answers. Margins are internal unless chosen."""

    CREATORS = "creators", "The creators whose posts sold most"
    SPEND = "spend", "Ad spend and what the ads brought"
    MONEY = "money", "What each product left after all costs (margins)"


class Wanted(ClientOwned):
    """What a client gets: how often (empty: by hand only), which parts, and who."""

    every = models.CharField(max_length=8, choices=Every.choices, blank=True)
    parts = models.JSONField(default=list)
    recipients = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client"], name="report_wanted_once"),
        ]

    def __str__(self) -> str:
        return self.get_every_display() or "By hand"


class Report(ClientOwned):
    """One period as it was when the report was made. `first` and `last` are days of the client's
    zone, both included; `content` is what `content.gather` found."""

    every = models.CharField(max_length=8, choices=Every.choices)
    first = models.DateField()
    last = models.DateField()
    parts = models.JSONField(default=list)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "every", "first"], name="report_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-first", "-id"], name="report_newest"),
        ]

    def __str__(self) -> str:
        if self.every == Every.MONTH:
            return f"{self.first:%B %Y}"
        return f"{self.first:%d %b} to {self.last:%d %b %Y}"

    @property
    def facts(self) -> dict[str, Any]:
        """The content with its amounts as Decimal."""
        answers = {"answers": self.content["answers"]}
        tables = {name: rows for name, rows in self.content.items() if name != "answers"}
        return answers | {
            name: [_with_amounts(row) for row in rows] for name, rows in tables.items()
        }


def _with_amounts(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: Decimal(value) if name in AMOUNTS and value is not None else value
        for name, value in row.items()
    }


class Link(ClientOwned):
    """A report for one person without an account. The address is signed, not stored."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="links")
    recipient = models.CharField(max_length=254)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "report", "recipient"], name="report_link_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} for {self.recipient}"
