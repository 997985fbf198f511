"""N22: the next 30 days if nobody acts, what pauses, what loses money and what is owed."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authorizations.models import Authorization, Fee
from creators.models import Sample
from profit.actions.costs import add_creator_fee
from profit.models import CreatorFee, DayTotal
from sparkops.catalog.models import Shop, Sku, UnitCost
from sparkops.isolation.scope import client_scope
from sparkops.renewals.actions.ahead import count_ahead
from sparkops.renewals.actions.stakes import count_stakes
from sparkops.renewals.models import Ahead
from sparkops.tenants.models import Client
from tests.factories import ads, rights
from tests.factories.cast import Cast
from tests.factories.creators import make_creator, make_product, make_sample
from tests.factories.rights import NOW
from tests.sparkops.renewals import asking
from tests.sparkops.renewals.stakes import earned, ending

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 10)
LAST = date(2026, 10, 9)
"""The last of 30 days, today included; NOW is the morning of the 10th in Los Angeles."""


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def browse(cast: Cast, role: str = "manager") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def of_glow() -> str:
    return reverse("renewals:next-30-days", kwargs={"client": "glow"})


def of_all() -> str:
    return reverse("portfolio-next-30-days", kwargs={"organization": "north"})


def count(client: Client) -> None:
    count_stakes(client, now=NOW)
    count_ahead(client, now=NOW)


def found(what: str) -> list[tuple[date, date, Decimal | None, str]]:
    rows = Ahead.objects.filter(what=what).order_by("day", "pk")
    return [(one.day, one.until, one.amount, one.currency) for one in rows]


def text(answer: Any) -> str:
    return answer.content.decode()


def pay(kind: str, amount: str, first: date, last: date | None = None, **more: Any) -> CreatorFee:
    creator = make_creator("maya.glow")
    return add_creator_fee(
        creator, kind=kind, amount=Decimal(amount), currency=more.pop("currency", "USD"),
        starts_on=first, ends_on=last, shop=Shop.objects.first() or make_product().shop,
        by=asking.MINA, now=NOW, **more,
    )  # fmt: skip


def commission(day: date, amount: str, stage: str) -> None:
    shop = Shop.objects.first() or make_product().shop
    DayTotal.objects.create(
        shop=shop, basis="order", day=day, account="affiliate_commission", stage=stage,
        amount=Decimal(amount), currency="USD",
    )  # fmt: skip


def test_n22_what_pauses_says_what_stops_on_the_days_left(cast: Cast) -> None:
    """N22: a right that ends on 5 October leaves four days, on which $5.00 are not spent; one that
    ends after the 30 days is not listed."""
    with client_scope(cast.client.pk):
        bo = ending("7600000000000000002", "bo", 25, "bbb", spend="5.00")
        ending("7600000000000000003", "cy", 31, "ccc", spend="9.00")
        count(cast.client)
        assert found("right") == [(date(2026, 10, 5), date(2026, 10, 5), Decimal(20), "USD")]
        assert Ahead.objects.get().per_day == 5
        Authorization.objects.filter(post=bo).update(state="revoked")
    page = text(browse(cast).get(of_glow()))
    assert "The right to spend ends for 0 posts" in page
    assert "@bo" not in page


def test_n22_what_loses_money_does_so_until_it_pauses(cast: Cast) -> None:
    """N22: only live posts whose contribution after ad spend is negative. Ana's ads pause a day
    before her right ends: two days at $3.00. Eve's go on: 30 days at $4.00."""
    with client_scope(cast.client.pk):
        ana = ending("7600000000000000001", "ana", 2, "aaa", spend="13.00")
        eve, fay, gus = (ads.a_post(f"76000000000000001{at}", f"m{at}") for at in range(3))
        for number, post in enumerate((ana, eve, fay)):
            ads.an_ad(f"Ad {number}", post)
        ads.an_ad("Ad of Gus", gus, state="paused")
        earned(ana, "10.00", ads="13.00")
        earned(eve, "10.00", ads="14.00")
        earned(fay, "10.00", ads="9.99")
        earned(gus, "1.00", ads="50.00")
        count(cast.client)
        assert found("ads") == [
            (TODAY, date(2026, 9, 11), Decimal(6), "USD"),
            (TODAY, LAST, Decimal(120), "USD"),
        ]
    page = text(browse(cast).get(of_glow()))
    body = page[page.index("<tbody") :]
    today, later = (
        body[body.index(day) :].split("</tr>")[0] for day in ("Thu Sep 10", "Sat Sep 12")
    )
    assert "$7.00" in today
    assert "$4.00" in later
    assert "$126.00" in page


