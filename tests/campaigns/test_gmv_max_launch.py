"""TA6, TA10, N3, PD11: GMV Max campaigns planned, gated, approved, created off and enabled."""

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from django.test import Client as Browser

from campaigns.actions import approval
from campaigns.actions import plans as plan_actions
from campaigns.actions.bulk import retry_failed
from campaigns.actions.gmv_max_launch import (
    check_gmv_max,
    override_gmv_max,
    plan_gmv_max,
)
from campaigns.models import Plan
from campaigns.outbound import HANDLERS, ON_REFUSAL
from creators.models import PostProduct
from sparkops import clock
from sparkops.audit.models import Event
from sparkops.catalog.models import AdAccount, Product, ProductTarget
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outbox.queue import drain
from tests.campaigns.synced import (
    MINA,
    a_covered_authorization,
    clear_faults,
    fault,
    was_carried_out,
)
from tests.campaigns.synced_gmv_max import (
    approved,
    ended_at_tiktok,
    free_products,
    primary,
    wanted,
)
from tests.factories.cast import Cast
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey
REASON = "The margin grows with the new supplier in May."


@pytest.fixture(autouse=True)
def nothing_left_running(connected: int) -> Iterator[None]:
    yield
    ended_at_tiktok(connected)


def work(client_id: int, minutes: int = 20) -> None:
    later = clock.now() + timedelta(minutes=minutes)
    drain(client_id, HANDLERS, now=lambda: later, on_refusal=ON_REFUSAL)


def asked(sandbox: SandboxServer) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for one in sandbox.look("requests?api=ads")["requests"]:
        path = str(one["path"]).removeprefix("/open_api/v1.3")
        found.append((path, json.loads(one["body"] or "{}")))
    return found


def forget(sandbox: SandboxServer) -> None:
    httpx.delete(f"{sandbox.base_url}/_sandbox/requests", timeout=30).raise_for_status()


def test_ta6_a_campaign_is_planned_approved_created_off_read_back_and_enabled(
    connected: int, sandbox: SandboxServer
) -> None:
    """TA6: from the plan over both approvals; nothing before the undo window is over; the shop's
    one primary account and its occupied products are asked first."""
    forget(sandbox)
    with client_scope(connected):
        row = approved(wanted())
        assert row.state == "planned", row.error
    work(connected, minutes=14)
    assert asked(sandbox) == []
    work(connected)
    calls = asked(sandbox)
    assert [path for path, _ in calls] == [
        "/gmv_max/store/list/",
        "/gmv_max/occupied_custom_shop_ads/list/",
        "/gmv_max/occupied_custom_shop_ads/list/",
        "/gmv_max/identity/get/",
        "/campaign/gmv_max/create/",
        "/campaign/gmv_max/info/",
        "/campaign/status/update/",
    ]
    body = dict(calls)["/campaign/gmv_max/create/"]
    assert body["operation_status"] == "DISABLE"
    assert (body["budget"], body["roas_bid"]) == (120, 3.5)
    assert (body["shopping_ads_type"], body["deep_bid_type"]) == ("PRODUCT", "VO_MIN_ROAS")
    assert body["product_video_specific_type"] == "AUTO_SELECTION"
    assert body["affiliate_posts_enabled"] is True
    assert dict(calls)["/campaign/status/update/"]["operation_status"] == "ENABLE"
    with client_scope(connected):
        row.refresh_from_db()
        assert (row.state, row.error, row.differences) == ("live", "", [])
        assert row.enabled_at is not None


def a_post_to_pick(product: Product) -> Any:
    post = a_covered_authorization().post
    assert post is not None
    PostProduct.objects.get_or_create(post=post, product=product)
    return post


