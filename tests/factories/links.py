"""Links of creators, inside an open client scope, and a browser without an account."""

import re
from datetime import datetime
from typing import Any

from django.test import Client as Browser

from authorizations.actions.links import make_link
from authorizations.models import TermsTemplate
from creators.models import Post
from tests.factories.rights import NOW
from tests.factories.terms import MINA


def link_path(post: Post, template: TermsTemplate, *, days: int = 90, now: datetime = NOW) -> str:
    """The path of a new link."""
    made = make_link(post, template, days=days, by=MINA, now=now)
    return "/c/" + made.url.split("/c/", 1)[1]


def sign(
    browser: Browser, path: str, name: str = "Maya Lindqvist", lang: str = "en", **more: Any
) -> Any:
    """Read the terms as they are shown now and accept them; the answer to the post."""
    page = browser.get(path, {"lang": lang}).content.decode()
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', page)
    assert shown is not None, page
    entered = {"name": name, "agree": "1", "shown": shown[1]}
    return browser.post(f"{path}agree/?lang={lang}", entered, **more)
