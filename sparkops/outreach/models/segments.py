"""Groups of creators to write to."""

from typing import ClassVar

from django.db import models

from sparkops.isolation.models import ClientOwned


class Segment(ClientOwned):
    """A saved filter of the list of creators, or a pasted list of handles.

    `filters` holds values of `creators.forms.CreatorFilters` as text; with `handles` (one a line,
    without @) they are not looked at.
    """

    name = models.CharField(max_length=120)
    filters = models.JSONField(default=dict)
    handles = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "name"], name="segment_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def listed(self) -> list[str]:
        """The pasted handles."""
        return self.handles.split()
