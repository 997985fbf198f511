"""Saving an export through the loaders of the API: the same facts make the same ledger."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from campaigns.inbound.numbers import sum_up_posts, take_rows
from profit.actions.uploads import still_open
from profit.inbound.affiliate import load_affiliate_orders
from profit.inbound.orders import load_orders
from profit.models import Order, Upload
from profit.queries.uploads import columns_of, taken, target_of
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import AdAccount, Shop, Sku
from sparkops.errors import Refusal
from sparkops.landing.merge import Counts
from sparkops.landing.models import Run
from sparkops.landing.streams import Context, Window
from sparkops.tiktok.ads.reports import ReportRow
from sparkops.tiktok.shop.affiliate import AffiliateOrdersPage
from sparkops.tiktok.shop.orders import OrdersPage


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
    target = target_of(row)
    records, older = found.records, 0
    if isinstance(target, AdAccount):
        counts = _load_ads(records, target, now)
    elif row.kind == Upload.Kind.AFFILIATE:
        page = AffiliateOrdersPage.model_validate({"orders": records})
        counts = load_affiliate_orders(page.orders, _context(target, now))
    else:
        records, older = _newest(records)
        if not records:
            raise Refusal("older", "What is known of every order in the file is newer already.")
        counts = _load_orders(records, target, now)
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


def _load_ads(records: Sequence[dict[str, Any]], account: AdAccount, now: datetime) -> Counts:
    rows = [ReportRow.model_validate(one) for one in records]
    counts = take_rows(rows, account, now=now)
    first = min(day for row in rows if (day := row.day))
    sum_up_posts(_context(account, now, since=datetime.combine(first, time(), tzinfo=UTC)))
    return counts


def _context(target: Shop | AdAccount, now: datetime, since: datetime | None = None) -> Context:
    """What a loader knows of an answer; a file is no run of a stream, so that none is kept."""
    part = target.shop_id if isinstance(target, Shop) else target.advertiser_id
    return Context(target.connection, part, Run(started_at=now), Window(since, now), now)
