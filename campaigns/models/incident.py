"""Spend or delivery that went wrong."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from campaigns.models.ads import Ad
from sparkops.isolation.models import ClientOwned


class Incident(ClientOwned):
    """An ad that lost its permission or spent outside it; open until a person or a sync ends it."""

    ad = models.ForeignKey(Ad, on_delete=models.CASCADE, related_name="incidents")
    kind = models.CharField(max_length=40)
    sentence = models.TextField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "ad", "kind"],
                condition=Q(closed_at=None),
                name="incident_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence
