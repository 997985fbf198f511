"""What the product knows, by TikTok's names, so that two runs of one world can be compared."""

from collections import Counter
from typing import Any

from django.db.models import Model, Sum

from authorizations.models import Authorization, Redemption
from campaigns.models import Ad, AdDay, AdGroup, Campaign, GmvMaxDay, Launch
from creators.models import Creator, Post, PostDay, Sample
from profit.models import (
    AffiliateOrder,
    DayTotal,
    Dirty,
    Entry,
    Order,
    OrderLine,
    Refund,
    Statement,
    StatementLine,
)
from sparkops import clock
from sparkops.catalog.models import Product, Sku
from sparkops.demo.seed import READ
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor, Run
from sparkops.outbox.models import Command
from sparkops.outreach.models import Letter, Outreach, Recipient

STREAMS = {stream.name for streams in READ for stream in streams}
Rows = Counter[tuple[str, ...]]
FACTS: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "creators": (Creator, ("handle", "creator_id")),
    "posts": (Post, ("item_id", "creator__handle", "availability", "published_at")),
    "post days": (PostDay, ("post__item_id", "day", "views", "orders", "gmv")),
    "samples": (Sample, ("sample_id", "creator__handle", "status", "state")),
    "products": (Product, ("product_id", "status")),
    "skus": (Sku, ("sku_id", "price")),
    "authorizations": (
        Authorization,
        ("kind", "state", "post__item_id", "starts_at", "ends_at", "generation"),
    ),
    "redemptions": (
        Redemption,
        ("authorization__post__item_id", "ad_account__advertiser_id", "state", "problem_code"),
    ),
    "campaigns": (Campaign, ("ad_account__advertiser_id", "objective", "operation_status")),
    "ad groups": (AdGroup, ("budget", "operation_status")),
    "ads": (Ad, ("ad_account__advertiser_id", "item_id", "state", "operation_status")),
    "ad days": (AdDay, ("ad__item_id", "ad__ad_account__advertiser_id", "day", "spend")),
    "GMV Max days": (GmvMaxDay, ("campaign__campaign_id", "grain", "key", "day", "cost")),
    "launches": (Launch, ("post__item_id", "ad_account__advertiser_id", "state")),
    "outreach": (Outreach, ("name", "channel", "state", "total")),
    "recipients": (Recipient, ("creator__handle", "state", "reason")),
    "letters": (Letter, ("recipient__creator__handle", "step", "state", "text")),
    "orders": (Order, ("order_id", "status", "order_day", "is_sample")),
    "lines": (OrderLine, ("order__order_id", "line_id", "quantity", "unit_price")),
    "refunds": (Refund, ("order__order_id", "line_id", "refund_id", "customer_item_refund")),
    "affiliate orders": (AffiliateOrder, ("order_id", "sku_id", "status", "actual_commission")),
    "statements": (Statement, ("statement_id", "settlement_amount", "rows_total")),
    "statement lines": (StatementLine, ("order_id", "sku_id", "settlement_amount")),
}
BOOKED = (
    "subject", "account", "currency", "order_day", "event_day", "settlement_day", "stage",
    "order_id", "line_id", "product__product_id", "creator__handle", "post__item_id",
)  # fmt: skip
ROLLED = (
    "basis", "day", "account", "stage", "currency", "product__product_id", "creator__handle",
    "post__item_id",
)  # fmt: skip


def state_of(client_id: int) -> dict[str, Rows]:
    """Rows of every kind of fact, the net ledger and its rollup, in one scope."""
    with client_scope(client_id):
        found = {
            name: Counter(tuple(map(_text, row)) for row in model.objects.values_list(*fields))
            for name, (model, fields) in FACTS.items()
        }
        found["ledger"] = _sums(Entry, BOOKED)
        found["rollup"] = _sums(DayTotal, ROLLED)
    return found


def differences(wanted: dict[str, Rows], found: dict[str, Rows]) -> list[str]:
    """A sentence per kind of fact that is not the same, with two examples."""
    told = []
    for name, rows in wanted.items():
        missing, surplus = rows - found[name], found[name] - rows
        if missing or surplus:
            examples = [f"missing {one}" for one in list(missing)[:2]]
            examples += [f"surplus {one}" for one in list(surplus)[:2]]
            told.append(
                f"{name}: {missing.total()} missing, {surplus.total()} surplus of {rows.total()}: "
                + "; ".join(examples)
            )
    return told


def unfinished(client_id: int) -> list[str]:
    """What the product still has to do, or cannot do, in words."""
    with client_scope(client_id):
        waiting = [
            f"stream {name}: {error or 'not read'}"
            for name, error in Cursor.objects.exclude(
                state=Cursor.State.FRESH, last_error="", claimed_until=None, due_at__gt=clock.now()
            ).values_list("stream", "last_error")
        ]
        waiting += [
            f"command {kind}: {state} {error}"
            for kind, state, error in Command.objects.exclude(
                state__in=["done", "canceled"]
            ).values_list("kind", "state", "error")
        ]
        if Dirty.objects.exists():
            waiting.append(f"{Dirty.objects.count()} marks to book")
        if Run.objects.filter(state=Run.State.RUNNING).exists():
            waiting.append("a run is open")
        waiting += [
            f"recipient {handle}: {state}"
            for handle, state in Recipient.objects.filter(
                outreach__state=Outreach.State.RUNNING, state=Recipient.State.QUEUED
            ).values_list("creator__handle", "state")
        ]
        begun = set(Cursor.objects.values_list("stream", flat=True))
        waiting += [f"stream {name} has not begun" for name in sorted(STREAMS - begun)]
    return waiting


def _sums(model: Any, fields: tuple[str, ...]) -> Rows:
    rows = model.objects.values_list(*fields).annotate(total=Sum("amount"))
    return Counter(tuple(map(_text, row)) for row in rows if row[-1])


def _text(value: Any) -> str:
    return "" if value is None else str(value)
