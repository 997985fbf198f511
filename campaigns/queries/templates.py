"""Reads of launch templates."""

from django.db.models import Count, OuterRef, QuerySet, Subquery

from campaigns.models import LaunchTemplate


def current_templates() -> QuerySet[LaunchTemplate]:
    """The newest version of every template that is not retired, by name."""
    newest = LaunchTemplate.objects.filter(name=OuterRef("name")).order_by("-version")
    return LaunchTemplate.objects.filter(
        pk=Subquery(newest.values("pk")[:1]), retired_at=None
    ).order_by("name")


def versions_of(template: LaunchTemplate) -> QuerySet[LaunchTemplate]:
    """All versions of a template with how many launches each made, newest first."""
    rows = LaunchTemplate.objects.filter(name=template.name).order_by("-version")
    return rows.annotate(used=Count("launches"))
