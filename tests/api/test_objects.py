"""Every address with real rows: shape, access, cost in queries, and what writes do."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from jsonschema import Draft202012Validator

from authorizations.models import Authorization, Redemption, UsageTerms
from profit.actions.marking import mark
from profit.models import Dirty, Order
from sparkops.api.operations import Listing
from sparkops.api.reference import schema
from sparkops.audit.models import Event
from sparkops.catalog.models import UnitCost
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.tenants.permissions import ROLE_PERMISSIONS, Permission, Role
from tests.api.conftest import Caller, make_caller
from tests.api.world import PERIOD, World
from tests.factories.cast import Cast
from tests.factories.rights import CODE, OTHER_CODE
from tests.guards.test_gate import api_routes
from tests.profit.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
WHOLE = schema()
PARTS = WHOLE["components"]["schemas"]
BELOW = "api/v1/clients/<slug:client>/"
ROUTES = {path.removeprefix(BELOW): view for path, view, _ in api_routes() if BELOW in path}
# What a list or report needs to be asked so that the world has something to show.
ASKED: dict[str, dict[str, str]] = {
    "orders/": PERIOD,
    "ledger-entries/": PERIOD,
    "pnl/": PERIOD,
    "pnl/groups/": {**PERIOD, "by": "product"},
    "journal/": {"month": "2026-11"},
}


def concrete(route: str, world: World) -> str:
    """An address of something in the world."""
    ids = {
        "creators": world.creator.pk,
        "posts": world.post.pk,
        "authorizations": world.authorization.pk,
        "redemptions": world.redemption.pk,
        "ads": world.ad.pk,
        "launches": world.launch.pk,
        "orders": "577430000000000001",
        "statements": "7562000000000000002",
        "products": "1729500000000000101",
        "months": "2026-11",
        **world.rows,
    }
    return re.sub(r"<[^>]+>", str(ids.get(route.split("/")[0], "")), route)


def answer_schema(route: str, method: str) -> dict[str, Any]:
    path = "/api/v1/clients/{client}/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route)
    # The schema names `pk` as the address does, or `id`.
    item = WHOLE["paths"].get(path) or WHOLE["paths"][path.replace("{pk}", "{id}")]
    found = item[method.lower()]["responses"]
    status = next(one for one in found if one.startswith("2"))
    return found[status]["content"]["application/json"]["schema"]


def misfits(content: Any, found: dict[str, Any]) -> list[str]:
    """Where an answer is not what the schema says."""
    validator = Draft202012Validator({**found, "components": {"schemas": PARTS}})
    return [f"{list(one.absolute_path)}: {one.message}" for one in validator.iter_errors(content)]


def test_every_answer_has_rows_and_the_shape_that_the_schema_says(
    world: World, caller: Caller
) -> None:
    wrong = {}
    reading = [route for route, view in ROUTES.items() if "GET" in view.cls.operations]
    for route in reading:
        answer = caller.get(concrete(route, world), **ASKED.get(route, {}))
        assert answer.status_code == 200, (route, answer.content)
        content = answer.json()
        if "data" in content:
            assert content["data"], f"{route} shows nothing"
        if errors := misfits(content, answer_schema(route, "GET")):
            wrong[route] = errors[:3]
        assert CODE not in answer.content.decode()
    assert wrong == {}
    assert len(reading) >= 30


def test_no_list_costs_more_queries_for_more_rows(cast: Cast, world: World, caller: Caller) -> None:
    lists = [
        route
        for route, view in ROUTES.items()
        if isinstance(view.cls.operations.get("GET"), Listing)
    ]
    before = {route: _queries(caller, route) for route in lists}
    with client_scope(cast.client.pk):
        for number in range(4):
            world.more(number)
        world.books.book()
    after = {route: _queries(caller, route) for route in lists}
    assert after == before
    assert len(lists) >= 20


def _queries(caller: Caller, route: str) -> int:
    caller.get(route, **ASKED.get(route, {}))
    with CaptureQueriesContext(connection) as found:
        assert caller.get(route, **ASKED.get(route, {})).status_code == 200
    return len(found)


def test_each_role_s_permissions_as_scopes_open_what_pages_open(cast: Cast, world: World) -> None:
    """The matrix: every address and method × every role's scopes; nothing else decides."""
    offered = set(WHOLE["paths"])
    assert len(offered) >= 45
    for role in Role:
        held = ROLE_PERMISSIONS[role] | {Permission.VIEW}  # every key reads
        caller = make_caller(
            cast.agency, cast.client, scopes=[one for one in held if one in SCOPES_ASKED]
        )
        for route, view in ROUTES.items():
            for method, operation in view.cls.operations.items():
                answer = send(caller, method, concrete(route, world), route)
                allowed = operation.permission in held
                assert (answer.status_code != 403) is allowed, (role, method, route)
                assert answer.status_code < 500 and answer.status_code != 401, (method, route)