def test_n22_what_is_owed_by_day(cast: Cast) -> None:
    """N22, P22: fees on their day, windows when they are earned, overdue ones today, and nothing
    that was paid, is frozen or falls due later."""
    with client_scope(cast.client.pk):
        pay("flat_fee", "200.00", date(2026, 9, 20))
        pay("flat_fee", "999.00", date(2026, 9, 20), paid_on=TODAY)
        pay("bonus", "50.00", date(2026, 8, 1))
        pay("retainer", "300.00", date(2026, 9, 1), date(2026, 9, 30))
        # 90 days, of which 30 are over by the last of the 30.
        pay("usage_fee", "90.00", TODAY, TODAY + timedelta(days=89))
        pay("renewal_fee", "80.00", date(2026, 10, 10), date(2026, 11, 9))
        count(cast.client)
        assert found("flat_fee") == [(date(2026, 9, 20), date(2026, 9, 20), Decimal(200), "USD")]
        assert found("bonus") == [(TODAY, TODAY, Decimal(50), "USD")]
        assert Ahead.objects.get(what="bonus").note == "since 1 Aug 2026"
        assert found("retainer") == [(date(2026, 9, 30), date(2026, 9, 30), Decimal(300), "USD")]
        assert found("usage_fee") == [(LAST, LAST, Decimal(30), "USD")]
        assert found("renewal_fee") == []


def test_n22_fees_of_permissions_count_once(cast: Cast) -> None:
    """N22, N9: a fee that profit keeps too is one fee; a frozen one is not owed."""
    with client_scope(cast.client.pk):
        states = ("agreed", "due", "frozen", "paid", "due")
        for number, state in enumerate(states):
            post = rights.post(f"770000000000000000{number}", f"p{number}")
            right = rights.authorized(
                post, ends_at=NOW + timedelta(days=60), code=f"#f{number}{rights.CODE[3:]}"
            )
            Fee.objects.create(
                authorization=right, amount=Decimal(70 + number), currency="USD", state=state,
                due_on=date(2026, 10, 1) if state == "agreed" else None,
                noted_at=NOW, changed_at=NOW,
            )  # fmt: skip
        pay("flat_fee", "74.00", TODAY, post=post)
        count(cast.client)
        assert found("code_fee") == [
            (TODAY, TODAY, Decimal(71), "USD"),
            (date(2026, 10, 1), date(2026, 10, 1), Decimal(70), "USD"),
        ]
        assert [amount for *_, amount, _ in found("flat_fee")] == [Decimal(74)]


def test_n22_samples_to_send_cost_their_goods(cast: Cast) -> None:
    """N22: approved, not sent: the variant's cost, the product's if all are equal, or unknown."""
    with client_scope(cast.client.pk):
        product, other = make_product("Serum"), make_product("Mask")
        for of, sku_id, amounts in (
            (product, "s1", ("9.00", "11.50")), (product, "s2", ("20.00",)),
            (other, "s3", ("7.00",)), (other, "s4", ("7.00",)),
        ):  # fmt: skip
            sku = Sku.objects.create(product=of, sku_id=sku_id)
            for ago, amount in zip((30, 3), amounts, strict=False):
                UnitCost.objects.create(
                    sku=sku, amount=Decimal(amount), currency="USD", source="test",
                    effective_from=TODAY - timedelta(days=ago), created_at=NOW,
                )  # fmt: skip
        maya = make_creator("maya.glow")
        make_sample(maya, "approved", product=product, sku_id="s1")
        make_sample(maya, "approved", product=product)
        make_sample(maya, "approved", product=other)
        make_sample(maya, "shipped", product=product, sku_id="s2")
        make_sample(maya, "requested", product=product, sku_id="s2")
        count(cast.client)
        assert [(day, amount) for day, _, amount, _ in found("sample")] == [
            (TODAY, Decimal("11.5000")), (TODAY, None), (TODAY, Decimal("7.0000")),
        ]  # fmt: skip
    page = text(browse(cast).get(of_glow()))
    assert "$18.50" in page
    assert "1 without a known amount" in page


