"""Reads of applications."""

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
