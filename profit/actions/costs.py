"""What people enter: unit costs, payments, custom costs, exchange rates. All dated, all audited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q

from campaigns.models import AdDay, GmvMaxDay
from creators.models import Creator, Post
from profit.actions.marking import mark
from profit.models import CreatorFee, CustomCost, Dirty, Order, OrderLine
from profit.queries.ad_facts import ad_day_subject
from profit.rules.creators import SPREAD_KINDS
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import FxRate, Product, Shop, Sku, UnitCost
from sparkops.errors import Refusal

MOST = Decimal(10) ** 9
CURRENCY_LENGTH = 3
LONGEST_DAYS = 3660


def set_unit_cost(
    sku: Sku,
    amount: Decimal,
    currency: str,
    effective_from: date,
    *,
    source: str = "entered",
    by: Actor,
    now: datetime,
) -> UnitCost:
    """The cost of one unit from a day on (P19), until the next version. The same day is corrected.

    Orders before that day keep what they were booked at; those from it until the next version are
    booked again. Raises Refusal for an amount below zero or a currency that is none.
    """
    _check_amount(amount, "amount", at_least=Decimal(0))
    currency = _checked_currency(currency)
    before = UnitCost.objects.filter(sku=sku, effective_from=effective_from).first()
    old = {"amount": str(before.amount), "currency": before.currency} if before else None
    cost, _ = UnitCost.objects.update_or_create(
        sku=sku,
        effective_from=effective_from,
        defaults={
            "amount": amount,
            "currency": currency,
            "source": source[:200],
            "created_at": now,
        },
    )
    later = UnitCost.objects.filter(sku=sku, effective_from__gt=effective_from)
    until = later.order_by("effective_from").values_list("effective_from", flat=True).first()
    _mark_orders_with(sku, effective_from, until, now)
    record(
        "unit_cost.set",
        cost,
        by=by,
        now=now,
        data={
            "sku": sku.sku_id,
            "from": effective_from.isoformat(),
            "before": old,
            "after": {"amount": str(amount), "currency": currency},
        },
    )
    return cost


def remove_unit_cost(cost: UnitCost, *, by: Actor, now: datetime) -> None:
    """Take a version back; the one before it holds again for its orders."""
    _mark_orders_with(cost.sku, cost.effective_from, None, now)
    record(
        "unit_cost.removed",
        cost,
        by=by,
        now=now,
        data={
            "sku": cost.sku.sku_id,
            "from": cost.effective_from.isoformat(),
            "before": {"amount": str(cost.amount), "currency": cost.currency},
        },
    )
    cost.delete()


def _mark_orders_with(sku: Sku, first: date, until: date | None, now: datetime) -> None:
    """Sales from the day on; samples from any day, because theirs is the day they were shipped."""
    lines = OrderLine.objects.filter(sku=sku)
    days = Q(order__order_day__gte=first)
    if until is not None:
        days &= Q(order__order_day__lt=until)
    rows = lines.filter(days | Q(order__is_sample=True))
    by_shop: dict[int, list[str]] = {}
    for shop_id, order_id in rows.values_list("order__shop_id", "order__order_id"):
        by_shop.setdefault(shop_id, []).append(order_id)
    for shop_id, ids in by_shop.items():
        mark(shop_id, Dirty.Kind.ORDER, ids, cause=f"Unit cost from {first}", now=now)


def add_creator_fee(
    creator: Creator,
    *,
    kind: str,
    amount: Decimal,
    currency: str,
    starts_on: date,
    ends_on: date | None = None,
    post: Post | None = None,
    product: Product | None = None,
    shop: Shop | None = None,
    paid_on: date | None = None,
    reference: str = "",
    by: Actor,
    now: datetime,
) -> CreatorFee:
    """A payment to a creator outside TikTok (P22).

    Fees for use and retainers are spread over their window, the others count on `starts_on`.
    Raises Refusal when the window, the amount or the shop does not fit.
    """
    if kind not in CreatorFee.Kind.values:
        raise Refusal("unknown_kind", "Choose what the payment is for.", field="kind")
    _check_amount(amount, "amount", at_least=Decimal(0))
    if ends_on is None and kind in SPREAD_KINDS:
        raise Refusal("window_needed", "Enter the last day this payment is for.", field="ends_on")
    last = ends_on or starts_on
    if last < starts_on:
        raise Refusal("window", "The last day is before the first one.", field="ends_on")
    carrier = shop or _shop_of(product)
    fee = CreatorFee.objects.create(
        creator=creator,
        post=post,
        product=product,
        shop=carrier,
        kind=kind,
        amount=amount,
        currency=_checked_currency(currency),
        starts_on=starts_on,
        ends_on=last,
        paid_on=paid_on,
        reference=reference[:200],
        created_at=now,
    )
    cause = f"{fee.get_kind_display()} entered"
    mark(carrier.pk, Dirty.Kind.FEE, [str(fee.pk)], cause=cause, now=now)
    record(
        "creator_fee.added",
        fee,
        by=by,
        now=now,
        data={
            "creator": creator.handle,
            "amount": str(amount),
            "currency": fee.currency,
            "from": starts_on.isoformat(),
            "to": last.isoformat(),
        },
    )
    return fee


def remove_creator_fee(fee: CreatorFee, *, by: Actor, now: datetime) -> None:
    """Take a payment back that was entered by mistake; the ledger books its reversal."""
    if fee.shop is not None:
        mark(fee.shop.pk, Dirty.Kind.FEE, [str(fee.pk)], cause="Payment removed", now=now)
    record("creator_fee.removed", fee, by=by, now=now, data={"amount": str(fee.amount)})
    fee.delete()


@dataclass(frozen=True, kw_only=True)
class CostEntered:
    """A custom cost as a person enters it: `amount` in `currency`, over days with both ends in it.

    Without a product and a creator it is the shop's.
    """

    name: str
    amount: Decimal
    currency: str
    starts_on: date
    ends_on: date | None = None
    shop: Shop | None = None
    product: Product | None = None
    creator: Creator | None = None


def add_custom_cost(entered: CostEntered, *, by: Actor, now: datetime) -> CustomCost:
    """A cost that a person named, spread evenly over its days (PD1).

    Raises Refusal when the name, the amount, the window or the shop does not fit.
    """
    name = entered.name.strip()
    if not name:
        raise Refusal("name", "Say what the cost is for.", field="name")
    _check_amount(entered.amount, "amount", at_least=Decimal(0))
    last = entered.ends_on or entered.starts_on
    if last < entered.starts_on:
        raise Refusal("window", "The last day is before the first one.", field="ends_on")
    if (last - entered.starts_on).days >= LONGEST_DAYS:
        raise Refusal("window", "Enter at most ten years at a time.", field="ends_on")
    shop = entered.shop or _shop_of(entered.product)
    if entered.product is not None and entered.product.shop_id != shop.pk:
        raise Refusal("other_shop", f"{shop} does not sell this product.", field="product")
    cost = CustomCost.objects.create(
        shop=shop,
        product=entered.product,
        creator=entered.creator,
        name=name[:120],
        amount=entered.amount,
        currency=_checked_currency(entered.currency),
        starts_on=entered.starts_on,
        ends_on=last,
        created_at=now,
    )
    mark(shop.pk, Dirty.Kind.COST, [str(cost.pk)], cause="Custom cost entered", now=now)
    record("custom_cost.added", cost, by=by, now=now, data=_custom_cost_data(cost))
    return cost


def remove_custom_cost(cost: CustomCost, *, by: Actor, now: datetime) -> None:
    """Take a cost back that was entered by mistake; the ledger books its reversal."""
    mark(cost.shop.pk, Dirty.Kind.COST, [str(cost.pk)], cause="Custom cost removed", now=now)
    record("custom_cost.removed", cost, by=by, now=now, data=_custom_cost_data(cost))
    cost.delete()


def _custom_cost_data(cost: CustomCost) -> dict[str, str]:
    return {
        "name": cost.name,
        "amount": str(cost.amount),
        "currency": cost.currency,
        "from": cost.starts_on.isoformat(),
        "to": cost.ends_on.isoformat(),
    }


def set_fx_rate(
    base: str,
    quote: str,
    day: date,
    rate: Decimal,
    *,
    source: str,
    by: Actor,
    now: datetime,
) -> FxRate:
    """Units of `quote` per one `base` on a day and until the next rate (P27).

    What is in that currency from the day on is booked again. Raises Refusal when the rate or a
    currency does not fit.
    """
    base, quote = _checked_currency(base, "base"), _checked_currency(quote, "quote")
    if base == quote:
        raise Refusal("same_currency", "A rate needs two different currencies.", field="quote")
    if not Decimal(0) < rate < MOST:
        raise Refusal("rate", "The exchange rate must be above zero.", field="rate")
    row, _ = FxRate.objects.update_or_create(
        base=base, quote=quote, day=day, defaults={"rate": rate, "source": source[:120]}
    )
    for shop in Shop.objects.filter(currency=quote):
        _mark_foreign(shop, base, day, now)
    record("fx_rate.set", row, by=by, now=now, data={"rate": str(rate)})
    return row


def remove_fx_rate(row: FxRate, *, by: Actor, now: datetime) -> None:
    """Take a rate back that was entered by mistake; the one before it holds again."""
    for shop in Shop.objects.filter(currency=row.quote):
        _mark_foreign(shop, row.base, row.day, now)
    record("fx_rate.removed", row, by=by, now=now, data={"rate": str(row.rate)})
    row.delete()


def _mark_foreign(shop: Shop, currency: str, day: date, now: datetime) -> None:
    cause = f"Exchange rate of {currency}"
    ads = AdDay.objects.filter(ad__ad_account__shop=shop, currency=currency, day__gte=day)
    gmv = GmvMaxDay.objects.filter(campaign__ad_account__shop=shop, currency=currency, day__gte=day)
    fees = CreatorFee.objects.filter(shop=shop, currency=currency, ends_on__gte=day)
    costs = CustomCost.objects.filter(shop=shop, currency=currency, starts_on__gte=day)
    orders = Order.objects.filter(shop=shop, order_day__gte=day)
    orders = orders.filter(lines__sku__unit_costs__currency=currency).distinct()
    marks: dict[Dirty.Kind, Iterable[str]] = {
        Dirty.Kind.AD_DAY: [ad_day_subject(*one) for one in ads.values_list("ad__ad_id", "day")],
        Dirty.Kind.GMV_DAY: [
            ad_day_subject(*one) for one in gmv.values_list("campaign__campaign_id", "day")
        ],
        Dirty.Kind.FEE: [str(pk) for pk in fees.values_list("pk", flat=True)],
        Dirty.Kind.COST: [str(pk) for pk in costs.values_list("pk", flat=True)],
        Dirty.Kind.ORDER: orders.values_list("order_id", flat=True),
    }
    for kind, subjects in marks.items():
        mark(shop.pk, kind, subjects, cause=cause, now=now)


def _shop_of(product: Product | None) -> Shop:
    if product is not None:
        return product.shop
    shops = list(Shop.objects.order_by("pk")[:2])
    if len(shops) == 1:
        return shops[0]
    raise Refusal(
        "shop_needed",
        "Choose the shop whose profit carries this payment."
        if shops
        else "Connect a shop first: its profit carries this payment.",
        field="shop",
    )


def _check_amount(amount: Decimal, field: str, *, at_least: Decimal) -> None:
    if not amount.is_finite() or not at_least <= amount < MOST:
        raise Refusal("amount", "Enter an amount of zero or more.", field=field)


def _checked_currency(code: str, field: str = "currency") -> str:
    plain = code.strip().upper()
    if len(plain) != CURRENCY_LENGTH or not plain.isalpha() or not plain.isascii():
        raise Refusal("currency", "Enter a currency as three letters, such as USD.", field=field)
    return plain
