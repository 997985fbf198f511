"""N8: caps per post, creator and client, and ends of term, are enforced on our side."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client as Browser
from django.urls import reverse

from campaigns.actions.caps import CapDraft, enforce_caps, remove_cap, set_cap
from campaigns.actions.launch import LaunchPlan, plan_launch
from campaigns.actions.override import Override
from campaigns.actions.switch import ask_to_enable
from campaigns.models import Ad, SpendCap
from campaigns.tasks import watch_permission
from sparkops.alerts.models import Alert
from sparkops.audit.record import Actor
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.factories.ads import NOW, a_day, a_post, account, an_ad, covered, gmv_max_day, redeemed
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
MINA = Actor("Mina", 7)
HUNDRED = CapDraft(starts_on=date(2026, 9, 1), amount=Decimal(100), currency="USD")


@pytest.fixture
def scope(cast: Cast) -> Iterator[None]:
    with client_scope(cast.client.pk):
        yield


def paused() -> set[str]:
    """The names of the ads that are asked to pause."""
    asked = Command.objects.filter(kind="campaigns.switch_ad")
    ads = Ad.objects.filter(pk__in=[one.payload["ad"] for one in asked])
    return set(ads.values_list("name", flat=True))


def two_creators() -> tuple[Ad, Ad, Ad]:
    """Maya with two posts (60 and 45 spent), Ben with one (30)."""
    first = an_ad("Maya 1", a_post("7500000000000000001", "maya"))
    second = an_ad("Maya 2", a_post("7500000000000000002", "maya"))
    third = an_ad("Ben", a_post("7500000000000000003", "ben"))
    for ad, spend in ((first, "60"), (second, "45"), (third, "30")):
        a_day(ad, 2, spend)
    return first, second, third


def test_n8_a_cap_of_a_creator_stops_all_their_posts_and_nobody_else_s(
    scope: None, cast: Cast
) -> None:
    """N8: 105 of 100 over two posts; paused once an hour, told once."""
    first, _, _ = two_creators()
    assert first.post is not None
    set_cap(replace(HUNDRED, creator=first.post.creator), by=MINA, now=NOW)
    assert enforce_caps(cast.client, now=NOW) == 2
    enforce_caps(cast.client, now=NOW + timedelta(minutes=1))
    assert paused() == {"Maya 1", "Maya 2"}
    assert Command.objects.count() == 2
    assert Alert.objects.get(kind="spend_cap").severity == "critical"


def test_n8_a_cap_of_a_post_and_one_of_the_client(scope: None, cast: Cast) -> None:
    """N8: 60 of a post's 60; the client's 135 of 200 stop nothing."""
    first, _, _ = two_creators()
    set_cap(replace(HUNDRED, post=first.post, amount=Decimal(60)), by=MINA, now=NOW)
    whole = set_cap(replace(HUNDRED, amount=Decimal(200)), by=MINA, now=NOW)
    enforce_caps(cast.client, now=NOW)
    assert paused() == {"Maya 1"}
    remove_cap(whole, by=MINA, now=NOW)
    set_cap(replace(HUNDRED, amount=Decimal(135)), by=MINA, now=NOW)
    enforce_caps(cast.client, now=NOW)
    assert paused() == {"Maya 1", "Maya 2", "Ben"}


def test_n8_what_gmv_max_spends_on_a_post_counts(scope: None, cast: Cast) -> None:
    """N8: 60 by ads and 50 by GMV Max; a cap of the client stops the GMV Max campaign too."""
    first, _, _ = two_creators()
    assert first.post is not None
    campaign = gmv_max_day("GMV", first.post, "50")
    set_cap(replace(HUNDRED, post=first.post), by=MINA, now=NOW)
    enforce_caps(cast.client, now=NOW)
    assert paused() == {"Maya 1"}
    assert not Command.objects.filter(kind="campaigns.change_part").exists()
    set_cap(replace(HUNDRED, amount=Decimal(180)), by=MINA, now=NOW)  # 135 and 50 are 185
    enforce_caps(cast.client, now=NOW)
    asked = Command.objects.get(kind="campaigns.change_part")
    assert (asked.payload["pk"], asked.payload["after"]) == (campaign.pk, "DISABLE")


def test_n8_spend_before_the_cap_counts_or_in_another_currency_is_not_counted(
    scope: None, cast: Cast
) -> None:
    """N8: the cap counts from its first day, in accounts of its currency."""
    first, _, _ = two_creators()
    a_day(first, 12, "500")
    euro = an_ad("Euro", first.post, of=account("7000000000000000002", currency="EUR"))
    a_day(euro, 2, "500")
    set_cap(replace(HUNDRED, post=first.post), by=MINA, now=NOW)
    assert enforce_caps(cast.client, now=NOW) == 0


def test_n8_everything_is_off_from_the_day_after_the_term(scope: None, cast: Cast) -> None:
    """N8: 9 September is the last day in Los Angeles; 18:00 UTC on the 10th is after it."""
    first, _, _ = two_creators()
    draft = CapDraft(starts_on=date(2026, 9, 1), post=first.post, ends_on=date(2026, 9, 9))
    set_cap(draft, by=MINA, now=NOW)
    assert enforce_caps(cast.client, now=NOW - timedelta(hours=12)) == 0  # 23:00 on the 9th
    assert enforce_caps(cast.client, now=NOW) == 1
    assert paused() == {"Maya 1"}


def test_n8_nothing_is_switched_on_or_launched_past_a_cap_or_a_term(scope: None) -> None:
    """N8: not by hand, not by a launch, and no reason overrides it."""
    first, _, _ = two_creators()
    assert first.post is not None
    of = redeemed(covered(first.post))
    cap = set_cap(replace(HUNDRED, post=first.post, amount=Decimal(50)), by=MINA, now=NOW)
    with pytest.raises(Refusal, match="spend cap of 50.00 USD"):
        ask_to_enable(first, by=MINA, now=NOW)
    plan = LaunchPlan(
        post=first.post,
        ad_account=of,
        objective="VIDEO_VIEWS",
        daily_budget=Decimal(60),
        starts_at=NOW + timedelta(hours=1),
        ends_at=NOW + timedelta(days=4),
    )
    override = Override("The client asked for it by phone.", "owner")
    launch = plan_launch(plan, by=MINA, now=NOW, override=override)
    assert (launch.state, "spend cap of 50.00 USD" in launch.error) == ("refused", True)
    remove_cap(cap, by=MINA, now=NOW)
    ends_on = (NOW + timedelta(days=2)).date()
    set_cap(CapDraft(starts_on=NOW.date(), post=first.post, ends_on=ends_on), by=MINA, now=NOW)
    launch = plan_launch(plan, by=MINA, now=NOW, override=override)
    assert launch.error == "The agreed term ends on 12 Sep 2026. End the flight by then."
    assert not Command.objects.filter(kind="campaigns.launch").exists()
    shorter = replace(plan, ends_at=NOW + timedelta(days=2))
    assert plan_launch(shorter, by=MINA, now=NOW).state == "creating"


def test_n8_the_guard_enforces_caps_every_minute(cast: Cast) -> None:
    """N8: the same task that watches permissions."""
    with client_scope(cast.client.pk):
        first, _, _ = two_creators()
        set_cap(replace(HUNDRED, post=first.post, amount=Decimal(60)), by=MINA, now=NOW)
    watch_permission(client_id=cast.client.pk)
    with client_scope(cast.client.pk):
        assert "Maya 1" in paused()


def test_n8_caps_are_set_and_removed_on_their_page(cast: Cast) -> None:
    """N8: with what is spent, and clear words for what is wrong."""
    with client_scope(cast.client.pk):
        two_creators()
    browser = Browser()
    browser.force_login(cast.members["manager"])
    url = reverse("campaigns:caps", kwargs={"client": "glow"})
    entered = {"handle": "@Maya", "amount": "110", "currency": "USD", "starts_on": "2026-09-01"}
    assert browser.post(url, entered).status_code == 302
    shown = browser.get(url).content.decode()
    assert "105.00" in shown
    assert "Nearly reached" in shown
    for wrong, sentence in (
        ({"handle": "nobody"}, "There is no creator of that name here."),
        ({"amount": ""}, "Say how much at most, or the last day."),
        ({"item_id": "7500000000000000001"}, "Choose a creator or one post, not both."),
        ({"ends_on": "2026-08-01"}, "It ends before it begins to count."),
    ):
        answer = browser.post(url, {**entered, **wrong})
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    with client_scope(cast.client.pk):
        cap = SpendCap.objects.get()
    browser.force_login(cast.members["media"])
    remove = reverse("campaigns:cap-remove", kwargs={"client": "glow", "pk": cap.pk})
    assert browser.post(remove).status_code == 403
    browser.force_login(cast.members["manager"])
    assert browser.post(remove).status_code == 302
    assert "No cap is set" in browser.get(url).content.decode()
