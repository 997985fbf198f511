"""Following the links of the product with a browser, and looking at one page of each kind."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.test import Client as Session
from playwright.sync_api import Browser, Page, expect

from sparkops.accounts.models import User
from tests.browser.accessible import violations

FILE = re.compile(r"export=|format=csv|\.(pdf|zip|json)(\?|$)")
"""Addresses that answer with a file to keep, not with a page."""
SIZES = ((1440, "light"), (390, "dark"))
OTHER_SIZES = ((390, "light"), (1440, "dark"))
"""For the tests of an area, whose pages the walk sees in the first two."""


@contextmanager
def signed_in(chromium: Browser, base: str, email: str) -> Iterator[Page]:
    """A page of that person's own browser; nothing moves in it, so that colours are measured."""
    session = Session()
    session.force_login(User.objects.get(email=email))
    name = settings.SESSION_COOKIE_NAME
    context = chromium.new_context(reduced_motion="reduce")
    context.add_cookies([{"name": name, "value": session.cookies[name].value, "url": base}])
    yield context.new_page()
    context.close()


@dataclass
class Walk:
    """A walk from `waiting` over links that begin with one of `within`.

    Each page is looked at in all SIZES; a filtered, sorted or other view of it, and with `in_turns`
    every page, in one of them, in turns. `seen` are the kinds of pages that were looked at,
    `troubles` what a reader would trip over: errors, accessibility rules, and pages wider than the
    window.
    """

    page: Page
    base: str
    within: tuple[str, ...]
    waiting: list[str]
    in_turns: bool = False
    seen: set[str] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)

    def go(self) -> None:
        """Look at one page of each kind that can be reached."""
        self.page.on("pageerror", lambda error: self.troubles.append(f"{self.page.url}: {error}"))
        while self.waiting:
            address = self.waiting.pop(0)
            if shape(address) in self.seen or FILE.search(address):
                continue
            self.seen.add(shape(address))
            self._look(address)

    def _look(self, address: str) -> None:
        answer = self.page.goto(self.base + address)
        assert answer is not None
        if answer.status >= 400:
            self.troubles.append(f"{address}: {answer.status}")
            return
        # Panels are asked for before the page counts as loaded, and bear this class until they are.
        expect(self.page.locator(".htmx-request")).to_have_count(0)
        self.waiting += self._links()
        self.troubles += [f"{address}: {one}" for one in looked_at(self.page, self._sizes(address))]

    def _sizes(self, address: str) -> Sequence[tuple[int, str]]:
        if self.in_turns or "?" in address:
            return (SIZES[len(self.seen) % len(SIZES)],)
        return SIZES

    def _links(self) -> list[str]:
        script = "all => all.map(a => a.getAttribute('href'))"
        found = self.page.eval_on_selector_all("a[href]", script)
        return [
            one.partition("#")[0]
            for one in found
            if one.startswith(self.within) and "logout" not in one
        ]


def shape(address: str) -> str:
    """An address without ids and values: one page of a kind is looked at."""
    parts = urlsplit(address)
    path = re.sub(r"\d+", "N", re.sub(r"^/c/[^/]+/", "/c/X/", parts.path))
    return f"{path}?{sorted(key for key, _ in parse_qsl(parts.query))}"


def looked_at(page: Page, sizes: Sequence[tuple[int, str]]) -> Iterator[str]:
    """What is wrong with the open page in each width and scheme."""
    for width, scheme in sizes:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        yield from (f"{width} {scheme}: {one}" for one in violations(page))
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if beyond > 0:
            yield f"{width} {scheme}: {beyond} px too wide"
