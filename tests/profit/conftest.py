"""A shop whose pages are the contract's own samples, read by the real loaders."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from profit.actions.booking import book_batch
from profit.actions.setup import seed_fee_rules
from profit.inbound.affiliate import load_affiliate_orders
from profit.inbound.orders import load_orders
from profit.inbound.payouts import forget_settled, load_payments, load_unsettled
from profit.inbound.refunds import load_cancellations, load_returns
from profit.inbound.statements import (
    RowsOfStatement,
    load_settled_orders,
    load_statement_rows,
    load_statements,
)
from sparkops.audit.record import Actor
from sparkops.catalog.models import Shop
from sparkops.connections.models import Connection
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor, Run
from sparkops.landing.streams import Context, Window
from sparkops.tiktok.shop.affiliate import AffiliateOrdersPage
from sparkops.tiktok.shop.finance import (
    OrderTransactionsPage,
    PaymentsPage,
    StatementsPage,
    TransactionsPage,
    UnsettledPage,
)
from sparkops.tiktok.shop.orders import OrdersPage
from sparkops.tiktok.shop.returns import CancellationsPage, ReturnsPage
from tests.factories.cast import BEGIN, Cast

SAMPLES = Path(os.environ.get("SPARKOPS_SAMPLES", Path(__file__).parents[1] / "samples"))
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
JO = Actor("Jo", 9)


def sample(name: str) -> dict[str, Any]:
    """The `data` of a sample answer of the Shop API, free to change."""
    return json.loads((SAMPLES / "shop" / f"{name}.json").read_text())["data"]


@dataclass
class Books:
    """One client's shop in its open scope, and TikTok's answers as its loaders get them."""

    client_id: int
    shop: Shop
    connection: Connection
    now: datetime = NOW

    def context(self) -> Context:
        cursor, _ = Cursor.objects.get_or_create(
            connection=self.connection,
            stream="test",
            part=self.shop.shop_id,
            defaults={"due_at": self.now},
        )
        run = Run.objects.create(cursor=cursor, started_at=self.now)
        return Context(self.connection, self.shop.shop_id, run, Window(None, self.now), self.now)

    def orders(self, data: dict[str, Any]) -> Any:
        return load_orders(OrdersPage.model_validate(data).orders, self.context())

    def returns(self, data: dict[str, Any]) -> Any:
        return load_returns(ReturnsPage.model_validate(data).return_orders, self.context())

    def cancellations(self, data: dict[str, Any]) -> Any:
        page = CancellationsPage.model_validate(data)
        return load_cancellations(page.cancellations, self.context())

    def affiliate(self, data: dict[str, Any]) -> Any:
        page = AffiliateOrdersPage.model_validate(data)
        return load_affiliate_orders(page.orders, self.context())

    def statements(self, data: dict[str, Any]) -> Any:
        return load_statements(StatementsPage.model_validate(data).statements, self.context())

    def rows(self, data: dict[str, Any]) -> Any:
        page = TransactionsPage.model_validate(data)
        keys = [one.id or f"row-{at}" for at, one in enumerate(page.transactions)]
        batch = RowsOfStatement(page, keys, set(keys), last=True)
        return load_statement_rows([batch], self.context())

    def settled_orders(self, data: dict[str, Any]) -> Any:
        return load_settled_orders([OrderTransactionsPage.model_validate(data)], self.context())

    def unsettled(self, data: dict[str, Any]) -> Any:
        context = self.context()
        counts = load_unsettled(UnsettledPage.model_validate(data).transactions, context)
        return counts + forget_settled(context)

    def payments(self, data: dict[str, Any]) -> Any:
        return load_payments(PaymentsPage.model_validate(data).payments, self.context())

    def book(self) -> int:
        """Book until nothing is marked; returns how many marks were worked off."""
        done = 0
        while batch := book_batch(now=self.now):
            done += batch
        return done

    def read_samples(self) -> None:
        """Everything the samples hold, in the order the streams are read."""
        self.orders(sample("orders_search_202309"))
        self.returns(sample("returns_search_202602"))
        self.affiliate(sample("affiliate_seller_orders_search_202410"))
        self.statements(sample("finance_statements_202309"))
        self.rows(sample("finance_statement_transactions_202501_sales"))
        self.rows(sample("finance_statement_transactions_202501_refund_adjust_reserve"))
        self.unsettled(sample("finance_unsettled_202507"))
        self.payments(sample("finance_payments_202605"))


def make_books(client_id: int, *, market: str = "US", currency: str = "USD") -> Books:
    """A connected shop of the open scope, with the published fee rules of its market."""
    connection = Connection.objects.create(
        kind=Connection.Kind.SHOP,
        external_id="seller",
        label="Oakmere",
        access_token=b"sealed",
        connected_at=BEGIN,
        connected_by="Jo",
    )
    shop = Shop.objects.create(
        connection=connection,
        shop_id="7495123",
        cipher="cipher",
        name="Oakmere",
        market=market,
        currency=currency,
        timezone="America/Los_Angeles",
    )
    seed_fee_rules()
    return Books(client_id, shop, connection)


@pytest.fixture
def books(cast: Cast) -> Any:
    """A shop with nothing read yet, inside its client's scope."""
    with client_scope(cast.client.pk):
        yield make_books(cast.client.pk)


@pytest.fixture
def sample_books(books: Books) -> Books:
    """The shop with all sample pages read and booked."""
    books.read_samples()
    books.book()
    return books


Loader = Callable[[dict[str, Any]], Any]
