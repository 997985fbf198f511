"""Money still on its way: unsettled orders (estimates) and payments to the bank."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from profit.actions.marking import mark
from profit.inbound.sections import stored_fields
from profit.models import Dirty, Payment, UnsettledLine
from sparkops.catalog.inbound import open_shop, shop_parts
from sparkops.catalog.models import Shop
from sparkops.connections.models import Connection
from sparkops.landing.merge import Counts, merge
from sparkops.landing.streams import Context, Stream, Window
from sparkops.money import ZERO
from sparkops.tiktok.shop.api import ShopApi
from sparkops.tiktok.shop.finance import Payment as ApiPayment
from sparkops.tiktok.shop.finance import UnsettledTransaction
from sparkops.tiktok.values import WireMoney


def _unsettled_pages(api: ShopApi, _part: str, _window: Window) -> Iterator[Any]:
    return api.finance.unsettled(page_size=100)


def load_unsettled(rows: Sequence[UnsettledTransaction], context: Context) -> Counts:
    """Estimated rows; `forget_settled` removes those that the whole reading no longer had."""
    shop = Shop.objects.get(shop_id=context.part)
    seen: Counter[str] = Counter()
    stored: list[dict[str, Any]] = []
    for row in rows:
        name = row.id or f"{row.type}-{row.order_id}"
        seen[name] += 1
        stored.append(
            {
                "shop_id": shop.pk,
                "row_key": name if seen[name] == 1 else f"{name}~{seen[name]}",
                "order_id": row.order_id or row.adjustment_order_id,
                "estimated_amount": row.est_settlement_amount or ZERO,
                "reason": row.unsettled_reason[:200],
                "fields": stored_fields(
                    revenue=row.revenue_breakdown,
                    shipping=row.shipping_cost_breakdown,
                    fee_tax=row.fee_tax_breakdown,
                ),
                "read_at": context.now,
            }
        )
    before = _fields_by_key(shop, [row["row_key"] for row in stored])
    changed = [row["order_id"] for row in stored if before.get(row["row_key"]) != row["fields"]]
    # The read time is written each time: it tells the rows of this reading from older ones.
    counts = merge(UnsettledLine, stored, key=["shop_id", "row_key"])
    ids = [order_id for order_id in changed if order_id]
    mark(shop.pk, Dirty.Kind.ORDER, ids, cause="Estimate of TikTok", now=context.now)
    return Counts(counts.added, len(changed) - counts.added, len(stored) - len(changed))


def forget_settled(context: Context) -> Counts:
    """Remove what was not in this reading: it settled, or will never settle."""
    gone = UnsettledLine.objects.filter(
        shop__shop_id=context.part, read_at__lt=context.run.started_at
    )
    ids = list(gone.exclude(order_id="").values_list("order_id", flat=True))
    shop = Shop.objects.get(shop_id=context.part)
    mark(shop.pk, Dirty.Kind.ORDER, ids, cause="No longer unsettled", now=context.now)
    deleted, _ = gone.delete()
    return Counts(changed=deleted)


def _fields_by_key(shop: Shop, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    known = UnsettledLine.objects.filter(shop=shop, row_key__in=keys)
    return dict(known.values_list("row_key", "fields"))


def _payment_pages(api: ShopApi, _part: str, window: Window) -> Iterator[Any]:
    return api.finance.payments(
        create_time_ge=window.since, create_time_lt=window.until, page_size=100
    )


def load_payments(payments: Sequence[ApiPayment], context: Context) -> Counts:
    """Payouts, in the shop's currency where TikTok names none."""
    shop = Shop.objects.get(shop_id=context.part)
    rows = [
        {
            "shop_id": shop.pk,
            "payment_id": one.id,
            "status": one.status,
            "created_at": one.create_time or context.now,
            "paid_at": one.paid_time,
            "amount": _amount(one.amount),
            "settlement_amount": _amount(one.settlement_amount),
            "reserve_amount": _amount(one.reserve_amount),
            "currency": (one.amount and one.amount.currency) or shop.currency,
        }
        for one in payments
    ]
    return merge(Payment, rows, key=["payment_id"])


def _amount(money: WireMoney | None) -> Any:
    return (money and money.amount) or ZERO


UNSETTLED = Stream(
    name="unsettled",
    label="Unsettled orders",
    kind=Connection.Kind.SHOP,
    every=timedelta(hours=6),
    parts=shop_parts,
    open=open_shop,
    pages=_unsettled_pages,
    load=load_unsettled,
    finish=forget_settled,
    # The set is replaced, so every page of a reading is loaded.
    skip_equal_pages=False,
)
PAYMENTS = Stream(
    name="payments",
    label="Payouts",
    kind=Connection.Kind.SHOP,
    every=timedelta(hours=12),
    parts=shop_parts,
    open=open_shop,
    pages=_payment_pages,
    load=load_payments,
    overlap=timedelta(days=45),
    skip_equal_pages=False,
)
