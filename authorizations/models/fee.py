"""The fee a creator gets for a permission, as far as it decides about the code (N9)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from authorizations.models.authorization import Authorization
from sparkops.isolation.models import ClientOwned


class Fee(ClientOwned):
    """What is paid for one generation of a permission. `amount` is in `currency`; 0 is no fee.

    `before_freeze` is the state it had when it was frozen, "" otherwise. Profit's own payments are
    booked above; this row only says whether the creator was paid.
    """

    class State(models.TextChoices):
        AGREED = "agreed", "Agreed"
        DUE = "due", "Due"
        PAID = "paid", "Paid"
        FROZEN = "frozen", "Frozen"

    authorization = models.OneToOneField(
        Authorization, on_delete=models.CASCADE, related_name="fee"
    )
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=State.choices)
    before_freeze = models.CharField(max_length=8, blank=True)
    due_on = models.DateField(null=True)
    paid_on = models.DateField(null=True)
    reference = models.CharField(max_length=200, blank=True)
    noted_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="fee_not_negative"),
            models.CheckConstraint(
                condition=Q(state="frozen") | Q(before_freeze=""), name="fee_freeze"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["client", "state"], name="fee_state")]

    def __str__(self) -> str:
        return f"Fee of {self.authorization}"
