"""The creator's own copy of accepted terms: as paper, and by mail."""

from datetime import datetime

from authorizations.models import TermsAcceptance
from authorizations.rules.signed_copy import Signature, signed_copy
from authorizations.rules.wording import sentences
from sparkops.audit.record import Actor, record
from sparkops.outbox.queue import put

MAIL_COPY = "authorizations.mail_copy"


def own_copy(accepted: TermsAcceptance) -> bytes:
    """A PDF that may travel: it names no address and no device, and of the name first letters."""
    signature = Signature(
        version=f"{accepted.version.number}",
        accepted_at=accepted.accepted_at,
        name=" ".join(f"{part[0]}." for part in accepted.signed_name.split()),
        text_hash=accepted.text_hash,
    )
    return signed_copy(accepted.text, signature, sentences(accepted.language))


def ask_to_mail_copy(accepted: TermsAcceptance, *, by: Actor, now: datetime) -> None:
    """Put the copy on its way to the creator's mail address, once; without one there is none."""
    if accepted.creator.email:
        put(MAIL_COPY, f"{MAIL_COPY}:{accepted.pk}", {"acceptance": accepted.pk}, by=by, now=now)


def note_copy(acceptance_id: int, *, by: Actor, now: datetime, problem: str = "") -> None:
    """Note that the copy is out, or why it could not be sent."""
    accepted = TermsAcceptance.objects.get(pk=acceptance_id)
    verb = "terms.copy_not_mailed" if problem else "terms.copy_mailed"
    record(verb, accepted, by=by, now=now, reason=problem)
