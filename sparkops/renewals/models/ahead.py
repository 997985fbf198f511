"""What the next 30 days bring if nobody acts; rebuilt at will."""

from typing import ClassVar

from django.db import models

from authorizations.models import Authorization
from creators.models import Creator, Post
from sparkops.isolation.models import ClientOwned


class Ahead(ClientOwned):
    """One thing that pauses, loses money or is owed in the next 30 days (N22).

    `key` names it within its client. Days are of the client's zone: `day` is when a right ends or
    something falls due; what loses money does so from `day` to `until`, both included. `per_day`
    and `amount`, the total inside the 30 days, are positive and in `currency`: the spend that
    stops, the loss (minus cm3), or what is to be paid. Null is not known, never zero. `subject_id`
    is the row behind it where that is neither the permission nor the post.
    """

    class Kind(models.TextChoices):
        PAUSES = "pauses", "Pauses"
        LOSES = "loses", "Loses money"
        OWED = "owed", "Is owed"

    class What(models.TextChoices):
        RIGHT = "right", "Right to spend ends"
        ADS = "ads", "Ads lose money"
        FLAT_FEE = "flat_fee", "Flat fee"
        USAGE_FEE = "usage_fee", "Usage fee"
        RENEWAL_FEE = "renewal_fee", "Renewal fee"
        RETAINER = "retainer", "Retainer"
        BONUS = "bonus", "Bonus"
        CODE_FEE = "code_fee", "Fee of a permission"
        SAMPLE = "sample", "Sample to send"
        COMMISSION = "commission", "Commission of creators"

    kind = models.CharField(max_length=6, choices=Kind.choices)
    what = models.CharField(max_length=12, choices=What.choices)
    key = models.CharField(max_length=60)
    day = models.DateField()
    until = models.DateField()
    title = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)
    per_day = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="+")
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, null=True, related_name="+")
    authorization = models.ForeignKey(
        Authorization, on_delete=models.CASCADE, null=True, related_name="+"
    )
    subject_id = models.BigIntegerField(null=True)
    counted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "key"], name="ahead_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "day", "id"], name="ahead_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.title}"
