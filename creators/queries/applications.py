"""Reads of applications."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from creators.models import Application, ApplicationPage

APPLICATION_VIEWS = {"": "new", "approved": "approved", "declined": "declined"}


def applications_of_view(view: str) -> QuerySet[Application]:
    """The rows behind a tab: open, approved, declined."""
    rows = Application.objects.select_related("creator")
    return rows.filter(state=APPLICATION_VIEWS.get(view, "new"))


def application_page() -> ApplicationPage:
    """The client's public page, or a closed one, unsaved, while nobody has decided."""
    return ApplicationPage.objects.first() or ApplicationPage()


GRACE, LATEST = timedelta(minutes=2), timedelta(days=7)
"""A decision is told after so long, in which it can be taken back, and not when it is older."""


def untold(now: datetime) -> QuerySet[Application]:
    """Decided applications of creators who gave an address and were not told yet."""
    decided = Application.objects.filter(told_at=None, decided_at__lte=now - GRACE)
    return (
        decided.filter(decided_at__gt=now - LATEST).exclude(email="").order_by("decided_at", "pk")
    )
