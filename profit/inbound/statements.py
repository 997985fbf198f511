"""Statements, their rows, and the settled money of orders per SKU (contract 6)."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q

from profit.actions.marking import mark
from profit.actions.notices import tell_unknown_types, tell_unlisted
from profit.inbound.orders import name_orders
from profit.inbound.sections import stored_fields, unlisted
from profit.models import Dirty, OrderLine, Statement, StatementLine
from profit.rules.statement_fields import COMMISSION_ROWS, ORDER_ROW
from sparkops.catalog.inbound import open_shop, shop_parts
from sparkops.catalog.models import Shop
from sparkops.connections.models import Connection
from sparkops.isolation.scope import client_scope
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.money import ZERO
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.finance import (
    OrderTransactionsPage,
    Sections,
    SkuTransaction,
    Transaction,
    TransactionsPage,
)
from sparkops.tiktok.shop.finance import Statement as ApiStatement

CHECK_AGAIN = timedelta(days=1)
CHECK_FOR = timedelta(days=30)
ORDERS_PER_READ = 500
LOOKED_AT = 20_000


def _statement_pages(api: ShopApi, _part: str, window: Window) -> Iterator[Any]:
    return api.finance.statements(
        statement_time_ge=window.since, statement_time_lt=window.until, page_size=100
    )


def load_statements(statements: Sequence[ApiStatement], context: Context) -> Counts:
    """Statement headers. Amounts never change; how they were paid does, for weeks."""
    shop = Shop.objects.get(shop_id=context.part)
    rows = []
    for one in statements:
        at = one.statement_time or context.now
        rows.append(
            {
                "shop_id": shop.pk,
                "statement_id": one.id,
                "statement_time": at,
                "business_day": (at - timedelta(seconds=1)).date(),
                "currency": one.currency or shop.currency,
                "settlement_amount": one.settlement_amount or ZERO,
                "payment_id": one.payment_id,
                "payment_status": one.payment_status,
            }
        )
    return merge(Statement, rows, key=["statement_id"])


@dataclass
class StatementsToRead:
    """The API of a shop and the statements whose rows are missing or did not add up."""

    api: ShopApi
    waiting: Sequence[tuple[str, datetime | None]]


@contextmanager
def open_statements(client_id: int, connection: int, part: str) -> Iterator[StatementsToRead]:
    """The shop's API with the statements to read: new ones, and those a check failed on."""
    differs = Q(rows_total=None) | ~Q(rows_total=F("settlement_amount"))
    with client_scope(client_id):
        unread = Statement.objects.filter(shop__shop_id=part)
        unread = unread.filter(Q(rows_read_at=None) | differs).order_by("statement_time")
        waiting = list(unread.values_list("statement_id", "rows_read_at", "statement_time"))
    newest = max((at for _, _, at in waiting), default=None)
    recent = [
        (statement_id, read_at)
        for statement_id, read_at, at in waiting
        if read_at is None or (newest and at > newest - CHECK_FOR)
    ]
    with open_shop(client_id, connection, part) as api:
        yield StatementsToRead(api, recent)


@dataclass
class RowsOfStatement:
    """One page of a statement's rows with keys that are the same at each reading."""

    content: TransactionsPage
    keys: list[str]
    all_keys: set[str]
    last: bool


@dataclass
class _Numbering:
    """Keys of a statement's rows across its pages: TikTok's id, or a hash, and a count."""

    seen: Counter[str] = field(default_factory=Counter)
    all_keys: set[str] = field(default_factory=set)

    def batch(self, content: TransactionsPage, *, last: bool) -> list[RowsOfStatement]:
        keys = [self._key(row) for row in content.transactions]
        self.all_keys |= set(keys)
        return [RowsOfStatement(content, keys, set(self.all_keys), last)]

    def _key(self, row: Transaction) -> str:
        name = row.id or hashlib.sha256(row.model_dump_json().encode()).hexdigest()[:24]
        self.seen[name] += 1
        return name if self.seen[name] == 1 else f"{name}~{self.seen[name]}"


def _row_pages(source: StatementsToRead, _part: str, window: Window) -> Iterator[Any]:
    for statement_id, read_at in source.waiting:
        if read_at is not None and read_at > window.until - CHECK_AGAIN:
            continue
        numbering = _Numbering()
        for page in source.api.finance.statement_transactions(statement_id, page_size=100):
            last = not page.next_token or not page.row_count

            def batch(
                content: TransactionsPage, last: bool = last, numbering: _Numbering = numbering
            ) -> list[RowsOfStatement]:
                return numbering.batch(content, last=last)

            yield page.picking(batch)


