"""Requests and renewals in Chromium: accessibility, both widths, and typing with a preview."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from profit.actions.costs import add_creator_fee
from sparkops import clock
from sparkops.isolation.scope import client_scope
from sparkops.renewals.actions.ahead import count_ahead
from sparkops.renewals.actions.stakes import count_stakes
from sparkops.renewals.models import Run
from tests.browser.accessible import violations
from tests.browser.walking import OTHER_SIZES
from tests.factories import rights
from tests.factories.cast import build_cast
from tests.factories.creators import make_creator, make_product
from tests.sparkops.renewals import asking

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = "/c/glow/renewals/"


@pytest.fixture
def runs() -> tuple[int, int]:
    """Posts that end soon with spend behind them; a run that works and one that is done."""
    cast, now = build_cast(), clock.now()
    with client_scope(cast.client.pk):
        rows, shop = asking.permissions(4, now=now), make_product().shop
        asking.address(0, email="maker0@mail.example")
        for number, row in enumerate(rows[:3]):
            assert row.post is not None
            rights.spend(row.post, f"{number + 1}0.00", before=now)
            row.ends_at = now + timedelta(days=3 * number + 1)
            row.save()
        count_stakes(cast.client, now=now)
        for number, currency in enumerate(("USD", "EUR", "GBP")):
            add_creator_fee(
                make_creator(f"paid{number}"), kind="bonus", amount=Decimal("12345.67"),
                currency=currency, starts_on=now.date(), shop=shop, by=asking.MINA, now=now,
            )  # fmt: skip
        count_ahead(cast.client, now=now)
        done = asking.start(rows[1:], now=now)
        asking.write_all(done, now=now)
        working = asking.start(rows[:1], now=now)
        asking.write_all(working, now=now)
        assert [one.state for one in Run.objects.order_by("pk")] == ["done", "running"]
        return working.pk, done.pk


@pytest.fixture
def signed_in(open_as: Callable[..., Page], runs: tuple[int, int]) -> Callable[..., Page]:
    return partial(open_as, "manager@north.example")


def paths(runs: tuple[int, int]) -> list[str]:
    own = ["", "calendar/", "next-30-days/", "runs/", "messages/", "settings/", "ask/"]
    return [
        *(HERE + path for path in own),
        *(f"{HERE}runs/{pk}/" for pk in runs),
        f"{HERE}messages/renewal/th/",
        "/o/north/at-risk/",
        "/o/north/calendar/",
        "/o/north/next-30-days/",
    ]


@pytest.mark.parametrize(("width", "scheme"), OTHER_SIZES)
def test_pages_of_renewals_are_accessible_and_fit(signed_in, runs, width, scheme) -> None:
    for path in paths(runs):
        page = signed_in(path, width=width, scheme=scheme)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0, path


def test_u7_the_preview_follows_what_is_typed(signed_in) -> None:
    """U7: typing changes what three real creators would read; an unknown variable is named."""
    page = signed_in(f"{HERE}messages/renewal/en/")
    body, preview = page.get_by_role("textbox", name="Message"), page.locator("#preview")
    expect(preview).to_contain_text("Hi @maker0, the ad authorization")
    body.fill("Servus {creator}! {link}")
    expect(preview).to_contain_text("Servus @maker0!")
    expect(preview).to_contain_text("Servus @maker2!")
    body.fill("Servus {name}! {link}")
    expect(preview).to_contain_text("“{name}” is no variable")
    body.fill("Servus {creator}! {link}")
    page.get_by_role("button", name="Save message").press("Enter")
    expect(page.get_by_text("In your own words since")).to_be_visible()
