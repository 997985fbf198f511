"""PD11: profit's published bounds refuse a launch that loses money, and offer what would do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from campaigns.actions.launch import LaunchPlan, check_plan, plan_launch
from campaigns.actions.override import Override
from campaigns.actions.templates import TemplateDraft, make_template
from campaigns.models import Launch
from campaigns.rules.economics import Bid, Bounds, cost_check, least_target, target_check
from creators.models import Post
from sparkops.audit.models import Event
from sparkops.catalog.models import ProductTarget
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from tests.factories.ads import NOW, a_post, covered, needs, redeemed
from tests.factories.cast import Cast
from tests.factories.plans import MINA

pytestmark = pytest.mark.django_db
REASON = "A test week to learn what the serum sells at."
TEMPLATE = TemplateDraft(
    name="Views", naming="{creator}", objective="VIDEO_VIEWS", goal="ENGAGED_VIEW",
    daily_budget=Decimal(60), bid=Decimal("0.05"), placement="tiktok", starts_in_hours=1, days=5,
)  # fmt: skip


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_pd11_a_target_is_held_against_break_even_and_rounded_up_where_it_fails() -> None:
    bounds = Bounds(break_even_roas=Decimal("3.1904"))
    assert target_check(Decimal("3.2"), bounds).passed
    found = target_check(Decimal("3.1"), bounds)
    assert not found.passed and found.blocking
    assert found.sentence == (
        "A target ROAS of 3.1 loses money: break-even is at 3.19. Set it to 3.2 or more."
    )
    assert least_target(Decimal("3.2000")) == Decimal("3.2")
    unknown = target_check(Decimal("3.1"), Bounds())
    assert not unknown.blocking and "Enter their unit costs" in unknown.sentence


def test_pd11_an_order_is_expected_to_cost_what_the_bid_costs_for_the_views_it_took() -> None:
    """400 views an order at 0.05 make 20.00; 12.54 is the most, so at most 0.031 a view."""
    bounds = Bounds(max_cpa=Decimal("12.54"), currency="USD")
    bid = Bid(Decimal("0.05"), "USD", orders=100, events=Decimal(40_000))
    found = cost_check(bid, bounds)
    assert found is not None and not found.passed
    assert found.sentence == (
        "With a bid of 0.05 USD an order is expected to cost 20.00 USD, and 12.54 USD is the most."
        " Bid 0.031 USD at most."
    )
    lower = cost_check(replace(bid, amount=Decimal("0.031")), bounds)
    assert lower is not None and lower.passed
    assert cost_check(replace(bid, orders=9), bounds) is None
    assert cost_check(replace(bid, currency="GBP"), bounds) is None


def test_pd11_a_launch_whose_orders_cost_too_much_is_refused_and_needs_role_and_reason(
    cast: Cast,
) -> None:
    """PD11, TA10: the gate of a launch from a template that bids; another post's product with no
    published bound is not judged."""
    with client_scope(cast.client.pk):
        post = a_post()
        needs(post, "2.5")
        Post.objects.filter(pk=post.pk).update(views=40_000, orders=100)
        ProductTarget.objects.update(max_cpa=Decimal("12.54"))
        plan = LaunchPlan(
            post=Post.objects.select_related("creator").get(pk=post.pk),
            ad_account=redeemed(covered(post)),
            objective="VIDEO_VIEWS",
            daily_budget=Decimal(60),
            starts_at=NOW + timedelta(hours=1),
            ends_at=NOW + timedelta(days=5),
            template=make_template(TEMPLATE, by=MINA, now=NOW),
        )
        refused = plan_launch(plan, by=MINA, now=NOW)
        assert refused.state == "refused"
        assert "Bid 0.031 USD at most." in refused.error
        for role, reason in (("media", REASON), ("manager", " ")):
            with pytest.raises(Refusal):
                plan_launch(plan, by=MINA, now=NOW, override=Override(reason, role))
        made = plan_launch(plan, by=MINA, now=NOW, override=Override(REASON, "manager"))
        assert (made.state, made.overridden) == ("creating", ["order_cost"])
        assert Event.objects.get(verb="launch.gate_overridden").reason == REASON
        Launch.objects.update(state="canceled")
        ProductTarget.objects.update(max_cpa=None)
        names = [one.name for one in check_plan(plan, now=NOW).checks]
        assert "order_cost" not in names
        assert plan_launch(plan, by=MINA, now=NOW).state == "creating"