def load_statement_rows(batches: Sequence[RowsOfStatement], context: Context) -> Counts:
    """Rows of one statement's page; after the last page the statement is checked and closed."""
    counts = Counts()
    for batch in batches:
        statement = Statement.objects.select_related("shop").get(statement_id=batch.content.id)
        rows = [
            _row_of(statement, key, one)
            for key, one in zip(batch.keys, batch.content.transactions, strict=True)
        ]
        counts += merge(StatementLine, rows, key=["statement_id", "row_key"])
        _mark_rows(statement, batch.content.transactions, batch.keys, context.now)
        tell_unlisted(statement, rows, now=context.now)
        tell_unknown_types(statement, (row["type"] for row in rows), now=context.now)
        if batch.last:
            _close(statement, batch, context.now)
    return counts


def _row_of(statement: Statement, key: str, row: Transaction) -> dict[str, Any]:
    """A row as it is stored. An adjustment's order is the one it relates to."""
    return {
        **_sections(row),
        "statement_id": statement.pk,
        "row_key": key,
        "type": row.type or "UNKNOWN",
        "order_id": row.order_id or row.adjustment_order_id or row.associated_order_id,
        "adjustment_id": row.adjustment_id,
        "sku_id": "",
        "reserve_amount": row.reserve_amount or ZERO,
    }


def _sections(row: Sections) -> dict[str, Any]:
    fields = stored_fields(
        revenue=row.revenue_breakdown,
        shipping=row.shipping_cost_breakdown,
        fee_tax=row.fee_tax_breakdown,
        context=row.supplementary_component,
    )
    return {
        "settlement_amount": row.settlement_amount or ZERO,
        "revenue_amount": row.revenue_amount or ZERO,
        "shipping_amount": row.shipping_cost_amount or ZERO,
        "fee_tax_amount": row.fee_tax_amount or ZERO,
        "adjustment_amount": row.adjustment_amount or ZERO,
        "fields": fields,
        "unlisted": unlisted(
            fields,
            revenue=row.revenue_amount,
            shipping=row.shipping_cost_amount,
            fee_tax=row.fee_tax_amount,
        ),
    }


def _mark_rows(
    statement: Statement, rows: Sequence[Transaction], keys: Sequence[str], now: datetime
) -> None:
    cause = f"Statement {statement.statement_id}"
    orders = {
        (row.order_id or row.adjustment_order_id): row.order_create_time or now
        for row in rows
        if row.type == ORDER_ROW or row.type in COMMISSION_ROWS
    }
    orders.pop("", None)
    name_orders(statement.shop, orders, now=now)
    mark(statement.shop_id, Dirty.Kind.ORDER, orders, cause=cause, now=now)
    adjustments = [
        f"{statement.statement_id}:{key}"
        for key, row in zip(keys, rows, strict=True)
        if row.type != ORDER_ROW and row.type not in COMMISSION_ROWS
    ]
    mark(statement.shop_id, Dirty.Kind.ADJUSTMENT, adjustments, cause=cause, now=now)


def _close(statement: Statement, batch: RowsOfStatement, now: datetime) -> None:
    """Drop rows that TikTok no longer sends and keep what the checks of 6.5 need."""
    rows = StatementLine.objects.filter(statement=statement, sku_id="")
    gone = list(rows.exclude(row_key__in=batch.all_keys))
    if gone:
        cause = f"Statement {statement.statement_id} lost a row"
        keys = [f"{statement.statement_id}:{row.row_key}" for row in gone]
        mark(statement.shop_id, Dirty.Kind.ADJUSTMENT, keys, cause=cause, now=now)
        orders = [row.order_id for row in gone if row.order_id]
        mark(statement.shop_id, Dirty.Kind.ORDER, orders, cause=cause, now=now)
        StatementLine.objects.filter(pk__in=[row.pk for row in gone]).delete()
    amounts = rows.values_list("settlement_amount", flat=True)
    header = batch.content
    statement.rows_total = sum(amounts, ZERO)
    statement.rows_expected = header.total_count
    statement.payable_amount = header.payable_amount
    statement.reserve_amount = header.total_reserve_amount or ZERO
    statement.rows_read_at = now
    statement.save(
        update_fields=[
            "rows_total",
            "rows_expected",
            "payable_amount",
            "reserve_amount",
            "rows_read_at",
        ]
    )


@dataclass
class OrdersToSettle:
    """The API of a shop and the orders of several SKUs whose rows per SKU are missing."""

    api: ShopApi
    order_ids: Sequence[str]


