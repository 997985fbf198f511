"""The pages of campaigns: list, ad, launch, their rights and their cost in queries."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client as Browser
from django.urls import reverse

from campaigns.models import Ad, AdDay, Launch
from creators.models import Post
from sparkops import clock
from sparkops.clock import shop_day
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.campaigns.synced import a_covered_authorization, drain_all
from tests.factories.cast import Cast

pytestmark = pytest.mark.journey


@pytest.fixture
def media(connected: int, world: Cast) -> Browser:
    browser = Browser()
    browser.force_login(world.members["media"])
    return browser


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"campaigns:{name}", kwargs={"client": "glow", **kwargs})


def test_the_list_shows_ads_with_their_numbers_and_counts(
    media: Browser, connected: int, world: Cast
) -> None:
    page = media.get(url("list"))
    assert page.status_code == 200
    text = page.content.decode()
    with client_scope(connected):
        live = Ad.objects.filter(state="live").count()
        names = set(Ad.objects.values_list("name", flat=True)[:50])
    assert f'Live<span class="c">{live}</span>' in text
    assert any(name in text for name in names)


def test_tabs_range_and_search_live_in_the_url_and_are_kept_together(
    media: Browser, connected: int
) -> None:
    text = media.get(url("list"), {"tab": "live", "days": "7"}).content.decode()
    assert '<input type="hidden" name="tab" value="live">' in text
    assert "tab=lost&amp;days=7" in text or "days=7&amp;tab=lost" in text
    with client_scope(connected):
        paused = Ad.objects.filter(state="paused").first()
        live = Ad.objects.filter(state="live").first()
    assert paused is not None
    assert live is not None
    assert f'id="ads-{live.pk}"' in text
    assert f'id="ads-{paused.pk}"' not in text
    found = media.get(url("list"), {"q": live.name[:12]}).content.decode()
    assert f'id="ads-{live.pk}"' in found
    nothing = media.get(url("list"), {"q": "zzz-none"}).content.decode()
    assert "Nothing matches these filters" in nothing


def test_the_export_has_the_numbers_of_the_range_asked_for(
    media: Browser, connected: int, world: Cast
) -> None:
    answer = media.get(url("list"), {"export": "csv", "days": "7"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    with client_scope(connected):
        assert len(rows) == Ad.objects.count()
        today = shop_day(clock.now(), world.client.timezone)
        days = AdDay.objects.filter(day__gte=today - timedelta(days=6), day__lte=today)
        assert sum(Decimal(row["Spend"]) for row in rows) == days.aggregate(n=Sum("spend"))["n"]
    assert {row["Spend currency"] for row in rows} <= {"USD", "GBP", "EUR"}


def test_an_ad_that_lost_its_permission_offers_the_renewal(media: Browser, connected: int) -> None:
    with client_scope(connected):
        ad = Ad.objects.filter(state="lost_permission", post__authorizations__isnull=False).first()
    assert ad is not None
    text = media.get(url("ad", pk=ad.pk)).content.decode()
    assert "Renew the permission" in text
    assert ad.secondary_status in text


def test_a_word_of_tiktok_that_is_new_is_shown_as_it_came(media: Browser, connected: int) -> None:
    with client_scope(connected):
        ad = Ad.objects.filter(state="live").first()
        assert ad is not None
        Ad.objects.filter(pk=ad.pk).update(state="unknown", secondary_status="AD_STATUS_BRAND_NEW")
    assert "AD_STATUS_BRAND_NEW" in media.get(url("list")).content.decode()
    text = media.get(url("ad", pk=ad.pk)).content.decode()
    assert "TikTok says: AD_STATUS_BRAND_NEW" in text
    assert "not counted as live" in text


def test_pausing_from_the_page_reaches_tiktok_once(media: Browser, connected: int) -> None:
    with client_scope(connected):
        ad = Ad.objects.filter(state="live").order_by("-pk").first()
    assert ad is not None
    answer = media.post(url("switch", pk=ad.pk, word="pause"))
    assert answer.status_code == 302
    waiting = media.get(url("ad", pk=ad.pk)).content.decode()
    assert "on its way to TikTok" in waiting
    drain_all(connected)
    with client_scope(connected):
        ad.refresh_from_db()
        assert (ad.state, ad.operation_status) == ("paused", "DISABLE")
        assert Command.objects.get(kind="campaigns.switch_ad").state == "done"
    refused = media.post(url("switch", pk=ad.pk, word="enable"))
    assert refused.status_code == 422
    assert "Nothing covers this post now" in refused.content.decode()


def launch_input(post: Post, account: int, **changes: str) -> dict[str, str]:
    """The launch form for four days from tomorrow, in the client's zone."""
    begin = clock.now() + timedelta(days=1)
    return {
        "ad_account": str(account),
        "objective": "VIDEO_VIEWS",
        "daily_budget": "60",
        "starts_at": f"{begin:%Y-%m-%dT12:00}",
        "ends_at": f"{begin + timedelta(days=3):%Y-%m-%dT12:00}",
        **changes,
    }


