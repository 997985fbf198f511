"""Saving an export through the loaders of the API: the same facts make the same ledger."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from typing import Any

from campaigns.inbound import gmv_max
from campaigns.inbound.numbers import sum_up_posts, take_rows
from campaigns.models import Campaign
from profit.actions.uploads import still_open
from profit.inbound.affiliate import load_affiliate_orders
from profit.inbound.orders import load_orders
from profit.inbound.refunds import load_returns
from profit.inbound.statements import RowsOfStatement, load_statement_rows, load_statements
from profit.models import Order, Statement, StatementLine, Upload
from profit.queries.uploads import columns_of, taken, target_of
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import AdAccount, Shop, Sku
from sparkops.errors import Refusal
from sparkops.landing.merge import Counts
from sparkops.landing.models import Run
from sparkops.landing.streams import Context, Window
from sparkops.tiktok.ads.reports import ReportRow
from sparkops.tiktok.shop.affiliate import AffiliateOrdersPage
from sparkops.tiktok.shop.finance import Statement as ApiStatement
from sparkops.tiktok.shop.finance import Transaction, TransactionsPage
from sparkops.tiktok.shop.orders import OrdersPage
from sparkops.tiktok.shop.returns import ReturnsPage

FILE_ROW = "file-"


def save_export(upload: Upload, *, by: Actor, now: datetime) -> dict[str, int]:
    """Load what the file holds, all of it or nothing; returns what happened, in words and counts.

    Raises Refusal when it was saved before, a needed column is missing, or no row is any good.
    """
    row = still_open(upload)
    missing = columns_of(row).missing
    if missing:
        raise Refusal("columns", f"Say which column is: {', '.join(missing)}.")
    found = taken(row)
    if not found.records:
        raise Refusal("no_rows", "No row can be saved. The reasons stand beside the rows.")
    target, kind = target_of(row), Upload.Kind(row.kind)
    if isinstance(target, AdAccount):
        load_ads = _load_ads if kind is Upload.Kind.ADS else _load_gmv_max
        counts, older = load_ads(found.records, target, now), 0
    else:
        newest = _NEWEST.get(kind)
        records, older = newest(found.records) if newest else (found.records, 0)
        if not records:
            raise Refusal("older", f"What is known of {_ALL[kind]} in the file is newer already.")
        counts = _OF_SHOPS[kind](records, target, now)
    done = {
        "Records in the file": len(found.records),
        "New rows": counts.added,
        "Changed rows": counts.changed,
        "Left alone, because what is known is newer": older,
        "Rows left out": len(found.refused),
    }
    row.counts, row.saved_at = done, now
    row.save(update_fields=["counts", "saved_at"])
    record("upload.saved", row, by=by, now=now, data=done)
    return done


def _load_orders(records: Sequence[dict[str, Any]], shop: Shop, now: datetime) -> Counts:
    """An export names SKUs and may leave out products: a known SKU says which it is."""
    items = [item for one in records for item in one["line_items"]]
    known = dict(
        Sku.objects.filter(sku_id__in={item["sku_id"] for item in items}).values_list(
            "sku_id", "product__product_id"
        )
    )
    for item in items:
        item["product_id"] = item["product_id"] or known.get(item["sku_id"], "")
    page = OrdersPage.model_validate({"orders": records})
    return load_orders(page.orders, _context(shop, now))


def _newest(records: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """Without the orders of which something newer is known: a file may be weeks old."""
    stored = Order.objects.filter(order_id__in=[one["id"] for one in records]).exclude(status="")
    updated = {key: int(at.timestamp()) for key, at in stored.values_list("order_id", "updated_at")}
    kept = [one for one in records if updated.get(one["id"], 0) <= one["update_time"]]
    return kept, len(records) - len(kept)


def _load_affiliate(records: Sequence[dict[str, Any]], shop: Shop, now: datetime) -> Counts:
    page = AffiliateOrdersPage.model_validate({"orders": records})
    return load_affiliate_orders(page.orders, _context(shop, now))


def _load_returns(records: Sequence[dict[str, Any]], shop: Shop, now: datetime) -> Counts:
    page = ReturnsPage.model_validate({"return_orders": records})
    return load_returns(page.return_orders, _context(shop, now))


def _load_statements(records: Sequence[dict[str, Any]], shop: Shop, now: datetime) -> Counts:
    """Headers of statements that no API told of, and the rows of all: those of a file before are
    replaced. What a statement settles by the API stays, so that a file that differs shows."""
    ids = [one["id"] for one in records]
    of_files = StatementLine.objects.filter(
        statement__statement_id__in=ids, row_key__startswith=FILE_ROW
    )
    told = set(
        Statement.objects.filter(statement_id__in=ids).values_list("statement_id", flat=True)
    )
    told -= set(of_files.values_list("statement__statement_id", flat=True))
    context = _context(shop, now)
    headers = [ApiStatement.model_validate(one) for one in records if one["id"] not in told]
    counts = load_statements(headers, context)
    for one in records:
        page = TransactionsPage.model_validate(one)
        keys = _row_keys(page.transactions)
        batch = RowsOfStatement(page, keys, set(keys), last=True)
        counts += load_statement_rows([batch], context)
    return counts


def _row_keys(rows: Sequence[Transaction]) -> list[str]:
    """A file names no rows: what a row is of and how often that came before tell them apart."""
    seen: Counter[str] = Counter()
    keys = []
    for row in rows:
        what = f"{row.order_id or row.adjustment_id}/{row.type}"
        name = FILE_ROW + hashlib.sha256(what.encode()).hexdigest()[:24]
        seen[name] += 1
        keys.append(f"{name}~{seen[name]}")
    return keys


def _unread(records: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """Without the statements whose rows the API gave: they are whole already."""
    rows = StatementLine.objects.filter(statement__statement_id__in=[one["id"] for one in records])
    by_api = rows.exclude(row_key__startswith=FILE_ROW)
    known = set(by_api.values_list("statement__statement_id", flat=True))
    kept = [one for one in records if one["id"] not in known]
    return kept, len(records) - len(kept)


def _load_ads(records: Sequence[dict[str, Any]], account: AdAccount, now: datetime) -> Counts:
    rows = [ReportRow.model_validate(one) for one in records]
    counts = take_rows(rows, account, now=now)
    first = min(day for row in rows if (day := row.day))
    sum_up_posts(_context(account, now, since=datetime.combine(first, time(), tzinfo=UTC)))
    return counts


def _load_gmv_max(records: Sequence[dict[str, Any]], account: AdAccount, now: datetime) -> Counts:
    kinds = {False: Campaign.Kind.GMV_MAX_PRODUCT.value, True: Campaign.Kind.GMV_MAX_LIVE.value}
    counts = Counts()
    for live, kind in kinds.items():
        rows = [ReportRow.model_validate(one) for one in records if one["live"] is live]
        counts += gmv_max.take_rows(rows, account, kind=kind, now=now)
    return counts


def _context(target: Shop | AdAccount, now: datetime, since: datetime | None = None) -> Context:
    """What a loader knows of an answer; a file is no run of a stream, so that none is kept."""
    part = target.shop_id if isinstance(target, Shop) else target.advertiser_id
    return Context(target.connection, part, Run(started_at=now), Window(since, now), now)


_OF_SHOPS: dict[Upload.Kind, Callable[[Sequence[dict[str, Any]], Shop, datetime], Counts]] = {
    Upload.Kind.ORDERS: _load_orders,
    Upload.Kind.AFFILIATE: _load_affiliate,
    Upload.Kind.RETURNS: _load_returns,
    Upload.Kind.STATEMENTS: _load_statements,
}
_NEWEST = {Upload.Kind.ORDERS: _newest, Upload.Kind.STATEMENTS: _unread}
_ALL = {Upload.Kind.ORDERS: "every order", Upload.Kind.STATEMENTS: "every statement"}
