"""Counting what the next 30 days bring if nobody acts (N22)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from authorizations.models import Fee
from authorizations.rules.stopping import pause_at
from campaigns.queries import posts_that_spend
from creators.models import Post, Sample
from profit.models import CreatorFee
from profit.queries.owed import costs_in_force, open_commission
from profit.queries.stakes import profit_per_day
from sparkops.clock import shop_day
from sparkops.landing.merge import merge
from sparkops.money import ZERO
from sparkops.renewals.models import Ahead, Stake
from sparkops.renewals.queries.stakes import on_day
from sparkops.renewals.rules.ahead import (
    DAYS_AHEAD,
    commission_day,
    last_day,
    on_its_day,
    payment_due,
)
from sparkops.tenants.models import Client

Kind, What = Ahead.Kind, Ahead.What
TITLE = 200


def count_ahead(client: Client, *, now: datetime) -> int:
    """Count anew what pauses, loses and is owed; returns the rows kept.

    Reads what is at stake, so that is counted first. The number of queries does not depend on the
    number of posts.
    """
    today = shop_day(now, client.timezone)
    stakes = list(on_day(now, today, last_day(today)))
    rows = [
        *_pauses(stakes, today),
        *_losses(client, stakes, today, now),
        *_payments(today),
        *_code_fees(today),
        *_samples(today),
        *_commission(today),
    ]
    for row in rows:
        row["counted_at"] = now
    Ahead.objects.exclude(key__in=[row["key"] for row in rows]).delete()
    merge(Ahead, rows, key=["key"])
    return len(rows)


def _row(kind: Ahead.Kind, what: str, key: str, day: date, title: object, **more: Any) -> dict:
    return {
        "kind": kind.value,
        "what": what,
        "key": key,
        "day": day,
        "until": day,
        "title": str(title)[:TITLE],
        "note": "",
        "per_day": None,
        "amount": None,
        "currency": "",
        "post_id": None,
        "creator_id": None,
        "authorization_id": None,
        "subject_id": None,
        **more,
    }


def _pauses(stakes: list[Stake], today: date) -> Iterator[dict]:
    """Rights that end, with the ad spend that stops on the days left after it."""
    for one in stakes:
        day: date = one.day  # type: ignore[attr-defined]
        left = max((last_day(today) - day).days, 0)
        yield _row(
            Kind.PAUSES, What.RIGHT.value, f"right-{one.post_id}", day, one.post,
            note=f"limited by {one.clock}" if one.clock else "not covered: no usage terms",
            per_day=one.spend if one.spend else None,
            amount=one.spend * left if one.spend else None,
            currency=one.spend_currency,
            post_id=one.post_id,
            creator_id=one.post.creator_id,
            authorization_id=one.authorization_id,
        )  # fmt: skip


def _losses(client: Client, stakes: list[Stake], today: date, now: datetime) -> Iterator[dict]:
    """Posts that ads spend on now and whose cm3 of the last seven full days is below zero.

    At that rate they lose on every day until their ads pause, or on all of the 30.
    """
    made = profit_per_day(posts_that_spend(now), today)
    losing = {key: one for key, one in made.items() if one.amount < ZERO}
    ends = {one.post_id: one.ends_at for one in stakes if one.ends_at}
    buffer = timedelta(hours=client.safety_buffer_hours)
    for post in Post.objects.filter(pk__in=losing).order_by("pk"):
        until = last_day(today)
        if post.pk in ends:
            until = shop_day(pause_at(ends[post.pk], buffer), client.timezone)
        days = min(max((until - today).days + 1, 1), DAYS_AHEAD)
        one = losing[post.pk]
        yield _row(
            Kind.LOSES, What.ADS.value, f"ads-{post.pk}", today, post,
            until=today + timedelta(days=days - 1),
            note="" if one.complete else "more than that: a unit cost is missing",
            per_day=-one.amount,
            amount=-one.amount * days,
            currency=one.currency,
            post_id=post.pk,
            creator_id=post.creator_id,
        )  # fmt: skip


def _payments(today: date) -> Iterator[dict]:
    """Unpaid payments to creators that profit keeps (P22)."""
    rows = CreatorFee.objects.filter(paid_on=None, starts_on__lte=last_day(today))
    for fee in rows.select_related("creator").order_by("pk"):
        due = payment_due(
            fee.kind, fee.amount, fee.currency, fee.starts_on, fee.ends_on, today=today
        )
        if due is None:
            continue
        yield _row(
            Kind.OWED, fee.kind, f"payment-{fee.pk}", due.day, fee.creator,
            note=due.note,
            amount=due.amount,
            currency=fee.currency,
            post_id=fee.post_id,
            creator_id=fee.creator_id,
            subject_id=fee.pk,
        )  # fmt: skip


def _code_fees(today: date) -> Iterator[dict]:
    """Fees of permissions that are due or will be. One that profit keeps as well, of the same post
    and amount, is counted there; what is frozen or has no day is not owed yet."""
    kept = set(CreatorFee.objects.filter(paid_on=None).values_list("post_id", "amount", "currency"))
    rows = Fee.objects.filter(state__in=[Fee.State.AGREED, Fee.State.DUE], amount__gt=0)
    for fee in rows.select_related("authorization__creator", "authorization__post"):
        right = fee.authorization
        is_due = fee.state == Fee.State.DUE
        day = fee.due_on or (today if is_due else None)
        due = on_its_day(fee.amount, day, today=today) if day else None
        if due is None or (right.post_id, fee.amount, fee.currency) in kept:
            continue
        yield _row(
            Kind.OWED, What.CODE_FEE.value, f"fee-{fee.pk}", due.day,
            right.creator or right.post or right,
            note=due.note,
            amount=fee.amount,
            currency=fee.currency,
            post_id=right.post_id,
            creator_id=right.creator_id,
            authorization_id=right.pk,
        )  # fmt: skip


def _samples(today: date) -> Iterator[dict]:
    """Approved samples that were not sent: the cost of the goods, which falls on the day they
    leave. It is unknown without a cost, or where variants cost differently and none is named."""
    rows = Sample.objects.filter(state=Sample.State.APPROVED).select_related("creator", "product")
    found = list(rows.order_by("pk"))
    costs = costs_in_force({one.product_id for one in found if one.product_id}, today)
    for sample in found:
        of_product = costs.get(sample.product_id or 0, {})
        own = of_product.get(sample.sku_id)
        known = [own] if own else sorted(set(of_product.values()))
        amount, currency = known[0] if len(known) == 1 else (None, "")
        yield _row(
            Kind.OWED, What.SAMPLE.value, f"sample-{sample.pk}", today,
            f"{sample.product or 'A product'} to {sample.creator}",
            note="" if amount is not None else "the unit cost is not known",
            amount=amount,
            currency=currency,
            creator_id=sample.creator_id,
            subject_id=sample.pk,
        )  # fmt: skip


def _commission(today: date) -> Iterator[dict]:
    """Commission in the ledger that no statement has settled, by shop and day."""
    sums: dict[tuple[int, str, str, date], Decimal] = defaultdict(Decimal)
    for one in open_commission(today):
        day = commission_day(one.ordered_on, today=today)
        if day is not None:
            sums[one.shop_id, one.shop, one.currency, day] += one.amount
    for (shop_id, shop, currency, day), amount in sums.items():
        if amount <= ZERO:
            continue
        yield _row(
            Kind.OWED, What.COMMISSION.value, f"commission-{shop_id}-{currency}-{day}", day, shop,
            note="expected, at the earliest",
            amount=amount,
            currency=currency,
            subject_id=shop_id,
        )  # fmt: skip
