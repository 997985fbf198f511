"""Pages of campaigns: what a person reads and may do."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from campaigns.actions.permission import watch_permission
from campaigns.actions.switch import ask_to_pause, note_switch_failed
from campaigns.models import Ad
from creators.models import PostDayResult
from sparkops.alerts.models import Alert
from sparkops.audit.record import Actor
from sparkops.catalog.models import Shop
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.web.keyset import PAGE_SIZE
from tests.factories.ads import NOW, a_day, a_post, account, an_ad, covered, needs
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
HERE = "/c/glow/campaigns/"


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def browser(cast: Cast, role: str = "media") -> Browser:
    one = Browser()
    one.force_login(cast.members[role])
    return one


def text(cast: Cast, path: str, role: str = "media") -> str:
    answer = browser(cast, role).get(HERE + path)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def names(page: str) -> set[str]:
    return {name for name in ("Ad one", "Ad two", "Ad three") if f">{name}</a>" in page}


def test_the_list_adds_up_its_range_and_narrows_by_view_and_word(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        maya, noor = a_post(), a_post("7500000000000000002", "noor.skin")
        one, two = an_ad("Ad one", maya), an_ad("Ad two", noor, state="paused", switched="DISABLE")
        an_ad("Ad three", None, state="lost_permission", word="AD_STATUS_ASSET_AUTHORIZATION_LOST")
        a_day(one, 1, "10.25", impressions=1000, clicks=20, conversions=2)
        a_day(one, 8, "4.75", impressions=1000, clicks=10, conversions=0)
        a_day(one, 40, "100.00", impressions=5, clicks=5)
        a_day(two, 2, "5.00", impressions=500, clicks=5, claimed_revenue=Decimal("30.00"))
    page = text(cast, "")
    # 10.25 + 4.75 + 5.00 within 30 days; the day 40 days ago is outside.
    assert "$20.00" in page
    assert "$10.00" in page  # 20.00 over two conversions
    assert "1.4%" in page  # 35 clicks of 2,500 impressions
    assert "Platform-attributed revenue" in page
    assert names(page) == {"Ad one", "Ad two", "Ad three"}
    assert names(text(cast, "?tab=live")) == {"Ad one"}
    assert names(text(cast, "?tab=lost")) == {"Ad three"}
    assert names(text(cast, "?q=%40NOOR")) == {"Ad two"}
    week = text(cast, "?days=7")
    assert "$15.25" in week
    assert "$120.00" in text(cast, "?days=90")


def test_amounts_of_two_currencies_stand_apart(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        a_day(an_ad("Ad one"), 1, "10.00")
        pounds = account("7000000000000000002", currency="GBP")
        a_day(an_ad("Ad two", of=pounds), 1, "7.00")
    page = text(cast, "")
    assert "Spend, USD" in page
    assert "Spend, GBP" in page
    assert "17.00" not in page


def test_a_sort_by_spend_pages_without_losing_or_repeating_an_ad(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        for number in range(60):
            ad = an_ad(f"Number {number:02d}")
            if number % 3:
                a_day(ad, 1, str(number % 7))
    seen: list[str] = []
    query = "?sort=-spend"
    for _ in range(3):
        page = text(cast, query)
        seen += [part.split("</a>")[0] for part in page.split('">Number ')[1:]]
        following = [part.split('"')[0] for part in page.split('href="') if "cursor=" in part[:200]]
        if len(seen) >= 60 or not following:
            break
        query = following[-1].replace("&amp;", "&")
    assert sorted(seen) == [f"{number:02d}" for number in range(60)]


def test_the_list_costs_one_row_as_many_queries_as_a_full_page(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert reader.get(HERE).status_code == 200
        return len(asked)

    def add(ads: int) -> None:
        with client_scope(cast.client.pk):
            for number in range(ads):
                post = a_post(f"75{Ad.objects.count():017d}", f"creator{number}")
                covered(post)
                needs(post, "1.50")
                a_day(an_ad(f"Number {number}", post), 1, "1.00")

    reader = browser(cast)
    add(1)
    reader.get(HERE)  # the first page of a session also writes it
    one = queries()
    add(PAGE_SIZE)
    assert queries() == one


def test_the_return_stands_against_what_the_product_needs(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        post = a_post()
        ad = an_ad("Ad one", post)
        a_day(ad, 1, "10.00", claimed_revenue=Decimal("24.00"))
        a_day(an_ad("Ad two"), 1, "10.00", claimed_revenue=Decimal("31.00"))
        needs(post, "1.8500")
        needs(post, "1.2000", product_id="p2")
    page = text(cast, "")
    assert "2.40" in page  # 24 over 10
    # The product that needs more decides; an ad without a post has nothing to compare with.
    assert page.count("breaks even at 1.85") == 1
    assert "1.20" not in page
    assert "3.10" in page
    assert "breaks even at 1.85" in text(cast, f"ads/{ad.pk}/")


def test_n12_the_claim_stands_beside_the_ledger_and_is_not_added(cast: Cast) -> None:
    """N12: TikTok claims $30.00 for the ad; the ledger has $44.00 of its post, organic sales in it,
    which made $6.50. No sum of both is shown."""
    with client_scope(cast.client.pk):
        post = a_post()
        needs(post, "2")
        ad = an_ad("Ad one", post)
        a_day(ad, 1, "10.00", claimed_revenue=Decimal("30.00"))
        for ago, gmv, cm3 in ((1, "40.00", "5.50"), (2, "4.00", "1.00"), (40, "900.00", "90.00")):
            PostDayResult.objects.create(
                post=post, shop=Shop.objects.get(), day=(NOW - timedelta(days=ago)).date(),
                currency="USD", gmv=Decimal(gmv), cm3=Decimal(cm3),
            )  # fmt: skip
    page = text(cast, f"ads/{ad.pk}/")
    for shown in ("$30.00", "$44.00", "CM3 $6.50", "Platform-attributed revenue"):
        assert shown in page
    assert "$74.00" not in page


def test_an_ad_shows_what_only_spark_ads_have(cast: Cast) -> None:
    """Issue 5: likes to profile visits on the creator's post, summed over the range; 3 of 12 views
    went to the end. An ad without any shows no empty figures."""
    with client_scope(cast.client.pk):
        ad, bare = an_ad("Ad one", a_post()), an_ad("Ad two")
        a_day(ad, 1, "5", video_views=10, completed_views=2, likes=7, comments=1, follows=3)
        a_day(ad, 2, "5", video_views=2, completed_views=1, likes=4, shares=2, profile_visits=9)
        a_day(ad, 40, "5", likes=500)
        a_day(bare, 1, "5")
    page = text(cast, f"ads/{ad.pk}/")
    section = page[page.index("On the creator") :].split("</section>")[0]
    for label, value in (("Likes", 11), ("Comments", 1), ("Shares", 2), ("Follows", 3),
                         ("Profile visits", 9), ("Watched to the end", 3)):  # fmt: skip
        assert f">{value}<" in section[section.index(label) :].split("</div>")[0]
    assert "25.0% of the views" in section
    assert "On the creator" not in text(cast, f"ads/{bare.pk}/")


def test_a_filter_brings_its_totals_and_tabs_along(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        a_day(an_ad("Ad one"), 1, "10.00")
        a_day(an_ad("Ad two"), 40, "7.00")
    answer = browser(cast).get(
        f"{HERE}?days=90&q=two", headers={"HX-Request": "true", "HX-Target": "list"}
    )
    piece = answer.content.decode()
    assert "<html" not in piece
    assert piece.count("$7.00") == 2
    assert "$10.00" not in piece
    assert "q=two&amp;tab=live" in piece


def test_an_ad_without_cover_says_so_and_cannot_be_switched_on(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        ad = an_ad("Ad one", a_post(), state="paused", switched="DISABLE")
    page = text(cast, f"ads/{ad.pk}/")
    assert "Nothing covers its post" in page
    assert 'aria-disabled="true"' in page
    answer = browser(cast).post(f"{HERE}ads/{ad.pk}/enable/")
    assert answer.status_code == 422
    assert "Nothing covers this post now" in answer.content.decode()
    with client_scope(cast.client.pk):
        assert not Command.objects.exists()


def test_a_covered_ad_that_is_off_can_be_switched_on(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        post = a_post()
        covered(post)
        ad = an_ad("Ad one", post, state="paused", word="AD_STATUS_DISABLE", switched="DISABLE")
    page = text(cast, f"ads/{ad.pk}/")
    assert f"/c/glow/campaigns/ads/{ad.pk}/enable/" in page
    assert "The Spark code ends first." in page
    answer = browser(cast).post(f"{HERE}ads/{ad.pk}/enable/")
    assert answer.status_code == 302
    with client_scope(cast.client.pk):
        assert Command.objects.get().payload == {"ad": ad.pk, "status": "ENABLE"}


def test_a_viewer_sees_an_ad_but_no_switch(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        ad = an_ad("Ad one", a_post())
    assert "/pause/" in text(cast, f"ads/{ad.pk}/")
    assert "/pause/" not in text(cast, f"ads/{ad.pk}/", "viewer")
    assert browser(cast, "viewer").post(f"{HERE}ads/{ad.pk}/pause/").status_code == 403


def test_an_ad_that_lost_its_permission_leads_to_the_renewal(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        post = a_post()
        right = covered(post, days=-1)
        word = "AD_STATUS_ASSET_AUTHORIZATION_LOST"
        ad = an_ad("Ad one", post, state="lost_permission", word=word)
    page = text(cast, f"ads/{ad.pk}/")
    assert "its permission is gone" in page
    assert word in page
    assert f"/c/glow/authorizations/{right.pk}/" in page


def test_a_word_that_tiktok_never_told_is_shown_as_it_came(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        ad = an_ad("Ad one", a_post(), state="unknown", word="AD_STATUS_MOON_PHASE")
    page = text(cast, f"ads/{ad.pk}/")
    assert "AD_STATUS_MOON_PHASE" in page
    assert "new here" in page
    assert "Unknown status" in page


def test_alerts_about_ads_of_one_name_say_which_ad(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        for name in ("Always on", "Always on", "Serum"):
            an_ad(name, state="lost_permission", word="AD_STATUS_ASSET_AUTHORIZATION_LOST")
        watch_permission(cast.client, now=NOW)
        twin = Ad.objects.get(ad_id="a0002")
        ask_to_pause(twin, key="k", reason="By hand.", by=Actor("Mina", 7), now=NOW)
        note_switch_failed(Command.objects.get(), "TikTok did not answer.", now=NOW)
        told = dict(Alert.objects.values_list("title", "body"))
    lost = "An ad lost its permission: "
    failed = "An ad was not paused: Always on (a0002)"
    assert set(told) == {
        f"{lost}Always on (a0001)", f"{lost}Always on (a0002)", f"{lost}Serum", failed
    }  # fmt: skip
    assert told[failed] == "TikTok did not answer. It is ad a0002."


def test_another_client_s_ad_is_not_there(cast: Cast) -> None:
    with client_scope(cast.sister.pk):
        ad = an_ad("Ad one")
    assert browser(cast).get(f"{HERE}ads/{ad.pk}/").status_code == 404
