"""An outreach and everyone it writes to."""

from typing import ClassVar

from django.db import models

from creators.models import Creator
from sparkops.catalog.models import Product
from sparkops.isolation.models import ClientOwned
from sparkops.outreach.models.segments import Segment


class Outreach(ClientOwned):
    """One campaign of messages or invitations to the creators of a segment.

    `rate` and `shop_ads_rate` are fractions (0.15 is 15 %). `total` is the number of recipients,
    written once together with them; their states always add up to it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        STOPPED = "stopped", "Stopped"
        DONE = "done", "Done"

    class Channel(models.TextChoices):
        TARGET = "target", "Target collaboration"
        SHOP = "shop", "TikTok Shop message"
        EMAIL = "email", "E-mail"

    name = models.CharField(max_length=80)
    channel = models.CharField(max_length=6, choices=Channel.choices, default=Channel.SHOP)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="outreaches")
    subject = models.CharField(max_length=150, blank=True)
    body = models.TextField()
    products: "models.ManyToManyField[Product, OutreachProduct]" = models.ManyToManyField(
        Product, through="OutreachProduct", related_name="+", blank=True
    )
    rate = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    shop_ads_rate = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    ends_on = models.DateField(null=True)
    has_free_sample = models.BooleanField(default=False)
    contact_email = models.EmailField(blank=True)
    quiet_days = models.PositiveSmallIntegerField(default=14)
    total = models.PositiveIntegerField(default=0)
    actor = models.CharField(max_length=200)
    actor_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="outreach_name_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-created_at", "-id"], name="outreach_newest"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.state == self.State.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether it was started and may still send."""
        return self.state in {self.State.RUNNING, self.State.PAUSED}


class OutreachProduct(ClientOwned):
    """A product that an outreach is about."""

    outreach = models.ForeignKey(Outreach, on_delete=models.CASCADE, related_name="product_rows")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "outreach", "product"], name="outreach_product_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outreach}: {self.product}"


class Step(ClientOwned):
    """A follow-up: `number` from 1, sent `wait_days` after the message before it."""

    outreach = models.ForeignKey(Outreach, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    wait_days = models.PositiveSmallIntegerField()
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "outreach", "number"], name="step_once"),
        ]

    def __str__(self) -> str:
        return f"Follow-up {self.number} of {self.outreach}"


class Recipient(ClientOwned):
    """One creator of an outreach: always in exactly one of the four states (AB1).

    `due_at` is set while it is known not to leave before then; `reason` says why, in words. After
    a message was sent, `next_at` is when follow-up `next_step` is due; null: none comes. With
    `overridden` a person said to write in spite of an earlier contact (AB7).
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENT = "sent", "Sent"
        SKIPPED = "skipped", "Skipped"
        FAILED = "failed", "Failed"

    outreach = models.ForeignKey(Outreach, on_delete=models.CASCADE, related_name="recipients")
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    reason = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    next_step = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    overridden = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "outreach", "creator"], name="recipient_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "outreach", "number", "id"], name="recipient_number"),
            models.Index(fields=["client", "outreach", "state"], name="recipient_state"),
            models.Index(fields=["client", "creator", "-sent_at"], name="recipient_creator"),
            models.Index(
                fields=["client", "next_at"],
                condition=models.Q(next_at__isnull=False),
                name="recipient_follow_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.creator} in {self.outreach}"
