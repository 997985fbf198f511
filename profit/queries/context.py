"""What every rule of a shop needs, from the database. Ids in facts are TikTok's, as text."""

from collections.abc import Collection

from creators.models import Post as PostRow
from profit.models import FeeRule
from profit.rules.context import Context, UnitCosts
from profit.rules.facts import (
    CommissionBase,
    FeeBase,
    FeeRules,
    Post,
    ReferralFeeRule,
    RefundAdminFeeRule,
    Shop,
    UnitCost,
)
from profit.rules.fx import FxRate, FxRates
from sparkops.catalog.models import FxRate as FxRow
from sparkops.catalog.models import Shop as ShopRow
from sparkops.catalog.models import UnitCost as CostRow


def context_of(shop: ShopRow, *, post_ids: Collection[int] | None = None) -> Context:
    """The context of a shop, with the posts named (None: all of the client's)."""
    rules = list(FeeRule.objects.filter(market=shop.market, product=None))
    vat = [rule for rule in rules if rule.kind == FeeRule.Kind.OUTPUT_VAT]
    return Context(
        shop=Shop(
            shop_id=shop.shop_id,
            market=shop.market,
            timezone=shop.timezone,
            currency=shop.currency,
            vat_rate=max(vat, key=lambda rule: rule.effective_from).rate if vat else None,
        ),
        report_currency=shop.currency,
        rules=_fee_rules(rules),
        unit_costs=UnitCosts(_unit_costs(shop)),
        fx=FxRates(_rates(shop.currency)),
        posts=posts_of(post_ids),
    )


def _fee_rules(rules: Collection[FeeRule]) -> FeeRules:
    commission = [rule for rule in rules if rule.kind == FeeRule.Kind.COMMISSION]
    base = max(commission, key=lambda rule: rule.effective_from).base if commission else ""
    return FeeRules(
        referral=tuple(
            ReferralFeeRule(
                effective_from=rule.effective_from,
                rate=rule.rate,
                base=FeeBase(rule.base),
                version=str(rule.pk),
            )
            for rule in rules
            if rule.kind == FeeRule.Kind.REFERRAL
        ),
        refund_admin=tuple(
            RefundAdminFeeRule(
                effective_from=rule.effective_from,
                rate_of_referral_fee=rule.rate,
                cap_per_line=rule.cap,
                version=str(rule.pk),
            )
            for rule in rules
            if rule.kind == FeeRule.Kind.REFUND_ADMIN
        ),
        commission_base=CommissionBase(base) if base else CommissionBase.CUSTOMER_ITEM_PAYMENT,
    )


def _unit_costs(shop: ShopRow) -> tuple[UnitCost, ...]:
    rows = CostRow.objects.filter(sku__product__shop=shop).select_related("sku")
    return tuple(
        UnitCost(
            item_id=row.sku.sku_id,
            effective_from=row.effective_from,
            amount=row.amount,
            currency=row.currency,
            version=str(row.pk),
        )
        for row in rows
    )


def _rates(currency: str) -> tuple[FxRate, ...]:
    rows = FxRow.objects.filter(quote=currency).order_by("base", "day")
    return tuple(FxRate(day=row.day, base=row.base, quote=row.quote, rate=row.rate) for row in rows)


def posts_of(post_ids: Collection[int] | None = None) -> dict[str, Post]:
    """Posts with their creator's handle and linked products."""
    rows = PostRow.objects.select_related("creator").prefetch_related("product_links__product")
    if post_ids is not None:
        rows = rows.filter(pk__in=post_ids)
    return {
        row.item_id: Post(
            post_id=row.item_id,
            creator_id=row.creator.handle if row.creator else None,
            product_ids=tuple(
                sorted(link.product.product_id for link in row.product_links.all())  # type: ignore[attr-defined]
            ),
        )
        for row in rows
    }
