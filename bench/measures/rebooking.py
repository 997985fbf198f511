"""One order of one shop-day changed and booked again against a rebuild of every rollup."""

from collections.abc import Iterator

from django.db.models import F

from bench.runner import Line, Measure, at_most, in_turns
from bench.stage import Stage
from profit.actions.booking import book_batch
from profit.actions.marking import mark
from profit.actions.rollup import rebuild_all
from profit.models import Dirty, Entry, Order, OrderLine
from sparkops.catalog.models import Shop
from sparkops.isolation.scope import client_scope

FRACTION = 5_000


def run(stage: Stage) -> Iterator[Line]:
    order = _some_order(stage)
    ours, everything = in_turns(
        lambda: _rebook(stage, order),
        lambda: _rebuild(stage),
        rounds=stage.size.heavy_rounds,
    )
    yield Line(
        "changed shop-day booked again / full rebuild",
        ours,
        everything,
        "ms",
        f"<= 1/{FRACTION:,}",
        at_most(1 / FRACTION),
    )


def _some_order(stage: Stage) -> Order:
    with client_scope(stage.world.client):
        return Order.objects.order_by("pk")[Order.objects.count() // 2]


def _rebook(stage: Stage, order: Order) -> None:
    """The whole way of a change: a mark, its booking, the days it touched."""
    with client_scope(stage.world.client):
        OrderLine.objects.filter(order=order).update(unit_price=F("unit_price") + 1)
        mark(
            stage.world.shop, Dirty.Kind.ORDER, [order.order_id], cause="bench", now=stage.world.now
        )
        before = Entry.objects.filter(order_id=order.order_id).count()
        assert book_batch(now=stage.world.now) == 1
        assert Entry.objects.filter(order_id=order.order_id).count() > before


def _rebuild(stage: Stage) -> None:
    for client in stage.world.clients:
        with client_scope(client):
            for shop in Shop.objects.all():
                rebuild_all(shop)


MEASURE = Measure("rebooking", run)
