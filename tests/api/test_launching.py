"""Templates, limits, GMV Max and approval by link: what media buyers do, done by a program."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser

from campaigns.models import Campaign, LaunchTemplate, Plan
from creators.models import PostProduct
from sparkops.catalog.models import ProductTarget
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from tests.api.conftest import Caller, done, refused
from tests.api.world import TODAY, World
from tests.factories.cast import Cast
from tests.profit.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def fields(answer: object) -> set[str]:
    assert answer.status_code == 422, answer.content  # type: ignore[attr-defined]
    return {one["field"] for one in answer.json()["errors"]}  # type: ignore[attr-defined]


def test_a_template_is_changed_as_a_new_version_and_retired(
    cast: Cast, world: World, caller: Caller
) -> None:
    body = {
        "name": "Views", "objective": "VIDEO_VIEWS", "goal": "ENGAGED_VIEW", "daily_budget": "60",
        "placement": "tiktok",
    }  # fmt: skip
    first = done(caller, "launch-templates/", body)
    assert (first["version"], first["days"], first["bid"]) == (1, 7, None)
    assert refused(caller, "launch-templates/", body) == "taken"
    here = f"launch-templates/{first['id']}/"
    second = caller.patch(here, {"days": 14, "bid": "0.015"}).json()
    assert (second["version"], second["days"], second["daily_budget"]) == (2, 14, "60.0000")
    assert Decimal(second["bid"]) == Decimal("0.015")
    late = caller.patch(here, {"days": 3})
    assert (late.status_code, late.json()["code"]) == (422, "changed")
    assert caller.get(here).json() == first
    wrong = {**body, "name": "Clicks", "goal": "CLICK", "naming": "{moon}"}
    assert fields(caller.post("launch-templates/", wrong)) == {"goal", "naming"}
    assert second["id"] in [one["id"] for one in caller.rows("launch-templates/")]
    assert caller.post(f"{here}retire/").status_code == 404
    assert done(caller, f"launch-templates/{second['id']}/retire/")["retired_at"]
    assert "Views" not in [one["name"] for one in caller.rows("launch-templates/")]
    with client_scope(cast.client.pk):
        row = LaunchTemplate.objects.get(pk=second["id"])
        assert row.created_by.startswith("API key Test")


def test_what_is_launched_with_a_template_keeps_its_objective(world: World, caller: Caller) -> None:
    template = world.rows["launch-templates"]
    plan = {
        "name": "Autumn", "post_ids": [world.post.pk], "objective": "VIDEO_VIEWS",
        "advertiser_id": world.account.advertiser_id, "daily_budget": "20",
        "starts_at": "2026-11-21T00:00:00Z", "ends_at": "2026-11-24T00:00:00Z",
        "template_id": template,
    }  # fmt: skip
    made = done(caller, "plans/", plan)
    assert [one["template_id"] for one in made["lines"]] == [template]
    assert fields(caller.post("plans/", {**plan, "objective": "REACH"})) == {"objective"}
    assert "template_id" in fields(caller.post("plans/", {**plan, "template_id": 404}))
    launch = {**plan, "post_id": world.post.pk}
    del launch["name"], launch["post_ids"]
    # The template names it: client and the last six digits of the post.
    started = done(caller, "launches/", launch)
    assert started["name"].startswith(f"Glow Skincare {world.post.item_id[-6:]} ")
    assert fields(caller.post("launches/", {**launch, "objective": "REACH"})) == {"objective"}


def test_a_limit_is_set_per_currency(world: World, caller: Caller) -> None:
    row = done(caller, "launch-limits/", {"currency": "USD", "max_daily": "30"})
    assert row["max_daily"] == {"amount": "30.00", "currency": "USD"}
    assert row["max_total"] is None
    [line] = caller.get(f"plans/{world.rows['plans']}/checks/").json()["data"]
    assert line["line_id"] and line["gmv_max_id"] is None
    # The plan's twenty a day are below thirty; ten are too little for it.
    assert [one for one in line["checks"] if one["name"] == "daily_cap" and not one["passed"]] == []
    done(caller, "launch-limits/", {"currency": "USD", "max_daily": "10"})
    [line] = caller.get(f"plans/{world.rows['plans']}/checks/").json()["data"]
    assert [one["passed"] for one in line["checks"] if one["name"] == "daily_cap"] == [False]


def test_gmv_max_is_planned_and_its_target_raised_to_break_even(
    cast: Cast, world: World, caller: Caller
) -> None:
    product, shop = world.sku.product, world.books.shop
    with client_scope(cast.client.pk):
        ProductTarget.objects.update_or_create(
            product=product,
            as_of=TODAY,
            defaults={"currency": "USD", "break_even_roas": Decimal("3.2258")},
        )
    body = {
        "name": "Serum", "shop_id": shop.shop_id, "advertiser_id": world.account.advertiser_id,
        "product_ids": [product.product_id], "daily_budget": "100", "target_roas": "2.0",
        "starts_at": (NOW + timedelta(hours=1)).isoformat(),
        "ends_at": (NOW + timedelta(days=5)).isoformat(),
    }  # fmt: skip
    plan = done(caller, "plans/gmv-max/", body)
    [row] = plan["gmv_max"]
    assert (row["product_ids"], row["posts"], row["target_roas"]) == (
        [product.product_id], "all", "2.0",
    )  # fmt: skip
    [check] = caller.get(f"plans/{plan['id']}/checks/").json()["data"]
    assert check["gmv_max_id"] == row["id"]
    assert "break_even" in {one["name"] for one in check["checks"] if not one["passed"]}
    raised = done(caller, f"plans/{plan['id']}/gmv-max/{row['id']}/raise-target/")
    # 3.2258 with one decimal, upwards.
    assert raised["gmv_max"][0]["target_roas"] == "3.3"
    again = f"plans/{plan['id']}/gmv-max/{row['id']}/raise-target/"
    assert refused(caller, again) == "no_offer"
    assert refused(caller, "plans/gmv-max/", {**body, "shop_id": "404"}) == "unknown_shop"
    assert refused(caller, "plans/gmv-max/", {**body, "product_ids": ["4"]}) == "unknown_product"
    assert fields(caller.post("plans/gmv-max/", {**body, "posts": "only"})) == {"post_ids"}
    turned = {**body, "ends_at": body["starts_at"]}
    assert fields(caller.post("plans/gmv-max/", turned)) == {"ends_at"}


def test_a_post_is_put_into_a_run_campaign_once_at_a_time(
    cast: Cast, world: World, caller: Caller
) -> None:
    here = f"posts/{world.post.pk}/gmv-max/"
    with client_scope(cast.client.pk):
        campaign = Campaign.objects.create(
            ad_account=world.account, campaign_id="9001", name="GMV Max", seen_at=NOW,
            kind="gmv_max_product", operation_status="ENABLE",
        )  # fmt: skip
        world.account.shop = world.books.shop
        world.account.save(update_fields=["shop"])
    put_in = {"campaign_id": campaign.campaign_id, "included": True}
    assert refused(caller, here, put_in) == "no_product"
    with client_scope(cast.client.pk):
        PostProduct.objects.create(post=world.post, product=world.sku.product)
    assert refused(caller, here, {**put_in, "campaign_id": "171"}) == "unknown_campaign"
    row = done(caller, here, {**put_in, "included": False})
    assert (row["campaign_id"], row["included"], row["state"]) == ("9001", False, "asked")
    assert refused(caller, here, put_in) == "on_its_way"
    assert row["id"] in [one["id"] for one in caller.rows("gmv-max-choices/")]
    with client_scope(cast.client.pk):
        assert Command.objects.get(kind="campaigns.gmv_max_post").payload == {"choice": row["id"]}


def test_a_plan_is_sent_by_a_link_that_is_told_once(
    cast: Cast, world: World, caller: Caller
) -> None:
    plan = world.rows["plans"]
    assert refused(caller, f"plans/{plan}/send/", {"recipient": "Ada"}) == "not_confirmed"
    with client_scope(cast.client.pk):
        Plan.objects.filter(pk=plan).update(state="confirmed")
    made = done(caller, f"plans/{plan}/send/", {"recipient": "Ada"})
    address = urlsplit(made["url"]).path
    page = Browser().get(address)
    assert (page.status_code, "one" in page.content.decode()) == (200, True)
    assert caller.get(f"plans/{plan}/").json()["state"] == "sent"
    links = caller.rows("approval-links/", plan=str(plan))
    assert [one["recipient"] for one in links] == ["Ada", "Ada of Glow"]
    assert address.split("/")[2] not in caller.get("approval-links/").content.decode()
    assert done(caller, f"approval-links/{made['link']['id']}/revoke/")["revoked_at"]
    assert Browser().get(address).status_code >= 400


def test_a_draft_loses_posts_and_only_an_approved_plan_is_tried_again(
    world: World, caller: Caller
) -> None:
    plan = world.rows["plans"]
    [line] = caller.get(f"plans/{plan}/").json()["lines"]
    assert caller.post(f"plans/{plan}/lines/404/drop/").status_code == 404
    assert done(caller, f"plans/{plan}/lines/{line['id']}/drop/")["lines"] == []
    assert refused(caller, f"plans/{plan}/retry/") == "wrong_state"
