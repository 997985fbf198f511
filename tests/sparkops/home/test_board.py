"""What each client of an agency waits for: the figures of its own pages, side by side."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authorizations.models import Authorization
from campaigns.models import PostVerdict, TriageRule
from profit.models import DayTotal
from sparkops.home.board import Waiting
from sparkops.isolation.scope import client_scope
from sparkops.renewals.models import Stake
from sparkops.talk.models import Task
from sparkops.tenants.models import Client
from tests.factories.cast import BEGIN, Cast
from tests.factories.creators import NOW, make_creator, make_post, make_product, make_sample

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
"""NOW is the morning of that day in Los Angeles."""


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def stake(spend: str, currency: str, days: int) -> None:
    """A post whose right to spend ends in `days`, and what a day of its ads costs."""
    post = make_post("maya")
    right = Authorization.objects.create(
        post=post, creator=post.creator, kind="video_code", state="in_use",
        ends_at=NOW + timedelta(days=days), created_at=NOW,
    )  # fmt: skip
    Stake.objects.create(
        post=post, authorization=right, ends_at=right.ends_at, spend=Decimal(spend),
        spend_currency=currency, counted_at=NOW,
    )  # fmt: skip


def verdict(standing: str, step: str) -> None:
    rule = TriageRule.objects.first() or TriageRule.objects.create(
        version=1, settings={}, created_at=NOW
    )
    PostVerdict.objects.create(
        post=make_post("maya"), rule=rule, earned=standing, standing=standing, step=step,
        gates=[], facts={}, scored_at=NOW,
    )  # fmt: skip


def task(due_on: date | None, **fields: Any) -> None:
    creator = make_creator(f"owed{Task.objects.count()}")
    Task.objects.create(
        subject_type="creator", subject_id=creator.pk, label="Ask", due_on=due_on, set_by="Mina",
        set_at=NOW, **fields,
    )  # fmt: skip


def sold(gmv: str, cogs: str) -> None:
    shop = make_product().shop
    for account, amount in (("gmv", gmv), ("cogs", cogs)):
        DayTotal.objects.create(
            shop=shop, basis="order", day=TODAY, account=account, stage="settled",
            amount=Decimal(amount), currency="USD",
        )  # fmt: skip


def board(cast: Cast, role: str = "manager") -> dict[str, Waiting]:
    browser = Browser()
    browser.force_login(cast.members[role])
    page = browser.get(reverse("portfolio", kwargs={"organization": "north"}))
    assert page.status_code == 200
    return {one.client.slug: one for one in page.context["board"]}


def test_each_client_s_line_holds_what_its_own_pages_list(cast: Cast) -> None:
    """What ends after 30 days is no risk yet; a day that is not over is not overdue."""
    with client_scope(cast.client.pk):
        for spend, currency, days in (("10", "USD", 3), ("2.50", "USD", 29), ("4", "EUR", 9),
                                      ("99", "USD", 31)):  # fmt: skip
            stake(spend, currency, days)
        for standing, step in (
            ("earned", "launch"),
            ("earned", "ask_rights"),
            ("rejected", "leave"),
        ):
            verdict(standing, step)
        make_sample(make_creator("late"), "overdue")
        make_sample(make_creator("soon"), "shipped")
        for day in (TODAY - timedelta(days=1), TODAY, None):
            task(day)
        task(TODAY - timedelta(days=9), done_at=NOW)
        sold("200", "50")
    with client_scope(cast.foreign.pk):
        stake("77", "USD", 2)
    glow, peak = board(cast)["glow"], board(cast)["peak"]
    assert glow.at_risk == {"USD": Decimal("12.50"), "EUR": Decimal(4)}
    assert (glow.earned, glow.samples, glow.tasks) == (1, 1, 1)
    # 200.00 less 50.00 of goods leaves three quarters.
    assert glow.margins == [Decimal("0.75")]
    assert (peak.at_risk, peak.earned, peak.samples, peak.tasks, peak.margins) == ({}, 0, 0, 0, [])
    assert set(board(cast)) == {"glow", "peak"}


def test_a_day_ends_where_the_client_is(cast: Cast) -> None:
    """It is the 20th in Los Angeles and the 21st in Tokyo at 18 o'clock UTC."""
    Client.objects.filter(pk=cast.sister.pk).update(timezone="Asia/Tokyo")
    for client in (cast.client, cast.sister):
        with client_scope(client.pk):
            task(TODAY)
    lines = board(cast)
    assert (lines["glow"].tasks, lines["peak"].tasks) == (0, 1)


def test_a_missing_cost_leaves_the_margin_open(cast: Cast) -> None:
    """PD7: what was sold without a known cost makes no margin."""
    with client_scope(cast.client.pk):
        sold("200", "0")
        DayTotal.objects.create(
            shop=DayTotal.objects.all()[0].shop, basis="order", day=TODAY, stage="settled",
            account="gmv_without_unit_cost", amount=Decimal(200), currency="USD",
        )  # fmt: skip
    assert board(cast)["glow"].margins == [None]
    browser = Browser()
    browser.force_login(cast.members["manager"])
    page = browser.get(reverse("portfolio", kwargs={"organization": "north"})).content.decode()
    assert "incomplete" in page


def test_more_clients_cost_no_more_statements(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.members["manager"])
    url = reverse("portfolio", kwargs={"organization": "north"})
    for client in (cast.client, cast.sister):
        with client_scope(client.pk):
            sold("10", "1")
    browser.get(url)
    with CaptureQueriesContext(connection) as two:
        browser.get(url)
    for number in range(3):
        another = Client.objects.create(
            organization=cast.agency, name=f"Brand {number}", slug=f"brand-{number}",
            timezone="America/Los_Angeles", currency="USD", created_at=BEGIN,
        )  # fmt: skip
        with client_scope(another.pk):
            sold("10", "1")
    with CaptureQueriesContext(connection) as five:
        browser.get(url)
    assert len(five) == len(two)
