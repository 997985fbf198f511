"""Samples, answers to requests, reminders, and how a client treats them."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from creators.models.creator import Creator
from creators.models.post import Post
from creators.rules.approval import Verdict as Word
from creators.rules.samples import SampleState
from sparkops.catalog.models import Product
from sparkops.isolation.models import ClientOwned


class Sample(ClientOwned):
    """A sample request and what came of it. `status` and `fulfillment_status` are TikTok's words.

    `verdict` is empty until the rules looked at a request; `checks` are their conditions.
    `obstacles` are TikTok's reasons why it cannot be approved.

    `due_on` is 14 days after delivery, in the shop's zone (domain 5.4), and 7 more when it was
    extended. `state` is what those words and that day come to (`creators.rules.samples`). The
    `creator_` figures are TikTok's, over all shops, as read with the request: GMV of the last 30
    days in its currency, and the share of samples that led to content (0.8 is 80 %).
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

    class Verdict(models.TextChoices):
        """What the client's rules say of a request (`creators.rules.approval`)."""

        APPROVE = Word.APPROVE.value, "Approve"
        REVIEW = Word.REVIEW.value, "Look at it"
        SHORT = Word.SHORT.value, "Falls short"

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
    extended_at = models.DateTimeField(null=True)
    sku_id = models.CharField(max_length=32, blank=True)
    is_approvable = models.BooleanField(null=True)
    obstacles = models.JSONField(default=list)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    checks = models.JSONField(default=list)
    creator_gmv = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    creator_gmv_currency = models.CharField(max_length=3, blank=True)
    creator_fulfilment = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    first_seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "sample_id"], name="sample_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "order_id"], name="sample_order"),
            models.Index(fields=["client", "state", "due_on"], name="sample_state"),
            models.Index(fields=["client", "-first_seen_at", "-id"], name="sample_newest"),
            models.Index(
                "client", F("due_on").asc(nulls_last=True), F("id").asc(), name="sample_due"
            ),
        ]

    def __str__(self) -> str:
        return f"Sample {self.sample_id}"


class SampleReminder(ClientOwned):
    """The one message that reminds a creator of a sample; a sample has at most one."""

    class State(models.TextChoices):
        WAITING = "waiting", "On its way"
        SENT = "sent", "Sent"
        FAILED = "failed", "Not sent"
        DROPPED = "dropped", "No longer needed"

    sample = models.OneToOneField(Sample, on_delete=models.CASCADE, related_name="reminder")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    sent_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=64, blank=True)
    problem = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"Reminder of {self.sample}"


class SamplePolicy(ClientOwned):
    """How a client treats samples. `remind_on_day` counts from delivery; null sends nothing.

    The rest are the rules of approval (`creators.rules.approval`): null asks for nothing, amounts
    are in `currency`, rates fractions. `version` counts their changes.
    """

    remind_on_day = models.PositiveSmallIntegerField(null=True)
    reminder_text = models.TextField(blank=True)
    approves = models.BooleanField(default=False)
    currency = models.CharField(max_length=3, blank=True)
    min_followers = models.PositiveIntegerField(null=True)
    min_gmv = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    min_fulfilment = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    min_posts = models.PositiveSmallIntegerField(null=True)
    max_price = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    margin = models.DecimalField(max_digits=5, decimal_places=4, default=Decimal("0.1"))
    day_cap = models.PositiveIntegerField(null=True)
    week_cap = models.PositiveIntegerField(null=True)
    month_quota = models.PositiveIntegerField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client"], name="sample_policy_once"),
        ]

    def __str__(self) -> str:
        return "Rules for samples"


class SampleAnswer(ClientOwned):
    """A yes or no to a request, on its way to TikTok or there; a request has one that counts.

    `policy_version` is that of the rules that said yes; null for a person's answer.
    """

    class Word(models.TextChoices):
        APPROVE = "approve", "Approve"
        DECLINE = "decline", "Decline"

    class Reason(models.TextChoices):
        """TikTok's reasons of a no (contract 8.7)."""

        NOT_MATCH = "NOT_MATCH", "Does not match the brand"
        OFFLINE = "OFFLINE", "Product is offline"
        OUT_OF_STOCK = "OUT_OF_STOCK", "Out of stock"
        OTHER = "OTHER", "Other"

    class State(models.TextChoices):
        WAITING = "waiting", "On its way"
        DONE = "done", "Taken"
        REFUSED = "refused", "Refused by TikTok"
        UNDONE = "undone", "Taken back"

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="answers")
    word = models.CharField(max_length=8, choices=Word.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    policy_version = models.PositiveIntegerField(null=True)
    answered_at = models.DateTimeField()
    answered_by = models.CharField(max_length=200)
    finished_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "sample"],
                condition=Q(state__in=["waiting", "done"]),
                name="one_answer_counts",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["client", "answered_at"],
                condition=Q(word="approve", state__in=["waiting", "done"]),
                name="sample_approvals",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_word_display()} {self.sample}"
