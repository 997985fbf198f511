"""The bell counts what a person has not seen, where they are."""

import re
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from sparkops.alerts.actions import end_alert, mark_seen, raise_alert
from sparkops.isolation.scope import client_scope
from sparkops.tenants.models import Client
from tests.factories.cast import Cast
from tests.factories.creators import NOW, make_creator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def tell(client: Client, *names: str) -> list[Any]:
    """An alert for each name."""
    with client_scope(client.pk):
        subject = make_creator("maya")
        return [
            raise_alert(
                "creator.note", name, subject=subject, severity="info", title=name, path="/",
                now=NOW,
            )
            for name in names
        ]  # fmt: skip


def bell(cast: Cast, url: str, role: str = "manager") -> tuple[str, str]:
    """What the bell says and where it leads."""
    browser = Browser()
    browser.force_login(cast.members[role])
    page = browser.get(url).content.decode()
    found = re.search(r'<a class="btn ghost icon bell" href="([^"]*)" aria-label="([^"]*)"', page)
    assert found
    return found[2], found[1]


def test_the_bell_counts_the_open_client_and_over_all_of_them_together(cast: Cast) -> None:
    tell(cast.client, "one", "two")
    tell(cast.sister, "three")
    tell(cast.foreign, "four")
    glow = reverse("creators:creators", kwargs={"client": "glow"})
    assert bell(cast, glow) == ("Notifications: 2 new", "/notifications/?client=glow")
    everything = reverse("portfolio", kwargs={"organization": "north"})
    assert bell(cast, everything) == ("Notifications: 3 new", "/notifications/")


def test_what_was_seen_or_is_over_does_not_ring(cast: Cast) -> None:
    first, _ = tell(cast.client, "one", "two")
    glow = reverse("creators:creators", kwargs={"client": "glow"})
    with client_scope(cast.client.pk):
        end_alert(first, now=NOW)
    assert bell(cast, glow)[0] == "Notifications: 1 new"
    with client_scope(cast.client.pk):
        mark_seen(cast.members["manager"], now=NOW)
    assert bell(cast, glow)[0] == "Notifications"
    # Another person has seen nothing yet.
    assert bell(cast, glow, "owner")[0] == "Notifications: 1 new"


def test_a_page_that_reads_no_client_has_a_bell_without_a_number(cast: Cast) -> None:
    tell(cast.client, "one")
    assert bell(cast, reverse("notification-settings")) == ("Notifications", "/notifications/")
