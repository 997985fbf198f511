"""Costs, fees and rates that people enter (P19, P22, P27)."""

from datetime import date, datetime
from decimal import Decimal

from creators.models import Creator, Post
from profit.actions.booking import rebook_from
from profit.actions.marking import mark
from profit.models import CreatorFee, Dirty, FeeRule
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import FxRate, Product, Shop, Sku, UnitCost
from sparkops.errors import Refusal


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
    """The cost of one unit from a day on. Earlier days keep theirs (PD7)."""
    if amount < 0:
        raise Refusal("negative_cost", "A unit cost cannot be negative.", field="amount")
    cost, is_new = UnitCost.objects.update_or_create(
        sku=sku,
        effective_from=effective_from,
        defaults={"amount": amount, "currency": currency, "source": source, "created_at": now},
    )
    record(
        "unit_cost.set",
        cost,
        by=by,
        now=now,
        data={"amount": str(amount), "currency": currency, "from": effective_from.isoformat()},
    )
    cause = "New unit cost" if is_new else "Changed unit cost"
    rebook_from(sku.product.shop, effective_from, cause=cause, now=now)
    return cost


def add_creator_fee(
    *,
    creator: Creator,
    post: Post | None,
    shop: Shop,
    kind: str,
    amount: Decimal,
    currency: str,
    starts_on: date,
    ends_on: date,
    product: Product | None = None,
    reference: str = "",
    by: Actor,
    now: datetime,
) -> CreatorFee:
    """A payment to a creator outside TikTok, booked per P22."""
    if ends_on < starts_on:
        raise Refusal("fee_window", "The fee's period ends before it begins.", field="ends_on")
    fee = CreatorFee.objects.create(
        creator=creator,
        post=post,
        product=product,
        shop=shop,
        kind=kind,
        amount=amount,
        currency=currency,
        starts_on=starts_on,
        ends_on=ends_on,
        reference=reference,
        created_at=now,
    )
    mark(shop.pk, Dirty.Kind.FEE, [str(fee.pk)], cause="Creator fee", now=now)
    record("creator_fee.added", fee, by=by, now=now, data={"amount": str(amount)})
    return fee


def remove_creator_fee(fee: CreatorFee, *, by: Actor, now: datetime) -> None:
    """Take a fee back; the ledger books its reversal."""
    if fee.shop is not None:
        mark(fee.shop.pk, Dirty.Kind.FEE, [str(fee.pk)], cause="Creator fee removed", now=now)
    record("creator_fee.removed", fee, by=by, now=now)
    fee.delete()


def set_fx_rate(
    base: str, quote: str, day: date, rate: Decimal, *, source: str, by: Actor, now: datetime
) -> FxRate:
    """Units of `quote` per one `base` on a day; later days without a rate use it too."""
    if rate <= 0:
        raise Refusal("rate", "An exchange rate is a positive number.", field="rate")
    row, _ = FxRate.objects.update_or_create(
        base=base, quote=quote, day=day, defaults={"rate": rate, "source": source}
    )
    record("fx_rate.set", row, by=by, now=now)
    for shop in Shop.objects.filter(currency=quote):
        rebook_from(shop, day, cause="Exchange rate", now=now)
    return row


# Fee rules as they are published (domain 6.2): market, kind, rate, cap, base, from, source.
SEED_RULES: tuple[tuple[str, str, str, str | None, str, date, str], ...] = (
    ("US", "referral", "0.06", None, "item_revenue_plus_shipping", date(2024, 4, 1),
     "TikTok Shop university 5982454398175018"),
    ("US", "refund_admin", "0.20", "5.00", "referral_fee", date(2025, 5, 15),
     "TikTok Shop university 5982454398175018"),
    ("GB", "referral", "0.09", None, "item_revenue_plus_shipping", date(2024, 9, 2),
     "Published rate, to be confirmed by statements"),
    ("GB", "output_vat", "0.20", None, "gross", date(2011, 1, 4), "Standard rate"),
    ("DE", "referral", "0.05", None, "item_revenue_plus_shipping", date(2025, 3, 1),
     "Published rate, to be confirmed by statements"),
    ("DE", "referral", "0.09", None, "item_revenue_plus_shipping", date(2026, 1, 8),
     "Published rate, to be confirmed by statements"),
    ("DE", "output_vat", "0.19", None, "gross", date(2021, 1, 1), "Standard rate"),
    ("FR", "referral", "0.09", None, "item_revenue_plus_shipping", date(2026, 1, 8),
     "Published rate, to be confirmed by statements"),
    ("FR", "output_vat", "0.20", None, "gross", date(2014, 1, 1), "Standard rate"),
)  # fmt: skip


def seed_fee_rules() -> int:
    """Write the published fee rules that the client lacks; entered ones are left alone."""
    known = set(FeeRule.objects.values_list("market", "kind", "effective_from"))
    fresh = [
        FeeRule(
            market=market,
            kind=kind,
            rate=Decimal(rate),
            cap=Decimal(cap) if cap else None,
            base=base,
            effective_from=since,
            source=source,
        )
        for market, kind, rate, cap, base, since, source in SEED_RULES
        if (market, kind, since) not in known
    ]
    FeeRule.objects.bulk_create(fresh)
    return len(fresh)
