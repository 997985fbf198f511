"""What people change about creators."""

from collections.abc import Iterable
from datetime import datetime

from creators.actions.known import know_creators
from creators.models import Creator, CreatorTag
from creators.rules.handles import plain_handle
from creators.rules.tags import plain_tag
from sparkops.accounts.models import User
from sparkops.audit.record import Actor, record, record_changes
from sparkops.clock import shop_zone
from sparkops.errors import Refusal


def edit_creator(
    creator: Creator, *, email: str, notes: str, timezone: str, by: Actor, now: datetime
) -> None:
    """Change contact, notes and zone. Raises Refusal for a zone that does not exist.

    The log says that contact and notes changed, not to what: more people may read the log. What
    they were is kept in the history of the field.
    """
    if timezone:
        try:
            shop_zone(timezone)
        except ValueError as error:
            raise Refusal("unknown_zone", str(error), field="timezone") from error
    changes = {"email": email, "notes": notes, "timezone": timezone}
    before = {name: getattr(creator, name) for name in changes}
    if before == changes:
        return
    for name, value in changes.items():
        setattr(creator, name, value)
    creator.save(update_fields=list(changes))
    changed = record_changes(creator, before, changes, by=by, now=now)
    record(
        "creator.edited",
        creator,
        by=by,
        now=now,
        data={
            "changed": changed,
            "before": {"timezone": before["timezone"]},
            "after": {"timezone": timezone},
        },
    )


def place_creator(
    creator: Creator,
    *,
    owner: User | None,
    tier: str,
    tags: Iterable[str],
    by: Actor,
    now: datetime,
) -> None:
    """Say who looks after a creator, in which tier, under which tags: exactly these count."""
    wanted = {name for name in map(plain_tag, tags) if name}
    had = set(creator.tags.values_list("name", flat=True))
    before = {"owner": str(creator.owner or ""), "tier": creator.tier, "tags": sorted(had)}
    after = {"owner": str(owner or ""), "tier": tier, "tags": sorted(wanted)}
    if before == after and creator.owner == owner:
        return
    creator.tags.filter(name__in=had - wanted).delete()
    CreatorTag.objects.bulk_create(
        [CreatorTag(creator=creator, name=name) for name in sorted(wanted - had)],
        ignore_conflicts=True,
    )
    creator.owner, creator.tier = owner, tier
    creator.save(update_fields=["owner", "tier"])
    record("creator.placed", creator, by=by, now=now, data={"before": before, "after": after})


def import_creator(
    *, handle: str, email: str = "", notes: str = "", by: Actor, now: datetime
) -> tuple[int, bool]:
    """A creator named in a spreadsheet: own id, and whether the creator is new.

    An e-mail or note that is already there is kept; the sheet only fills gaps.
    """
    name = plain_handle(handle)
    known = Creator.objects.filter(handle=name).exists()
    creator = Creator.objects.get(pk=know_creators([name], now=now, source="import")[name])
    if (email and not creator.email) or (notes and not creator.notes):
        before = {"email": creator.email, "notes": creator.notes}
        creator.email = creator.email or email
        creator.notes = creator.notes or notes
        creator.save(update_fields=["email", "notes"])
        after = {"email": creator.email, "notes": creator.notes}
        record_changes(creator, before, after, by=by, now=now)
    if not known:
        record("creator.imported", creator, by=by, now=now)
    return creator.pk, not known
