"""Whether a creator may still be written to."""

from collections.abc import Iterable

from sparkops.outreach.models import Contact, Letter
from sparkops.outreach.rules.replies import ANSWERED, BLOCKED, DECLINED, OPTED_OUT, WHY


def contacts_of(creator_ids: Iterable[int]) -> dict[int, Contact]:
    """Where we stand with some creators."""
    rows = Contact.objects.filter(creator__in=list(creator_ids))
    return {one.creator_id: one for one in rows}


def why_never(contact: Contact | None) -> str:
    """ "" unless the creator is blocked or wants no more messages."""
    if contact is None:
        return ""
    if contact.blocked_at:
        return WHY[BLOCKED]
    return WHY[OPTED_OUT] if contact.opted_out_at else ""


def why_not_wanted(letter: Letter) -> str:
    """ "" while a message still makes sense, asked right before it leaves: nobody is written to
    who is blocked or opted out, nor who turned out to have answered or declined after it was
    written (AB5)."""
    contact = Contact.objects.filter(creator=letter.recipient.creator_id).first()
    if contact is None:
        return ""
    if never := why_never(contact):
        return never
    began = letter.recipient.outreach.started_at
    if not began or not contact.noted_at or contact.noted_at <= letter.created_at:
        return ""
    if contact.declined_at and contact.declined_at >= began:
        return WHY[DECLINED]
    return WHY[ANSWERED] if contact.answered_at and contact.answered_at >= began else ""
