"""Every page that links lead to, full of data: accessible, fitting, unbroken."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from sparkops.demo.seed import Seed
from sparkops.tenants.models import Organization
from tests.browser.walking import Walk, signed_in
from tests.sandbox_server import product_settings, running_sandbox

pytestmark = [pytest.mark.browser, pytest.mark.journey]
FEWEST = 40
"""Kinds of pages that there are at least; fewer means that the links were not followed."""


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any, chromium: Browser) -> Iterator[LiveServer]:
    """The product over the demo agency of the small world; its rows are gone afterwards."""
    with running_sandbox("tiny") as sandbox, django_db_blocker.unblock():
        sandbox.do("clock", frozen=True)
        with override_settings(TIKTOK=product_settings(sandbox)):
            try:
                Seed(sandbox.credentials, lambda line: None).run()
                server = LiveServer("localhost")
                yield server
                server.stop()
            finally:
                call_command("flush", interactive=False, reset_sequences=False, verbosity=0)


def test_every_page_is_accessible_and_fits_wide_and_narrow_in_light_and_dark(
    site: LiveServer, chromium: Browser
) -> None:
    [agency] = Organization.objects.all()
    within = ("/c/lumen/", "/o/", "/accounts/", "/api/v1/reference/")
    with signed_in(chromium, site.url, "owner@demo.example") as page:
        walk = Walk(page, site.url, within, ["/c/lumen/", f"/o/{agency.slug}/"])
        walk.go()
    assert not walk.troubles, "\n".join(walk.troubles)
    assert len(walk.seen) >= FEWEST, sorted(walk.seen)
