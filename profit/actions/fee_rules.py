"""Platform rates as dated data that people change, with what a change would restate (N15)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from profit.actions.booking import restated_orders
from profit.actions.marking import mark
from profit.models import Dirty, FeeRule, Order
from profit.rules.facts import CommissionBase, FeeBase
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import Product, Shop
from sparkops.clock import shop_day_start
from sparkops.errors import Refusal
from sparkops.money import ZERO

PREVIEWED = 400
_BASES = {
    FeeRule.Kind.REFERRAL: {base.value for base in FeeBase},
    FeeRule.Kind.COMMISSION: {base.value for base in CommissionBase},
}


@dataclass(frozen=True, kw_only=True)
class RuleVersion:
    """A rate from a day on. `rate` is a fraction, `cap` money per order line in the shop's
    currency; `base` is a word of `FeeBase` or `CommissionBase`, empty for the other kinds."""

    market: str
    kind: str
    rate: Decimal
    effective_from: date
    source: str
    base: str = ""
    cap: Decimal | None = None
    product: Product | None = None


@dataclass(frozen=True)
class Preview:
    """What a version would restate: `orders` are compared again, of which the newest `compared`
    were worked out: `changed` of them move, by `effect` on cm3 per currency."""

    orders: int
    compared: int
    changed: int
    effect: dict[str, Decimal]


def set_fee_rule(version: RuleVersion, *, by: Actor, now: datetime) -> FeeRule:
    """A new version of a rate; the same day again corrects it. Orders it concerns are booked again.

    Raises Refusal when the rate, the cap or the base does not fit.
    """
    before, rule = _put(version)
    _mark(rule, now)
    record("fee_rule.set", rule, by=by, now=now, data={"before": before, "after": _values(rule)})
    return rule


def preview_fee_rule(version: RuleVersion, *, now: datetime) -> Preview:
    """What `set_fee_rule` would change. Nothing is written. Raises the same refusals."""
    orders = compared = 0
    changed: set[str] = set()
    effect: dict[str, Decimal] = {}
    with transaction.atomic():
        _, rule = _put(version)
        for shop in Shop.objects.filter(market=rule.market):
            concerned = _concerned(rule, shop)
            orders += concerned.count()
            newest = list(concerned.order_by("-created_at", "-pk")[:PREVIEWED])
            compared += len(newest)
            ids = [order.order_id for order in newest]
            for order_id, rows in restated_orders(shop, ids, now=now).items():
                changed.add(order_id)
                moved = sum((row.effect for row in rows), ZERO)
                effect[shop.currency] = effect.get(shop.currency, ZERO) + moved
        transaction.set_rollback(True)
    return Preview(orders, compared, len(changed), effect)


def remove_fee_rule(rule: FeeRule, *, by: Actor, now: datetime) -> None:
    """Take a version back; the one before it holds again for its orders."""
    _mark(rule, now)
    record("fee_rule.removed", rule, by=by, now=now, data={"before": _values(rule)})
    rule.delete()


def _put(version: RuleVersion) -> tuple[dict[str, str] | None, FeeRule]:
    _check(version)
    place: dict[str, Any] = {
        "market": version.market,
        "kind": version.kind,
        "product": version.product,
        "effective_from": version.effective_from,
    }
    known = FeeRule.objects.filter(**place).first()
    before = _values(known) if known else None
    rule, _ = FeeRule.objects.update_or_create(
        **place,
        defaults={
            "rate": version.rate,
            "cap": version.cap,
            "base": version.base,
            "source": version.source[:200],
        },
    )
    return before, rule


def _check(version: RuleVersion) -> None:
    if version.kind not in FeeRule.Kind.values:
        raise Refusal("unknown_kind", "Choose what the rate is for.", field="kind")
    if not version.rate.is_finite() or not ZERO <= version.rate <= 1:
        raise Refusal("rate", "Enter a rate between 0 and 100%.", field="rate")
    if version.cap is not None and not (version.cap.is_finite() and version.cap >= ZERO):
        raise Refusal("cap", "Enter a cap of zero or more, or none.", field="cap")
    wanted = _BASES.get(FeeRule.Kind(version.kind))
    if wanted and version.base not in wanted:
        raise Refusal("base", "Choose what the rate is a share of.", field="base")
    if not Shop.objects.filter(market=version.market).exists():
        raise Refusal("market", "No connected shop sells in that market.", field="market")
    product = version.product
    if product is not None and product.shop.market != version.market:
        raise Refusal(
            "other_market",
            f"{product} is sold in {product.shop.market}: choose that market.",
            field="product",
        )
    if not version.source.strip():
        raise Refusal("source", "Say where the rate comes from.", field="source")


def _values(rule: FeeRule) -> dict[str, str]:
    return {
        "rate": str(rule.rate),
        "cap": "" if rule.cap is None else str(rule.cap),
        "base": rule.base,
        "source": rule.source,
        "from": rule.effective_from.isoformat(),
    }


def _concerned(rule: FeeRule, shop: Shop) -> QuerySet[Order]:
    """Orders from the rule's day until the next version; refunds have their own day (P13)."""
    later = FeeRule.objects.filter(
        market=rule.market,
        kind=rule.kind,
        product=rule.product,
        effective_from__gt=rule.effective_from,
    ).order_by("effective_from")
    until = later.values_list("effective_from", flat=True).first()
    orders = Order.objects.filter(shop=shop)
    if rule.kind == FeeRule.Kind.REFUND_ADMIN:
        begin = shop_day_start(rule.effective_from, shop.timezone)
        return orders.filter(refunds__at__gte=begin).distinct()
    days = Q(order_day__gte=rule.effective_from)
    if until is not None:
        days &= Q(order_day__lt=until)
    rows = orders.filter(days)
    return rows.filter(lines__product=rule.product).distinct() if rule.product else rows


def _mark(rule: FeeRule, now: datetime) -> None:
    cause = f"{rule.get_kind_display()} from {rule.effective_from}"
    for shop in Shop.objects.filter(market=rule.market):
        ids = _concerned(rule, shop).values_list("order_id", flat=True)
        mark(shop.pk, Dirty.Kind.ORDER, ids, cause=cause, now=now)
