"""Profit of all clients of an agency, side by side: figures, money rules, access, cost."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from openpyxl import load_workbook

from profit.actions.costs import set_unit_cost
from profit.models import AgencyFee, DayTotal
from sparkops.catalog.models import Shop, Sku
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor
from sparkops.tenants.models import Client, Membership
from tests.factories.cast import BEGIN, Cast
from tests.profit.conftest import JO, NOW, make_books

pytestmark = pytest.mark.django_db
D = Decimal
PAGE = "/o/north/profit/"
# NOW is Nov 20: 30 days begin on Oct 22, so that the month of October ends in them.
IN_PERIOD, BEFORE = date(2026, 11, 10), date(2026, 10, 1)
GLOW = {
    "gmv": "1000",
    "refunded_item_revenue": "100",
    "cogs": "300",
    "referral_fee": "60",
    "affiliate_commission": "90",
    "ad_spend": "200",
    "ad_credit": "20",
}


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def browse(cast: Cast, role: str = "finance") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def make_shop(client: Client, *, currency: str = "USD", zone: str = "America/Los_Angeles") -> Shop:
    """A shop of the client, named after it, of which nothing was read."""
    with client_scope(client.pk):
        shop = make_books(client.pk, currency=currency).shop
        Shop.objects.update(name=f"{client.name} Shop", timezone=zone)
        shop.refresh_from_db()
    return shop


def add(shop: Shop, day: date, stage: str = "settled", **amounts: str) -> None:
    """Day totals by order date, an amount per account."""
    with client_scope(shop.client_id):
        for account, amount in amounts.items():
            DayTotal.objects.create(
                shop=shop, basis="order", day=day, account=account, stage=stage,
                amount=D(amount), currency=shop.currency,
            )  # fmt: skip


def make_glow(cast: Cast) -> Shop:
    """1,000.00 of GMV, 40 % of it estimated; before it 800.00 with a CM3 of 300.00; a fee of 50.00
    a month."""
    shop = make_shop(cast.client)
    add(shop, IN_PERIOD, **{**GLOW, "gmv": "600"})
    add(shop, IN_PERIOD, "estimated", gmv="400")
    add(shop, BEFORE, gmv="800", cogs="500")
    with client_scope(cast.client.pk):
        AgencyFee.objects.create(
            shop=shop, kind="fixed", amount=D(50), currency="USD", effective_from=BEFORE
        )
    return shop


def make_peak(cast: Cast) -> Shop:
    """50.00 of GMV in pounds, all on its way, with ads for 20.00; nothing before."""
    shop = make_shop(cast.sister, currency="GBP")
    add(shop, IN_PERIOD, "processing", gmv="50", ad_spend="20")
    return shop


def text(browser: Browser, query: str = "") -> str:
    answer = browser.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def row(page: str, name: str) -> list[str]:
    """What the cells of one line say, its name first."""
    lines = page.partition("<tbody")[2].split("<tr")
    [found] = [one for one in lines if f">{name}</b>" in one]
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found, re.DOTALL)
    return [" ".join(unescape(strip_tags(cell.replace("<", " <"))).split()) for cell in cells]


def read_csv(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_figures_are_worked_out_per_shop_and_summed_per_currency(cast: Cast) -> None:
    """Net revenue 1000 - 100; CM2 900 - 300 - 60; CM3 540 - 90 - (200 - 20); net profit less 50 for
    October; ROAS 1000 / 200; GMV was 800 and CM3 was 300."""
    make_glow(cast)
    make_peak(cast)
    page = text(browse(cast))
    assert row(page, "Glow Skincare")[1:] == [
        "$1,000.00 25.0% up on the previous period", "", "$900.00", "$300.00", "$540.00", "$90.00",
        "$180.00", "$270.00 10.0% down on the previous period 30.0% margin", "$220.00", "5.00",
        "60% settled 40% estimated",
    ]  # fmt: skip
    assert row(page, "Peak Nutrition")[1:] == [
        "£50.00", "", "£50.00", "£0.00", "£50.00", "£0.00", "£20.00", "£30.00 60.0% margin",
        "£30.00", "2.50", "On its way",
    ]  # fmt: skip
    foot = page.partition("<tfoot")[2]
    assert re.findall(r"All in (\w+)", foot) == ["GBP", "USD"]
    assert "$1,000.00" in foot and "£50.00" in foot and "1,050.00" not in page
    assert "different currencies are not added" in page
    strip = page.partition('aria-label="All clients together"')[2].partition("</section>")[0]
    assert "CM3 $270.00, 1 shop" in strip and "CM3 £30.00, 1 shop" in strip


def test_shops_of_one_currency_have_one_total(cast: Cast) -> None:
    """1000 + 500 of GMV against 800 before; CM3 270 + 500 - 100; ROAS 1500 / 300."""
    make_glow(cast)
    add(make_shop(cast.sister), IN_PERIOD, "estimated", gmv="500", ad_spend="100")
    [total] = [
        one
        for one in read_csv(browse(cast).get(f"{PAGE}?export=csv"))
        if one["Client"][:3] == "All"
    ]
    assert (total["Client"], total["Shop"], total["Currency"]) == ("All in USD", "2 shops", "USD")
    assert D(total["GMV"]) == 1500
    assert D(total["GMV change"]) == D("0.875")
    assert D(total["CM3"]) == 670
    assert D(total["Net profit"]) == 620
    assert D(total["Blended ROAS"]) == 5
    # 400 and 500 of 1500 are estimated.
    assert D(total["Estimated share of GMV"]) == D("0.6")


def test_pd7_nothing_that_needs_a_missing_unit_cost_is_stated(cast: Cast) -> None:
    """PD7: neither in the line, nor in the total of its currency, nor against the period before."""
    make_glow(cast)
    shop = make_shop(cast.sister)
    add(shop, IN_PERIOD, gmv="70", gmv_without_unit_cost="70")
    page = text(browse(cast))
    shown = row(page, "Peak Nutrition")
    assert (shown[1], shown[5], shown[8:10]) == ("$70.00", "Incomplete", ["Incomplete"] * 2)
    assert "/c/peak/profit/costs/" in page and "/c/glow/profit/costs/" not in page
    glow, peak, total = read_csv(browse(cast).get(f"{PAGE}?export=csv"))
    assert [one["Complete"] for one in (glow, peak, total)] == ["yes", "no", "no"]
    for one in (peak, total):
        levels = ("CM2", "CM3", "CM3 change", "Net profit", "CM3 margin")
        assert [one[name] for name in levels] == [""] * 5
    assert D(total["GMV"]) == 1070
    add(shop, BEFORE, gmv_without_unit_cost="5")
    with client_scope(cast.sister.pk):
        DayTotal.objects.filter(day=IN_PERIOD, account="gmv_without_unit_cost").delete()
    _, _, total = read_csv(browse(cast).get(f"{PAGE}?export=csv"))
    assert (D(total["CM3"]), total["CM3 change"]) == (340, "")


@pytest.mark.parametrize("basis", ["order", "event", "settlement"])
@pytest.mark.parametrize("days", ["7", "30", "90"])
def test_a_line_says_what_the_client_s_own_page_says(cast: Cast, basis: str, days: str) -> None:
    """The same entries, fees included, booked from TikTok's own samples."""
    with client_scope(cast.client.pk):
        books = make_books(cast.client.pk)
        books.read_samples()
        for sku in Sku.objects.all():
            set_unit_cost(sku, D("4.00"), "USD", date(2026, 1, 1), by=JO, now=NOW)
        books.book()
        AgencyFee.objects.create(
            shop=books.shop, kind="percent_of_gmv", rate=D("0.1"), minimum=D(10), currency="USD",
            effective_from=date(2026, 9, 1),
        )  # fmt: skip
    asked = f"days={days}&basis={basis}"
    browser = browse(cast)
    mine = read_csv(browser.get(f"{PAGE}?{asked}&export=csv"))[0]
    own = f"shop={books.shop.pk}&{asked}"
    statement = read_csv(browser.get(f"/c/glow/profit/?{own}&export=csv"))
    theirs = {one["Line"]: D(one["Amount"]) for one in statement}
    for line, name, sign in (
        ("GMV", "GMV", 1),
        ("Net revenue", "Net revenue", 1),
        ("Cost of goods", "Cost of goods", -1),
        ("CM2, after platform and logistics", "CM2", 1),
        ("Creator commission", "Creator commission", -1),
        ("Net ad cost", "Net ad cost", -1),
        ("CM3, after marketing", "CM3", 1),
        ("Net profit", "Net profit", 1),
    ):
        assert D(mine[name]) == sign * theirs[line], name
    # Months that end in the period: October in 30 days, September too in 90; each at its minimum.
    months = {"7": 0, "30": 1, "90": 2}[days]
    assert D(mine["CM3"]) - D(mine["Net profit"]) == 10 * months
    assert f"/c/glow/profit/?{own}" in unescape(text(browser, asked))


