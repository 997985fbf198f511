"""Every page of a client without data: accessible, fitting, unbroken."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.browser.walking import Walk, signed_in
from tests.factories.cast import build_cast

pytestmark = [pytest.mark.browser, pytest.mark.journey]
FEWEST = 15
"""Kinds of pages that there are at least; fewer means that the links were not followed."""


@pytest.mark.django_db(transaction=True)
def test_every_page_of_a_client_without_data_is_whole(
    live_server: LiveServer, chromium: Browser
) -> None:
    client = build_cast().client
    with signed_in(chromium, live_server.url, "owner@north.example") as page:
        walk = Walk(page, live_server.url, (f"/c/{client.slug}/",), [f"/c/{client.slug}/"], True)
        walk.go()
    assert not walk.troubles, "\n".join(walk.troubles)
    assert len(walk.seen) >= FEWEST, sorted(walk.seen)
