"""The creator's page before there is a link, for those who write what it says."""

from datetime import datetime, timedelta

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from authorizations.actions.links import MESSAGE_DAYS
from authorizations.models import CreatorLink, TermsVersion
from authorizations.rules.wording import chosen, sentences
from creators.models import Post
from sparkops.audit.record import SYSTEM
from sparkops.clock import shop_day
from sparkops.portal.door import Guest
from sparkops.portal.queries import Agreement
from sparkops.portal.views.page import terms_page
from sparkops.tenants.models import Client

NOWHERE = f"{'-' * 32}.{'0' * 16}"
"""Of the shape of a link's secret, without our signature: its addresses open nothing."""


def look(
    client: Client, version: TermsVersion, post: Post, *, logo: str, language: str, now: datetime
) -> SafeString:
    """The page as a link about `post` that were made now would open it, drawn by the templates of
    that page.

    `post` has a creator; nothing needs to be saved, and nothing is read or written. `logo` is the
    address of a logo that is not kept, "" for the client's own.
    """
    link = CreatorLink(
        creator=post.creator, post=post, expires_at=now + timedelta(days=MESSAGE_DAYS)
    )
    guest = Guest(NOWHERE, link, client, SYSTEM, sentences(chosen(language)), None, now)
    asked = Agreement(version, None, True, shop_day(now, client.timezone))
    context = {**terms_page(guest, asked, renewing=False), "logo_data": logo}
    return mark_safe(render_to_string("portal/look.html", context))  # noqa: S308 - its own escaping
