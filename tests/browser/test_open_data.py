"""The pages of webhooks and of deleted clients, in both widths and schemes, with axe."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from sparkops.audit.record import Actor
from sparkops.hooks.actions import create_endpoint, send_test
from sparkops.hooks.models import Attempt, Delivery
from sparkops.isolation.scope import client_scope
from sparkops.takeout import deletion
from sparkops.takeout.tasks import go_on, write_shares
from tests.browser.walking import SIZES, looked_at, signed_in
from tests.factories.cast import Cast, build_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BY = Actor("Ola Owner", 1)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build_cast()


def told(cast: Cast) -> tuple[int, int]:
    """An endpoint that is off, with one message that arrived and one that is held back."""
    now = timezone.now()
    made = create_endpoint(
        cast.agency, "Warehouse", client=None, url="https://example.com/hooks",
        groups=["samples", "alerts"], by=BY, now=now,
    )  # fmt: skip
    sent = send_test(made.endpoint, cast.client, by=BY, now=now)
    with client_scope(cast.client.pk):
        Attempt.objects.create(
            delivery=sent, at=now, status=503, answer="Later, please", signatures="v1,abc="
        )
        Delivery.objects.filter(pk=sent.pk).update(state="failed")
    return made.endpoint.pk, sent.pk


def test_u2_pages_of_open_data_are_readable_in_both_widths(
    cast: Cast, live_server: Any, chromium: Browser, settings: Any
) -> None:
    """Also the empty ones and those with a receipt."""
    endpoint, message = told(cast)
    settings.CLIENT_DELETION_DAYS = 0
    kinds = [f"webhooks/{endpoint}/", f"webhooks/{endpoint}/messages/{message}/"]
    kinds += [f"webhooks/{endpoint}/edit/", "webhooks/", "webhooks/new/"]
    kinds += ["deletions/", "clients/glow/delete/", "takeout/"]
    with signed_in(chromium, live_server.url, "owner@north.example") as page:
        troubles = [trouble for kind in kinds for trouble in look(page, live_server.url, kind)]
        now = timezone.now()
        made = deletion.ask(
            cast.sister, typed="Peak Nutrition", keeps_log=True, why_kept="Tax", by=BY, now=now
        )
        troubles += look(page, live_server.url, f"deletions/{made.pk}/")
        write_shares(client_id=cast.sister.pk)
        go_on()
        troubles += look(page, live_server.url, f"deletions/{made.pk}/")
    assert troubles == []


def look(page: Page, base: str, path: str) -> list[str]:
    answer = page.goto(f"{base}/o/north/{path}")
    assert answer is not None and answer.status == 200, path
    return [f"{path}: {one}" for one in looked_at(page, SIZES)]


def test_a_webhook_is_made_by_keyboard(cast: Cast, live_server: Any, chromium: Browser) -> None:
    with signed_in(chromium, live_server.url, "owner@north.example") as page:
        page.goto(f"{live_server.url}/o/north/webhooks/new/")
        page.get_by_label("Name").focus()
        page.keyboard.type("Store")
        page.keyboard.press("Tab")
        page.keyboard.type("https://example.com/hooks")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="The secret")).to_be_visible()
        expect(page.get_by_text("whsec_").first).to_be_visible()
