"""The launch form, its checks, and the page of a launch."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from campaigns.models import Campaign, GmvMaxDay, Launch
from campaigns.queries.room import count_spark_ads
from creators.models import Post
from sparkops.isolation.scope import client_scope
from tests.factories.ads import NOW, a_day, a_post, account, an_ad, covered, redeemed
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
HERE = "/c/glow/campaigns/"


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def a_launchable_post(cast: Cast, *, days: int = 30) -> tuple[Post, int]:
    """A covered post and the ad account that redeemed its code."""
    with client_scope(cast.client.pk):
        post = a_post()
        return post, redeemed(covered(post, days=days)).pk


def ask(cast: Cast, path: str, **options: Any) -> Any:
    browser = Browser()
    browser.force_login(cast.members["media"])
    return browser.get(HERE + path, **options)


def send(cast: Cast, path: str, **values: Any) -> Any:
    browser = Browser()
    browser.force_login(cast.members["media"])
    return browser.post(HERE + path, values)


def values(account_id: int, **others: Any) -> dict[str, Any]:
    """A plan of seven days; NOW is 11:00 in the client's Los Angeles."""
    return {
        "ad_account": account_id,
        "objective": "VIDEO_VIEWS",
        "daily_budget": "60.00",
        "starts_at": "2026-09-10T12:00",
        "ends_at": "2026-09-17T12:00",
        **others,
    }


def test_the_form_starts_with_a_covered_week_and_what_it_costs_at_most(cast: Cast) -> None:
    post, _ = a_launchable_post(cast)
    page = ask(cast, f"posts/{post.pk}/launch/").content.decode()
    assert 'value="2026-09-10T12:00"' in page
    assert 'value="2026-09-17T12:00"' in page
    assert "$350.00" in page  # 7 days of 50.00
    assert "Launch at" in page
    assert "0000000001 (USD)" in page


def test_ta4_the_form_warns_of_caption_and_privacy_before_the_launch(cast: Cast) -> None:
    post, _ = a_launchable_post(cast)
    page = ask(cast, f"posts/{post.pk}/launch/").content.decode()
    assert "The caption cannot be edited any more" in page
    assert "its privacy cannot be changed" in page


def test_n3_cover_that_is_too_short_locks_the_launch_and_offers_both_ways_out(cast: Cast) -> None:
    post, account_id = a_launchable_post(cast, days=5)
    answer = ask(cast, f"posts/{post.pk}/launch/", data=values(account_id))
    page = answer.content.decode()
    assert "Launch at" not in page
    assert "1 blocking" in page
    # The code ends five days from NOW, at 11:00 in Los Angeles; the flight one hour and two days
    # later, so two more days and a part of one are missing.
    assert "End it on Sep 15, 11:00 AM" in page
    assert "Ask the creator for 3 more days" in page
    shorter = page.split('href="')
    offer = next(one.split('"')[0] for one in shorter if "ends_at=2026-09-15T11%3A00" in one)
    mended = ask(cast, offer.replace("&amp;", "&").removeprefix(HERE)).content.decode()
    assert "Launch at" in mended


def test_the_checks_alone_are_sent_to_a_form_that_changed(cast: Cast) -> None:
    post, account_id = a_launchable_post(cast)
    answer = ask(
        cast,
        f"posts/{post.pk}/launch/",
        data=values(account_id, ends_at="2026-09-01T12:00"),
        headers={"HX-Request": "true", "HX-Target": "checks"},
    )
    piece = answer.content.decode()
    assert "<form" not in piece
    assert "The flight ends before it begins" in piece
    assert "Launch at" not in piece


