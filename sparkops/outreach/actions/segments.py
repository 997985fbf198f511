"""Saving groups of creators."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from creators.actions.market import take_over
from creators.models import Creator, Handle, MarketHit
from creators.rules.handles import plain_handle
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal
from sparkops.outreach.models import Segment

MOST_HANDLES = 10_000


def save_segment(
    name: str, *, filters: Mapping[str, str], handles: str, by: Actor, now: datetime
) -> tuple[Segment, list[str]]:
    """A new segment, and pasted handles that no creator has. Raises Refusal for a name that is
    taken, too many handles, or a list in which nobody is known."""
    if Segment.objects.filter(name=name).exists():
        raise Refusal("name_taken", "A segment has this name already.", field="name")
    listed = list(dict.fromkeys(filter(None, map(plain_handle, handles.split()))))
    if len(listed) > MOST_HANDLES:
        raise Refusal("too_many", f"Paste at most {MOST_HANDLES:,} handles.", field="handles")
    known = _known(listed)
    if listed and not known:
        raise Refusal("nobody", "None of these handles is a creator you know.", field="handles")
    segment = Segment.objects.create(
        name=name,
        filters={key: value for key, value in filters.items() if value},
        handles="\n".join(one for one in listed if one in known),
        created_at=now,
        created_by=by.label,
    )
    record("segment.saved", segment, by=by, now=now, data={"handles": len(known)})
    return segment, [one for one in listed if one not in known]


def save_found(name: str, hits: Sequence[MarketHit], *, by: Actor, now: datetime) -> Segment:
    """A new segment of creators whom a marketplace search found; they are made creators first.

    Raises Refusal for a name that is taken, or when nobody is left who is not blocked.
    """
    ids = take_over(hits, by=by, now=now)
    segment, _ = save_segment(name, filters={}, handles="\n".join(ids), by=by, now=now)
    return segment


def _known(handles: list[str]) -> set[str]:
    current = Creator.objects.filter(handle__in=handles).values_list("handle", flat=True)
    former = Handle.objects.filter(handle__in=handles).values_list("handle", flat=True)
    return {*current, *former}