@contextmanager
def open_settled_orders(client_id: int, connection: int, part: str) -> Iterator[OrdersToSettle]:
    """Orders with settled rows but none per SKU. An order of one SKU needs no second call: the
    statement's row is that SKU's."""
    with client_scope(client_id):
        ids = _without_rows_per_sku(part)
    with open_shop(client_id, connection, part) as api:
        yield OrdersToSettle(api, ids[:ORDERS_PER_READ])


def _without_rows_per_sku(shop_id: str) -> list[str]:
    """Orders of several SKUs whose newest settled rows are not there per SKU, newest first.

    Three plain queries: as one, with two sub-queries, it has no good plan on tables that were
    filled a moment ago and are not analysed yet.
    """
    rows = StatementLine.objects.filter(statement__shop__shop_id=shop_id, type=ORDER_ROW)
    whole = rows.filter(sku_id="").order_by("-statement__statement_time", "-pk")
    newest = list(whole.values_list("statement_id", "order_id")[:LOOKED_AT])
    statements = {statement for statement, _ in newest}
    detailed = set(
        rows.exclude(sku_id="")
        .filter(statement_id__in=statements)
        .values_list("statement_id", "order_id")
    )
    missing = dict.fromkeys(
        order for statement, order in newest if order and (statement, order) not in detailed
    )
    lines = OrderLine.objects.filter(order__order_id__in=missing).values("order__order_id")
    several = lines.annotate(lines=Count("pk")).filter(lines__gt=1)
    wanted = set(several.values_list("order__order_id", flat=True))
    return [order for order in missing if order in wanted]


def _settled_order_pages(source: OrdersToSettle, _part: str, _window: Window) -> Iterator[Any]:
    for order_id in source.order_ids:
        page = source.api.finance.order_transactions(order_id)
        yield page.picking(lambda content: [content])


def load_settled_orders(orders: Sequence[OrderTransactionsPage], context: Context) -> Counts:
    """Settled rows per SKU. Equal rows of one statement are told apart by their position."""
    shop = Shop.objects.get(shop_id=context.part)
    wanted = {row.statement_id for one in orders for row in one.sku_transactions}
    known = Statement.objects.filter(statement_id__in=wanted).values_list("statement_id", "pk")
    own_ids = dict(known)
    rows = []
    for order in orders:
        seen: Counter[str] = Counter()
        for row in order.sku_transactions:
            if row.statement_id in own_ids:
                rows.append(_sku_row(order.order_id, row, own_ids[row.statement_id], seen))
    counts = merge(StatementLine, rows, key=["statement_id", "row_key"])
    ids = [one.order_id for one in orders]
    mark(shop.pk, Dirty.Kind.ORDER, ids, cause="Fees per SKU", now=context.now)
    return counts


def _sku_row(
    order_id: str, row: SkuTransaction, statement_id: int, seen: Counter[str]
) -> dict[str, Any]:
    name = f"{order_id}-{row.sku_id}"
    seen[f"{statement_id}/{name}"] += 1
    count = seen[f"{statement_id}/{name}"]
    return {
        **_sections(row),
        "statement_id": statement_id,
        "row_key": name if count == 1 else f"{name}~{count}",
        "type": ORDER_ROW,
        "order_id": order_id,
        "adjustment_id": "",
        "sku_id": row.sku_id,
        "reserve_amount": ZERO,
    }


STATEMENTS = Stream(
    name="statements",
    label="Statements",
    kind=Connection.Kind.SHOP,
    every=timedelta(hours=6),
    parts=shop_parts,
    open=open_shop,
    pages=_statement_pages,
    load=load_statements,
    overlap=timedelta(days=30),
    # How a statement was paid may go back to what it was.
    skip_equal_pages=False,
)
STATEMENT_LINES = Stream(
    name="statement_lines",
    label="Statement rows",
    kind=Connection.Kind.SHOP,
    every=timedelta(minutes=10),
    parts=shop_parts,
    open=open_statements,
    pages=_row_pages,
    load=load_statement_rows,
    # Keys run over all pages of a statement, so none may be left out.
    skip_equal_pages=False,
)
ORDER_SETTLEMENTS = Stream(
    name="order_settlements",
    label="Fees per order",
    kind=Connection.Kind.SHOP,
    every=timedelta(minutes=10),
    parts=shop_parts,
    open=open_settled_orders,
    pages=_settled_order_pages,
    load=load_settled_orders,
    # An answer whose statement was not known yet is asked for again and must then be loaded.
    skip_equal_pages=False,
)
