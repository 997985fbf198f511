"""Usage rights: the contract beside the platform permission."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from creators.models import Creator, Post
from sparkops.isolation.models import ClientOwned


class UsageTerms(ClientOwned):
    """What a creator agreed to for one post (or, with `post` null, all posts for this client).

    Days are inclusive, in the client's zone. `hold_until` is the last day the post must stay up.
    """

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="usage_terms")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="usage_terms")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    hold_until = models.DateField(null=True)
    price = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    note = models.TextField(blank=True)
    source = models.CharField(max_length=20)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="terms_window",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["client", "post"], name="terms_post")]

    def __str__(self) -> str:
        return f"Terms with {self.creator} from {self.starts_on}"
