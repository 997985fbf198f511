"""Exclusivity of this client, and collisions with the agency's others (N17)."""

from collections.abc import Sequence
from datetime import date, datetime

from creators.models import Creator
from creators.rules.handles import plain_handle
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal
from sparkops.outreach.models import Collision, Exclusivity
from sparkops.outreach.queries.collisions import Found


def keep_exclusivity(
    handle: str, *, starts_on: date, ends_on: date, note: str, by: Actor, now: datetime
) -> Exclusivity:
    """Note that a creator works for this client alone. Raises Refusal for an unknown handle, days
    that run backwards, or days that overlap with what was noted."""
    creator = Creator.objects.filter(handle=plain_handle(handle)).first()
    if creator is None:
        raise Refusal("unknown", "No creator here has this handle.", field="handle")
    if ends_on < starts_on:
        raise Refusal("backwards", "The last day is before the first.", field="ends_on")
    same = Exclusivity.objects.select_for_update().filter(creator=creator, ended_at=None)
    if same.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise Refusal("twice", "These days are noted for this creator already.", field="starts_on")
    found = Exclusivity.objects.create(
        creator=creator, starts_on=starts_on, ends_on=ends_on, note=note, actor=by.label,
        created_at=now,
    )  # fmt: skip
    data = {"from": starts_on.isoformat(), "to": ends_on.isoformat()}
    record("exclusivity.noted", creator, by=by, now=now, data=data)
    return found


def end_exclusivity(exclusivity: Exclusivity, *, by: Actor, now: datetime) -> None:
    """It holds no longer. Raises Refusal when it was ended before."""
    found = Exclusivity.objects.select_for_update(of=("self",)).get(pk=exclusivity.pk)
    if found.ended_at is not None:
        raise Refusal("ended", "This was ended before.")
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    record("exclusivity.ended", found.creator, by=by, now=now)


def note_collisions(found: Sequence[Found], *, now: datetime) -> None:
    """Make the client's collisions those that were found. One that comes again is new: what a
    person accepted of it before counts no longer."""
    known = {(one.kind, one.subject): one for one in Collision.objects.select_for_update()}
    for one in found:
        row = known.pop((one.kind, one.subject), None)
        if row is None:
            Collision.objects.create(
                kind=one.kind, subject=one.subject, creator_id=one.creator_id,
                post_id=one.post_id, ends_on=one.ends_on, ads=one.ads, since=now,
            )  # fmt: skip
            continue
        if row.over_at is not None:
            row.over_at, row.since, row.accepted_at = None, now, None
            row.accepted_by = row.reason = ""
        row.ends_on, row.ads = one.ends_on, one.ads
        row.save()
    gone = [row.pk for row in known.values() if row.over_at is None]
    Collision.objects.filter(pk__in=gone).update(over_at=now)


def accept(collision: Collision, reason: str, *, by: Actor, now: datetime) -> None:
    """Go on in spite of it; it is logged with the reason. Raises Refusal when it is over, was
    accepted before, or no reason is given."""
    found = Collision.objects.select_for_update(of=("self",)).get(pk=collision.pk)
    if found.over_at is not None:
        raise Refusal("over", "This collision is over.")
    if found.accepted_at is not None:
        raise Refusal("accepted", f"{found.accepted_by} accepted this before.")
    if not reason:
        raise Refusal("no_reason", "Say why to go on in spite of it.", field="reason")
    found.accepted_at, found.accepted_by, found.reason = now, by.label, reason
    found.save(update_fields=["accepted_at", "accepted_by", "reason"])
    record("collision.accepted", found, by=by, now=now, reason=reason, data={"kind": found.kind})
