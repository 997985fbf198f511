"""The figures that a person wants on top."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from sparkops.isolation.models import ClientOwned


class Headline(ClientOwned):
    """Up to five keys of `profit.rules.definitions.METRICS`, in the person's order."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    metrics = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "user"], name="headline_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {', '.join(self.metrics)}"