SCOPES_ASKED = {
    one.permission for view in ROUTES.values() for one in view.cls.operations.values()
} - {Permission.VIEW}


def send(caller: Caller, method: str, path: str, route: str = "") -> Any:
    if method == "GET":
        return caller.get(path, **ASKED.get(route, {}))
    # An unknown field stops every write that takes a body before anything is done.
    return caller.post(path, {"nope": 1}) if method == "POST" else caller.patch(path, {"nope": 1})


def test_a_foreign_client_is_not_found_by_any_method_and_no_key_is_refused(
    cast: Cast, world: World
) -> None:
    caller = make_caller(cast.agency, None, at="secret-brand")
    for route, view in ROUTES.items():
        for method in view.cls.operations:
            path = concrete(route, world)
            answer = send(caller, method, path)
            assert answer.status_code == 404, (method, route)
            assert cast.foreign.name not in answer.content.decode()
            bare = Browser().generic(method, f"/api/v1/clients/glow/{path}")
            assert bare.status_code == 401, (method, route)


def test_ids_of_another_client_are_not_found(cast: Cast, world: World) -> None:
    caller = make_caller(cast.agency, cast.sister)
    for route, view in ROUTES.items():
        if "<" in route:
            for method in view.cls.operations:
                answer = send(caller, method, concrete(route, world))
                # A body is read before the row is looked up; a good one finds nothing either.
                assert answer.status_code in ({404} if method == "GET" else {404, 422}), route


def test_the_schema_lists_every_address_and_each_operation_once() -> None:
    offered = {
        (path.strip("/"), method.upper())
        for path, item in WHOLE["paths"].items()
        for method in item
    }
    routed = set()
    for path, view, stamped in api_routes():
        if stamped.startswith("api-"):
            plain = re.sub(r"<\w+:(\w+)>", r"{\1}", path).strip("/")
            routed |= {(plain, method) for method in view.cls.operations}
    assert {(path.replace("{id}", "{pk}"), method) for path, method in offered} == routed
    ids = [one["operationId"] for item in WHOLE["paths"].values() for one in item.values()]
    assert len(ids) == len(set(ids))
    assert get_resolver().resolve("/api/v1/schema/")


def test_codes_are_handed_in_once_however_often_they_are_sent(
    cast: Cast, world: World, caller: Caller
) -> None:
    body = {"text": f"new one: {OTHER_CODE}", "advertiser_ids": [world.account.advertiser_id]}
    first = caller.post("authorizations/hand-in/", body, Idempotency_Key="a-1")
    assert first.status_code == 202, first.content
    [line] = first.json()["data"]
    assert line["result"] == "new"
    assert OTHER_CODE not in first.content.decode()
    again = caller.post("authorizations/hand-in/", body, Idempotency_Key="a-1")
    assert again.json() == first.json()
    assert again.status_code == 202
    assert again.headers["Idempotent-Replayed"] == "true"
    other = {**body, "text": CODE}
    reused = caller.post("authorizations/hand-in/", other, Idempotency_Key="a-1")
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
    bad = caller.post("authorizations/hand-in/", body, Idempotency_Key="a b")
    assert bad.status_code == 400
    with client_scope(cast.client.pk):
        made = Authorization.objects.get(pk=line["authorization_id"])
        assert made.source == "paste"
        redemption = Redemption.objects.get(authorization=made)
        asked = [one for one in Command.objects.all() if f":{redemption.pk}:" in one.key]
        assert len(asked) == 1


def test_a_refused_write_may_be_sent_again_under_its_name(world: World, caller: Caller) -> None:
    body = {"text": OTHER_CODE, "advertiser_ids": ["404"]}
    refused = caller.post("authorizations/hand-in/", body, Idempotency_Key="b-1")
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_ad_account")
    good = {**body, "advertiser_ids": [world.account.advertiser_id]}
    assert caller.post("authorizations/hand-in/", good, Idempotency_Key="b-1").status_code == 202


