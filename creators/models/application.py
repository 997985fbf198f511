"""Creators who ask to be let in, through the client's public page."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from creators.models.creator import Creator
from sparkops.isolation.models import ClientOwned


class ApplicationPage(ClientOwned):
    """The client's public page. While it is not open, its address answers like any wrong one."""

    is_open = models.BooleanField(default=False)
    intro = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client"], name="application_page_once"),
        ]

    def __str__(self) -> str:
        return "Application page"


class Application(ClientOwned):
    """What one creator wrote, in `language` (a code; empty is English). A handle (plain, lower
    case) has one open application. `told_at` is when the decision was put on its way by mail."""

    class State(models.TextChoices):
        NEW = "new", "New"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"

    handle = models.CharField(max_length=64)
    email = models.EmailField(blank=True)
    message = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    creator = models.ForeignKey(
        Creator, on_delete=models.SET_NULL, null=True, related_name="applications"
    )
    applied_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "handle"],
                condition=Q(state="new"),
                name="one_open_application",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-applied_at", "-id"], name="application_newest"),
            models.Index(fields=["client", "state", "-applied_at"], name="application_state"),
            models.Index(
                fields=["client", "decided_at"],
                condition=Q(told_at=None, decided_at__isnull=False),
                name="application_untold",
            ),
        ]

    def __str__(self) -> str:
        return f"Application of @{self.handle}"
