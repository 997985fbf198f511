"""Ad groups and campaigns: the sums of their ads, by day and by hour of the account."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from campaigns.models import Ad, AdGroup, AdHour, Campaign
from sparkops.isolation.scope import client_scope
from tests.factories.ads import NOW, a_day, a_post, account, an_ad
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
HERE = "/c/glow/campaigns/"
# NOW is 18:00 UTC; the account's clock is eight hours behind, whatever the season (P5).
TODAY, HOUR_NOW = date(2026, 9, 10), 10


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def text(cast: Cast, path: str, role: str = "viewer") -> str:
    browser = Browser()
    browser.force_login(cast.members[role])
    answer = browser.get(HERE + path)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def an_hour(ad: Ad, hour: int, spend: str, *, day: date = TODAY, **numbers: int) -> None:
    AdHour.objects.create(
        ad=ad, day=day, hour=hour, currency="USD", spend=Decimal(spend), read_at=NOW, **numbers
    )


def sister_of(ad: Ad, name: str, *, state: str = "paused") -> Ad:
    """Another ad in the ad group of `ad`."""
    return Ad.objects.create(
        ad_group=ad.ad_group, ad_account=ad.ad_account, ad_id=f"{ad.ad_id}-{name}", name=name,
        state=state, seen_at=NOW,
    )  # fmt: skip


def test_lists_add_up_the_ads_of_each_group_and_campaign(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        one, other = an_ad("Spring", a_post()), an_ad("Autumn")
        two = sister_of(one, "Spring twin")
        a_day(one, 1, "10.25", impressions=1000)
        a_day(two, 2, "4.75", impressions=500)
        a_day(two, 40, "99.00")
        a_day(other, 1, "3.00")
    for path in ("groups/", "campaigns/"):
        page = text(cast, path)
        assert "$15.00" in page
        assert "$3.00" in page
        assert page.index("Spring") < page.index("Autumn"), "what spent most comes first"
        assert "$99" not in page
        found = text(cast, path + "?q=Autumn")
        assert ">Autumn</a>" in found
        assert ">Spring</a>" not in found


def test_a_campaign_of_gmv_max_is_not_among_them(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        Campaign.objects.create(
            ad_account=account(), campaign_id="m1", name="Shop wide", kind="gmv_max_product",
            seen_at=NOW,
        )  # fmt: skip
        spring = an_ad("Spring").ad_group.campaign
        Campaign.objects.filter(pk=spring.pk).update(budget=0, budget_mode="BUDGET_MODE_INFINITE")
    page = text(cast, "campaigns/")
    assert ">Spring</a>" in page
    assert "in all" not in page, "a campaign without a budget of its own shows none"
    assert "Shop wide" not in page


def test_hours_stand_beside_those_of_yesterday_up_to_the_hour_it_is(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        one = an_ad("Spring", a_post())
        two = sister_of(one, "Spring twin")
        an_hour(one, 9, "2.50", impressions=100, clicks=3)
        an_hour(two, 9, "1.25", impressions=50, clicks=1)
        an_hour(one, 9, "4.00", day=date(2026, 9, 9))
        an_hour(one, 20, "7.00", day=date(2026, 9, 9))
        group, campaign = one.ad_group_id, one.ad_group.campaign_id
    for path in (f"groups/{group}/", f"campaigns/{campaign}/"):
        page = text(cast, path)
        [row] = [part for part in page.split("<tr>") if ">09:00</th>" in part]
        assert "$3.75" in row
        assert "$4.00" in row
        assert ">150<" in row
        assert "Spent today so far: $3.75; by this hour of yesterday: $4.00." in page
        assert f">{HOUR_NOW:02}:00</th>" in page
        assert f">{HOUR_NOW + 1:02}:00</th>" not in page
        assert "UTC\N{MINUS SIGN}08:00" in page
    alone = text(cast, f"ads/{one.pk}/")
    assert "Spent today so far: $2.50" in alone


def test_without_a_delivered_hour_no_hours_are_shown(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        one = an_ad("Spring")
    page = text(cast, f"groups/{one.ad_group_id}/")
    assert "By hour" not in page
    assert "No delivery in the last" in page


def test_an_empty_list_says_what_is_missing(cast: Cast) -> None:
    assert "No ad groups here" in text(cast, "groups/")
    assert "No campaigns here" in text(cast, "campaigns/")
    with client_scope(cast.client.pk):
        an_ad("Spring")
    assert "Spring" not in text(cast, "groups/?q=Autumn&days=x&account=9999")


def test_a_campaign_of_another_client_is_not_there(cast: Cast) -> None:
    with client_scope(cast.sister.pk):
        foreign = an_ad("Secret")
    browser = Browser()
    browser.force_login(cast.members["viewer"])
    for path in (f"groups/{foreign.ad_group_id}/", f"campaigns/{foreign.ad_group.campaign_id}/"):
        assert browser.get(HERE + path).status_code == 404


def test_a_list_takes_as_many_queries_for_many_groups_as_for_one(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            text(cast, "groups/")
        return len(seen)

    with client_scope(cast.client.pk):
        an_ad("Ad 0")
    text(cast, "groups/")
    few = queries()
    with client_scope(cast.client.pk):
        for number in range(1, 12):
            a_day(an_ad(f"Ad {number}"), 1, "1.00")
        assert AdGroup.objects.count() == 12
    assert queries() == few