def test_writes_do_what_pages_do(cast: Cast, world: World, caller: Caller) -> None:
    renewed = caller.post(f"authorizations/{world.authorization.pk}/renew/", {"days": 60}).json()
    assert (renewed["state"], renewed["requested_days"]) == ("requested", 60)
    assert renewed["previous_id"] == world.authorization.pk
    terms = caller.post(
        "usage-terms/",
        {
            "creator_id": world.creator.pk,
            "post_id": world.post.pk,
            "starts_on": "2026-11-01",
            "ends_on": "2027-01-31",
            "price": {"amount": "99.90", "currency": "USD"},
        },
    )
    assert terms.status_code == 201, terms.content
    assert terms.json()["price"] == {"amount": "99.90", "currency": "USD"}
    retried = caller.post(f"redemptions/{world.redemption.pk}/retry/")
    assert (retried.status_code, retried.json()["state"]) == (202, "waiting")
    cost = caller.post(
        "unit-costs/",
        {
            "sku_id": world.sku.sku_id,
            "cost": {"amount": "5.25", "currency": "USD"},
            "effective_from": "2026-11-01",
        },
    )
    assert cost.status_code == 201, cost.content
    fee = caller.post(
        "creator-fees/",
        {
            "creator_id": world.creator.pk,
            "kind": "flat_fee",
            "fee": {"amount": "80", "currency": "USD"},
            "starts_on": "2026-11-20",
            "item_id": world.post.item_id,
        },
    )
    assert fee.status_code == 201, fee.content
    assert fee.json()["fee"] == {"amount": "80.00", "currency": "USD"}
    assert caller.post(f"ads/{world.ad.pk}/pause/").status_code == 202
    assert caller.post(f"launches/{world.launch.pk}/resume/").json()["state"] == "creating"
    assert caller.post("connections/read-again/").status_code == 202
    with client_scope(cast.client.pk):
        assert UsageTerms.objects.filter(source="api").count() == 1
        assert UnitCost.objects.get(sku=world.sku, effective_from="2026-11-01").source == "api"
        verbs = set(Event.objects.filter(actor__contains="API key").values_list("verb", flat=True))
    assert {"terms.recorded", "unit_cost.set", "creator_fee.added", "ad.pause_asked"} <= verbs


def test_a_stopped_launch_is_given_up_once(world: World, caller: Caller) -> None:
    address = f"launches/{world.launch.pk}/cancel/"
    given_up = caller.post(address)
    assert given_up.status_code == 200, given_up.content
    assert given_up.json()["state"] == "canceled"
    assert misfits(given_up.json(), answer_schema("launches/{pk}/cancel/", "POST")) == []
    again = caller.post(address)
    assert (again.status_code, again.json()["code"]) == (422, "not_stopped")


def test_a_launch_meets_the_same_gate(cast: Cast, world: World, caller: Caller) -> None:
    body = {
        "post_id": world.post.pk,
        "advertiser_id": world.account.advertiser_id,
        "objective": "VIDEO_VIEWS",
        "daily_budget": "50.00",
        "starts_at": (NOW + timedelta(hours=1)).isoformat(),
        "ends_at": (NOW + timedelta(days=90)).isoformat(),
    }
    told = caller.post("launches/", {**body, "ends_at": NOW.isoformat()})
    assert (told.status_code, told.json()["code"]) == (422, "flight")
    launched = caller.post("launches/", body)
    assert launched.status_code == 201, launched.content
    # The permission ends in ten days, the flight in ninety: nothing is asked of TikTok.
    assert launched.json()["state"] == "refused"
    assert launched.json()["error"]
    assert misfits(launched.json(), answer_schema("launches/", "POST")) == []
    with client_scope(cast.client.pk):
        assert not Command.objects.filter(kind="campaigns.launch").exists()
    missing = caller.post("launches/", {**body, "objective": "TRAFFIC"})
    assert missing.json()["errors"][0]["field"] == "landing_url"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("unit-costs/", {"sku_id": "404"}, "cost"),
        (
            "unit-costs/",
            {
                "sku_id": "404",
                "cost": {"amount": "1", "currency": "USD"},
                "effective_from": "2026-11-01",
            },
            "sku_id",
        ),
        (
            "unit-costs/",
            {
                "sku_id": "404",
                "cost": {"amount": "NaN", "currency": "usd"},
                "effective_from": "2026-11-01",
            },
            "cost.currency",
        ),
        ("usage-terms/", {"creator_id": 404, "starts_on": "2026-11-01"}, "creator_id"),
        ("authorizations/hand-in/", {"text": "hello", "advertiser_ids": []}, "advertiser_ids"),
    ],
)
def test_wrong_input_names_its_field(
    caller: Caller, path: str, body: dict[str, Any], field: str
) -> None:
    answer = caller.post(path, body)
    assert answer.status_code == 422, answer.content
    assert field in {one["field"] for one in answer.json()["errors"]}


