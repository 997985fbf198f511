"""Facts of creator fees, samples and platform adjustments."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from profit.models import CreatorFee, CustomCost, StatementLine
from profit.queries.context import key_of
from profit.queries.order_facts import OrderRows
from profit.rules import facts
from profit.rules.context import Context
from profit.rules.costs import samples_of_order
from profit.rules.statement_fields import COMMISSION_ROWS, ORDER_ROW
from sparkops.catalog.models import Shop


def payment_facts(keys: Collection[str]) -> dict[str, facts.CreatorPayment]:
    """Creator payments by key. One query."""
    fees = CreatorFee.objects.filter(pk__in=list(keys)).select_related("post", "product")
    return {
        str(fee.pk): facts.CreatorPayment(
            payment_id=str(fee.pk),
            kind=facts.PaymentKind(fee.kind),
            amount=fee.amount,
            currency=fee.currency,
            starts_on=fee.starts_on,
            ends_on=fee.ends_on,
            creator_id=key_of(fee.creator_id),
            post_id=fee.post.item_id if fee.post else None,
            product_id=fee.product.product_id if fee.product else None,
            reference=fee.reference,
        )
        for fee in fees
    }


def custom_cost_facts(keys: Collection[str]) -> dict[str, facts.CustomCost]:
    """Custom costs by key. One query."""
    costs = CustomCost.objects.filter(pk__in=list(keys)).select_related("product")
    return {
        str(cost.pk): facts.CustomCost(
            cost_id=str(cost.pk),
            name=cost.name,
            amount=cost.amount,
            currency=cost.currency,
            starts_on=cost.starts_on,
            ends_on=cost.ends_on,
            product_id=cost.product.product_id if cost.product else None,
            creator_id=key_of(cost.creator_id),
        )
        for cost in costs
    }


def adjustment_rows(shop: Shop, subjects: Collection[str]) -> dict[str, StatementLine]:
    """Adjustment rows of statements by subject, `<statement id>:<row key>`. One query."""
    if not subjects:
        return {}
    wanted = set(subjects)
    rows = (
        StatementLine.objects.filter(
            statement__shop=shop,
            statement__statement_id__in={one.partition(":")[0] for one in wanted},
        )
        .exclude(type__in=[ORDER_ROW, *COMMISSION_ROWS])
        .select_related("statement")
    )
    found = {adjustment_subject(row): row for row in rows}
    return {subject: row for subject, row in found.items() if subject in wanted}


def adjustments_of_orders(order_ids: Collection[str]) -> set[str]:
    """Subjects of the adjustments that are tied to these orders. One query."""
    rows = (
        StatementLine.objects.filter(order_id__in=set(order_ids))
        .exclude(type__in=[ORDER_ROW, *COMMISSION_ROWS])
        .select_related("statement")
    )
    return {adjustment_subject(row) for row in rows}


def adjustment_subject(row: StatementLine) -> str:
    """How an adjustment is named in the queue and in the ledger."""
    return f"{row.statement.statement_id}:{row.row_key}"


def adjustment_fact(row: StatementLine, order: facts.Order | None) -> facts.Adjustment:
    """An adjustment, with its order where that is a sale we know."""
    return facts.Adjustment(
        adjustment_id=adjustment_subject(row),
        on=row.statement.business_day,
        type=row.type,
        amount=row.settlement_amount,
        currency=row.statement.currency,
        order_id=order.order_id if order else None,
        reference=f"Statement {row.statement.statement_id}: {row.type}",
    )


def sample_facts(order: facts.Order, rows: OrderRows, context: Context) -> Iterable[facts.Sample]:
    """The samples of a sample order on the day they left; none before, none when cancelled."""
    shipped = rows.order.shipped_at
    if shipped is None or rows.order.canceled_at is not None:
        return ()
    return samples_of_order(replace(order, created_at=shipped), context)