def test_the_export_is_what_the_screen_says(cast: Cast) -> None:
    Client.objects.filter(pk=cast.client.pk).update(name="=1+1")
    make_glow(cast)
    make_peak(cast)
    browser = browse(cast)
    page, found = text(browser, "days=30"), browser.get(f"{PAGE}?days=30&export=csv")
    peak, glow, pounds, dollars = read_csv(found)
    assert (glow["Client"], glow["Shop"], glow["Currency"]) == (
        "'=1+1",
        "Glow Skincare Shop",
        "USD",
    )
    assert (glow["First day"], glow["Last day"]) == ("2026-10-22", "2026-11-20")
    shown = row(page, "=1+1")
    for name, cell in (("GMV", shown[1]), ("CM3", shown[8]), ("Net profit", shown[9])):
        assert cell.startswith(f"${D(glow[name]):,.2f}")
    assert (D(glow["GMV change"]), D(glow["CM3 change"])) == (D("0.25"), D("-0.1"))
    assert (D(glow["CM3 margin"]), D(glow["Blended ROAS"])) == (D("0.3"), 5)
    assert (D(glow["Estimated share of GMV"]), D(glow["Settled share of GMV"])) == (
        D("0.4"),
        D("0.6"),
    )
    assert (peak["Client"], pounds["Client"], dollars["Client"]) == (
        "Peak Nutrition",
        "All in GBP",
        "All in USD",
    )
    book = load_workbook(io.BytesIO(browser.get(f"{PAGE}?days=30&export=xlsx").content))
    head, _, second, *_ = book.active.iter_rows(values_only=True)
    cells = dict(zip(head, second, strict=True))
    assert (cells["Client"], cells["CM3"], cells["Currency"]) == ("=1+1", 270, "USD")
    assert len(list(book.active.iter_rows())) == 5


