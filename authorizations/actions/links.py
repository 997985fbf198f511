"""Links for creators: making, revoking, and what creators do with them."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from authorizations.actions.hand_in import ask_to_redeem, take_code
from authorizations.models import Authorization, CreatorLink, LinkHandIn, TermsTemplate
from authorizations.rules.codes import read_code_cell
from creators.models import Post
from sparkops.alerts.actions import raise_alert
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import AdAccount
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.tenants.actions import hashed
from sparkops.tenants.models import Client

LONGEST_DAYS = 365
SALT = "sparkops.creator-link"
SIGNATURE = 16
SECRET_BYTES = 24
MESSAGE_DAYS = 90
"""How long the link of a message works: long enough to see later what runs."""


@dataclass(frozen=True)
class NewLink:
    """A link with its whole address, which exists nowhere else and is shown once."""

    link: CreatorLink
    url: str


def make_link(
    post: Post, template: TermsTemplate, *, days: int, by: Actor, now: datetime
) -> NewLink:
    """A link for the post's creator, which works for `days`.

    Raises Refusal for a post without a known creator and for a length beyond a year.
    """
    return _made(secrets.token_urlsafe(SECRET_BYTES), post, template, days=days, by=by, now=now)


def link_of_message(
    message: str, post: Post, template: TermsTemplate, *, language: str, by: Actor, now: datetime
) -> NewLink:
    """The link that one message carries, made the first time it is asked for.

    `message` names the message among all of the client's. Its secret follows from that name and
    the application's key: a worker that repeats a message sends the same words, and still nothing
    but a hash is stored. Raises Refusal for a post without a known creator.
    """
    secret = _secret_of(message)
    known = CreatorLink.objects.filter(secret_hash=hashed(_token(secret))).first()
    if known is not None:
        return NewLink(known, _url(secret))
    return _made(secret, post, template, days=MESSAGE_DAYS, by=by, now=now, language=language)


def url_of_message(message: str) -> str:
    """The address of `link_of_message`, whether or not the link was made."""
    return _url(_secret_of(message))


def _made(
    secret: str, post: Post, template: TermsTemplate, *, days: int, by: Actor, now: datetime,
    language: str = "",
) -> NewLink:  # fmt: skip
    if post.creator_id is None:
        raise Refusal("no_creator", "Nobody is known as the creator of this post yet.")
    if not 1 <= days <= LONGEST_DAYS:
        raise Refusal("days", f"Choose 1 to {LONGEST_DAYS} days.", field="days")
    link = CreatorLink.objects.create(
        creator_id=post.creator_id,
        post=post,
        template=template,
        secret_hash=hashed(_token(secret)),
        language=language,
        created_at=now,
        created_by=by.label,
        expires_at=now + timedelta(days=days),
    )
    record("creator_link.made", link, by=by, now=now, data={"days": days, "terms": template.name})
    return NewLink(link, _url(secret))


def revoke_link(link: CreatorLink, *, by: Actor, now: datetime) -> None:
    """Make the link worthless at once."""
    if link.revoked_at is not None:
        return
    link.revoked_at = now
    link.save(update_fields=["revoked_at"])
    record("creator_link.revoked", link, by=by, now=now)


def is_signed(token: str) -> bool:
    """Whether we made this token: what is not ours is turned away without asking the database."""
    secret, _, signature = token.partition(".")
    return constant_time_compare(signature, _signature(secret))


def note_opened(link: CreatorLink, *, by: Actor, now: datetime) -> None:
    """Remember the first time."""
    if link.opened_at is None:
        link.opened_at = now
        link.save(update_fields=["opened_at"])
        record("creator_link.opened", link, by=by, now=now)


def choose_language(link: CreatorLink, language: str) -> None:
    """Speak it the next time as well."""
    link.language = language
    link.save(update_fields=["language"])


def hand_in_through(link: CreatorLink, text: str, *, by: Actor, now: datetime) -> Authorization:
    """Take the one code that was pasted and ask every ad account to redeem it.

    Raises Refusal with the word of what is wrong with the paste.
    """
    found = read_code_cell(text)
    if len(found.codes) > 1:
        raise Refusal("many", "Paste only the code of this post.", field="code")
    if not found.codes:
        reason = found.rejected[0].reason if found.rejected else None
        code = reason.code if reason else "no_code"
        sentence = reason.sentence if reason else "There is no code in this text."
        raise Refusal(code, sentence, field="code")
    # The post is left open: TikTok says which one the code is of, and the code joins its chain.
    authorization, _is_new = take_code(
        found.codes[0].code, source="link", by=by, now=now, creator_id=link.creator_id
    )
    ask_to_redeem(authorization, list(AdAccount.objects.order_by("pk")), by=by, now=now)
    LinkHandIn.objects.create(link=link, authorization=authorization, at=now)
    record("creator_link.code_handed_in", link, by=by, now=now, data={"id": authorization.pk})
    return authorization


def ask_to_stop(link: CreatorLink, *, why: str, client: Client, by: Actor, now: datetime) -> None:
    """Tell the client's people that the creator wants the ads to stop; once per link."""
    if link.stop_asked_at is not None:
        return
    link.stop_asked_at = now
    link.save(update_fields=["stop_asked_at"])
    record("creator_link.stop_asked", link, by=by, now=now, reason=why)
    raise_alert(
        "creator.stop_asked",
        f"creator.stop_asked:{link.pk}",
        subject=link.post,
        severity="critical",
        title=f"{link.creator} asks to stop the ads on {link.post}"[:200],
        body=why or "No reason was given.",
        path=reverse("creators:post", kwargs={"client": client.slug, "pk": link.post_id}),
        action_label="Open the post",
        now=now,
    )


def _secret_of(message: str) -> str:
    name = f"{current_client_id()}:{message}"
    digest = salted_hmac(f"{SALT}.message", name, algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:SECRET_BYTES]).decode()


def _token(secret: str) -> str:
    return f"{secret}.{_signature(secret)}"


def _url(secret: str) -> str:
    return settings.SITE_URL + reverse("portal:page", kwargs={"token": _token(secret)})


def _signature(secret: str) -> str:
    return salted_hmac(SALT, secret, algorithm="sha256").hexdigest()[:SIGNATURE]
