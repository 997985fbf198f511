"""The figures on top of Profit: pinned, compared, explained (U4, U5, TS6)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from profit.actions.costs import set_unit_cost
from profit.models import Headline
from sparkops.catalog.models import Sku
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.profit.conftest import JO, NOW, make_books


@pytest.fixture
def finance(cast: Cast, client: Browser) -> Iterator[Browser]:
    with client_scope(cast.client.pk):
        books = make_books(cast.client.pk)
        books.read_samples()
        for sku in Sku.objects.all():
            set_unit_cost(sku, Decimal("4.00"), "USD", date(2026, 1, 1), by=JO, now=NOW)
        books.book()
    client.force_login(cast.members["finance"])
    with time_machine.travel(NOW, tick=False):
        yield client


def strip(page: str) -> str:
    return page.partition('aria-label="Figures"')[2].partition("</section>")[0]


def test_up_to_five_figures_are_pinned_and_two_are_trended_against_the_period_before(
    finance: Browser, cast: Cast
) -> None:
    """U4: a person pins up to five figures in an order, sees each against the period before, and
    trends two of them together."""
    slug = {"client": cast.client.slug}
    url, pin = reverse("profit:overview", kwargs=slug), reverse("profit:pin", kwargs=slug)
    assert "Net revenue" in strip(finance.get(url).content.decode())
    wanted = ["cm2", "affiliate_commission", "gmv"]
    assert finance.post(pin, {"metrics": [*wanted, "", ""]}).status_code == 302
    shown = strip(finance.get(url).content.decode())
    places = [shown.index(f">{label}") for label in ("CM2", "Creator commission", "GMV")]
    assert places == sorted(places)
    assert "Net ad cost" not in shown
    six = ["gmv", "cm1", "cm2", "cm3", "mer", "cogs"]
    assert finance.post(pin, {"metrics": six}).status_code == 422
    assert finance.post(pin, {"metrics": ["profit"]}).status_code == 422
    with client_scope(cast.client.pk):
        assert Headline.objects.get().metrics == wanted
    # The orders are of early November: in the last 7 days there is nothing, before there was.
    week = strip(finance.get(f"{url}?days=7").content.decode())
    assert "was $" in week
    trend = finance.get(f"{url}?one=cm2&two=cogs").content.decode()
    assert "CM2 and Cost of goods by day" in trend
    assert 'class="prev"' in trend and "CM2, period before" in trend


def test_a_figure_tells_definition_source_last_sync_and_stage(finance: Browser, cast: Cast) -> None:
    """U5: the stage of money is explained one click away."""
    url = reverse("profit:overview", kwargs={"client": cast.client.slug})
    shown = strip(finance.get(url).content.decode())
    assert shown.count("<details") == shown.count("<summary") == 5
    for words in (
        "Price times quantity of paid orders",
        "Orders of the TikTok Shop",
        "Last sync",
        "of GMV settled",
        "worked out by our rates",
    ):
        assert words in shown