def test_filters_are_those_of_the_pages(world: World, caller: Caller) -> None:
    assert len(caller.rows("authorizations/", state="expired")) == 0
    assert len(caller.rows("authorizations/", q="maya", ends="14")) == 1
    assert len(caller.rows("posts/", q=world.post.item_id)) == 1
    assert caller.rows("post-days/", item_id="404") == []
    assert caller.rows("ads/", state="paused") == []
    assert caller.rows("alerts/", open="false") == []
    assert {one["account"] for one in caller.rows("ledger-entries/", **PERIOD, account="gmv")} == {
        "gmv"
    }


def test_an_id_beyond_the_database_is_refused(caller: Caller) -> None:
    for path, name in (("redemptions/", "authorization"), ("samples/", "creator")):
        answer = caller.get(path, **{name: str(10**30)})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, name)
    assert caller.get("ads/", account=str(10**30)).status_code == 400


def test_profit_is_not_stated_while_a_cost_is_missing(
    cast: Cast, world: World, caller: Caller
) -> None:
    with client_scope(cast.client.pk):
        UnitCost.objects.all().delete()
        ids = Order.objects.values_list("order_id", flat=True)
        mark(world.books.shop.pk, Dirty.Kind.ORDER, ids, cause="test", now=NOW)
        world.books.book()
    told = caller.get("pnl/", **PERIOD).json()
    assert told["lines"]["complete"] is False
    assert told["lines"]["gmv"] is not None
    assert told["lines"]["cm3"] is None
    assert told["ratios"]["cm3_margin"] is None


def test_today_of_all_clients_has_each_client_once(cast: Cast, world: World) -> None:
    everyone = make_caller(cast.agency, None)
    rows = everyone.rows("/api/v1/today/")
    assert [one["client"] for one in rows] == ["glow", "peak"]
    assert rows[0]["live"]["live_ads"] == 1
    assert rows[1]["live"]["live_ads"] == 0
    assert "live" in rows[1]["unread"]
    one = make_caller(cast.agency, cast.sister)
    assert [row["client"] for row in one.rows("/api/v1/today/")] == ["peak"]


def test_profit_of_all_clients_says_what_the_pnl_of_each_says(cast: Cast, world: World) -> None:
    """November's orders lie in the last 30 days; what was never read has no zeros."""
    everyone = make_caller(cast.agency, None, at=cast.client.slug)
    address = "/api/v1/profit/"
    glow, peak = everyone.rows(address, days="30")
    assert (glow["client"], glow["shop_id"]) == ("glow", world.books.shop.shop_id)
    own = everyone.get("pnl/").json()
    assert glow["profit"]["lines"] == own["lines"]
    assert glow["profit"]["stages"] == own["stages"]
    assert glow["profit"]["lines"]["gmv"] == {"amount": "108.00", "currency": "USD"}
    assert (glow["profit"]["since"], glow["profit"]["until"]) == ("2026-10-22", "2026-11-20")
    assert (peak["client"], peak["shop_id"], peak["profit"]) == ("peak", None, None)
    one = make_caller(cast.agency, cast.sister)
    assert [row["client"] for row in one.rows(address)] == ["peak"]
    assert everyone.get(address, days="31").status_code == 400
    told = WHOLE["paths"][address]["get"]["responses"]["200"]["content"]["application/json"]
    assert misfits(everyone.get(address).json(), told["schema"]) == []


def test_a_journal_is_balanced_and_equals_the_months_books(world: World, caller: Caller) -> None:
    """The accounts of November by event date: GMV of 108.00 is a credit, both sides are equal."""
    told = caller.get("journal/", month="2026-11").json()
    lines = {one["code"]: (Decimal(one["debit"]), Decimal(one["credit"])) for one in told["lines"]}
    assert lines["gmv"] == (0, Decimal("108"))
    sides = [sum(one[side] for one in lines.values()) for side in (0, 1)]
    assert sides == [Decimal(told["total"])] * 2
    assert (told["month"], told["dated"], told["closed"]) == ("2026-11", "2026-11-30", False)
    assert caller.get("journal/").status_code == 400
    with time_machine.travel(datetime(2026, 12, 10, tzinfo=UTC), tick=False):
        [month] = caller.get("months/").json()["months"]
    assert (month["month"], month["closed"], month["complete"]) == ("2026-11", False, False)


def test_restatements_are_found_by_reason(world: World, caller: Caller) -> None:
    found = caller.get("restatements/", kind="unit_cost").json()["data"]
    assert found and {one["kind"] for one in found} == {"unit_cost"}
    assert caller.get("restatements/", kind="fee_rule").json()["data"] == []
