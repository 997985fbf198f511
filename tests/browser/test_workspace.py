"""Pages of the organization, of reports and of chats in Chromium: accessibility and width."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page

from sparkops import clock
from sparkops.alerts.models import Chat
from sparkops.audit.record import Actor
from sparkops.isolation.scope import client_scope
from sparkops.reports.actions import address_of_link, choose, give_link, make_report
from sparkops.tenants.brand import change_brand
from tests.browser.accessible import violations
from tests.browser.walking import OTHER_SIZES
from tests.factories.ads import a_post, an_ad
from tests.factories.cast import Cast, build_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BY = Actor("Mia Manager", 1)
OWNER = "owner@north.example"


def reported(cast: Cast) -> tuple[int, str]:
    """A report with a link, and a chat that fails; the report's key and the link's path."""
    now, client = clock.now(), cast.client
    change_brand(
        client, name="Glow & Co", accent="#d9480f", logo=None, keep_logo=True, by=BY, now=now
    )
    with client_scope(client.pk):
        an_ad("one", a_post("7500000000000000001", "mia.glow"))
        choose("week", ["creators", "spend", "money"], ["ada@glow.example"], by=BY, now=now)
        report = make_report(client, "week", date(2026, 9, 7), date(2026, 9, 13), by=BY, now=now)
        link = give_link(report, "ada@glow.example", by=BY, now=now)
    Chat.objects.create(
        user=cast.members["owner"], kind="slack", label="#spark-ads", host="hooks.slack.com",
        address=b"", created_at=now, failed_at=now - timedelta(hours=1),
        error="hooks.slack.com did not take the message (500).",
    )  # fmt: skip
    return report.pk, "/report/" + address_of_link(link).partition("/report/")[2]


@pytest.mark.parametrize(("width", "scheme"), OTHER_SIZES)
def test_pages_of_the_workspace_are_accessible_and_fit(
    open_as: Callable[..., Page], open_page: Callable[..., Page], width: int, scheme: str
) -> None:
    key, link = reported(build_cast())
    inside = (
        "/o/north/team/", "/o/north/access/", "/o/north/audit/", "/c/glow/audit/",
        "/c/glow/reports/", f"/c/glow/reports/{key}/", "/c/glow/reports/settings/",
        "/c/glow/settings/brand/", "/notifications/settings/", "/notifications/chats/add/",
    )  # fmt: skip
    page = open_as(OWNER, inside[0], width=width, scheme=scheme)
    origin = page.url.removesuffix(inside[0])
    for path in inside:
        page.goto(origin + path)
        check(page, path)
    check(open_page(link, width=width, scheme=scheme), "/report/")


def check(page: Page, path: str) -> None:
    assert violations(page) == [], path
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0, path
