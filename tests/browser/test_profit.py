"""Profit in Chromium: accessibility, layout, and explanations by keyboard and touch."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from profit.actions.closing import close_month
from profit.actions.costs import CostEntered, add_custom_cost, set_fx_rate, set_unit_cost
from sparkops import clock
from sparkops.catalog.models import Sku
from sparkops.isolation.scope import client_scope
from tests.browser.walking import SIZES, looked_at
from tests.factories.cast import build_cast
from tests.profit.conftest import JO, make_books

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PROFIT = "/c/glow/profit/"
ALL_CLIENTS = "/o/north/profit/?days=90"
PAGES = (
    "?days=90",
    "?days=90&one=cm2&two=cogs",
    "by/products/?days=90",
    "creators/mia.skin/?days=90",
    "posts/7493990579714164574/?days=90",
    "overlap/?days=90",
    "seller-center/videos/?days=90",
    "tie-out/?days=90",
    "restatements/",
    "months/",
    "exports/",
    "what-if/?price=10&units=-5",
    "journal/?month=2026-11",
    "costs/payments/",
    "costs/custom/",
    "costs/files/",
    "costs/rates/",
    "costs/rules/",
)


@pytest.fixture
def books() -> None:
    """The samples of three orders, then costs that restate them, and an exchange rate."""
    cast, now = build_cast(), clock.now()
    with client_scope(cast.client.pk):
        books = make_books(cast.client.pk)
        books.now = now - timedelta(days=1)
        books.read_samples()
        books.book()
        for sku in Sku.objects.all():
            set_unit_cost(sku, Decimal("4.00"), "USD", date(2026, 1, 1), by=JO, now=now)
        set_fx_rate("EUR", "USD", date(2026, 11, 1), Decimal("1.08"), source="Bank", by=JO, now=now)
        october = CostEntered(
            name="Studio", amount=Decimal(90), currency="USD", starts_on=date(2026, 10, 1)
        )
        add_custom_cost(october, by=JO, now=now)
        books.now = now
        books.book()
        close_month(books.shop, date(2026, 10, 1), by=JO, now=now)


def test_pages_are_accessible_and_fit(books: None, open_as: Callable[..., Page]) -> None:
    page = open_as("finance@north.example", PROFIT, reduced_motion="reduce")
    troubles = []
    base = page.url.partition("/c/")[0]
    for address in (*(PROFIT + one for one in PAGES), ALL_CLIENTS):
        page.goto(base + address)
        page.wait_for_load_state("networkidle")
        troubles += [f"{address}: {one}" for one in looked_at(page, SIZES)]
    assert not troubles, "\n".join(troubles)


def test_a_figure_is_explained_by_keyboard_and_by_touch(
    books: None, open_as: Callable[..., Page]
) -> None:
    """TS6: definition, source, last sync and stage of a figure open by keyboard and by touch;
    two figures are trended together."""
    words = re.compile("Price times quantity of paid orders")
    page = open_as("finance@north.example", PROFIT + "?days=90&one=cm2&two=cogs")
    expect(page.get_by_role("heading", name="Day by day")).to_be_visible()
    expect(page.get_by_text("CM2 and Cost of goods")).to_be_visible()
    about = page.get_by_label("About GMV")
    about.focus()
    page.keyboard.press("Enter")
    for shown in (words, re.compile("Orders of the TikTok Shop"), re.compile("of GMV settled")):
        expect(page.get_by_text(shown).first).to_be_visible()
    expect(page.get_by_text("Last sync").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text(words)).to_be_hidden()

    phone = open_as("finance@north.example", PROFIT + "?days=90", width=390, has_touch=True)
    phone.get_by_label("About GMV").tap()
    expect(phone.get_by_text(words)).to_be_visible()
    beyond = phone.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert beyond <= 0
