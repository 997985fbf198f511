"""A launch from a template against the sandbox (TA5)."""

import json
from dataclasses import replace
from decimal import Decimal

import httpx
import pytest

from campaigns.actions.launch import plan_launch
from campaigns.actions.templates import TemplateDraft, make_template
from campaigns.models import Launch
from sparkops import clock
from sparkops.isolation.scope import client_scope
from tests.campaigns.synced import MINA, a_covered_authorization, drain_all, plan_for
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(
    ("goal", "objective", "bid", "placement", "landing_url"),
    [
        ("ENGAGED_VIEW_FIFTEEN", "VIDEO_VIEWS", Decimal("0.05"), "tiktok", ""),
        ("TRAFFIC_LANDING_PAGE_VIEW", "TRAFFIC", Decimal("1.2"), "tiktok", "https://glow.example/"),
        ("REACH", "REACH", None, "automatic", ""),
    ],
)
def test_ta5_a_launch_from_a_template_is_made_as_the_template_says_and_read_back(
    connected: int,
    sandbox: SandboxServer,
    goal: str,
    objective: str,
    bid: Decimal | None,
    placement: str,
    landing_url: str,
) -> None:
    """TA5: name, goal, bid and placement of the template reach TikTok, all is created switched off,
    read back without a difference, and enabled."""
    draft = TemplateDraft(
        name="House", naming="{creator} {post} {objective}", objective=objective, goal=goal,
        daily_budget=Decimal(60), bid=bid, placement=placement, starts_in_hours=1, days=4,
        landing_url=landing_url,
    )  # fmt: skip
    with client_scope(connected):
        template = make_template(draft, by=MINA, now=clock.now())
        plan = plan_for(a_covered_authorization())
        plan = replace(plan, objective=objective, landing_url=landing_url, template=template)
        launch = plan_launch(plan, by=MINA, now=clock.now())
        assert launch.state == "creating", launch.error
    httpx.delete(f"{sandbox.base_url}/_sandbox/requests", timeout=30).raise_for_status()
    drain_all(connected)
    with client_scope(connected):
        launch = Launch.objects.get(pk=launch.pk)
        assert (launch.state, launch.error, launch.differences) == ("live", "", [])
        handle = plan.post.creator.handle if plan.post.creator else ""
    word = objective.lower().replace("_", "-")
    assert launch.name.startswith(f"{handle} {plan.post.item_id[-6:]} {word} ")
    bodies = {
        str(one["path"]).removeprefix("/open_api/v1.3"): json.loads(one["body"] or "{}")
        for one in sandbox.look("requests?api=ads")["requests"]
    }
    group = bodies["/adgroup/create/"]
    assert group["adgroup_name"] == bodies["/campaign/create/"]["campaign_name"] == launch.name
    assert group["optimization_goal"] == goal
    assert group["operation_status"] == "DISABLE"
    told = group.get("bid_price", group.get("conversion_bid_price"))
    assert (Decimal(str(told)) if told is not None else None) == bid
    word = "AUTOMATIC" if placement == "automatic" else "NORMAL"
    assert group["placement_type"] == f"PLACEMENT_TYPE_{word}"
