"""A broken promise to keep a post up (AR10)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from authorizations.models.watch import Finding
from creators.models import Post
from sparkops.isolation.models import ClientOwned


class Case(ClientOwned):
    """A post that was deleted or hidden within its hold; open until a person settles it.

    `hold_until` is the last day, in the client's zone, that the creator had promised. While the
    case is open the post's unpaid fees are frozen.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        SETTLED = "settled", "Settled"

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="cases")
    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="case")
    hold_until = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    frozen_fees = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "post"], condition=Q(state="open"), name="case_open_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-opened_at", "-id"], name="case_newest"),
        ]

    def __str__(self) -> str:
        return f"Hold broken: {self.post}"
