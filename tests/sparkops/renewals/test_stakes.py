"""Spend at risk, for one client and for all: AR8, N4."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authorizations.models import Authorization
from creators.models import Post
from sparkops.catalog.models import FxRate
from sparkops.isolation.scope import client_scope
from sparkops.renewals.actions.stakes import count_stakes
from sparkops.renewals.models import Stake
from sparkops.renewals.rules.stakes import in_common, rank
from sparkops.tenants.models import Client
from tests.factories.cast import Cast
from tests.factories.rights import NOW
from tests.sparkops.renewals import asking
from tests.sparkops.renewals.stakes import earned, ending

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def browse(cast: Cast, role: str = "manager") -> Browser:
    browser = Browser()
    browser.force_login(cast.members[role])
    return browser


def one(name: str, client: str = "glow") -> str:
    return reverse(f"renewals:{name}", kwargs={"client": client})


def every(name: str) -> str:
    return reverse(f"portfolio-{name}", kwargs={"organization": "north"})


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.fixture
def two_clients(cast: Cast) -> Cast:
    """Glow earns in dollars, Peak in euros; what ends last is worth most."""
    with client_scope(cast.client.pk):
        earned(ending("7600000000000000001", "ana", 2, "aaa", spend="10.00"), "20.00")
        earned(ending("7600000000000000002", "bo", 25, "bbb", spend="5.00"), "70.00")
        unknown = ending("7600000000000000003", "cleo", 5, "ccc", spend="90.00")
        earned(unknown, "500.00", without_cost="10.00")
        ending("7600000000000000004", "dee", 200, "ddd", spend="7.00")
        count_stakes(cast.client, now=NOW)
    with client_scope(cast.sister.pk):
        FxRate.objects.create(day=NOW.date(), base="EUR", quote="USD", rate=Decimal("1.20"))
        post = ending("7600000000000000005", "eli", 10, "eee", spend="30.00")
        earned(post, "40.00", "EUR")
        count_stakes(cast.sister, now=NOW)
    return cast


def order_of(page: str, *handles: str) -> list[str]:
    return sorted(handles, key=lambda handle: page.index(f"@{handle}"))


def test_ar8_renewals_of_all_clients_by_profit_at_risk(two_clients: Cast) -> None:
    """AR8, N4: the list over all clients ranks by profit a day, not by date, across currencies
    (EUR 40 are USD 48); what has no known cost is not guessed and stands last."""
    page = text(browse(two_clients).get(every("at-risk")))
    assert order_of(page, "ana", "bo", "cleo", "eli") == ["bo", "eli", "ana", "cleo"]
    for shown in ("$70.00", "€40.00", "$20.00", "$90.00", "Glow Skincare", "Peak Nutrition"):
        assert shown in page
    assert "@dee" not in page
    assert "$500.00" not in page


def test_n4_one_client_s_list_is_ranked_and_filtered(two_clients: Cast) -> None:
    """N4: ranked by profit per day at stake; the address keeps filters; nothing of others."""
    browser = browse(two_clients)
    page = text(browser.get(one("at-risk")))
    assert order_of(page, "ana", "bo", "cleo") == ["bo", "ana", "cleo"]
    assert "@eli" not in page
    assert "@bo" not in text(browser.get(one("at-risk"), {"ends": "7"}))
    dated = text(browser.get(one("at-risk"), {"day": "2026-10-05"}))
    assert "@bo" in dated
    assert "@ana" not in dated
    by_spend = text(browser.get(one("at-risk"), {"sort": "-spend"}))
    assert order_of(by_spend, "ana", "bo", "cleo") == ["cleo", "ana", "bo"]


def test_ar8_the_month_shows_what_ends_on_each_day(two_clients: Cast) -> None:
    """AR8: the calendar of all clients, each day a link to its posts."""
    browser = browse(two_clients)
    page = text(browser.get(every("calendar"), {"month": "2026-09"}))
    assert f'href="{every("at-risk")}?day=2026-09-12"' in page
    assert f'href="{every("at-risk")}?day=2026-09-20"' in page
    assert "€40.00" in page
    october = text(browser.get(one("calendar"), {"month": "2026-10"}))
    assert f'href="{one("at-risk")}?day=2026-10-05"' in october
    assert "?day=2026-10-06" not in october
    for odd in ("", "x", "0001-01", "9999-12", "2026-13"):
        assert browser.get(one("calendar"), {"month": odd}).status_code == 200


def test_the_effective_end_counts_and_what_was_renewed_is_gone(two_clients: Cast) -> None:
    """N2, N4: usage terms that end before the code set the day; a lost permission is left out
    before the next count."""
    with client_scope(two_clients.client.pk):
        post = Post.objects.get(item_id="7600000000000000002")
        post.usage_terms.update(ends_on=date(2026, 9, 13))
        count_stakes(two_clients.client, now=NOW)
        stake = Stake.objects.get(post=post)
        # The last day of terms is inclusive in Los Angeles: 07:00 UTC of the day after.
        assert stake.ends_at.isoformat() == "2026-09-14T07:00:00+00:00"
        assert stake.clock == "the usage terms"
    assert "limited by the usage terms" in text(browse(two_clients).get(one("at-risk")))
    with client_scope(two_clients.client.pk):
        Authorization.objects.filter(post=post).update(state="revoked")
    assert "@bo" not in text(browse(two_clients).get(one("at-risk")))
    with client_scope(two_clients.client.pk):
        count_stakes(two_clients.client, now=NOW)
        assert not Stake.objects.filter(post=post).exists()


def test_the_cost_of_pages_and_of_counting_does_not_grow(two_clients: Cast) -> None:
    """Keyset pages with a fixed number of queries, over any number of clients and posts."""
    browser = browse(two_clients)
    pages = [every("at-risk"), every("calendar"), every("next-30-days"), one("at-risk")]
    browser.get(pages[0])
    before = [cost(browser, page) for page in pages]
    counting = counted(two_clients.client)
    with client_scope(two_clients.client.pk):
        asking.permissions(60, now=NOW, first=100)
    third = Client.objects.create(
        organization=two_clients.agency, name="Third", slug="third", timezone="Europe/Berlin",
        created_at=NOW,
    )  # fmt: skip
    with client_scope(third.pk):
        asking.permissions(3, now=NOW)
        count_stakes(third, now=NOW)
    assert counted(two_clients.client) == counting
    assert [cost(browser, page) for page in pages] == before
    first = browser.get(every("at-risk"))
    assert 'rel="next"' in text(first)


def cost(browser: Browser, page: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(page).status_code == 200
    return len(queries)


def counted(client: Client) -> int:
    with client_scope(client.pk), CaptureQueriesContext(connection) as queries:
        count_stakes(client, now=NOW)
    return len(queries)


def test_who_may_see_the_pages_of_all_clients(two_clients: Cast) -> None:
    stranger = Browser()
    stranger.force_login(two_clients.stranger)
    for name in ("at-risk", "calendar", "next-30-days"):
        assert browse(two_clients, "viewer").get(every(name)).status_code == 200
        assert stranger.get(every(name)).status_code == 404
        assert Browser().get(every(name)).status_code == 302


def test_nothing_counted_is_not_zero(cast: Cast) -> None:
    page = text(browse(cast).get(one("at-risk")))
    assert "Nothing was counted yet" in page
    assert "Nothing ends in this time" in page


def test_comparing_currencies() -> None:
    rates = {("EUR", "USD"): Decimal("1.2"), ("USD", "GBP"): Decimal("0.8")}
    assert in_common(Decimal(10), "USD", {}) == 10
    assert in_common(Decimal(10), "EUR", rates) == Decimal("12.00")
    assert in_common(Decimal(10), "GBP", rates) == Decimal("12.50")
    assert in_common(Decimal(10), "JPY", rates) is None
    assert in_common(None, "USD", rates) is None


def test_unknown_profit_ranks_below_a_loss_and_by_spend() -> None:
    """N4: a missing cost is neither zero nor a profit."""
    ranked = [rank(Decimal(3), None), rank(Decimal(-50), None), rank(None, Decimal(90)),
              rank(None, Decimal(5))]  # fmt: skip
    assert ranked == sorted((one for one in ranked if one is not None), reverse=True)
    assert rank(None, None) is None
