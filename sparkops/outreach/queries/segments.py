"""Who is in a segment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from creators.forms import CreatorFilters
from creators.models import Creator, Handle
from creators.queries import find_creators
from sparkops.outreach.models import Segment


def segments() -> QuerySet[Segment]:
    """Every segment, by name."""
    return Segment.objects.order_by("name", "pk")


def members(segment: Segment, *, zone: str, now: datetime) -> QuerySet[Creator]:
    """The creators of a segment at this moment; a handle may be a former one."""
    if segment.handles:
        names = segment.listed
        former = Handle.objects.filter(handle__in=names).values("creator")
        return Creator.objects.filter(Q(handle__in=names) | Q(pk__in=former))
    return find_creators(Creator.objects.all(), _values(segment.filters), zone=zone, now=now)


def _values(stored: Mapping[str, str]) -> dict[str, Any]:
    """Stored filters as the list of creators reads them; what is no longer valid is left out."""
    form = CreatorFilters(dict(stored))
    form.is_valid()
    return form.cleaned_data
