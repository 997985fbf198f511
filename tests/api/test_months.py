"""Months closed and reopened by a program: the same rules, the same log."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from profit.models import MonthClose
from sparkops.audit.models import Event
from sparkops.catalog.models import Shop
from sparkops.isolation.scope import client_scope
from sparkops.tenants.permissions import Permission
from tests.api.conftest import Caller, done, make_caller, refused
from tests.api.world import World
from tests.factories.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_december")]
# Past the end of November in Los Angeles.
LATER = datetime(2026, 12, 10, 12, tzinfo=UTC)


@pytest.fixture
def in_december() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


def booked(cast: Cast, world: World) -> None:
    with client_scope(cast.client.pk):
        world.books.now = LATER
        world.books.book()


def november(caller: Caller) -> dict[str, object]:
    [found] = [one for one in caller.get("months/").json()["months"] if one["month"] == "2026-11"]
    return found


def test_a_closed_month_stays_as_signed_until_it_is_reopened(
    cast: Cast, world: World, caller: Caller
) -> None:
    assert refused(caller, "months/2026-11/close/", {}) == "booking"
    booked(cast, world)
    open_month = november(caller)
    signed = done(caller, "months/2026-11/close/", {})
    assert signed == {**open_month, "closed": True}
    assert refused(caller, "months/2026-11/close/", {}) == "closed"
    assert refused(caller, "months/2026-12/close/", {}) == "not_over"
    cost = {
        "name": "Editor", "cost": {"amount": "80", "currency": "USD"}, "starts_on": "2026-11-02",
        "shop_id": world.books.shop.shop_id,
    }  # fmt: skip
    done(caller, "custom-costs/", cost)
    booked(cast, world)
    later = november(caller)
    assert later["net_profit"] == signed["net_profit"]
    # The whole cost came after the close, in one entry of its one day.
    assert later["came_later"] == {"amount": "-80.00", "currency": "USD"}
    assert later["later_entries"] == 1
    assert refused(caller, "months/2026-11/reopen/", {"reason": "no"}) == "reason"
    assert done(caller, "months/2026-11/reopen/", {"reason": "Costs were missing"})["closed"] is (
        False
    )
    assert refused(caller, "months/2026-11/reopen/", {"reason": "Once more"}) == "open"
    with client_scope(cast.client.pk):
        close = MonthClose.objects.get()
        assert close.closed_by.startswith("API key Test")
        assert (close.reopened_by, close.reason) == (close.closed_by, "Costs were missing")
        verbs = Event.objects.filter(verb__startswith="month.").order_by("pk")
        assert [one.verb for one in verbs] == ["month.closed", "month.reopened"]


def test_what_is_no_month_is_not_found_and_two_shops_are_told_apart(
    cast: Cast, world: World, caller: Caller
) -> None:
    for word in ("2026-13", "november", "9999-12"):
        assert caller.post(f"months/{word}/close/", {}).status_code == 404, word
    assert caller.get("journal/", month="9999-12").status_code == 400
    assert refused(caller, "months/2026-11/close/", {"shop_id": "404"}) == "unknown_shop"
    with client_scope(cast.client.pk):
        shop = Shop.objects.get(pk=world.books.shop.pk)
        shop.pk, shop.shop_id = None, "2"
        shop.save(force_insert=True)
    booked(cast, world)
    assert refused(caller, "months/2026-11/close/", {}) == "which_shop"
    assert done(caller, "months/2026-11/close/", {"shop_id": world.books.shop.shop_id})["closed"]


def test_closing_and_reopening_are_two_scopes(cast: Cast, world: World) -> None:
    booked(cast, world)
    closer = make_caller(cast.agency, cast.client, scopes=[Permission.COST_EDIT])
    assert done(closer, "months/2026-11/close/", {})["closed"]
    answer = closer.post("months/2026-11/reopen/", {"reason": "Costs were missing"})
    assert answer.status_code == 403
    assert "month.reopen" in answer.json()["detail"]
