"""What is known about a creator from now on, and what it ends in every outreach (AB5)."""

from datetime import datetime

from creators.actions.blocks import block_creator, lift_block
from creators.models import Creator
from sparkops.audit.record import Actor, record
from sparkops.outreach.actions.sending import finish
from sparkops.outreach.models import Contact, Outreach, Recipient
from sparkops.outreach.rules.replies import BLOCKED, FOR_GOOD, WHY

_FIELDS = {
    "answered": "answered_at",
    "declined": "declined_at",
    "opted_out": "opted_out_at",
    "blocked": "blocked_at",
}


def note(
    creator: Creator, what: str, *, at: datetime, by: Actor, now: datetime, reason: str = ""
) -> Contact:
    """Note an answer, a decline, an opt-out or a block of `at`. In every outreach of the client no
    follow-up comes any more, and whoever is still queued is left out with the reason."""
    contact, _ = Contact.objects.get_or_create(creator=creator, defaults={"noted_at": now})
    name = _FIELDS[what]
    before = getattr(contact, name)
    if before is None or before < at:
        setattr(contact, name, at)
    if what == BLOCKED:
        contact.blocked_reason = reason
    elif contact.answered_at is None or contact.answered_at < at:
        # Whoever declines or opts out has written to us, and is connected.
        contact.answered_at = at
    contact.noted_at = now
    contact.save()
    _end_everywhere(creator, what, at, now)
    if before is None:
        record(f"contact.{what}", creator, by=by, now=now, reason=reason)
    return contact


def block(
    creator: Creator, *, reason: str, evidence: str = "", by: Actor, now: datetime
) -> Contact:
    """Put a creator on the blocklist, with which every outreach to them ends. Raises Refusal
    without a reason."""
    found = block_creator(creator, reason=reason, evidence=evidence, by=by, now=now)
    return note(creator, BLOCKED, at=now, by=by, now=now, reason=found.reason)


def unblock(creator: Creator, *, by: Actor, now: datetime) -> None:
    """Take a block or an opt-out back; what it ended stays ended."""
    Contact.objects.filter(creator=creator).update(
        blocked_at=None, blocked_reason="", opted_out_at=None
    )
    lift_block(creator, by=by, now=now)
    record("contact.unblocked", creator, by=by, now=now)


def _end_everywhere(creator: Creator, what: str, at: datetime, now: datetime) -> None:
    mine, why = Recipient.objects.filter(creator=creator), WHY[what]
    if what not in FOR_GOOD:
        # An old message that is read only now answers nothing that began after it.
        mine = mine.filter(outreach__started_at__lte=at)
    mine.filter(next_at__isnull=False).update(next_at=None, reason=why)
    opened = [Outreach.State.RUNNING, Outreach.State.PAUSED]
    # One that is being sent right now is asked again just before it leaves.
    queued = mine.filter(state=Recipient.State.QUEUED, outreach__state__in=opened)
    queued.exclude(letters__state="sending").update(
        state=Recipient.State.SKIPPED, reason=why, due_at=None
    )
    for outreach_id in mine.values_list("outreach_id", flat=True).distinct():
        finish(outreach_id, now)
