"""What a client says to creators: as it is kept, with what a person is typing in its place.

Nothing here is written: every object of a draft may be one that is never saved.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from authorizations.actions.requests import lacks_rights, newest_codes
from authorizations.forms import TermsVersionForm
from authorizations.models import Authorization, TermsVersion
from authorizations.rules.expiry import DEFAULT_STEPS
from authorizations.rules.terms_text import worded
from creators.models import Creator, Post
from sparkops.home.guide.summary import Line, summary
from sparkops.portal.views.look import look
from sparkops.renewals.queries.messages import (
    Offer,
    Written,
    cadence_of_client,
    language_for,
    shown,
    words_of,
    written,
)
from sparkops.renewals.queries.own_page import client_has_terms, newest_terms
from sparkops.renewals.rules.texts import Kind, Words
from sparkops.tenants.brand import checked_accent, small_picture
from sparkops.tenants.models import Client

CHOICE = 8
"""Posts that the first request offers."""
_CANDIDATES = 60
NOT_KEPT = "not kept"


@dataclass(frozen=True)
class Draft:
    """`logo` is the address of a logo that is not kept, "" for the kept one; `is_proposed` says
    that no terms are kept or typed. `language` "" writes to each creator in their own."""

    client: Client
    logo: str
    version: TermsVersion
    is_proposed: bool
    reminder_days: Sequence[int]
    words: Words | None
    offer: Offer
    language: str
    posts: Sequence[Post]


def kept_draft(client: Client) -> Draft:
    """What is kept, and proposals for what is not."""
    template, cadence = newest_terms(), cadence_of_client()
    latest = template.latest if template else None
    return Draft(
        client=client,
        logo="",
        version=latest or proposed_terms(client),
        is_proposed=latest is None,
        reminder_days=client.reminder_days or DEFAULT_STEPS,
        words=None,
        offer=Offer(cadence.days, cadence.price, client.currency),
        language="",
        posts=posts_to_ask()[:1],
    )


def posts_to_ask() -> list[Post]:
    """The newest posts of known creators that nobody has rights to, for the first request."""
    rows = Post.objects.exclude(creator=None).filter(creator__blocked_at=None)
    newest = list(rows.select_related("creator").order_by("-published_at", "-pk")[:_CANDIDATES])
    codes = newest_codes([one.pk for one in newest])
    return [one for one in newest if lacks_rights(codes.get(one.pk))][:CHOICE]


def proposed_terms(client: Client) -> TermsVersion:
    """What the editor of terms proposes to a client without any."""
    fields = TermsVersionForm.base_fields.items()
    first = {name: field.initial for name, field in fields if field.initial is not None}
    form = TermsVersionForm({**first, "currency": client.currency}, named=False)
    form.full_clean()
    return typed_terms(form.cleaned_data)


def typed_terms(values: Mapping[str, Any]) -> TermsVersion:
    """A version that is not published, of the cleaned values of its form."""
    version = TermsVersion(**{name: value for name, value in values.items() if name != "name"})
    version.wording = worded(version.deal)
    return version


def with_brand(draft: Draft, name: str, accent: str, logo: bytes | None, drop: bool) -> Draft:
    """The draft in another brand. Raises Refusal for a colour or a logo that cannot be read."""
    client = copy(draft.client)
    client.brand_name, client.brand_accent = name.strip(), checked_accent(accent)
    if logo:
        address = f"data:image/png;base64,{b64encode(small_picture(logo)).decode()}"
        client.brand_logo = NOT_KEPT
        return replace(draft, client=client, logo=address)
    if drop:
        client.brand_logo = ""
    return replace(draft, client=client)


def pane(draft: Draft, *, page_language: str, now: datetime) -> dict[str, Any]:
    """What the pane shows: the creator's page, the message that leads there, and the summary."""
    post = next(iter(draft.posts), None) or example_post()
    zone = ZoneInfo(draft.client.timezone)
    return {
        "look": look(
            draft.client, draft.version, post, logo=draft.logo, language=page_language, now=now
        ),
        "is_proposed": draft.is_proposed,
        "is_example": post.pk is None,
        "message": message_of(draft, post, now),
        "lines": lines_of(draft, zone, now),
    }


def lines_of(draft: Draft, zone: ZoneInfo, now: datetime) -> list[Line]:
    """The summary of a draft."""
    return summary(
        draft.version.deal,
        reminder_days=draft.reminder_days,
        zone=zone,
        posts=max(len(draft.posts), 1),
        now=now,
    )


def message_of(draft: Draft, post: Post, now: datetime) -> Written:
    """The first message about a post, as everybody but its creator reads it."""
    language = draft.language or language_for(post.creator, cadence_of_client())
    row = Authorization(post=post, creator=post.creator)
    words = draft.words or words_of(Kind.REQUEST, language)
    return shown(
        written(
            row,
            words,
            language=language,
            offer=draft.offer,
            spend=None,
            client=draft.client,
            now=now,
            has_terms=client_has_terms() and post.pk is not None,
        )
    )


def example_post() -> Post:
    """A post of nobody, for a client that has none yet."""
    creator = Creator(handle="creator", display_name="")
    return Post(item_id="…", creator=creator, caption="Your creator's video")
