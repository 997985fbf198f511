"""Reports for clients: made, sent, opened by link or as a client viewer, on a schedule."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client as Browser

from creators.models import PostDay
from profit.models import ProductResult
from sparkops.audit.models import Event
from sparkops.audit.record import Actor
from sparkops.catalog.models import Product, Shop
from sparkops.connections.models import Connection
from sparkops.isolation.scope import client_scope
from sparkops.reports import actions
from sparkops.reports.models import Link, Report
from sparkops.reports.periods import last_period
from sparkops.reports.tasks import make_due, send_commands
from sparkops.tenants.brand import change_brand
from sparkops.tenants.models import Client, Membership
from sparkops.tenants.permissions import Role
from tests.factories.ads import a_post, an_ad
from tests.factories.cast import BEGIN, Cast, make_user

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Los_Angeles")
MONDAY = datetime(2026, 9, 14, 9, 0, tzinfo=ZONE)
BY = Actor("Mia Manager", 1)
HERE = "/c/glow/reports/"


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def programme(cast: Cast) -> Cast:
    """A post that sold last week, its ad, and a product with a margin."""
    with client_scope(cast.client.pk):
        post = a_post("7500000000000000001", "mia.glow")
        an_ad("one", post)
        PostDay.objects.create(
            post=post, day=date(2026, 9, 9), views=1_234, orders=5, gmv=Decimal("99.50"),
            currency="USD", observed_at=MONDAY,
        )  # fmt: skip
        link = Connection.objects.create(
            kind="shop", external_id="rep", label="S", connected_at=BEGIN, connected_by="T"
        )
        shop = Shop.objects.create(
            connection=link, shop_id="70", cipher="c", name="S", market="US", currency="USD",
            timezone="America/Los_Angeles",
        )  # fmt: skip
        product = Product.objects.create(shop=shop, product_id="9", title="Secret Serum")
        ProductResult.objects.create(
            shop=shop, product=product, as_of=date(2026, 9, 13), days=30, currency="USD", gmv=100,
            affiliate_commission=0, net_ad_cost=0, cm_before_ads=0, cm3=Decimal("12.34"),
            complete=True,
        )  # fmt: skip
    return cast


def choose(cast: Cast, every: str = "", *parts: str, to: tuple[str, ...] = ()) -> None:
    with client_scope(cast.client.pk):
        actions.choose(every, parts, to, by=BY, now=MONDAY - timedelta(days=30))


def made(cast: Cast, every: str = "week") -> Report:
    with client_scope(cast.client.pk):
        first, last = last_period(every, date(2026, 9, 14))
        client = Client.objects.get(pk=cast.client.pk)
        return actions.make_report(client, every, first, last, by=BY, now=MONDAY)


def signed_in(user: Any) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def text(answer: Any) -> str:
    return answer.content.decode()


def links_in_mail() -> dict[str, str]:
    found = {}
    for one in mail.outbox:
        match = re.search(r"http://[^/]+(/report/\S+/)", one.body)
        assert match is not None
        found[one.to[0]] = match[1]
    return found


def test_periods_are_whole_weeks_and_months() -> None:
    assert last_period("week", date(2026, 9, 14)) == (date(2026, 9, 7), date(2026, 9, 13))
    assert last_period("week", date(2026, 9, 20)) == (date(2026, 9, 7), date(2026, 9, 13))
    assert last_period("month", date(2026, 3, 1)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert last_period("month", date(2026, 1, 31)) == (date(2025, 12, 1), date(2025, 12, 31))


def test_a_manager_makes_a_report_and_it_says_what_is_so(programme: Cast) -> None:
    manager = signed_in(programme.members["manager"])
    answer = manager.post(f"{HERE}make/", {"every": "week"}, follow=True)
    page = text(answer)
    assert "07 Sep to 13 Sep 2026" in page and "@mia.glow" in page
    assert "1,234" in page and "$99.50" in page
    assert "Secret Serum" not in page  # margins are internal unless they are chosen
    with client_scope(programme.client.pk):
        assert Event.objects.filter(verb="report.made").count() == 1
    manager.post(f"{HERE}make/", {"every": "week"})
    with client_scope(programme.client.pk):
        assert Report.objects.count() == 1


def test_margins_are_told_only_when_chosen(programme: Cast) -> None:
    choose(programme, "", "money")
    report = made(programme)
    page = text(signed_in(programme.members["viewer"]).get(f"{HERE}{report.pk}/"))
    assert "Secret Serum" in page and "$12.34" in page and "@mia.glow" not in page


def test_a_schedule_makes_and_mails_each_report_once_with_a_link_for_each_person(
    programme: Cast,
) -> None:
    choose(programme, "week", "creators", to=("ada@glow.example", "bo@glow.example"))
    for hour in (5, 9, 10):
        with time_machine.travel(MONDAY.replace(hour=hour), tick=False):
            make_due(client_id=programme.client.pk)
            send_commands(client_id=programme.client.pk)
            with client_scope(programme.client.pk):
                assert Report.objects.count() == (hour > 5)
    links = links_in_mail()
    assert len(mail.outbox) == 2 and len(set(links.values())) == 2
    assert mail.outbox[0].subject == "Glow Skincare: 07 Sep to 13 Sep 2026"
    with time_machine.travel(MONDAY + timedelta(days=7), tick=False):
        make_due(client_id=programme.client.pk)
        send_commands(client_id=programme.client.pk)
    assert len(mail.outbox) == 4


def test_what_ended_before_the_schedule_was_chosen_is_not_sent(programme: Cast) -> None:
    with client_scope(programme.client.pk):
        actions.choose("month", [], ["ada@glow.example"], by=BY, now=MONDAY)
    make_due(client_id=programme.client.pk)
    send_commands(client_id=programme.client.pk)
    assert mail.outbox == []


def test_a_link_opens_one_report_in_the_client_s_brand_until_it_is_withdrawn(
    programme: Cast,
) -> None:
    client = Client.objects.get(pk=programme.client.pk)
    change_brand(
        client, name="Glow & Co", accent="#2f5b45", logo=None, keep_logo=True, by=BY, now=MONDAY
    )
    choose(programme, "week", "creators", to=("ada@glow.example",))
    report = made(programme)
    manager = signed_in(programme.members["manager"])
    manager.post(f"{HERE}{report.pk}/send/")
    manager.post(f"{HERE}{report.pk}/send/")
    send_commands(client_id=client.pk)
    [path] = links_in_mail().values()
    page = Browser().get(path)
    assert page.status_code == 200 and "noindex" in page.headers["X-Robots-Tag"]
    assert "Glow &amp; Co" in text(page) and "/brand/2f5b45.css" in text(page)
    assert "North Agency" not in text(page) and "@mia.glow" in text(page)
    paper = Browser().get(f"{path}report.pdf")
    assert paper.content.startswith(b"%PDF") and paper.headers["Content-Type"] == "application/pdf"
    assert "opened" in text(manager.get(f"{HERE}{report.pk}/"))
    for wrong in (path[:-3] + "aa/", "/report/x/", "/report/WzEsMV0:abc/"):
        assert Browser().get(wrong).status_code == 422
    with time_machine.travel(MONDAY + timedelta(days=91), tick=False):
        assert Browser().get(path).status_code == 422
    with client_scope(client.pk):
        link = Link.objects.get()
    manager.post(f"{HERE}links/{link.pk}/withdraw/")
    gone = Browser().get(path)
    assert gone.status_code == 422 and "mia.glow" not in text(gone)
    assert "Ask for a new one" in text(gone)


def test_guessing_links_is_slowed_down(programme: Cast) -> None:
    statuses = [Browser().get(f"/report/guess{one}/").status_code for one in range(31)]
    assert statuses == [422] * 30 + [429]


def test_a_client_viewer_sees_reports_and_nothing_else(programme: Cast) -> None:
    user = make_user("ceo@glow.example")
    Membership.objects.create(
        user=user, organization=programme.agency, client=programme.client, role=Role.CLIENT,
        created_at=BEGIN,
    )  # fmt: skip
    report = made(programme)
    browser = signed_in(user)
    arrived = browser.get("/", follow=True)
    assert arrived.redirect_chain[-1][0] == HERE
    page = text(arrived)
    assert "07 Sep to 13 Sep 2026" in page and "Make one now" not in page
    for inside in ("/c/glow/creators/", "/c/glow/profit/", "/c/glow/tasks/"):
        assert f'href="{inside}"' not in page
        assert browser.get(inside).status_code == 403
    assert browser.get(f"{HERE}{report.pk}/report.pdf").status_code == 200
    assert browser.post(f"{HERE}{report.pk}/send/").status_code == 403
    assert browser.get("/c/peak/reports/").status_code == 404
    assert browser.get("/o/north/").status_code == 404


def test_a_client_viewer_is_invited_for_one_client(cast: Cast) -> None:
    owner = signed_in(cast.members["owner"])
    values = {"email": "ceo@glow.example", "role": "client"}
    answer = owner.post("/o/north/team/invite/", values)
    assert answer.status_code == 422 and "for one client" in text(answer)
    values["client"] = str(cast.client.pk)
    assert owner.post("/o/north/team/invite/", values).status_code == 302


def test_a_schedule_for_nobody_and_a_wrong_address_are_refused(cast: Cast) -> None:
    manager = signed_in(cast.members["manager"])
    nobody = manager.post(f"{HERE}settings/", {"every": "week"})
    assert nobody.status_code == 422 and "at least one address" in text(nobody)
    wrong = manager.post(f"{HERE}settings/", {"recipients": "ada@glow.example\nbo"})
    assert wrong.status_code == 422 and "bo is no e-mail address" in text(wrong)
    assert signed_in(cast.members["media"]).get(f"{HERE}settings/").status_code == 403
