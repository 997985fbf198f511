"""Headless Chromium from the machine; nothing is downloaded."""

import os
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sparkops.accounts.models import User

HOW_TO = (
    "No Chromium found. Install one (Debian: apt-get install -y --no-install-recommends chromium) "
    "or name it in SPARKOPS_CHROMIUM."
)
expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


def chromium_path() -> str | None:
    named = os.environ.get("SPARKOPS_CHROMIUM")
    return named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(HOW_TO)
        pytest.skip(HOW_TO)
    # Playwright's sync API keeps an event loop in this thread, which Django takes for async code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(chromium: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """`open_page("/path/", width=390, scheme="dark")`; fails on script and policy errors."""
    contexts = []
    complaints: list[str] = []

    def complain(kind: str, text: str) -> None:
        # A form that comes back with its errors is answered with 422, an edit that crossed another
        # with 409; Chromium reports both.
        told = ("status of 422", "status of 409")
        if kind == "error" and not any(word in text for word in told):
            complaints.append(text)

    def opened(path: str, *, width: int = 1440, scheme: str = "light", **options) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complain(message.type, message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_as(open_page: Callable[..., Page], live_server) -> Callable[..., Page]:
    """`open_as("media@north.example", "/path/", width=390)`: `open_page` with that person signed
    in, once nothing is loading any more."""

    def opened(email: str, path: str, **options) -> Page:
        session = Client()
        session.force_login(User.objects.get(email=email))
        cookie = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": session.cookies[settings.SESSION_COOKIE_NAME].value,
            "domain": urlsplit(live_server.url).hostname,
            "path": "/",
            "expires": -1,
            "httpOnly": True,
            "secure": False,
            "sameSite": "Lax",
        }
        page = open_page(path, storage_state={"cookies": [cookie], "origins": []}, **options)
        # A panel that is still loading when the page closes leaves its connection open.
        page.wait_for_load_state("networkidle")
        return page

    return opened
