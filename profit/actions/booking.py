"""The only writer of the ledger: compares what the facts ask for with what is booked.

A batch is one transaction: it locks some marks of one shop, reads their facts, appends the
difference, rebuilds the days it touched and deletes the marks. Killed anywhere, it has not
happened, and the marks are still there. Booking again appends nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from profit.actions.notices import tell_unbookable
from profit.actions.restating import Rebooked, note_restatements
from profit.actions.rollup import rebuild_days
from profit.models import Dirty, Entry
from profit.queries.ad_facts import ad_rows, gmv_rows, permission_of, reports_gmv_max
from profit.queries.closing import closed_months
from profit.queries.context import shop_context
from profit.queries.ledger import Booking, booked_entries, new_row, own_keys
from profit.queries.order_facts import OrderRows, order_facts, rows_of_orders
from profit.queries.other_facts import (
    adjustment_fact,
    adjustment_rows,
    adjustments_of_orders,
    custom_cost_facts,
    payment_facts,
    sample_facts,
)
from profit.rules import facts
from profit.rules.adjustments import adjustment_entries
from profit.rules.ads import ad_entries
from profit.rules.context import Context
from profit.rules.costs import sample_entries
from profit.rules.creators import payment_entries
from profit.rules.custom_costs import custom_cost_entries
from profit.rules.difference import Change, difference
from profit.rules.entries import Wanted, together
from profit.rules.orders import order_entries
from profit.rules.permission import cover_entries
from profit.rules.restatements import Restated, restated
from sparkops.catalog.models import Shop

log = structlog.get_logger(__name__)

BATCH = 400
Kind = Dirty.Kind


def book_batch(*, now: datetime) -> int:
    """Book the oldest marks of one shop in the open scope; returns how many marks were worked off.

    The shop's row is locked, so that two workers never rebuild the same days at once.
    """
    oldest = Dirty.objects.order_by("marked_at", "pk").first()
    if oldest is None:
        return 0
    shop = Shop.objects.select_for_update(no_key=True).get(pk=oldest.shop_id)
    marks = list(
        Dirty.objects.select_for_update(skip_locked=True)
        .filter(shop=shop)
        .order_by("marked_at", "pk")[:BATCH]
    )
    causes = {(mark.kind, mark.subject): mark.cause for mark in marks}
    wanted = _wanted(shop, causes, now)
    booked = booked_entries({_name(*one) for one in wanted})
    changes = {
        one: difference(entries.entries, booked.get(_name(*one), ()))
        for one, entries in wanted.items()
    }
    # The first amounts of a subject are explained by the subject, not by what was read last.
    told = {one: cause for one, cause in causes.items() if _name(*one) in booked}
    _append(shop, changes, told, now)
    note_restatements(
        shop,
        [
            Rebooked(
                subject=_name(*one),
                order_id=one[1] if one[0] == Kind.ORDER else "",
                wanted=wanted[one].entries,
                booked=booked.get(_name(*one), ()),
                changes=changed,
                cause=told.get(one, ""),
            )
            for one, changed in changes.items()
        ],
        now=now,
    )
    Dirty.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return len(marks)


def restated_orders(
    shop: Shop, order_ids: Iterable[str], *, now: datetime
) -> dict[str, list[Restated]]:
    """What booking these orders now would restate, by order id; the ledger stays as it is."""
    causes = {(Kind.ORDER.value, order_id): "" for order_id in order_ids}
    wanted = _wanted(shop, causes, now)
    booked = booked_entries({_name(*one) for one in wanted})
    found = {}
    for one, entries in wanted.items():
        standing = booked.get(_name(*one), ())
        changes = difference(entries.entries, standing)
        if rows := restated(entries.entries, standing, changes):
            found[one[1]] = rows
    return found


Subject = tuple[str, str]


def _name(kind: str, subject: str) -> str:
    return f"{kind}/{subject}"


def _append(
    shop: Shop,
    changes: Mapping[Subject, Sequence[Change]],
    causes: Mapping[Subject, str],
    now: datetime,
) -> None:
    keys = own_keys(change.entry for rows in changes.values() for change in rows)
    booking = Booking(shop, closed_months(shop), now)
    rows = [
        new_row(booking, _name(*one), change, keys, cause=causes.get(one, ""))
        for one, changed in changes.items()
        for change in changed
    ]
    Entry.objects.bulk_create(rows, batch_size=1000)
    rebuild_days(shop, rows)


@dataclass
class _Batch:
    """Facts of one batch, read once for all its subjects."""

    shop: Shop
    orders: Mapping[str, OrderRows]
    sales: Mapping[str, facts.OrderFacts]
    ads: Mapping[str, facts.AdRow]
    gmv: Mapping[str, Sequence[facts.AdRow]]
    payments: Mapping[str, facts.CreatorPayment]
    costs: Mapping[str, facts.CustomCost]
    adjustments: Mapping[str, facts.Adjustment]
    context: Context = field(init=False)

    def __post_init__(self) -> None:
        ad_rows = [*self.ads.values(), *(row for rows in self.gmv.values() for row in rows)]
        items = {row.post_id for row in ad_rows if row.post_id}
        items |= {one.post_id for one in self.payments.values() if one.post_id}
        skus = {line.sku.sku_id for rows in self.orders.values() for line in rows.lines}
        self.context = shop_context(self.shop, item_ids=items, sku_ids=skus)
        self.permission = permission_of({row.post_id for row in self.ads.values() if row.post_id})


def _wanted(shop: Shop, causes: Mapping[Subject, str], now: datetime) -> dict[Subject, Wanted]:
    """The wanted entries of every marked subject; one that cannot be booked is told and left."""
    subjects = {kind.value: [s for k, s in causes if k == kind] for kind in Kind}
    # What is tied to an order sits on its lines, so it is compared again with the order.
    tied = adjustments_of_orders(subjects[Kind.ORDER]) if subjects[Kind.ORDER] else set()
    subjects[Kind.ADJUSTMENT] = sorted({*subjects[Kind.ADJUSTMENT], *tied})
    batch = _read(shop, subjects)
    wanted: dict[Subject, Wanted] = {}
    for kind, named in subjects.items():
        for subject in named:
            try:
                wanted[kind, subject] = _wanted_of(kind, subject, batch)
            except ValueError as error:
                log.warning("subject cannot be booked", kind=kind, subject=subject, why=str(error))
                tell_unbookable(shop, _name(kind, subject), str(error), now=now)
    return wanted


def _read(shop: Shop, subjects: Mapping[str, Sequence[str]]) -> _Batch:
    rows = adjustment_rows(shop, subjects[Kind.ADJUSTMENT])
    named = {row.order_id for row in rows.values() if row.order_id}
    orders = rows_of_orders({*subjects[Kind.ORDER], *named})
    known = order_facts(shop, orders, ads_reported=reports_gmv_max(shop))
    return _Batch(
        shop=shop,
        orders=orders,
        sales=known,
        ads=ad_rows(shop, subjects[Kind.AD_DAY]),
        gmv=gmv_rows(shop, subjects[Kind.GMV_DAY]),
        payments=payment_facts(subjects[Kind.FEE]),
        costs=custom_cost_facts(subjects[Kind.COST]),
        adjustments={
            subject: adjustment_fact(row, _order_of(known, row.order_id))
            for subject, row in rows.items()
        },
    )


def _order_of(known: Mapping[str, facts.OrderFacts], order_id: str) -> facts.Order | None:
    return known[order_id].order if order_id in known else None


def _wanted_of(kind: str, subject: str, batch: _Batch) -> Wanted:
    """What one subject asks for; nothing when it is gone or no sale yet."""
    if kind == Kind.ORDER:
        return _wanted_of_order(subject, batch)
    if kind == Kind.AD_DAY:
        row = batch.ads.get(subject)
        return _wanted_of_ads([row] if row else [], batch)
    if kind == Kind.GMV_DAY:
        return _wanted_of_ads(batch.gmv.get(subject, ()), batch)
    if kind == Kind.FEE:
        payment = batch.payments.get(subject)
        return payment_entries(payment, batch.context) if payment else Wanted()
    if kind == Kind.COST:
        cost = batch.costs.get(subject)
        return custom_cost_entries(cost, batch.context) if cost else Wanted()
    adjustment = batch.adjustments.get(subject)
    if adjustment is None:
        return Wanted()
    order = _order_of(batch.sales, adjustment.order_id or "")
    return adjustment_entries(adjustment, batch.context, order)


def _wanted_of_order(order_id: str, batch: _Batch) -> Wanted:
    known = batch.sales.get(order_id)
    if known is None:
        return Wanted()
    if not known.order.is_sample:
        return order_entries(known, batch.context)
    samples = sample_facts(known.order, batch.orders[order_id], batch.context)
    return together(sample_entries(sample, batch.context) for sample in samples)


def _wanted_of_ads(rows: Iterable[facts.AdRow], batch: _Batch) -> Wanted:
    permission = batch.permission
    parts = []
    for row in rows:
        parts.append(ad_entries(row, batch.context))
        parts.append(
            cover_entries(row, batch.context, permission.authorizations, permission.usage_rights)
        )
    return together(parts)
