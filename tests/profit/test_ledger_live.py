"""The ledger from the live sandbox ties to the sandbox's own world (PD1, PD3, PD4, PD5, PD7)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import QuerySet, Sum

from authorizations.inbound import STREAMS as RIGHTS
from campaigns.inbound import STREAMS as CAMPAIGNS
from creators.inbound import STREAMS as CREATORS
from profit.actions.costs import set_unit_cost
from profit.actions.rollup import rebuild_all
from profit.inbound import STREAMS
from profit.models import DayTotal, Dirty, Entry, Order, OrderLine, Statement, StatementLine
from profit.queries.entries import entries_of
from profit.queries.groups import grouped
from profit.queries.origins import origin_table
from profit.queries.pnl import shop_pnl, sums
from profit.queries.tie_out import tie_out
from profit.rules.facts import Basis, Period
from profit.rules.origins import Origin
from profit.rules.pnl import UNATTRIBUTED, Dimension
from profit.tasks import book
from sparkops import clock
from sparkops.audit.record import Actor
from sparkops.catalog.inbound import STREAMS as CATALOG
from sparkops.catalog.models import Shop, Sku
from sparkops.isolation.scope import client_scope
from tests.factories.cast import Cast
from tests.factories.world import own_transaction, synced_cast
from tests.sandbox_server import SandboxServer

pytestmark = pytest.mark.journey
JO = Actor("Jo", 9)
ALWAYS = Period(first=date(2000, 1, 1), last=date(2100, 1, 1))


def world_of(sandbox: SandboxServer) -> dict[str, Any]:
    return sandbox.look("world?brand=lumen")["brands"][0]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, sandbox: SandboxServer) -> Iterator[Cast]:
    groups = (CATALOG, CREATORS, RIGHTS, CAMPAIGNS, STREAMS)
    with synced_cast(django_db_blocker, sandbox, *groups) as cast:
        book(client_id=cast.client.pk)
        yield cast


@pytest.fixture
def booked(world: Cast, django_db_blocker: Any) -> Iterator[int]:
    with own_transaction(django_db_blocker):
        yield world.client.pk


def booked_gmv(rows: QuerySet[Entry]) -> Decimal:
    return rows.filter(account="gmv").aggregate(gmv=Sum("amount"))["gmv"] or Decimal(0)


def the_shop() -> Shop:
    return Shop.objects.get()


def month(sandbox: SandboxServer) -> Period:
    window = world_of(sandbox)["window"]
    return Period(first=date.fromisoformat(window["from"]), last=date.fromisoformat(window["to"]))


def test_pd1_products_equal_the_sandbox_s_own_count(booked: int, sandbox: SandboxServer) -> None:
    world = world_of(sandbox)
    with client_scope(booked):
        found = grouped(the_shop(), Basis.ORDER, month(sandbox), Dimension.PRODUCT)
        for product in world["products"]:
            pnl = found[product["product_id"]]
            assert pnl.gmv == Decimal(product["gmv"]), product
            assert pnl.refunded_item_revenue == Decimal(product["refunded_item_revenue"]), product
        assert sum((pnl.gmv for pnl in found.values()), Decimal(0)) == Decimal(
            world["totals"]["gmv"]
        )


def test_pd3_views_and_unattributed_sum_to_the_shop(booked: int, sandbox: SandboxServer) -> None:
    with client_scope(booked):
        shop = the_shop()
        for basis in Basis:
            whole = shop_pnl(shop, basis, month(sandbox))
            for dimension in Dimension:
                groups = grouped(shop, basis, month(sandbox), dimension)
                for line in ("gmv", "net_revenue", "cm2", "net_ad_cost", "cm3"):
                    total = sum((getattr(pnl, line) for pnl in groups.values()), Decimal(0))
                    assert total == getattr(whole, line), (basis, dimension, line)
            assert sums(shop, Basis.EVENT, ALWAYS) == sums(shop, Basis.ORDER, ALWAYS)
            for origin in Origin:
                groups = origin_table(shop, basis, month(sandbox), origin).groups
                opened = Decimal(0)
                for key in set(groups) - {UNATTRIBUTED}:
                    rows = entries_of(shop, basis, month(sandbox), {origin.value: key})
                    opened += booked_gmv(rows)
                    assert booked_gmv(rows) == groups[key].gmv, (basis, key)
                assert opened + groups[UNATTRIBUTED].gmv == whole.gmv
        assert len(origin_table(shop, Basis.ORDER, month(sandbox), Origin.CAMPAIGN).groups) > 2
        posts = grouped(shop, Basis.ORDER, month(sandbox), Dimension.POST)
        assert posts[UNATTRIBUTED].gmv > 0


def test_booking_again_changes_nothing(booked: int) -> None:
    with client_scope(booked):
        before = Entry.objects.count()
        assert before > 1000
        assert not Dirty.objects.exists()
        shop = the_shop()
        for order in Order.objects.values_list("order_id", flat=True):
            Dirty.objects.create(
                shop=shop, kind="order", subject=order, cause="again", marked_at=clock.now()
            )
    book(client_id=booked)
    with client_scope(booked):
        assert Entry.objects.count() == before


def test_the_rollup_can_be_lost_and_rebuilt(booked: int) -> None:
    def sums() -> dict[str, Decimal]:
        rows = DayTotal.objects.filter(basis="order").values_list("account")
        return dict(rows.annotate(total=Sum("amount")))

    with client_scope(booked):
        before = sums()
        rebuild_all(the_shop())
        assert sums() == before


def test_the_ledger_refuses_changes(booked: int) -> None:
    with client_scope(booked):
        with pytest.raises(DatabaseError), transaction.atomic():
            Entry.objects.update(amount=0)
        with pytest.raises(DatabaseError), transaction.atomic():
            Entry.objects.all()[:1].get().delete()


def test_pd4_samples_are_no_revenue_but_a_cost_of_their_creator(booked: int) -> None:
    with client_scope(booked):
        samples = list(Order.objects.filter(is_sample=True).values_list("order_id", flat=True))
        assert samples
        sku = OrderLine.objects.filter(order__is_sample=True).first().sku
        assert not Entry.objects.filter(order_id__in=samples, account="gmv").exists()
        set_unit_cost(sku, Decimal("4.20"), "USD", date(2026, 1, 1), by=JO, now=clock.now())
    book(client_id=booked)
    with client_scope(booked):
        costs = Entry.objects.filter(
            account="sample_cost", subject__in=[f"order/{one}" for one in samples]
        )
        assert costs.exists()
        assert all(row.amount >= Decimal("4.20") for row in costs)
        assert costs.exclude(creator=None).exists()


def test_pd5_a_refund_of_an_earlier_period_is_booked_in_its_own(booked: int) -> None:
    with client_scope(booked):
        late = Entry.objects.filter(account="refunded_item_revenue").exclude(order_id="")
        row = next(one for one in late if one.event_day.month != one.order_day.month)
        shop = the_shop()
        day = Period(first=row.event_day, last=row.event_day)
        by_event = shop_pnl(shop, Basis.EVENT, day)
        assert by_event.refunded_item_revenue >= row.amount
        assert Order.objects.filter(order_id=row.order_id).exists()


def test_pd7_costs_have_dates_and_a_missing_cost_is_no_margin(
    booked: int, sandbox: SandboxServer
) -> None:
    with client_scope(booked):
        shop, period = the_shop(), month(sandbox)
        whole = shop_pnl(shop, Basis.ORDER, period)
        assert whole.complete is False
        assert whole.gmv_without_unit_cost > 0
        for sku in Sku.objects.all():
            set_unit_cost(sku, Decimal("5.00"), "USD", date(2026, 1, 1), by=JO, now=clock.now())
    book(client_id=booked)
    with client_scope(booked):
        whole = shop_pnl(shop, Basis.ORDER, period)
        assert whole.complete is True
        before = whole.cogs
        old = Period(first=period.first, last=period.last - timedelta(days=10))
        old_cogs = shop_pnl(shop, Basis.ORDER, old).cogs
        change = period.last - timedelta(days=9)
        for sku in Sku.objects.all():
            set_unit_cost(sku, Decimal("6.00"), "USD", change, by=JO, now=clock.now())
    book(client_id=booked)
    with client_scope(booked):
        assert shop_pnl(shop, Basis.ORDER, old).cogs == old_cogs
        assert shop_pnl(shop, Basis.ORDER, period).cogs > before


def test_statement_rows_tie_to_their_statement_and_differences_are_listed(booked: int) -> None:
    with client_scope(booked):
        assert Statement.objects.exists()
        sums: dict[int, Decimal] = defaultdict(lambda: Decimal(0))
        for line in StatementLine.objects.filter(sku_id=""):
            sums[line.statement_id] += line.settlement_amount
        for statement in Statement.objects.exclude(rows_read_at=None):
            assert statement.rows_total == sums[statement.pk]


def test_pd9_every_cent_of_a_connected_shop_is_explained(booked: int) -> None:
    """PD9: rows sum to statements, statements less reserve to payouts, over the whole world."""
    with client_scope(booked):
        assert_every_cent_is_explained()


def assert_every_cent_is_explained(*but: Decimal) -> None:
    """Of the open client's shop, all its days, `but` for what statements are known to miss."""
    found = tie_out(the_shop(), ALWAYS)
    assert found.statements > 20
    assert found.unread == 0
    assert tuple(one.difference for one in found.unexplained) == but
    assert found.rows == found.settled + sum(but)
    assert found.payable == found.paid + found.waiting
