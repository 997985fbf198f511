"""A creator's yes to usage terms."""

from datetime import date, datetime

from authorizations.actions.copies import ask_to_mail_copy
from authorizations.actions.terms import record_terms
from authorizations.models import TermsAcceptance, TermsVersion, UsageTerms
from authorizations.rules.terms_text import Window
from creators.models import Creator, Post
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal

SOURCE = "link"


def accept_terms(
    version: TermsVersion,
    *,
    creator: Creator,
    post: Post,
    client_name: str,
    language: str,
    first: date,
    shown: str,
    signed_name: str,
    address: str | None,
    user_agent: str,
    by: Actor,
    now: datetime,
) -> TermsAcceptance:
    """Keep what was accepted, word for word, let cover know of it, and mail a copy (AR3).

    `first` is the first day of use in the client's zone, `shown` the hash of the text that was on
    the page. Raises Refusal "terms_changed" when that is not what is asked now.
    """
    text, window = version.text_for(
        creator, post, client_name=client_name, language=language, first=first
    )
    if text.digest != shown:
        raise Refusal("terms_changed", "The terms changed. Read them again.")
    scope = None if version.covers_all_posts else post
    acceptance = TermsAcceptance.objects.create(
        version=version,
        creator=creator,
        post=scope,
        terms=_rights(version, creator, scope, window, by, now),
        language=text.language,
        text=text.plain,
        text_hash=text.digest,
        starts_on=window.starts_on,
        ends_on=window.ends_on,
        hold_until=window.hold_until,
        signed_name=signed_name,
        accepted_at=now,
        address=address,
        user_agent=user_agent[:400],
    )
    data = {"version": version.number, "hash": text.digest, "language": text.language}
    record("terms.accepted", acceptance, by=by, now=now, data=data)
    ask_to_mail_copy(acceptance, by=by, now=now)
    return acceptance


def _rights(
    version: TermsVersion,
    creator: Creator,
    post: Post | None,
    window: Window,
    by: Actor,
    now: datetime,
) -> UsageTerms:
    """The row that cover reads: the present one takes the new version's days; a period that begins
    after it is a row of its own."""
    before = (
        TermsAcceptance.objects.filter(creator=creator, post=post)
        .filter(version__template_id=version.template_id, ends_on__gte=window.starts_on)
        .filter(terms__starts_on__lte=window.starts_on)
        .select_related("terms")
        .order_by("-accepted_at")
        .first()
    )
    if before is None:
        return record_terms(
            creator_id=creator.pk,
            post_id=post.pk if post else None,
            starts_on=window.starts_on,
            ends_on=window.ends_on,
            hold_until=window.hold_until,
            price=version.fee,
            currency=version.currency if version.fee is not None else "",
            note=str(version),
            source=SOURCE,
            by=by,
            now=now,
        )
    rights = before.terms
    rights.ends_on, rights.hold_until = window.ends_on, window.hold_until
    rights.price, rights.note = version.fee, str(version)
    rights.currency = version.currency if version.fee is not None else ""
    rights.save()
    record("terms.changed", rights, by=by, now=now, data={"version": version.number})
    return rights