def test_ta6_authorized_posts_are_taken_out_of_a_campaign_that_chooses_by_itself(
    connected: int, sandbox: SandboxServer
) -> None:
    """TA6: excluded once it runs, because TikTok takes posts out of running campaigns only."""
    forget(sandbox)
    with client_scope(connected):
        post = a_post_to_pick(free_products()[0])
        row = approved(wanted(posts="but", picks=[post]))
    work(connected)
    path, body = asked(sandbox)[-1]
    assert path == "/campaign/gmv_max/creative/update/"
    assert body["action"] == "REMOVE"
    assert [one["item_id"] for one in body["item_list"]] == [post.item_id]
    with client_scope(connected):
        row.refresh_from_db()
        assert row.state == "live", row.error


def test_ta6_another_account_than_the_primary_one_is_refused_before_anything_is_created(
    connected: int, sandbox: SandboxServer
) -> None:
    forget(sandbox)
    with client_scope(connected):
        other = AdAccount.objects.exclude(pk=primary().pk).order_by("pk")[0]
        row = approved(wanted(ad_account=other, daily_budget=Decimal("120.00")))
    work(connected)
    assert not [path for path, _ in asked(sandbox) if path.endswith("/create/")]
    with client_scope(connected):
        row.refresh_from_db()
        assert row.state == "refused"
        assert "holds the shop's GMV Max right" in row.error or "does not reach" in row.error


def test_a_campaign_of_which_nothing_covers_the_chosen_post_for_the_flight_is_refused(
    connected: int, sandbox: SandboxServer
) -> None:
    """N3, TA10: chosen posts alone run only while they are permitted; an override needs a role and
    a reason and is audited."""
    with client_scope(connected):
        post = a_post_to_pick(free_products()[0])
        now = clock.now()
        plan = plan_gmv_max(
            wanted(posts="only", picks=[post], ends_at=now + timedelta(days=300)),
            by=MINA,
            now=now,
        )
        with pytest.raises(Refusal, match="usage terms end"):
            plan_actions.propose(plan, by=MINA, now=now)
        row = plan.gmv_max.get()
        for role, reason in (("media", REASON), ("viewer", REASON), ("manager", " ")):
            with pytest.raises(Refusal):
                override_gmv_max(row, reason=reason, role=role, by=MINA, now=now)
        override_gmv_max(row, reason=REASON, role="manager", by=MINA, now=now)
        plan_actions.propose(plan, by=MINA, now=now)
        told = Event.objects.get(verb="plan.gate_overridden")
        assert (told.reason, told.data["role"]) == (REASON, "manager")
        assert not Command.objects.filter(kind="campaigns.launch_gmv_max").exists()


def test_pd11_a_target_below_break_even_is_refused_and_the_value_that_would_do_is_offered(
    connected: int, sandbox: SandboxServer, world: Cast
) -> None:
    """PD11: break-even ROAS as profit published it is a gate; 3.19 asks for 3.2 of one decimal."""
    with client_scope(connected):
        for product, needed in zip(free_products(), ("2.1000", "3.1904"), strict=True):
            ProductTarget.objects.create(
                product=product,
                as_of=clock.now().date(),
                currency="USD",
                break_even_roas=Decimal(needed),
            )
        plan = plan_gmv_max(wanted(target_roas=Decimal("3.1")), by=MINA, now=clock.now())
        found = check_gmv_max(plan.gmv_max.get(), now=clock.now())
        assert found.refused == (
            "A target ROAS of 3.1 loses money: break-even is at 3.19. Set it to 3.2 or more.",
        )
        assert found.may_override
        with pytest.raises(Refusal, match="loses money"):
            plan_actions.propose(plan, by=MINA, now=clock.now())
    browser = Browser()
    browser.force_login(world.members["media"])
    here = f"/c/{world.client.slug}/campaigns/plans/{plan.pk}/"
    page = browser.get(here).content.decode()
    assert "Set the target to 3.2" in page
    assert "Override" not in page
    assert browser.post(f"{here}campaigns/{found.row.pk}/target/").status_code == 302
    with client_scope(connected):
        row = plan.gmv_max.get()
        assert row.target_roas == Decimal("3.2")
        assert check_gmv_max(row, now=clock.now()).refused == ()
        assert Event.objects.get(verb="plan.target_set").data == {"before": "3.1", "after": "3.2"}
        plan_actions.propose(Plan.objects.get(pk=plan.pk), by=MINA, now=clock.now())


BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("/campaign/gmv_max/create/", {"kind": "drop_after"}),
    ("/campaign/gmv_max/create/", {"kind": "broken_json"}),
    ("/campaign/gmv_max/create/", {"kind": "code", "code": 40002, "message": "No."}),
    ("/campaign/gmv_max/info/", {"kind": "broken_json"}),
    ("/campaign/status/update/", {"kind": "drop_after"}),
    ("/campaign/status/update/", {"kind": "code", "code": 40002, "message": "No."}),
]


@pytest.mark.parametrize(("path", "broken"), BROKEN, ids=lambda one: str(one)[:40])
def test_a_fault_at_any_step_leaves_a_campaign_on_or_off_and_creates_none_twice(
    connected: int, sandbox: SandboxServer, path: str, broken: dict[str, Any]
) -> None:
    """TA5 for GMV Max: resumed, it goes live; the sandbox's log shows one create carried out."""
    with client_scope(connected):
        row = approved(wanted())
    forget(sandbox)
    fault(sandbox, path=path, **broken)
    for minutes in (20, 60, 120):
        work(connected, minutes)
    clear_faults(sandbox)
    with client_scope(connected):
        row.refresh_from_db()
        assert row.state in ("live", "failed"), row.error
        assert not row.may_be_on
        if row.state == "failed":
            retry_failed(Plan.objects.get(pk=row.plan_id), by=MINA, now=clock.now())
    work(connected, 180)
    with client_scope(connected):
        row.refresh_from_db()
        assert row.state == "live", row.error
    done = [
        one
        for one in sandbox.look("requests?api=ads")["requests"]
        if str(one["path"]).endswith("/gmv_max/create/") and was_carried_out(one)
    ]
    assert len(done) == 1


def test_a_draft_that_cannot_be_is_refused_and_nothing_is_written(connected: int) -> None:
    past = clock.now() - timedelta(days=1)
    with client_scope(connected):
        for spoilt in ({"products": []}, {"ends_at": past}):
            with pytest.raises(Refusal):
                plan_gmv_max(wanted(**spoilt), by=MINA, now=clock.now())
        assert not Plan.objects.exists()


def test_a_campaign_is_planned_on_its_page_and_shown_to_the_client_by_link(
    connected: int, sandbox: SandboxServer, world: Cast
) -> None:
    """N23: the link tells shop, account, products, budget, target and dates."""
    browser = Browser()
    browser.force_login(world.members["media"])
    url = f"/c/{world.client.slug}/campaigns/gmv-max/new/"
    assert "New GMV Max campaign" in browser.get(url).content.decode()
    empty = browser.post(url, {})
    assert empty.status_code == 422
    with client_scope(connected):
        [first, second] = free_products()
        sent = {
            "plan_name": "Push", "shop": first.shop_id, "ad_account": primary().pk,
            "products": [first.pk, second.pk], "daily_budget": "120", "target_roas": "3.5",
            "starts_at": f"{clock.now() + timedelta(hours=20):%Y-%m-%dT%H:%M}",
            "ends_at": f"{clock.now() + timedelta(days=9):%Y-%m-%dT%H:%M}", "posts": "all",
        }  # fmt: skip
    assert "Choose the posts" in browser.post(url, {**sent, "posts": "only"}).content.decode()
    answer = browser.post(url, sent)
    assert answer.status_code == 302
    assert "GMV Max of" in browser.get(answer.headers["Location"]).content.decode()
    with client_scope(connected):
        plan = Plan.objects.get(name="Push")
        for step in (plan_actions.propose, plan_actions.confirm):
            step(plan, by=MINA, now=clock.now())
        _, token = approval.make_link(plan, recipient="Ada", by=MINA, now=clock.now())
    shown = Browser().get(f"/approve/{token}/").content.decode()
    assert "$120.00 a day" in shown and "target ROAS 3.5" in shown and "2 products" in shown
