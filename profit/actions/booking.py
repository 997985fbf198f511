"""Booking what changed, a batch per transaction. Any batch may be the last before a crash."""

from collections.abc import Collection
from datetime import UTC, date, datetime

from campaigns.models import AdDay, GmvMaxDay
from profit.actions.ledger import Touched, append_differences
from profit.actions.marking import mark
from profit.actions.rollup import rebuild
from profit.models import CreatorFee, Dirty, Order, StatementLine, Watch
from profit.queries.ad_facts import ad_rows, gmv_max_rows, permissions_of
from profit.queries.context import context_of
from profit.queries.order_facts import order_facts
from profit.rules.adjustments import adjustment_entries
from profit.rules.ads import ad_entries
from profit.rules.context import Context
from profit.rules.costs import sample_entries, samples_of_order
from profit.rules.creators import payment_entries
from profit.rules.entries import Wanted, together
from profit.rules.facts import Adjustment, CreatorPayment, PaymentKind
from profit.rules.orders import order_entries
from profit.rules.permission import cover_entries
from sparkops.catalog.models import AdAccount, Shop

BATCH = 500
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def book_next(shop: Shop, *, now: datetime) -> int:
    """Book one batch of what is marked or changed in a shop; 0 when nothing is left.

    Runs in one transaction: entries, rollup and the queue change together or not at all.
    """
    done = _book_marked(shop, now)
    if done:
        return done
    return _book_ad_days(shop, now) or _book_gmv_max(shop, now)


def _book_marked(shop: Shop, now: datetime) -> int:
    marked = list(
        Dirty.objects.select_for_update(skip_locked=True)
        .filter(shop=shop)
        .order_by("kind", "marked_at", "pk")[:BATCH]
    )
    if not marked:
        return 0
    kind = marked[0].kind
    batch = [row for row in marked if row.kind == kind]
    subjects = [row.subject for row in batch]
    context = context_of(shop, post_ids=())
    wanted = {
        Dirty.Kind.ORDER.value: _orders,
        Dirty.Kind.ADJUSTMENT.value: _adjustments,
        Dirty.Kind.FEE.value: _fees,
    }[kind](subjects, context)
    rebuild(shop, append_differences(shop, wanted, now=now))
    Dirty.objects.filter(pk__in=[row.pk for row in batch]).delete()
    return len(batch)


def _orders(subjects: Collection[str], context: Context) -> dict[str, Wanted]:
    wanted = {f"order/{subject}": Wanted() for subject in subjects}
    for facts in order_facts(subjects, ads_reported=AdAccount.objects.exists()):
        if facts.order.is_sample:
            samples = samples_of_order(facts.order, context)
            found = together([sample_entries(sample, context) for sample in samples])
        else:
            found = order_entries(facts, context)
        wanted[f"order/{facts.order.order_id}"] = found
    return wanted


def _adjustments(subjects: Collection[str], context: Context) -> dict[str, Wanted]:
    pairs = [subject.split(":", 1) for subject in subjects]
    rows = StatementLine.objects.filter(
        statement__statement_id__in={statement for statement, _ in pairs},
        row_key__in={key for _, key in pairs},
    ).select_related("statement")
    by_subject = {f"{row.statement.statement_id}:{row.row_key}": row for row in rows}
    orders = {
        facts.order.order_id: facts.order
        for facts in order_facts(
            {row.order_id for row in by_subject.values() if row.order_id}, ads_reported=True
        )
    }
    wanted = {}
    for subject in subjects:
        row = by_subject.get(subject)
        wanted[f"adjustment/{subject}"] = Wanted()
        if row is not None:
            order = orders.get(row.order_id)
            fact = Adjustment(
                adjustment_id=subject,
                on=row.statement.business_day,
                type=row.type,
                amount=row.settlement_amount,
                currency=row.statement.currency,
                order_id=order.order_id if order else None,
                reference=f"Statement {row.statement.statement_id}, {row.type}",
            )
            wanted[f"adjustment/{subject}"] = adjustment_entries(fact, context, order)
    return wanted


