"""The marketplace asked by a program, and creators taken over."""

from typing import Any

import pytest

from creators.models import Creator, MarketSearch
from sparkops.isolation.scope import client_scope
from tests.api.conftest import Caller, done, refused
from tests.api.world import World
from tests.factories.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def fields(answer: Any) -> set[str]:
    assert answer.status_code == 422, answer.content
    return {one["field"] for one in answer.json()["errors"]}


def test_a_search_is_asked_asked_again_and_deleted(
    cast: Cast, world: World, caller: Caller
) -> None:
    body = {
        "shop_id": world.books.shop.shop_id, "name": "Big ones", "followers_least": 10_000,
        "gmv": ["GMV_RANGE_1000_10000"], "is_growing": True,
    }  # fmt: skip
    row = done(caller, "market-searches/", body)
    assert (row["state"], row["hits"]) == ("waiting", 0)
    assert row["filters"] == {
        "followers_least": 10_000, "gmv": ["GMV_RANGE_1000_10000"], "is_growing": True,
    }  # fmt: skip
    assert refused(caller, "market-searches/", body) == "name_taken"
    assert refused(caller, "market-searches/", {"shop_id": "404"}) == "unknown_shop"
    turned = {**body, "name": "", "followers_most": 5}
    assert fields(caller.post("market-searches/", turned)) == {"followers_most"}
    half = {**body, "name": "", "gender": "FEMALE", "category": "404"}
    assert fields(caller.post("market-searches/", half)) == {"gender_share", "category"}
    with client_scope(cast.client.pk):
        MarketSearch.objects.filter(pk=row["id"]).update(state="done")
    here = f"market-searches/{row['id']}/"
    assert done(caller, f"{here}again/")["state"] == "waiting"
    assert done(caller, f"{here}delete/")["name"] == "Big ones"
    assert caller.get(here).status_code == 404


def test_found_creators_are_taken_over_and_known_then(
    cast: Cast, world: World, caller: Caller
) -> None:
    search = world.rows["market-searches"]
    [hit] = caller.rows("market-hits/", search=str(search))
    assert (hit["handle"], hit["known_id"], hit["gmv"]) == ("found.0", None, None)
    assert hit["gmv_most"] == {"amount": "1000.00", "currency": "USD"}
    assert hit["reasons"] == ["Sells what you sell."]
    here = f"market-searches/{search}/take-over/"
    assert refused(caller, here, {"ids": [404]}) == "unknown_hit"
    done(caller, here, {"ids": [hit["id"]]})
    with client_scope(cast.client.pk):
        creator = Creator.objects.get(handle="found.0")
    [known] = caller.rows("market-hits/", search=str(search), here="known")
    assert known["known_id"] == creator.pk
    assert caller.rows("market-hits/", search=str(search), here="new") == []
    assert caller.get("market-hits/", search="404").status_code == 404