def test_a_post_that_no_account_redeemed_leads_to_its_code(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        post = a_post()
        right = covered(post)
    page = ask(cast, f"posts/{post.pk}/launch/").content.decode()
    assert "No ad account may use this post yet" in page
    assert f"/c/glow/authorizations/{right.pk}/" in page
    assert 'type="submit">Launch' not in page


def test_shop_sales_are_sent_to_gmv_max_and_no_retired_ad_type_is_offered(cast: Cast) -> None:
    post, account_id = a_launchable_post(cast)
    page = ask(cast, f"posts/{post.pk}/launch/").content.decode()
    assert "shop sales no longer run as Spark Ads" in page
    assert "PRODUCT_SALES" not in page
    refused = send(
        cast, f"posts/{post.pk}/launch/", **values(account_id, objective="PRODUCT_SALES")
    )
    assert refused.status_code == 422
    with client_scope(cast.client.pk):
        assert not Launch.objects.exists()


def test_traffic_without_an_address_is_sent_back_with_what_was_typed(cast: Cast) -> None:
    post, account_id = a_launchable_post(cast)
    answer = send(cast, f"posts/{post.pk}/launch/", **values(account_id, objective="TRAFFIC"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Traffic needs the address it should go to." in page
    assert 'value="60.00"' in page


def a_launch(cast: Cast, **fields: Any) -> Launch:
    post, account_id = a_launchable_post(cast)
    with client_scope(cast.client.pk):
        return Launch.objects.create(
            **{
                "post": post,
                "ad_account_id": account_id,
                "name": "Spark maya.glow",
                "objective": "VIDEO_VIEWS",
                "daily_budget": Decimal(60),
                "currency": "USD",
                "starts_at": NOW,
                "ends_at": NOW + timedelta(days=7),
                "created_at": NOW,
                "created_by": "Mina",
                **fields,
            }
        )


def test_a_launch_that_stopped_shows_what_exists_and_can_go_on(cast: Cast) -> None:
    row = a_launch(
        cast, state="failed", error="TikTok did not answer.", done={"campaign_id": "17000001"}
    )
    page = ask(cast, f"launches/{row.pk}/").content.decode()
    assert "TikTok did not answer." in page
    assert "17000001" in page
    assert "Nothing is switched on" in page
    assert f"launches/{row.pk}/resume/" in page
    assert 'hx-trigger="every 3s"' not in page


def test_a_launch_that_stopped_can_be_given_up_and_one_under_way_cannot(cast: Cast) -> None:
    row = a_launch(cast, state="failed")
    assert send(cast, f"launches/{row.pk}/cancel/").status_code == 302
    with client_scope(cast.client.pk):
        assert Launch.objects.get().state == "canceled"
        Launch.objects.update(state="creating")
    refused = send(cast, f"launches/{row.pk}/cancel/")
    assert refused.status_code == 422
    assert "To stop a live ad, pause it." in refused.content.decode()


def test_a_launch_that_was_found_switched_on_is_not_given_up(cast: Cast) -> None:
    differences = [{"field": "Campaign", "planned": "DISABLE", "made": "ENABLE"}]
    row = a_launch(cast, state="differs", differences=differences)
    page = ask(cast, f"launches/{row.pk}/").content.decode()
    assert "Campaign was found switched on and may spend" in page
    assert "Nothing is switched on" not in page
    refused = send(cast, f"launches/{row.pk}/cancel/")
    assert refused.status_code == 422
    assert "Switch it off in Ads Manager" in refused.content.decode()
    with client_scope(cast.client.pk):
        assert Launch.objects.get().state == "differs"


def test_an_empty_form_launches_nothing(cast: Cast) -> None:
    post, _ = a_launchable_post(cast)
    assert send(cast, f"posts/{post.pk}/launch/").status_code == 422
    with client_scope(cast.client.pk):
        assert not Launch.objects.exists()


def test_a_launch_under_way_asks_for_itself_until_it_is_done(cast: Cast) -> None:
    row = a_launch(cast, state="creating")
    headers = {"HX-Request": "true", "HX-Target": "launch"}
    assert b"every 3s" in ask(cast, f"launches/{row.pk}/", headers=headers).content
    with client_scope(cast.client.pk):
        Launch.objects.update(state="live", enabled_at=NOW)
    piece = ask(cast, f"launches/{row.pk}/", headers=headers).content.decode()
    assert "every 3s" not in piece
    assert "<html" not in piece


def test_ta5_a_difference_is_shown_with_what_was_planned_and_made(cast: Cast) -> None:
    differences = [{"field": "Daily budget", "planned": "60.00", "made": "600.00"}]
    row = a_launch(cast, state="differs", differences=differences)
    page = ask(cast, f"launches/{row.pk}/").content.decode()
    assert "TikTok made something else than planned" in page
    assert "600.00" in page
    assert "Compare again" in page


def test_a_refused_launch_leads_back_to_the_form_with_its_values(cast: Cast) -> None:
    row = a_launch(cast, state="refused", error="Too short.", daily_budget=Decimal("77.00"))
    page = ask(cast, f"launches/{row.pk}/").content.decode()
    again = page.split('">Change the plan')[0].rsplit('href="', 1)[1].replace("&amp;", "&")
    form = ask(cast, again.removeprefix(HERE)).content.decode()
    assert 'value="77.00"' in form
    assert 'value="2026-09-10T11:00"' in form


def test_the_panel_of_a_post_lists_its_ads_and_launches(cast: Cast) -> None:
    row = a_launch(cast, state="live")
    with client_scope(cast.client.pk):
        a_day(an_ad("Ad one", row.post), 1, "12.50")
        an_ad("Ad two", a_post("7500000000000000009", "other.one"))
    panel = ask(cast, f"posts/{row.post_id}/ads/").content.decode()
    assert "Ad one" in panel
    assert "$12.50" in panel
    assert "Ad two" not in panel
    assert f"launches/{row.pk}/" in panel


def test_gmv_max_says_the_status_in_words(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        kinds = {"ad_account": account(), "kind": "gmv_max_product", "seen_at": NOW}
        for number, (operation, secondary) in enumerate(
            (
                ("ENABLE", ""),
                ("DISABLE", ""),
                ("ENABLE", "CAMPAIGN_STATUS_BUDGET_EXCEED"),
                ("ENABLE", "CAMPAIGN_STATUS_MOON_PHASE"),
            )
        ):
            Campaign.objects.create(
                **kinds,
                campaign_id=f"c{number}",
                name=f"Push {number}",
                operation_status=operation,
                secondary_status=secondary,
            )
    page = ask(cast, "gmv-max/").content.decode()
    for words in (
        "Switched on",
        "Paused",
        "Not delivering",
        "The budget is used up.",
        "Unknown status",
        "TikTok says: CAMPAIGN_STATUS_MOON_PHASE",
    ):
        assert words in page
    assert ">ENABLE<" not in page
    assert ">DISABLE<" not in page


def test_gmv_max_shows_claims_apart_with_the_meaning_of_roi(cast: Cast) -> None:
    with client_scope(cast.client.pk):
        post = a_post()
        campaign = Campaign.objects.create(
            ad_account=account(),
            campaign_id="c9",
            name="Shop push",
            kind="gmv_max_product",
            operation_status="ENABLE",
            seen_at=NOW,
        )
        day = {"campaign": campaign, "day": (NOW - timedelta(days=1)).date(), "read_at": NOW}
        GmvMaxDay.objects.create(
            **day, grain="campaign", key="", currency="USD", cost=Decimal(40),
            net_cost=Decimal(38), orders=4, gross_revenue=Decimal(100), roi_definition="net",
        )  # fmt: skip
        GmvMaxDay.objects.create(
            **day, grain="creative", key="p/1", currency="USD", cost=Decimal(25), post=post
        )
    page = ask(cast, "gmv-max/").content.decode()
    assert "Shop push" in page
    assert "$40.00" in page  # the creative's 25.00 is part of it, not added to it
    assert "$65.00" not in page
    assert "$38.00" in page
    assert "2.50" in page  # 100 over 40
    assert "after commission and fees" in page
    assert "Platform-attributed revenue" in page
    assert "$25.00" in page
    assert "@maya.glow" in page


def test_ta3_two_accounts_hold_one_post_and_a_full_one_refuses_the_launch(
    cast: Cast, settings: Any
) -> None:
    """TA3: with a limit of 2, an account with 2 Spark Ads refuses; the other launches once, and
    that launch takes the last place before TikTok lists its ad."""
    settings.SPARK_ADS_PER_ACCOUNT = 2
    with client_scope(cast.client.pk):
        post = a_post()
        right = covered(post)
        full = redeemed(right)
        other = redeemed(right, account("7000000000000000002"))
        an_ad("one", post, of=full)
        an_ad("two", post, of=full, state="ended")
        an_ad("gone", post, of=other, state="deleted")
        an_ad("one", post, of=other)
    form = ask(cast, f"posts/{post.pk}/launch/", data=values(full.pk)).content.decode()
    assert "reached TikTok&#x27;s limit of 2 Spark Ads" in form
    assert "1 of 2" in ask(cast, f"posts/{post.pk}/launch/", data=values(other.pk)).content.decode()

    send(cast, f"posts/{post.pk}/launch/", **values(full.pk))
    send(cast, f"posts/{post.pk}/launch/", **values(other.pk))
    with client_scope(cast.client.pk):
        second = a_post("7500000000000000002")
        redeemed(covered(second), other)
    send(cast, f"posts/{second.pk}/launch/", **values(other.pk))
    with client_scope(cast.client.pk):
        launches = Launch.objects.order_by("pk").values_list("ad_account", "state", "error")
        limit = "The ad account has reached TikTok's limit of 2 Spark Ads."
        refused = f"{limit} Delete ended ads first."
        assert list(launches) == [
            (full.pk, "refused", refused),
            (other.pk, "creating", ""),
            (other.pk, "refused", refused),
        ]


def test_ta3_the_count_of_an_account_is_kept_for_the_authorization_s_page(
    cast: Cast, settings: Any
) -> None:
    settings.SPARK_ADS_PER_ACCOUNT = 2
    with client_scope(cast.client.pk):
        post = a_post()
        right = covered(post)
        of = redeemed(right)
        redeemed(right, account("7000000000000000002"))
        an_ad("one", post, of=of)
        an_ad("two", post, of=of)
        an_ad("not spark", of=of)
        count_spark_ads(of)
    browser = Browser()
    browser.force_login(cast.members["media"])
    page = browser.get(f"/c/glow/authorizations/{right.pk}/").content.decode()
    assert "2 of 2 Spark Ads" in page
    assert "Spark Ads not counted yet; at most 2" in page