def _fees(subjects: Collection[str], context: Context) -> dict[str, Wanted]:
    rows = CreatorFee.objects.filter(pk__in=[int(one) for one in subjects]).select_related(
        "creator", "post", "product"
    )
    wanted = {f"fee/{subject}": Wanted() for subject in subjects}
    for row in rows:
        payment = CreatorPayment(
            payment_id=str(row.pk),
            kind=PaymentKind(row.kind),
            amount=row.amount,
            currency=row.currency,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            creator_id=row.creator.handle,
            post_id=row.post.item_id if row.post else None,
            product_id=row.product.product_id if row.product else None,
            reference=row.reference or str(row),
        )
        wanted[f"fee/{row.pk}"] = payment_entries(payment, context)
    return wanted


def _book_ad_days(shop: Shop, now: datetime) -> int:
    watch = _watch(f"ad_days:{shop.pk}")
    days = list(
        AdDay.objects.filter(read_at__gt=watch.until, ad__ad_account__in=_accounts(shop))
        .select_related("ad__ad_account", "ad__ad_group__campaign", "ad__post__creator")
        .order_by("read_at", "pk")[:BATCH]
    )
    days = _whole_moments(days, AdDay)
    if not days:
        return 0
    rows = ad_rows(days)
    posts = {day.ad.post_id for day in days if day.ad.post_id}
    context = context_of(shop, post_ids=posts)
    windows, rights = permissions_of({row.post_id for row in rows.values() if row.post_id})
    wanted = {
        f"ad/{row.row_id}": together(
            [ad_entries(row, context), cover_entries(row, context, windows, rights)]
        )
        for row in rows.values()
    }
    return _finish(shop, watch, wanted, max(day.read_at for day in days), len(days), now)


def _book_gmv_max(shop: Shop, now: datetime) -> int:
    watch = _watch(f"gmv_max:{shop.pk}")
    changed = list(
        GmvMaxDay.objects.filter(
            read_at__gt=watch.until, campaign__ad_account__in=_accounts(shop)
        ).order_by("read_at", "pk")[:BATCH]
    )
    changed = _whole_moments(changed, GmvMaxDay)
    if not changed:
        return 0
    whole = (
        GmvMaxDay.objects.filter(
            campaign_id__in={row.campaign_id for row in changed},
            day__in={row.day for row in changed},
        )
        .select_related("campaign__ad_account", "post", "product")
        .order_by("pk")
    )
    rows = gmv_max_rows(whole)
    context = context_of(shop, post_ids={row.post_id for row in whole if row.post_id})
    wanted: dict[str, list[Wanted]] = {
        f"gmv/{row.campaign.campaign_id}/{row.day.isoformat()}": [] for row in whole
    }
    for row in rows:
        wanted[f"gmv/{row.campaign_id}/{row.day.isoformat()}"].append(ad_entries(row, context))
    combined = {subject: together(parts) for subject, parts in wanted.items()}
    return _finish(shop, watch, combined, max(row.read_at for row in changed), len(changed), now)


def _whole_moments(rows: list, model: type) -> list:  # type: ignore[type-arg]
    """All rows of the moments read: the watch moves past a moment only when it is complete."""
    if len(rows) < BATCH:
        return rows
    last = rows[-1].read_at
    before = [row for row in rows if row.read_at < last]
    if before:
        return before
    # One moment holds more rows than a batch: it is taken whole.
    return list(model.objects.filter(read_at=last).order_by("pk"))  # type: ignore[attr-defined]


def _finish(
    shop: Shop,
    watch: Watch,
    wanted: dict[str, Wanted],
    until: datetime,
    count: int,
    now: datetime,
) -> int:
    touched: Touched = append_differences(shop, wanted, now=now)
    rebuild(shop, touched)
    watch.until = until
    watch.save(update_fields=["until"])
    return count


def _watch(source: str) -> Watch:
    Watch.objects.get_or_create(source=source, defaults={"until": BEGINNING})
    return Watch.objects.select_for_update().get(source=source)


def _accounts(shop: Shop) -> list[int]:
    """Ad accounts whose spend this shop carries; those of nobody belong to an only shop."""
    own = AdAccount.objects.filter(shop=shop)
    if Shop.objects.count() == 1:
        own = own | AdAccount.objects.filter(shop=None)
    return list(own.values_list("pk", flat=True))


def rebook_from(shop: Shop, since: date, *, cause: str, now: datetime) -> int:
    """Mark every order of a shop since a day, after a cost, a rate or a fee rule changed."""
    orders = Order.objects.filter(shop=shop, order_day__gte=since)
    ids = list(orders.values_list("order_id", flat=True))
    mark(shop.pk, Dirty.Kind.ORDER, ids, cause=cause, now=now)
    return len(ids)
