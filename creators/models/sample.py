"""Samples."""

from typing import ClassVar

from django.db import models

from creators.models.creator import Creator
from creators.models.post import Post
from creators.rules.samples import SampleState
from sparkops.catalog.models import Product
from sparkops.isolation.models import ClientOwned


class Sample(ClientOwned):
    """A sample request and what came of it. `status` and `fulfillment_status` are TikTok's words.

    `due_on` is 14 days after delivery, in the shop's zone (domain 5.4). `state` is what those
    words and that day come to (`creators.rules.samples`).
    """

    class State(models.TextChoices):
        REQUESTED = SampleState.REQUESTED.value, "Requested"
        APPROVED = SampleState.APPROVED.value, "Approved"
        SHIPPED = SampleState.SHIPPED.value, "Shipped"
        DELIVERED = SampleState.DELIVERED.value, "Delivered"
        OVERDUE = SampleState.OVERDUE.value, "Overdue"
        POSTED = SampleState.POSTED.value, "Posted"
        GHOSTED = SampleState.GHOSTED.value, "Never posted"
        REJECTED = SampleState.REJECTED.value, "Rejected"
        EXPIRED = SampleState.EXPIRED.value, "Not answered in time"
        CANCELED = SampleState.CANCELED.value, "Canceled"
        UNKNOWN = SampleState.UNKNOWN.value, "Unknown word"

    sample_id = models.CharField(max_length=32)
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="samples")
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, related_name="samples")
    status = models.CharField(max_length=40)
    fulfillment_status = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UNKNOWN)
    order_id = models.CharField(max_length=32, blank=True)
    approve_by = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    first_seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "sample_id"], name="sample_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "order_id"], name="sample_order"),
            models.Index(fields=["client", "state", "due_on"], name="sample_state"),
        ]

    def __str__(self) -> str:
        return f"Sample {self.sample_id}"
