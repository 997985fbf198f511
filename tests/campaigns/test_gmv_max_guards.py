"""TA7 for GMV Max: what guards measure there, what they change, and what a dry run tells."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from campaigns.actions.guards import accept, run_rule, undo
from campaigns.actions.parts import change_of, note_changed
from campaigns.models import Campaign, GmvMaxDay, GuardCheck
from campaigns.rules.guards import Condition, Metric, Op, Times
from creators.models import Post, PostDayResult
from sparkops.catalog.models import ProductTarget, Shop
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.campaigns.test_guards import MINA, a_rule
from tests.factories.ads import NOW, a_post, account, needs
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SPENT = (Condition(Metric.SPEND, Op.AT_LEAST, Decimal(100)),)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def scope(cast: Cast) -> Iterator[None]:
    with client_scope(cast.client.pk):
        yield


def a_campaign(*, cost: str = "60", revenue: str = "120", name: str = "Core range") -> Campaign:
    """Three days of GMV Max at `cost`, 3 orders and `revenue` a day, all of it on one post whose
    product breaks even at 2.5; an order may cost 12."""
    post = a_post()
    needs(post, "2.5")
    known_on = (NOW - timedelta(days=9)).date()
    ProductTarget.objects.update(max_cpa=Decimal(12), as_of=known_on)
    campaign = Campaign.objects.create(
        ad_account=account(), campaign_id="1", name=name, kind="gmv_max_product", seen_at=NOW,
        operation_status="ENABLE", budget=Decimal(80), budget_mode="BUDGET_MODE_DAY",
        roi_target=Decimal("3.5"), created_at=NOW - timedelta(days=9),
    )  # fmt: skip
    for ago in (1, 2, 3):
        for grain, key, of in (("campaign", "", None), ("creative", "p/1", post)):
            GmvMaxDay.objects.create(
                campaign=campaign, day=(NOW - timedelta(days=ago)).date(), grain=grain, key=key,
                post=of, currency="USD", cost=Decimal(cost), orders=3,
                gross_revenue=Decimal(revenue), read_at=NOW,
            )  # fmt: skip
    return campaign


def changes() -> list[tuple[str, str, str]]:
    found = Command.objects.filter(kind="campaigns.change_part").order_by("pk")
    return [(one.payload["field"], one.payload["before"], one.payload["after"]) for one in found]


def made(command: Command) -> None:
    """TikTok took it."""
    Command.objects.filter(pk=command.pk).update(state="done")
    note_changed(change_of(command), now=NOW)


def test_ta7_a_target_roas_is_suggested_accepted_and_undone(scope: None) -> None:
    """TA7: ROI 2.0 under break-even 2.5 although organic orders count; the target of 3.5 becomes
    4.2, one decimal, once a person says so, and 3.5 again when it is undone."""
    campaign, rule = a_campaign(), a_rule("gmv_max", percent=Decimal(20))
    assert run_rule(rule.pk, now=NOW) == 1
    assert not changes()
    check = GuardCheck.objects.get()
    assert [(one["metric"], one["measured"], one["threshold"]) for one in check.inputs] == [
        ("roas", "2.0000", "2.5000"), ("spend", "180.0000", "36.0000"),
    ]  # fmt: skip
    accept(check, by=MINA, now=NOW)
    assert changes() == [("target", "3.5000", "4.2")]
    made(Command.objects.get())
    campaign.refresh_from_db()
    assert campaign.roi_target == Decimal("4.2")
    undo(check, by=MINA, now=NOW + HOUR)
    assert changes()[1] == ("target", "4.2", "3.5000")


def test_ta7_roi_with_organic_orders_never_proves_that_a_campaign_earns(scope: None) -> None:
    """TA7, PD11: an ROI of 5 is above break-even, and still it is not enough data to raise."""
    a_campaign(revenue="300")
    above = (Condition(Metric.ROAS, Op.AT_LEAST, Decimal(1), Times.BREAK_EVEN),)
    rule = a_rule("ramp", "act", level="campaign", conditions=above)
    assert run_rule(rule.pk, now=NOW) == 0
    assert GuardCheck.objects.get().outcome == "no_data"
    plain = (Condition(Metric.ROAS, Op.AT_LEAST, Decimal(3)),)
    assert run_rule(a_rule("ramp", "act", level="campaign", conditions=plain).pk, now=NOW) == 1
    assert changes() == [("budget", "80.0000", "96.00")]


def test_ta7_profit_after_all_costs_pauses_gmv_max_once(scope: None) -> None:
    """TA7: its posts lost money in the ledger, whatever TikTok claims; a switch, once."""
    campaign, rule = a_campaign(revenue="900"), a_rule("loss", "act", level="campaign")
    for ago in (1, 2, 3):
        PostDayResult.objects.create(
            post=Post.objects.get(), shop=Shop.objects.get(), currency="USD",
            day=(NOW - timedelta(days=ago)).date(), gmv=Decimal(50), cm3=Decimal(-10),
        )  # fmt: skip
    assert run_rule(rule.pk, now=NOW) == 1
    assert run_rule(rule.pk, now=NOW + HOUR) == 0
    assert changes() == [("status", "ENABLE", "DISABLE")]
    assert GuardCheck.objects.get(outcome="asked").inputs[0]["measured"] == "-30.0000"
    made(Command.objects.get())
    on = a_rule("loss", "act", level="campaign", action="enable", conditions=SPENT, name="On")
    assert run_rule(on.pk, now=NOW + 2 * HOUR) == 1
    assert changes()[1] == ("status", "DISABLE", "ENABLE")
    assert GuardCheck.objects.get(rule=on).target == campaign


def test_ta7_a_campaign_that_a_person_switched_off_is_left_alone(scope: None) -> None:
    campaign = a_campaign()
    Campaign.objects.filter(pk=campaign.pk).update(operation_status="DISABLE")
    for action in ("pause", "enable", "target"):
        rule = a_rule("gmv_max", "act", action=action, conditions=SPENT, name=action)
        assert run_rule(rule.pk, now=NOW) == 0
    assert not GuardCheck.objects.exists()


def test_ta7_the_dry_run_of_the_editor_counts_gmv_max(cast: Cast) -> None:
    """TA7, N8: what the preset would do now and would have done in the last 30 days; nothing is
    kept."""
    with client_scope(cast.client.pk):
        a_campaign()
    browser = Browser()
    browser.force_login(cast.members["media"])
    page = browser.get(
        reverse("campaigns:guard-new", kwargs={"client": "glow"}), {"preset": "gmv_max"}
    ).content.decode()
    assert "It would have acted on 1 of 1" in page
    assert "Core range" in page
    with client_scope(cast.client.pk):
        assert not GuardCheck.objects.exists()


def test_a_target_belongs_to_campaigns(cast: Cast) -> None:
    """A wrong level is said in words, and nothing is saved."""
    browser = Browser()
    browser.force_login(cast.members["media"])
    given = {
        "name": "Aim higher", "level": "ad_group", "action": "target", "mode": "suggest",
        "window_days": "7", "every_hours": "24", "percent": "10", "metric_1": "spend",
        "op_1": "above", "value_1": "1", "times_1": "",
    }  # fmt: skip
    answer = browser.post(reverse("campaigns:guard-new", kwargs={"client": "glow"}), given)
    assert answer.status_code == 422
    assert "Only GMV Max has a target ROAS. Choose campaigns." in answer.content.decode()