def test_each_shop_s_days_end_with_its_own_today(cast: Cast) -> None:
    """At 3:00 UTC on Nov 20 it is still Nov 19 in Los Angeles and already Nov 20 in London."""
    for shop in (make_shop(cast.client), make_shop(cast.sister, zone="Europe/London")):
        add(shop, date(2026, 11, 13), gmv="100")
        add(shop, date(2026, 11, 19), gmv="7")
        add(shop, date(2026, 11, 20), gmv="10")
    with time_machine.travel(datetime(2026, 11, 20, 3, tzinfo=UTC), tick=False):
        page = text(browse(cast), "days=7")
    # Nov 13 to 19, and Nov 14 to 20.
    assert row(page, "Glow Skincare")[1] == "$107.00"
    assert row(page, "Peak Nutrition")[1] == "$17.00 83.0% down on the previous period"
    assert "Until Nov 19" in row(page, "Glow Skincare")[0]
    assert "it is Nov 19 in some shops and Nov 20 in others" in page


def test_hardly_anything_before_is_told_as_an_amount(cast: Cast) -> None:
    """From 10.00 to 109.99 is less than ten times more; to 110.00 no share says anything."""
    glow, peak = make_shop(cast.client), make_shop(cast.sister)
    for shop, sold in ((glow, "109.99"), (peak, "110")):
        add(shop, BEFORE, gmv="10")
        add(shop, IN_PERIOD, gmv=sold)
    page = text(browse(cast))
    assert row(page, "Glow Skincare")[1] == "$109.99 999.9% up on the previous period"
    assert row(page, "Peak Nutrition")[1] == "$110.00 was $10.00"


