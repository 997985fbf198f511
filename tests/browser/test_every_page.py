"""Every page that links lead to, with a whole small world in it: accessible, fitting, unbroken."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client as Session
from django.test import override_settings
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from sparkops.accounts.models import User
from sparkops.demo.seed import Seed
from sparkops.tenants.models import Organization
from tests.browser.test_components import violations
from tests.sandbox_server import product_settings, running_sandbox

pytestmark = [pytest.mark.browser, pytest.mark.journey]
SIZES = ((1440, "light"), (390, "dark"))
FEWEST = 40
"""Kinds of pages that there are at least; fewer means that the links were not followed."""


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any, chromium: Browser) -> Iterator[LiveServer]:
    """The product over the demo agency of the small world; its rows are gone afterwards."""
    with running_sandbox("tiny") as sandbox, django_db_blocker.unblock():
        sandbox.do("clock", frozen=True)
        with override_settings(TIKTOK=product_settings(sandbox)):
            Seed(sandbox.credentials, lambda line: None).run()
            server = LiveServer("localhost")
            yield server
            server.stop()
            call_command("flush", interactive=False, reset_sequences=False, verbosity=0)


def start_pages() -> list[str]:
    [agency] = Organization.objects.all()
    return ["/c/lumen/", f"/o/{agency.slug}/"]


def shape(address: str) -> str:
    """An address without ids and values: one page of a kind is looked at."""
    parts = urlsplit(address)
    path = re.sub(r"\d+", "N", re.sub(r"^/c/[^/]+/", "/c/X/", parts.path))
    return f"{path}?{sorted(key for key, _ in parse_qsl(parts.query))}"


def own_links(page: Page) -> list[str]:
    found = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    return [
        one.partition("#")[0]
        for one in found
        if one.startswith(("/c/lumen/", "/o/", "/accounts/", "/api/v1/reference/"))
        and "logout" not in one
    ]


@pytest.fixture
def owner(site: LiveServer, chromium: Browser) -> Iterator[Page]:
    session = Session()
    session.force_login(User.objects.get(email="owner@demo.example"))
    name = settings.SESSION_COOKIE_NAME
    context = chromium.new_context(reduced_motion="reduce")
    context.add_cookies([{"name": name, "value": session.cookies[name].value, "url": site.url}])
    yield context.new_page()
    context.close()


def test_every_page_is_accessible_and_fits_wide_and_narrow_in_light_and_dark(
    owner: Page, site: LiveServer
) -> None:
    troubles: list[str] = []
    owner.on("pageerror", lambda error: troubles.append(f"{owner.url}: {error}"))
    waiting, seen = start_pages(), set[str]()
    while waiting:
        address = waiting.pop(0)
        if shape(address) in seen or "export=" in address or "format=csv" in address:
            continue
        seen.add(shape(address))
        answer = owner.goto(site.url + address)
        assert answer is not None
        if answer.status >= 400:
            troubles.append(f"{address}: {answer.status}")
            continue
        owner.wait_for_load_state("networkidle")
        waiting += own_links(owner)
        troubles += [f"{address}: {one}" for one in looked_at(owner)]
    assert not troubles, "\n".join(troubles)
    assert len(seen) >= FEWEST, sorted(seen)


def looked_at(page: Page) -> Iterator[str]:
    for width, scheme in SIZES:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        yield from (f"{width} {scheme}: {one}" for one in violations(page))
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if beyond > 0:
            yield f"{width} {scheme}: {beyond} px too wide"