def checks(media: Browser, post: Post, asked: dict[str, str]) -> str:
    """What the form's checks say of its values, as htmx asks for them."""
    headers = {"HX-Request": "true", "HX-Target": "checks"}
    return media.get(url("launch", pk=post.pk), asked, headers=headers).content.decode()


def test_a_launch_from_the_page_is_checked_planned_and_followed(
    media: Browser, connected: int
) -> None:
    with client_scope(connected):
        row = a_covered_authorization()
        account = row.redemptions.get(state="redeemed").ad_account_id
        post = row.post
    assert post is not None
    assert media.get(url("launch", pk=post.pk)).status_code == 200
    asked = launch_input(post, account)
    told = checks(media, post, asked)
    assert "Ready" in told
    assert "TikTok is asked about the music" in told
    too_long = {**asked, "ends_at": f"{clock.now() + timedelta(days=500):%Y-%m-%dT12:00}"}
    assert "blocking" in checks(media, post, too_long)
    with client_scope(connected):
        assert not Launch.objects.exists()
    answer = media.post(url("launch", pk=post.pk), asked)
    with client_scope(connected):
        launch = Launch.objects.get()
    assert answer["Location"] == url("launch-result", pk=launch.pk)
    polling = media.get(url("launch-result", pk=launch.pk)).content.decode()
    assert 'hx-trigger="every 3s"' in polling
    drain_all(connected)
    piece = media.get(
        url("launch-result", pk=launch.pk), headers={"HX-Request": "true", "HX-Target": "launch"}
    ).content.decode()
    assert "Switched on" in piece
    assert "every 3s" not in piece
    assert "<html" not in piece


def test_n3_a_refused_launch_says_why_and_creates_nothing(media: Browser, connected: int) -> None:
    with client_scope(connected):
        row = a_covered_authorization()
        account = row.redemptions.get(state="redeemed").ad_account_id
    far = f"{clock.now() + timedelta(days=500):%Y-%m-%dT12:00}"
    answer = media.post(
        url("launch", pk=row.post_id), launch_input(row.post, account, ends_at=far), follow=True
    )
    text = answer.content.decode()
    assert "Refused by the gate" in text
    assert "Shorten the flight" in text
    with client_scope(connected):
        assert not Command.objects.filter(kind="campaigns.launch").exists()


def test_a_flight_that_ends_before_it_begins_is_refused_at_its_field(
    media: Browser, connected: int
) -> None:
    with client_scope(connected):
        row = a_covered_authorization()
        account = row.redemptions.get(state="redeemed").ad_account_id
    past = f"{clock.now() - timedelta(days=2):%Y-%m-%dT12:00}"
    answer = media.post(
        url("launch", pk=row.post_id), launch_input(row.post, account, ends_at=past)
    )
    assert answer.status_code == 422
    assert "The flight ends before it begins." in answer.content.decode()


def test_a_post_nobody_redeemed_leads_to_its_permissions(media: Browser, connected: int) -> None:
    with client_scope(connected):
        post = Post.objects.filter(authorizations=None).first()
    assert post is not None
    text = media.get(url("launch", pk=post.pk)).content.decode()
    assert "No ad account may use this post yet" in text


def test_a_viewer_sees_ads_but_may_neither_switch_nor_launch(connected: int, world: Cast) -> None:
    viewer = Browser()
    viewer.force_login(world.members["viewer"])
    with client_scope(connected):
        ad = Ad.objects.filter(state="live").exclude(post=None).first()
    assert ad is not None
    text = viewer.get(url("ad", pk=ad.pk)).content.decode()
    assert "Pause" not in text
    assert viewer.post(url("switch", pk=ad.pk, word="pause")).status_code == 403
    assert viewer.get(url("launch", pk=ad.post_id)).status_code == 403


def test_the_panel_of_a_post_lists_its_ads_and_gmv_max_its_campaigns(
    media: Browser, connected: int
) -> None:
    with client_scope(connected):
        ad = Ad.objects.filter(state="live").exclude(post=None).first()
    assert ad is not None
    panel = media.get(url("post-ads", pk=ad.post_id)).content.decode()
    assert ad.name in panel
    gmv = media.get(url("gmv-max")).content.decode()
    assert "Platform-attributed revenue" in gmv
    assert "core range" in gmv