def test_what_was_never_read_is_no_zero(cast: Cast) -> None:
    shop = make_shop(cast.client)
    page = text(browse(cast))
    assert "Nothing has been read from TikTok yet" in row(page, "Glow Skincare")[0]
    assert "No shop is connected yet" in row(page, "Peak Nutrition")[0]
    assert "/c/glow/connections/" in page and "/c/peak/connections/" in page
    assert "$0.00" not in page and "All in" not in page
    lines = read_csv(browse(cast).get(f"{PAGE}?export=csv"))
    assert {(one["Client"], one["GMV"], one["Note"]) for one in lines} == {
        ("Glow Skincare", "", "Nothing has been read from TikTok yet."),
        ("Peak Nutrition", "", "No shop is connected yet."),
    }
    with client_scope(cast.client.pk):
        Cursor.objects.create(
            connection=shop.connection, stream="orders", due_at=NOW, last_ok_at=NOW
        )
    assert row(text(browse(cast)), "Glow Skincare")[1] == "$0.00"


def test_a_shop_that_sold_nothing_still_bears_its_fee(cast: Cast) -> None:
    make_glow(cast)
    with client_scope(cast.client.pk):
        DayTotal.objects.filter(day=IN_PERIOD).delete()
    shown = row(text(browse(cast)), "Glow Skincare")
    assert (shown[1], shown[9]) == ("$0.00 100.0% down on the previous period", "−$50.00")


def test_what_is_late_is_said_beside_its_client_alone(cast: Cast) -> None:
    shop = make_glow(cast)
    make_peak(cast)
    with client_scope(cast.client.pk):
        Cursor.objects.create(
            connection=shop.connection, stream="orders", due_at=NOW, state=Cursor.State.FAILING,
            last_error="TikTok is busy.", last_ok_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
        )  # fmt: skip
    page = text(browse(cast))
    said = row(page, "Glow Skincare")[0]
    assert "Read 3 h ago" in said
    assert "TikTok is busy. The numbers are from 20 Nov 2026 09:00 UTC." in said
    assert "busy" not in row(page, "Peak Nutrition")[0]


def test_an_organization_without_clients_says_what_to_do(cast: Cast) -> None:
    Client.objects.filter(organization=cast.agency).update(archived_at=BEGIN)
    assert "/o/north/clients/new/" in text(browse(cast, "owner"))
    page = text(browse(cast, "viewer"))
    assert "An owner can add the first." in page and "/clients/new/" not in page


def test_who_may_see_it(cast: Cast) -> None:
    make_glow(cast)
    assert browse(cast, "client").get(PAGE).status_code == 403
    stranger = Browser()
    stranger.force_login(cast.stranger)
    assert stranger.get(PAGE).status_code == 404
    assert "Glow Skincare" not in stranger.get("/o/other/profit/").content.decode()
    viewer = browse(cast, "viewer")
    assert "export=" not in text(viewer)
    assert viewer.get(f"{PAGE}?export=csv").status_code == 403


def test_a_client_in_which_the_person_has_a_narrower_role_is_left_out(cast: Cast) -> None:
    """A role in one client counts before the organization-wide one; a role there alone opens no
    page of the organization."""
    make_glow(cast)
    make_peak(cast)
    person = cast.members["finance"]
    own = Membership.objects.create(
        user=person, organization=cast.agency, client=cast.sister, role="client", created_at=BEGIN
    )
    page = text(browse(cast))
    assert "Glow Skincare" in page and "All in GBP" not in page and "£" not in page
    Membership.objects.filter(user=person).exclude(pk=own.pk).delete()
    assert browse(cast).get(PAGE).status_code == 404


def test_the_cost_does_not_grow_with_clients(cast: Cast) -> None:
    Client.objects.filter(pk=cast.sister.pk).update(archived_at=BEGIN)
    make_glow(cast)
    browser = browse(cast)
    text(browser)
    with CaptureQueriesContext(connection) as alone:
        text(browser, "days=90")
    for at in range(4):
        client = Client.objects.create(
            organization=cast.agency, name=f"Brand {at}", slug=f"brand-{at}", created_at=BEGIN
        )
        shop = make_shop(
            client, currency=("EUR", "USD")[at % 2], zone=("Asia/Tokyo", "UTC")[at % 2]
        )
        add(shop, IN_PERIOD, gmv="10")
        with client_scope(client.pk):
            AgencyFee.objects.create(
                shop=shop, kind="fixed", amount=D(5), currency=shop.currency, effective_from=BEFORE
            )
    with CaptureQueriesContext(connection) as five:
        page = text(browser, "days=90")
    assert all(f"Brand {at}" in page for at in range(4))
    assert len(five) == len(alone)
    assert not any("profit_entry" in one["sql"] for one in five)