def test_n22_commission_that_no_statement_settled_is_expected(cast: Cast) -> None:
    """N22: 15 days after the order at the earliest; older ones today; refunds are taken off."""
    with client_scope(cast.client.pk):
        commission(date(2026, 9, 1), "12.00", "estimated")
        commission(date(2026, 9, 1), "-2.00", "processing")
        commission(date(2026, 8, 1), "8.00", "processing")
        commission(date(2026, 7, 20), "1.00", "estimated")
        commission(date(2026, 9, 1), "99.00", "settled")
        count(cast.client)
        assert [(day, amount) for day, _, amount, _ in found("commission")] == [
            (TODAY, Decimal(9)), (date(2026, 9, 16), Decimal(10)),
        ]  # fmt: skip


@pytest.fixture
def two_clients(cast: Cast) -> Cast:
    with client_scope(cast.client.pk):
        ending("7600000000000000001", "ana", 2, "aaa", spend="10.00")
        pay("flat_fee", "200.00", date(2026, 9, 20))
        pay("flat_fee", "40.00", date(2026, 9, 20), currency="EUR")
        count(cast.client)
    with client_scope(cast.sister.pk):
        pay("bonus", "25.00", date(2026, 9, 20), currency="EUR")
        ads.an_ad("Ad", post := ads.a_post())
        earned(post, "10.00", ads="14.00")
        count(cast.sister)
    return cast


def test_n22_all_clients_on_one_page_and_no_sum_over_currencies(two_clients: Cast) -> None:
    """N22: a line per client that leads to its page; each currency for itself. Ana's $10.00 a day
    are not spent on the 27 days after her right ends."""
    page = text(browse(two_clients).get(of_all()))
    per_client = page[page.index("<tbody") :].split("</tbody>")[0]
    glow, peak = per_client.split("</tr>")[:2]
    assert of_glow() in glow
    for shown, row in (("$270.00", glow), ("$200.00", glow), ("€40.00", glow), ("$120.00", peak),
                       ("€25.00", peak)):  # fmt: skip
        assert shown in row
    totals = page[: page.index("<tbody")]
    for label, amount in (("Is owed, EUR", "€65.00"), ("Is owed, USD", "$200.00")):
        assert amount in totals[totals.index(label) :][:200]
    sister = text(browse(two_clients).get(reverse("renewals:next-30-days", args=["peak"])))
    assert "$200.00" not in sister


def test_n22_the_lines_filter_link_to_their_rows_and_export(two_clients: Cast) -> None:
    """N22: each line opens the row behind it, and the CSV holds what is filtered."""
    browser = browse(two_clients)
    page = text(browser.get(of_glow()))
    with client_scope(two_clients.client.pk):
        right = Authorization.objects.get()
    for href in (
        reverse("authorizations:detail", kwargs={"client": "glow", "pk": right.pk}),
        reverse("profit:payments", kwargs={"client": "glow"}),
        f"{of_glow()}?day=2026-09-20",
    ):
        assert f'href="{href}"' in page
    owed = text(browser.get(of_glow(), {"kind": "owed", "export": "csv"}))
    lines = list(csv.DictReader(io.StringIO(owed.lstrip("\ufeff"))))
    assert sorted((Decimal(one["In 30 days"]), one["Currency"], one["Day"]) for one in lines) == [
        (40, "EUR", "2026-09-20"), (200, "USD", "2026-09-20"),
    ]  # fmt: skip
    both = text(browser.get(of_all(), {"export": "csv"}))
    assert {one["Client"] for one in csv.DictReader(io.StringIO(both.lstrip("\ufeff")))} == {
        "Glow Skincare", "Peak Nutrition",
    }  # fmt: skip
    day = text(browser.get(of_glow(), {"day": "2026-09-12", "export": "csv"}))
    assert len(list(csv.DictReader(io.StringIO(day.lstrip("\ufeff"))))) == 1


def test_n22_what_was_settled_since_is_gone_and_counting_costs_the_same(two_clients: Cast) -> None:
    """N22: counting again takes out what was paid; its queries do not grow with the rows."""
    with client_scope(two_clients.client.pk):
        CreatorFee.objects.filter(amount=200).update(paid_on=TODAY)
        with CaptureQueriesContext(connection) as before:
            count_ahead(two_clients.client, now=NOW)
        assert [amount for *_, amount, _ in found("flat_fee")] == [Decimal(40)]
        for number in range(12):
            pay("bonus", "1.00", date(2026, 9, 12 + number))
            make_sample(make_creator(f"c{number}"), Sample.State.APPROVED)
        with CaptureQueriesContext(connection) as after:
            count_ahead(two_clients.client, now=NOW)
        # One more for the costs of the samples' products, whatever their number.
        assert len(after) <= len(before) + 1
        assert len(found("bonus")) == 12
